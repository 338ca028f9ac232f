package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// A managed private endpoint lies in the network of another service, which makes
// it; its connection waits for approval at the cache.

// managedEndpointIsFor says whether a managed private endpoint is for the sub-resource
// of a service, which some types leave out. An outbound rule may be for a host name or
// a service tag instead.
func managedEndpointIsFor(s *service.Service, in *instance, v view) posture.Tri {
	if kind, ok := in.at(v, vocabulary.Kind).str("").Get(); ok && !strings.EqualFold(kind, "PrivateEndpoint") {
		return posture.False
	}
	sub := in.at(v, vocabulary.Subresources)
	if sub.val.kind == '[' {
		sub = sub.first()
	}
	switch name := sub.val.str(); {
	case sub.isUnknown(), isRedacted(sub.val):
		return posture.Maybe
	default:
		return posture.FromBool(name == "" || strings.EqualFold(name, s.Subresource))
	}
}

// managedEndpoint is an endpoint that waits for approval. The service that makes it
// resolves the name of the cache, so that private DNS zones of the plan do not matter.
func managedEndpoint(in *instance) posture.PrivateEndpoint {
	return posture.PrivateEndpoint{
		Address:  in.address,
		Approval: posture.Known(posture.ApprovalPending, in.evidence(vocabulary.Target)),
		DNSZones: posture.Unknown[[]posture.DNSZone](posture.ReasonNotObserved,
			in.evidence(vocabulary.Target)).WithDetail(in.address + " lies in the network of another service"),
	}
}

// azapiDataPlane is the resource type for objects in the data plane of services. The
// managed private endpoints of Synapse are among them.
const azapiDataPlane = "azapi_data_plane_resource"

// dataPlaneSpec keeps what managed private endpoints have, and none of the keys
// and secrets that other bodies may hold.
func dataPlaneSpec() *spec {
	body := keep().with("properties", keep("privateLinkResourceId", "groupId"))
	body.ignoreCase().asText(body.jsonText)
	return keep("type").with("body", body)
}

// collectDataPlane finds managed private endpoints of the data plane.
func (p *linker) collectDataPlane() {
	all := resourceTypes[azapiDataPlane]
	for _, in := range p.byType[all] {
		before, after := in.both()
		if typ := armTypes[p.armType(in, before, after)]; typ != nil && typ.kind == kindManagedEndpoint {
			p.addCompanion(in, typ)
		}
	}
	delete(p.byType, all)
}
