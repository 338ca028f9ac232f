package tfplan

import (
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
	if in.typ.arm && connections(in.typ, v) > 1 {
		return view{unknown: node{kind: 't'}}
	}
	return in.at(v, r)
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
	if in.at(v, list).isUnknown() || connections(in.typ, v) > 1 {
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
