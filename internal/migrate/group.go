package migrate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

// AlignGroups gives the members of each geo-replication the largest size of their targets,
// and warns at each of what else all members have to share and another target has
// otherwise.
// Source: Azure Managed Redis migration skill, geo-replication; how-to-active-geo-replication.
func AlignGroups(r *Report) {
	name := namesIn(r.Caches)
	for _, g := range groupsOf(r.Caches) {
		if len(g.members) < 2 {
			continue
		}
		g.takeLargest(name)
		var warnings []string
		add := func(what, action string, value func(*Target) string) {
			if list := differing(g.members, name, value); list != "" {
				warnings = append(warnings, "The members of geo-replication need one "+what+", and have "+list+": "+action+".")
			}
		}
		add("clustering policy", "choose one that the clients of all of them know", func(t *Target) string { return t.Value(ClusteringPolicy) })
		add("eviction policy", "choose one", func(t *Target) string { return t.Value(EvictionPolicy) })
		add("set of modules", "choose one", func(t *Target) string { return t.Value(Modules) })
		for _, m := range g.members {
			m.Target.Warnings = slices.Concat(m.Target.Warnings, warnings)
		}
	}
}

// takeLargest gives every target of known size the largest of the group.
func (g *together) takeLargest(name func(*Move) string) {
	largest := slices.MaxFunc(g.members, func(a, b *Move) int {
		x, y := a.Target.Size, b.Target.Size
		return cmp.Or(cmp.Compare(x.MemoryGB, y.MemoryGB), cmp.Compare(x.VCPUs, y.VCPUs), strings.Compare(y.SKU, x.SKU))
	})
	size := largest.Target.Size
	for _, m := range g.members {
		t := m.Target
		switch {
		case t.Size.SKU == size.SKU:
		case t.Size.SKU == "":
			t.Warnings = slices.Concat(t.Warnings, []string{"The members of geo-replication need one size, and " + name(largest) +
				" has " + size.SKU + ": order the largest for all of them."})
		default:
			t.Why += " The members of geo-replication need one size: " + size.SKU + " in place of " + t.Size.SKU +
				", the largest of them, which " + name(largest) + " needs."
			t.Alternatives = slices.DeleteFunc(slices.Clone(t.Alternatives), func(a sizing.Alternative) bool {
				return a.MemoryGB < size.MemoryGB || a.SKU == size.SKU
			})
			t.Size = size
			t.leaveNoCluster()
		}
	}
}

// leaveNoCluster changes the clustering policy of a target whose size is too large for
// NoCluster.
func (t *Target) leaveNoCluster() {
	for i := range t.Settings {
		if s := &t.Settings[i]; s.Name == ClusteringPolicy && s.Value == "NoCluster" && !t.Size.Clusterless() {
			*s = Setting{ClusteringPolicy, "EnterpriseCluster", "NoCluster ends at 24 GB, and this has one endpoint for its clients; commands on " +
				"several keys work within one slot"}
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
