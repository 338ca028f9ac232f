package tfplan

import (
	"fmt"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// geoReplicas counts the members of the group of active geo-replication that a resource
// makes, of which the cache is one, whether or not the resource names it twice.
func geoReplicas(c *cacheEntry, in *instance, v view, out *posture.Cache) {
	linked := vocabulary.Elements(in.at(v, vocabulary.Linked), in.evidence(vocabulary.Linked))
	links := 0
	for _, l := range c.links {
		if l.in == in {
			links++
		}
	}
	out.GeoReplicas = posture.Map(linked, func(n int) int { return n + 2 - max(links, 1) })
}

// linkGeoReplicas links geo-replication to the caches that it names as the other
// members of a group.
func (p *linker) linkGeoReplicas() {
	for _, in := range p.ofKind(kindGeoReplication) {
		before, after := in.both()
		was, is := map[*cacheEntry]bool{}, map[*cacheEntry]bool{}
		for e := range in.at(before, vocabulary.Linked).elems() {
			if c := p.byBeforeID[armid.Key(e.val.str())]; c != nil {
				was[c] = true
			}
		}
		if in.after() {
			for _, t := range p.linkedReplicas(in, after) {
				if t.cache != nil {
					is[t.cache] = true
				}
				t = p.onlyOf(in.typ.service, t)
				p.addDoubts(kindGeoReplication, in, t)
			}
		}
		for _, c := range p.caches {
			if is[c] || was[c] {
				c.links = append(c.links, link{in: in, after: is[c], before: was[c]})
			}
		}
	}
}

// linkedReplicas are the caches that a resource of geo-replication names.
func (p *linker) linkedReplicas(in *instance, v view) (out []target) {
	path := in.path(vocabulary.Linked)
	linked := in.at(v, vocabulary.Linked)
	open := linked.isUnknown() || linked.lost()
	for e := range linked.elems() {
		if e.isUnknown() || e.lost() {
			open = true
		} else {
			out = append(out, p.matchID(e.val.str()))
		}
	}
	if !open {
		return out
	}
	if known, ok := p.askReplicas(in, path); ok {
		return known
	}
	for _, l := range p.traceJSON(in, path) {
		if t, ok := p.cacheOf(l); ok && !l.data && l.address != "" && l.attribute == "id" {
			out = append(out, t)
			continue
		}
		t := target{reason: posture.ReasonUnresolvedReference, detail: p.describe(in, path)}
		switch {
		case !l.mayBeCache():
			continue
		case l.opaque || l.data:
			t.groups = everyCache(in.typ.service)
		default:
			t.groups = p.cachesOf(l)
		}
		out = append(out, t)
	}
	return out
}

// askReplicas asks the configuration's source which caches the elements of an argument
// are; ok is false where it does not say so of each.
func (p *linker) askReplicas(in *instance, path string) (out []target, ok bool) {
	refs := p.traceJSON(in, path)
	for i := 0; ; i++ {
		ref := p.ask(in, fmt.Sprintf("%s[%d]", path, i))
		switch l, sole := leafOf(ref); {
		case ref.Kind == tfconfig.Omitted:
			return out, i > 0
		case ref.Kind == tfconfig.KnownString:
			out = append(out, p.matchID(ref.Value))
		case sole && l.attribute == "id" && allowed(refs, l):
			t, known := p.cacheOf(l)
			if !known {
				return nil, false
			}
			out = append(out, t)
		default:
			return nil, false
		}
	}
}

// doubtGeoReplicas makes unknown the members of the group of a cache that a resource may
// link.
func (p *linker) doubtGeoReplicas(c *cacheEntry, out *posture.Cache) {
	doubts := p.doubts.of(kindGeoReplication, c)
	if len(doubts) == 0 || out.GeoReplicas.IsKnown() && out.GeoReplicas.V > 1 {
		return
	}
	out.GeoReplicas = posture.Unknown[int](doubts[0].Reason,
		out.GeoReplicas.Source.Path).WithDetail(doubts[0].Address + " may link it: " + doubts[0].Detail)
}
