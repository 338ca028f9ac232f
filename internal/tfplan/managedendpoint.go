package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// A managed private endpoint lies in the network of another service, which makes
// it; its connection waits for approval at the cache.

// managedTarget and managedSubresource stand for the arguments that name the
// target, and its sub-resource, whatever a type calls them.
const managedTarget, managedSubresource = "target_resource_id", "subresource_name"

// managedEndpoints are the resource types, with the arguments that name the target
// and its sub-resource.
var managedEndpoints = map[string][2]string{
	"azurerm_dashboard_grafana_managed_private_endpoint":                        {"private_link_resource_id", "group_ids"},
	"azurerm_data_factory_managed_private_endpoint":                             {"target_resource_id", "subresource_name"},
	"azurerm_kusto_cluster_managed_private_endpoint":                            {"private_link_resource_id", "group_id"},
	"azurerm_machine_learning_workspace_network_outbound_rule_private_endpoint": {"service_resource_id", "sub_resource_target"},
	"azurerm_search_shared_private_link_service":                                {"target_resource_id", "subresource_name"},
	"azurerm_signalr_shared_private_link_resource":                              {"target_resource_id", "sub_resource_name"},
	"azurerm_stream_analytics_managed_private_endpoint":                         {"target_resource_id", "subresource_name"},
	"azurerm_synapse_managed_private_endpoint":                                  {"target_resource_id", "subresource_name"},
	"azurerm_web_pubsub_shared_private_link_resource":                           {"target_resource_id", "subresource_name"},
	"databricks_mws_ncc_private_endpoint_rule":                                  {"resource_id", "group_id"},
	"fabric_workspace_managed_private_endpoint": {"target_private_link_resource_id",
		"target_subresource_type"},
}

// managedEndpointKinds are the ARM types, with where their body names the target
// and its sub-resource.
var managedEndpointKinds = map[string][2]string{
	"microsoft.cognitiveservices/accounts/managednetworks/outboundrules":             outboundRuleAt,
	"microsoft.dashboard/grafana/managedprivateendpoints":                            {"privateLinkResourceId", "groupIds"},
	"microsoft.datafactory/factories/managedvirtualnetworks/managedprivateendpoints": {"privateLinkResourceId", "groupId"},
	"microsoft.kusto/clusters/managedprivateendpoints":                               {"privateLinkResourceId", "groupId"},
	"microsoft.machinelearningservices/workspaces/managednetworks/outboundrules":     outboundRuleAt,
	"microsoft.machinelearningservices/workspaces/outboundrules":                     outboundRuleAt,
	"microsoft.search/searchservices/sharedprivatelinkresources":                     {"privateLinkResourceId", "groupId"},
	"microsoft.signalrservice/signalr/sharedprivatelinkresources":                    {"privateLinkResourceId", "groupId"},
	"microsoft.signalrservice/webpubsub/sharedprivatelinkresources":                  {"privateLinkResourceId", "groupId"},
	"microsoft.streamanalytics/clusters/privateendpoints": {azapiManualConnections + "[0].properties.privateLinkServiceId",
		azapiManualConnections + "[0].properties.groupIds"},
	"microsoft.synapse/workspaces/managedvirtualnetworks/managedprivateendpoints": {"privateLinkResourceId", "groupId"},
}

func init() {
	for arm, at := range managedEndpointKinds {
		typ := &resourceType{name: "azapi_resource", kind: kindManagedEndpoint,
			paths: map[string]string{managedTarget: "body.properties." + at[0]}}
		azapiKinds[arm] = azapiKind{typ, func(v view) view {
			return managedEndpointFromARM(v.get("id"), v.at("body", "properties"), at)
		}}
	}
}

// managedEndpointFromARM reads the properties of a managed private endpoint, or
// of an outbound rule, which may be for a host name or a service tag instead.
func managedEndpointFromARM(id, props view, at [2]string) view {
	if typ, ok := props.get("type").str("type").Get(); ok && !strings.EqualFold(typ, "PrivateEndpoint") {
		return fields(view{}, member{"id", id})
	}
	return fields(view{}, member{"id", id}, member{managedTarget, props.along(at[0])}, member{managedSubresource, props.along(at[1])})
}

// along follows a path of names, the first element of a list being the only one.
func (v view) along(path string) view {
	for _, name := range strings.Split(path, ".") {
		name, list := strings.CutSuffix(name, "[0]")
		if v = v.get(name); list {
			v = v.first()
		}
	}
	return v
}

// oneOf returns the argument of a managed private endpoint, by whichever name its
// type has for it.
func oneOf(v view, which int, name string) view {
	if got := v.get(name); !got.val.absent() || got.isUnknown() {
		return got
	}
	for _, attributes := range managedEndpoints {
		if got := v.get(attributes[which]); !got.val.absent() || got.isUnknown() {
			return got
		}
	}
	return view{}
}

func managedEndpointTarget(p *linker, in *instance, v, before view) target {
	return p.targetOf(in, oneOf(v, 0, managedTarget), oneOf(before, 0, managedTarget), managedTarget, "id")
}

func managedEndpointID(v view) string { return oneOf(v, 0, managedTarget).val.str() }

// isForRedis says whether a managed private endpoint is for the sub-resource
// redisCache; some types leave it out.
func isForRedis(v view) posture.Tri {
	sub := oneOf(v, 1, managedSubresource)
	if sub.val.kind == '[' {
		sub = sub.first()
	}
	switch name := sub.val.str(); {
	case sub.isUnknown(), isRedacted(sub.val):
		return posture.Maybe
	default:
		return posture.FromBool(name == "" || strings.EqualFold(name, "redisCache"))
	}
}

// managedEndpoint is one that waits for approval. The service that makes it
// resolves its name, so that zones of this plan say nothing of it.
func managedEndpoint(in *instance) posture.PrivateEndpoint {
	return posture.PrivateEndpoint{
		Address:  in.address,
		Approval: posture.Known(posture.ApprovalPending, managedTarget),
		DNSZones: posture.Unknown[[]posture.DNSZone](posture.ReasonNotObserved,
			managedTarget).WithDetail(in.address + " lies in the network of another service"),
	}
}

// azapiDataPlane is the type for what a service itself keeps, not ARM: of Synapse
// the managed private endpoints too.
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
		k := azapiKinds[p.armType(in, before, after)]
		if k.typ == nil || k.typ.kind != kindManagedEndpoint {
			continue
		}
		in.translate(k, before, after, p.config.resources[in.cfg].has("sensitive_body"))
		p.byType[k.typ] = append(p.byType[k.typ], in)
	}
	delete(p.byType, all)
}
