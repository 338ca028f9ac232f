package tfplan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// linkGeo finds, for a migration, the other members of the geo-replication of each cache.
func (p *linker) linkGeo() {
	if !p.migration {
		return
	}
	owner, groups := map[*instance]*cacheEntry{}, map[*instance][]*cacheEntry{}
	for _, c := range p.caches {
		for _, l := range slices.Concat(c.links, c.linkedBy) {
			switch k := l.in.typ.kind; {
			case !l.after:
			case k == kindLinkedServer:
				owner[l.in] = c
			case k == kindGeoReplication, k == kindDatabase:
				groups[l.in] = append(groups[l.in], c)
			}
		}
	}
	for _, in := range p.ofKind(kindLinkedServer) {
		if in.after() {
			p.linkServer(in, owner[in])
			p.linkedServers[in.address] = owner[in]
		}
	}
	for _, in := range slices.Concat(p.ofKind(kindGeoReplication), p.ofKind(kindDatabase)) {
		p.linkMembers(in, groups[in])
	}
	for _, c := range p.caches {
		slices.SortStableFunc(c.geo, func(a, b posture.GeoLink) int {
			return cmp.Or(strings.Compare(a.Address, b.Address), strings.Compare(a.OtherAddress, b.OtherAddress),
				strings.Compare(a.Other.V, b.Other.V))
		})
	}
}

// linkServer links the cache of a linked server, nil where that is not known, and the
// cache that it links. The role is that of the latter.
func (p *linker) linkServer(in *instance, c *cacheEntry) {
	before, after := in.both()
	id := in.at(after, vocabulary.Linked)
	other := p.onlyOf(in.typ.service, p.targetOf(in, id, in.at(before, vocabulary.Linked), in.path(vocabulary.Linked), "id"))
	role := in.at(after, vocabulary.ServerRole).str(in.evidence(vocabulary.ServerRole))
	is := func(word string) posture.Value[bool] {
		return posture.Map(role, func(role string) bool { return strings.EqualFold(role, word) })
	}
	p.addDoubts(kindLinkedServer, in, other)
	if c != nil {
		l := posture.GeoLink{Address: in.address, Other: id.str(in.evidence(vocabulary.Linked)), Primary: is("Secondary")}
		if other.cache != nil {
			l.OtherAddress = other.cache.in.address
		}
		c.geo = append(c.geo, l)
	}
	if other.cache != nil && other.cache != c {
		l := posture.GeoLink{Address: in.address, Other: posture.Unknown[string](posture.ReasonUnresolvedReference, "id"), Primary: is("Primary")}
		if c != nil {
			l.OtherAddress, l.Other = c.in.address, idOf(c)
		}
		other.cache.geo = append(other.cache.geo, l)
	}
}

// mostMembers is the most members of a group of active geo-replication that are linked, and
// the most that are not in the plan; Azure allows five.
const mostMembers = 50

// linkMembers links the members of a group of active geo-replication, of which none is
// the primary.
func (p *linker) linkMembers(in *instance, members []*cacheEntry) {
	if len(members) > mostMembers {
		return
	}
	var outside []posture.Value[string]
	for e := range in.at(in.view(), vocabulary.Linked).elems() {
		id := memberID(in, e)
		t := p.matchID(id.val.str())
		if !id.isUnknown() && t.cache == nil && len(t.groups) == 0 && len(outside) < mostMembers {
			outside = append(outside, id.str(in.evidence(vocabulary.Linked)))
		}
	}
	none := posture.Unset[bool](in.evidence(vocabulary.Linked))
	for _, c := range members {
		for _, other := range members {
			if other != c {
				c.geo = append(c.geo, posture.GeoLink{Address: in.address, Other: idOf(other), OtherAddress: other.in.address, Primary: none})
			}
		}
		for _, id := range outside {
			c.geo = append(c.geo, posture.GeoLink{Address: in.address, Other: id, Primary: none})
		}
	}
}

// idOf is the id of a cache after the plan.
func idOf(c *cacheEntry) posture.Value[string] { return c.in.view().get("id").str("id") }

// roleAssignment reads a role that is granted on a cache.
func roleAssignment(in *instance, v view) posture.RoleAssignment {
	read := func(r vocabulary.Role) posture.Value[string] { return in.at(v, r).str(in.evidence(r)) }
	role := read(vocabulary.RoleID)
	if name := read(vocabulary.RoleName); name.IsKnown() {
		role = name
	}
	return posture.RoleAssignment{Address: in.address, Role: role, Principal: read(vocabulary.Principal)}
}
