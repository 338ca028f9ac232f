package tfplan

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// Private DNS zones, their links to virtual networks, and the zone groups of
// private endpoints.

// dnsIndex finds what belongs to a private DNS zone or a private endpoint.
type dnsIndex struct {
	zones  map[string][]*instance    // by group|name
	linked map[*instance]posture.Tri // zones with a link to a virtual network; Maybe where a link may be theirs
	// linksUnclear says that some link is for a zone that is not known.
	linksUnclear bool
	groups       map[string][]*instance // zone groups that are resources of their own, by address or id of the endpoint
	groupDoubts  []*instance            // those of an endpoint that is not known
	// links says of every zone whether a virtual network is linked to it.
	links map[*instance]posture.Value[bool]
}

func (p *linker) indexDNS() {
	n := dnsIndex{zones: map[string][]*instance{}, linked: map[*instance]posture.Tri{}, groups: map[string][]*instance{}}
	for _, in := range p.ofKind(kindZone) {
		if v := in.view(); in.after() {
			k := in.key(v)
			n.zones[k] = append(n.zones[k], in)
		}
	}
	p.dns = n
	for _, in := range p.ofKind(kindZoneLink) {
		if in.after() {
			p.linkZone(in)
		}
	}
	p.dns.linksUnclear = p.dns.linksUnclear || len(p.missing[kindZoneLink]) > 0
	p.dns.links = map[*instance]posture.Value[bool]{}
	for _, in := range p.ofKind(kindZone) {
		p.dns.links[in] = p.zoneLinked(in)
	}
	for _, in := range p.ofKind(kindZoneGroup) {
		if !in.after() {
			continue
		}
		id := in.at(in.view(), vocabulary.Parent)
		endpoint := p.referred(in, in.path(vocabulary.Parent), kindEndpoint)
		switch {
		case id.known() != "":
			k := strings.ToLower(id.known())
			p.dns.groups[k] = append(p.dns.groups[k], in)
		case endpoint != nil:
			p.dns.groups[endpoint.address] = append(p.dns.groups[endpoint.address], in)
		default:
			p.dns.groupDoubts = append(p.dns.groupDoubts, in)
		}
	}
}

// linkZone files a virtual network link under the zones of the plan that it is
// for or may be for.
func (p *linker) linkZone(in *instance) {
	file := func(zone *instance, sure bool) {
		is := posture.Maybe
		if sure && !in.stays(zone) {
			is = posture.True
		}
		p.dns.linked[zone] = p.dns.linked[zone].Or(is)
	}
	v := in.view()
	if id := in.at(v, vocabulary.Parent).known(); in.typ.arm && id != "" {
		if zone, sure := p.zoneByID(id); zone != nil {
			file(zone, sure)
		}
		return
	}
	if zone := p.parentOf(in); zone != nil && zone.typ.kind == kindZone && zone.after() {
		file(zone, true)
		return
	}
	group, name := in.place(v)
	k := in.key(v)
	if k == "" || isRedacted(name.val) || isRedacted(group.val) {
		p.dns.linksUnclear = true
		return
	}
	for _, zone := range p.dns.zones[k] {
		if same := p.sameSubscription(in, zone); same != posture.False {
			file(zone, same == posture.True)
		}
	}
}

// parentOf returns the resource within which another one names itself by reference.
func (p *references) parentOf(in *instance) *instance {
	attribute := "name"
	if in.typ.arm {
		attribute = "id"
	}
	return p.sole(in, in.path(vocabulary.Parent), attribute)
}

// zoneByID returns the zone of the plan that a known id names; sure is false
// where only the subscription, which the plan does not show, could tell.
func (p *linker) zoneByID(id string) (zone *instance, sure bool) {
	if len(p.dns.zones) == 0 {
		return nil, true
	}
	arm, ok := parseID(id)
	if !ok || arm.kind != zoneKind {
		return nil, true
	}
	zone, perhaps := p.inSubscription(p.dns.zones[key(arm.group, arm.name())], subscriptionIn(id))
	if zone == nil && perhaps != nil {
		return perhaps, false
	}
	return zone, true
}

// dnsZones are the zones that a private endpoint registers itself in: those of
// its own block, and of zone groups that are resources of their own.
func (p *linker) dnsZones(in *instance, v view) posture.Value[[]posture.DNSZone] {
	group, path := in.at(v, vocabulary.ZoneGroup), in.evidence(vocabulary.Zones)
	if in.typ.arm {
		path = "privateDnsZoneGroups" // resources of their own
	}
	out := posture.Unset[[]posture.DNSZone](path)
	switch {
	case group.isUnknown():
		return posture.Unknown[[]posture.DNSZone](posture.ReasonKnownAfterApply, path)
	case group.lost():
		return posture.Unknown[[]posture.DNSZone](posture.ReasonRemoved, path)
	case group.length() > 0:
		out = p.zonesAt(in, in.at(v, vocabulary.Zones), in.path(vocabulary.Zones))
	}
	groups := p.dns.groups[in.address]
	if id := in.at(v, vocabulary.ID).val.str(); id != "" {
		groups = append(groups[:len(groups):len(groups)], p.dns.groups[strings.ToLower(id)]...)
	}
	for _, g := range groups {
		if g.stays(in) {
			return posture.Unknown[[]posture.DNSZone](posture.ReasonKnownAfterApply, path).WithDetail(g.address + ": " + whyStays)
		}
		more := p.zonesAt(g, zoneIDs(g), g.path(vocabulary.Zones))
		switch {
		case out.IsUnset(), out.IsKnown() && more.IsUnknown():
			out = more
		case more.IsKnown() && out.IsKnown():
			out.V = append(out.V[:len(out.V):len(out.V)], more.V...)
		}
	}
	if len(p.dns.groupDoubts) > 0 && !out.IsUnknown() {
		x := p.dns.groupDoubts[0]
		return posture.Unknown[[]posture.DNSZone](posture.ReasonUnresolvedReference, path).
			WithDetail(x.address + " may be a zone group of this private endpoint: " + p.describe(x, x.path(vocabulary.Parent)))
	}
	return out
}

// zoneIDs are the ids of the zones of a zone group that is a resource of its own.
func zoneIDs(group *instance) view {
	configs := group.at(group.view(), vocabulary.Zones)
	if configs.isUnknown() || configs.lost() {
		return configs
	}
	var val, unknown, sensitive encoder
	for config := range configs.elems() {
		id := config.along(group.typ.terms.Element(vocabulary.Zones).Place(vocabulary.ID))
		val.value(id.val)
		unknown.value(id.unknown)
		sensitive.value(id.sensitive)
	}
	part := func(w encoder) node { return node{kind: '[', text: string(w.buf)} }
	return view{val: part(val), unknown: part(unknown), sensitive: part(sensitive)}
}

// zonesAt resolves a list of ids of zones one by one.
func (p *linker) zonesAt(in *instance, ids view, path string) posture.Value[[]posture.DNSZone] {
	known := ids.list(path)
	out := posture.Value[[]posture.DNSZone]{State: known.State, Reason: known.Reason, Source: known.Source}
	if known.IsUnset() || known.IsUnknown() && known.Reason != posture.ReasonKnownAfterApply {
		return out
	}
	out.State = posture.StateKnown
	elems := slices.Collect(ids.elems())
	if len(elems) == 0 {
		elems = []view{{}}
	}
	for i, id := range elems {
		if id.val.str() != "" && !isRedacted(id.val) {
			zone, sure := p.zoneByID(id.val.str())
			named := posture.DNSZonesOf([]string{id.val.str()})[0]
			switch {
			case zone != nil && sure:
				named.Linked = p.dns.links[zone]
			case zone != nil:
				named.Linked = posture.Unknown[bool](posture.ReasonUnresolvedReference,
					linkPath).WithDetail("the subscription of " + zone.address + " is not known")
			}
			out.V = append(out.V, named)
			if id.isSensitive() || ids.isSensitive() {
				out = out.Sensitive()
			}
			continue
		}
		zone := p.zoneReferred(in, path, i, len(elems))
		if zone == nil {
			return posture.Unknown[[]posture.DNSZone](posture.ReasonKnownAfterApply, path).WithDetail(p.describeZones(in, path))
		}
		name := zone.view().get("name").str(path)
		if !name.IsKnown() {
			return posture.Unknown[[]posture.DNSZone](name.Why(), path)
		}
		out.V = append(out.V, posture.DNSZone{Name: name.V, Linked: p.dns.links[zone]})
		if name.Source.Sensitive {
			out = out.Sensitive()
		}
	}
	return out
}

func (p *linker) describeZones(in *instance, path string) string {
	if block, attribute, ok := strings.Cut(path, "."); ok && in.typ.name == ownCache {
		return p.ownDescribe(in, block, attribute)
	}
	return p.describe(in, path)
}

// zoneReferred returns the zone that element i of n of a list refers to.
func (p *linker) zoneReferred(in *instance, path string, i, n int) *instance {
	leaves := p.traceJSON(in, path)
	l := soleLeaf(leaves)
	if asked, ok := p.askLeaf(in, path+"["+itoa(i)+"]"); ok && allowed(leaves, asked) {
		l = asked
	} else if n > 1 {
		return nil // which element a reference belongs to is not known
	}
	zone := p.instances[l.address]
	if l.attribute != "id" || zone == nil || zone.typ.kind != kindZone {
		return nil
	}
	return zone
}

const linkPath = "virtual_network_link"

// zoneLinked says whether a virtual network is linked to a zone of the plan.
// Of a zone that exists already, links may stand elsewhere.
func (p *linker) zoneLinked(zone *instance) posture.Value[bool] {
	linked, some := p.dns.linked[zone]
	v := zone.view()
	switch {
	case linked == posture.True:
		return posture.Known(true, linkPath)
	case some, p.dns.linksUnclear, zone.key(v) == "":
		return posture.Unknown[bool](posture.ReasonUnresolvedReference,
			linkPath).WithDetail("a virtual network link of the plan may be for " + zone.address)
	case !zone.created() || !p.whole():
		return posture.Unknown[bool](posture.ReasonNotObserved, linkPath).WithDetail("links of " + zone.address + " may stand outside this plan")
	default:
		return posture.Known(false, linkPath)
	}
}
