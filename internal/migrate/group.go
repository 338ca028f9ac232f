package migrate

import (
	"slices"
	"strings"
)

// WarnOfGroups warns at every member of geo-replication of which another member has a
// target that differs in what all members have to share.
// Source: Azure Managed Redis migration skill, geo-replication; how-to-active-geo-replication.
func WarnOfGroups(r *Report) {
	name := namesIn(r.Caches)
	for _, g := range groupsOf(r.Caches) {
		if len(g.members) < 2 {
			continue
		}
		var warnings []string
		add := func(what, action string, value func(*Target) string) {
			if list := differing(g.members, name, value); list != "" {
				warnings = append(warnings, "The members of geo-replication need one "+what+", and have "+list+": "+action+".")
			}
		}
		add("size", "order the largest for all of them", func(t *Target) string { return t.Size.SKU })
		add("clustering policy", "choose one that the clients of all of them know", func(t *Target) string { return t.Value(ClusteringPolicy) })
		add("eviction policy", "choose one", func(t *Target) string { return t.Value(EvictionPolicy) })
		add("set of modules", "choose one", func(t *Target) string { return t.Value(Modules) })
		for _, m := range g.members {
			m.Target.Warnings = slices.Concat(m.Target.Warnings, warnings)
		}
	}
}

// differing lists the values of members with their names; empty where all that are known
// are the same.
func differing(members []*Move, name func(*Move) string, value func(*Target) string) string {
	var values, list []string
	for _, m := range members {
		if v := value(m.Target); v != "" {
			values = append(values, v)
			list = append(list, v+" ("+name(m)+")")
		}
	}
	if len(values) == 0 || len(slices.Compact(values)) == 1 {
		return ""
	}
	return strings.Join(list, ", ")
}
