package tfplan

import (
	"fmt"
	"slices"

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

// linkedReplicas counts the members of the group that the database of another cluster
// lists, itself and the cache among them.
func linkedReplicas(in *instance, v view, out *posture.Cache) {
	if out.GeoReplicas.IsKnown() && out.GeoReplicas.V > 1 {
		return
	}
	out.GeoReplicas = vocabulary.Elements(in.at(v, vocabulary.Linked), in.evidence(vocabulary.Linked))
}

// linkGeoReplicas links geo-replication to the caches that it names as the members of a
// group: a resource of its own, or the database of one of them.
func (p *linker) linkGeoReplicas() {
	for _, in := range slices.Concat(p.ofKind(kindGeoReplication), p.ofKind(kindDatabase)) {
		before, after := in.both()
		was, is := map[*cacheEntry]bool{}, map[*cacheEntry]bool{}
		for e := range in.at(before, vocabulary.Linked).elems() {
			if c := p.byBeforeID[armid.Key(memberID(in, e).val.str())]; c != nil {
				was[c] = true
			}
		}
		if in.after() {
			for _, t := range p.members(in, after) {
				if t.cache != nil {
					is[t.cache] = true
				}
				t = p.onlyOf(in.typ.service, t)
				p.addDoubts(kindGeoReplication, in, t)
			}
		}
		for _, c := range p.caches {
			l := link{in: in, after: is[c], before: was[c]}
			switch {
			case !is[c] && !was[c]:
			case in.typ.kind == kindGeoReplication:
				c.links = append(c.links, l)
			case !slices.ContainsFunc(c.links, func(own link) bool { return own.in == in }):
				c.linkedBy = append(c.linkedBy, l)
			}
		}
	}
}

// memberID is the id of the cache that an element of a list of members names.
func memberID(in *instance, e view) view {
	if in.typ.arm {
		e = e.get("id")
	}
	return cacheID(e)
}

// members are the caches that geo-replication names.
func (p *linker) members(in *instance, v view) (out []target) {
	path := in.path(vocabulary.Linked)
	linked := in.at(v, vocabulary.Linked)
	open := linked.isUnknown() || linked.lost()
	for e := range linked.elems() {
		if e = memberID(in, e); e.isUnknown() || e.lost() {
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
		if t, ok := p.memberAt(l); ok && !in.typ.arm {
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
	refs, id := p.traceJSON(in, path), ""
	if in.typ.arm {
		id = ".id"
	}
	for i := 0; ; i++ {
		ref := p.ask(in, fmt.Sprintf("%s[%d]%s", path, i, id))
		switch l, sole := leafOf(ref); {
		case ref.Kind == tfconfig.Omitted:
			return out, i > 0
		case ref.Kind == tfconfig.KnownString:
			cache, _, _ := cutCache(ref.Value)
			out = append(out, p.matchID(cache))
		case sole && allowed(refs, l):
			t, known := p.memberAt(l)
			if !known {
				return nil, false
			}
			out = append(out, t)
		default:
			return nil, false
		}
	}
}

// memberAt is the cache whose id, or that of whose database, a leaf is.
func (p *linker) memberAt(l leaf) (target, bool) {
	if t, ok := p.atDatabase(l); ok {
		return t, true
	}
	if l.data || l.address == "" || l.attribute != "id" {
		return target{}, false
	}
	return p.cacheOf(l)
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
