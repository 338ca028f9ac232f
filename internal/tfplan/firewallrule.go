package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

func firewallRule(in *instance, v view) posture.FirewallRule {
	return posture.FirewallRule{
		Address: in.address, Name: in.at(v, vocabulary.Name).shown(),
		Start: in.at(v, vocabulary.Start).str(in.evidence(vocabulary.Start)), End: in.at(v, vocabulary.End).str(in.evidence(vocabulary.End)),
	}
}

// targetByName resolves a child that names its cache by name and resource group.
func (p *linker) targetByName(in *instance, v, before view) target {
	name, path := in.at(v, vocabulary.TargetName), in.path(vocabulary.TargetName)
	group := strings.ToLower(in.at(v, vocabulary.ResourceGroup).val.str())
	if name.isUnknown() || isRedacted(name.val) || name.val.absent() {
		t := p.targetOf(in, name, in.at(before, vocabulary.TargetName), path, "name")
		if t.cache != nil && group != "" && t.cache.group != "" && t.cache.group != group {
			return target{}
		}
		return t
	}
	var found []*cacheEntry
	for _, c := range p.byName[strings.ToLower(name.val.str())] {
		if c.service == in.typ.service && (group == "" || c.group == "" || c.group == group) {
			found = append(found, c)
		}
	}
	if len(found) == 1 {
		return target{cache: found[0]} // names of caches are globally unique
	}
	t := target{reason: posture.ReasonUnresolvedReference, detail: "several caches of this plan have the name that it is for"}
	if len(found) == 0 && len(p.nameRemoved) == 0 {
		return p.perhapsNameless(in.typ.service, "", group)
	}
	if len(found) == 0 {
		found = p.nameRemoved
		t.reason, t.detail = posture.ReasonRemoved, "the names of caches were taken out of this plan"
	}
	for _, c := range found {
		t.groups = append(t.groups, c.in.address)
	}
	return t
}
