package tfplan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// sortUnjudged sorts what is not judged and drops duplicates.
func (p *linker) sortUnjudged() {
	slices.SortFunc(p.unjudged, func(a, b posture.Unjudged) int {
		return cmp.Or(strings.Compare(a.Address, b.Address), strings.Compare(a.Why, b.Why))
	})
	p.unjudged = slices.Compact(p.unjudged)
}
