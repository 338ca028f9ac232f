package tfplan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// sortUnjudged sorts what is not judged and drops duplicates.
func (p *linker) sortUnjudged() {
	slices.SortFunc(p.unjudged, func(a, b posture.Unjudged) int {
		return cmp.Or(strings.Compare(a.Address, b.Address), strings.Compare(a.Why, b.Why))
	})
	p.unjudged = slices.Compact(p.unjudged)
}

// findUnjudged finds the resources of types that no document covers.
func (p *linker) findUnjudged() {
	for _, in := range p.ofKind(kindUnjudged) {
		if in.after() {
			p.unjudged = append(p.unjudged, posture.Unjudged{Address: in.address, Type: service.UnjudgedAzurerm[in.typ.name]})
		}
	}
	for _, name := range []string{"azapi_resource", "azapi_update_resource"} {
		for _, in := range p.byType[resourceTypes[name]] {
			if !in.after() {
				continue
			}
			if typ, ok := service.Unjudged(in.view().get("type").val.str()); ok {
				p.unjudged = append(p.unjudged, posture.Unjudged{Address: in.address, Type: typ})
			}
		}
	}
}
