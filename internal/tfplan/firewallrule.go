package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

func (p *linker) firewallRule(in *instance, v view) posture.FirewallRule {
	return posture.FirewallRule{
		Address: in.address, Name: v.get("name").shown(),
		Start: v.get("start_ip").str("start_ip"), End: v.get("end_ip").str("end_ip"),
	}
}

// targetByName resolves a child that names its cache by name and resource group.
func (p *linker) targetByName(in *instance, v, before view) target {
	if in.translated {
		return p.targetOf(in, v.get("redis_cache_id"), before.get("redis_cache_id"), "redis_cache_id", "id")
	}
	name, group := v.get("redis_cache_name"), strings.ToLower(v.get("resource_group_name").val.str())
	if name.isUnknown() || isRedacted(name.val) || name.val.absent() {
		t := p.targetOf(in, name, before.get("redis_cache_name"), "redis_cache_name", "name")
		if t.cache != nil && group != "" && t.cache.group != "" && t.cache.group != group {
			return target{}
		}
		return t
	}
	var found []*cacheEntry
	for _, c := range p.byName[strings.ToLower(name.val.str())] {
		if group == "" || c.group == "" || c.group == group {
			found = append(found, c)
		}
	}
	if len(found) == 1 {
		return target{cache: found[0]} // names of caches are globally unique
	}
	t := target{reason: posture.ReasonUnresolvedReference, detail: "several caches of this plan have the name that it is for"}
	if len(found) == 0 && len(p.stripped) == 0 {
		return p.perhapsNameless("", group)
	}
	if len(found) == 0 {
		found = p.stripped
		t.reason, t.detail = posture.ReasonRemoved, "the names of caches were taken out of this plan"
	}
	for _, c := range found {
		t.groups = append(t.groups, c.in.address)
	}
	return t
}
