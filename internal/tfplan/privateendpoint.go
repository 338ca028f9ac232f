package tfplan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// connections returns how many connections a private endpoint has.
func connections(t *resourceType, v view) int {
	return t.at(v, vocabulary.Connections).length() + t.at(v, vocabulary.ManualConnections).length()
}

// ofConnection returns an argument of the connection of a private endpoint: which
// of several counts is not known.
func ofConnection(in *instance, v view, r vocabulary.Role) view {
	if in.typ.arm && !in.typ.connection && connections(in.typ, v) > 1 {
		return view{unknown: node{kind: 't'}}
	}
	return in.at(v, r)
}

// maxConnections bounds the connections of one private endpoint that are looked at.
const maxConnections = 100

// connectionTypes returns, of a private endpoint by azapi with several connections, a type for
// each of them; none where it has one at most, or where nothing tells how many there are. The
// addresses are those of its instances.
func (p *references) connectionTypes(typ *resourceType, v view, addresses ...string) (types []*resourceType) {
	if typ.kind != kindEndpoint || !typ.arm || typ.connection {
		return nil
	}
	open := 0
	for _, list := range []vocabulary.Role{vocabulary.Connections, vocabulary.ManualConnections} {
		n, known := p.lengthOf(typ.at(v, list), typ.path(list), addresses)
		if !known {
			n, open = 1, open+1
		}
		for i := range min(n, maxConnections+1) {
			t := armType(kindEndpoint, vocabulary.EndpointConnection(list, i))
			t.connection = true
			types = append(types, t)
		}
	}
	if len(types) < 2 || open == 2 {
		return nil
	}
	return types
}

// lengthOf is how many elements the list at a path has, the most of all instances.
func (p *references) lengthOf(v view, path string, addresses []string) (n int, known bool) {
	if !v.isUnknown() {
		return v.length(), true
	}
	if p.evaluator == nil {
		return 0, false
	}
	known = true
	for _, address := range addresses {
		length, ok := p.evaluator.Length(address, steps(path)...)
		n, known = max(n, length), known && ok
	}
	return n, known
}

// linkConnections finds the caches that a private endpoint with several connections may be for.
func (p *linker) linkConnections(k companion, in *instance, types []*resourceType, after, before view) target {
	if len(types) > maxConnections {
		return target{groups: everyCache(nil), reason: posture.ReasonUnresolvedReference, detail: vocabulary.SeveralConnections}
	}
	t := target{reason: posture.ReasonUnresolvedReference, detail: vocabulary.SeveralConnections}
	for _, typ := range types {
		one := *in
		one.typ = typ
		found := p.linkAfter(k, &one, after, before)
		t.groups = append(t.groups, found.all()...)
		t.misdirected = cmp.Or(t.misdirected, found.misdirected)
	}
	slices.Sort(t.groups)
	t.groups = slices.Compact(t.groups)
	return t
}

// endpointIsFor says whether an endpoint is for the sub-resource of a service.
func endpointIsFor(s *service.Service, in *instance, v view) posture.Tri {
	names := ofConnection(in, v, vocabulary.Subresources)
	list := names.list("")
	isOther := func(name string) bool { return !strings.EqualFold(name, s.Subresource) }
	switch {
	case list.IsUnset() && names.val.kind == '[' && s.Database != "":
		return posture.Maybe // nobody documents what an empty list means
	case list.IsUnset():
		return posture.False
	case list.IsUnknown():
		// Those that are known may already be for another service.
		for e := range names.elems() {
			if e.val.str() != "" && !isRedacted(e.val) && isOther(e.val.str()) {
				return posture.False
			}
		}
		return posture.Maybe
	default:
		return posture.FromBool(slices.ContainsFunc(list.V, func(name string) bool { return !isOther(name) }))
	}
}

func (p *linker) endpoint(in *instance, v view) posture.PrivateEndpoint {
	out := posture.PrivateEndpoint{Address: in.address, Approval: approval(in, v), DNSZones: p.dnsZones(in, v)}
	patchFact(p.patched(kindEndpoint, in, ""), &out.Approval)
	if p.migration {
		out.SubnetID, _ = p.subnetReference(in, in.at(v, vocabulary.InSubnet).str(in.evidence(vocabulary.InSubnet)))
	}
	return out
}

// approval says whether the connection of an endpoint waits for approval, for
// which ARM has a list of its own.
func approval(in *instance, v view) posture.Value[posture.Approval] {
	if !in.typ.arm {
		return posture.Map(in.at(v, vocabulary.Manual).boolean(in.evidence(vocabulary.Manual)), approvalOf)
	}
	list := vocabulary.Connections
	if isManual(v) {
		list = vocabulary.ManualConnections
	}
	if in.at(v, list).isUnknown() {
		return posture.Unknown[posture.Approval](posture.ReasonKnownAfterApply, in.evidence(list))
	}
	return posture.Known(approvalOf(list == vocabulary.ManualConnections), in.evidence(list))
}

func approvalOf(manual bool) posture.Approval {
	if manual {
		return posture.ApprovalPending
	}
	return posture.ApprovalApproved
}
