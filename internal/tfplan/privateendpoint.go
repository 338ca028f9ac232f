package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

func endpointSpec() *spec {
	return keep("id", "name", "resource_group_name").
		with("private_service_connection", keep("is_manual_connection", "private_connection_resource_id", "subresource_names")).
		with("private_dns_zone_group", keep("private_dns_zone_ids"))
}

const (
	endpointTarget       = "private_service_connection[0].private_connection_resource_id"
	endpointSubresources = "private_service_connection[0].subresource_names"
)

// endpointService says whether an endpoint is for the sub-resource redisCache.
func endpointService(v view) posture.Tri {
	block := v.get("private_service_connection")
	if block.isUnknown() {
		return posture.Maybe
	}
	names := block.first().get("subresource_names")
	list := names.list("")
	switch {
	case list.IsUnset():
		return posture.False
	case list.IsUnknown():
		// Those that are known may already be for another service.
		for e := range names.elems() {
			if e.val.str() != "" && !isRedacted(e.val) && !strings.EqualFold(e.val.str(), "redisCache") {
				return posture.False
			}
		}
		return posture.Maybe
	}
	for _, name := range list.V {
		if strings.EqualFold(name, "redisCache") {
			return posture.True
		}
	}
	return posture.False
}

func (p *linker) endpoint(in *instance, v view) posture.PrivateEndpoint {
	manual := v.get("private_service_connection").first().get("is_manual_connection")
	out := posture.PrivateEndpoint{
		Address: in.address,
		Approval: posture.Map(manual.boolean("private_service_connection.is_manual_connection"), func(b bool) posture.Approval {
			if b {
				return posture.ApprovalPending
			}
			return posture.ApprovalApproved
		}),
		DNSZones: p.dnsZones(in, v),
	}
	if x := p.patched(kindEndpoint, in, ""); x != nil {
		out.Approval = posture.Unknown[posture.Approval](posture.ReasonUnresolvedReference,
			out.Approval.Source.Path).WithDetail(x.in.address + ": " + x.detail)
	}
	return out
}
