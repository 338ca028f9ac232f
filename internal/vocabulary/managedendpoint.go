package vocabulary

// ManagedEndpoints are private endpoints in the network of another service, by
// Terraform type.
var ManagedEndpoints = map[string]Companion{
	"azurerm_dashboard_grafana_managed_private_endpoint":                        managedEndpoint("private_link_resource_id", "group_ids"),
	"azurerm_data_factory_managed_private_endpoint":                             managedEndpoint("target_resource_id", "subresource_name"),
	"azurerm_kusto_cluster_managed_private_endpoint":                            managedEndpoint("private_link_resource_id", "group_id"),
	"azurerm_machine_learning_workspace_network_outbound_rule_private_endpoint": managedEndpoint("service_resource_id", "sub_resource_target"),
	"azurerm_search_shared_private_link_service":                                managedEndpoint("target_resource_id", "subresource_name"),
	"azurerm_signalr_shared_private_link_resource":                              managedEndpoint("target_resource_id", "sub_resource_name"),
	"azurerm_stream_analytics_managed_private_endpoint":                         managedEndpoint("target_resource_id", "subresource_name"),
	"azurerm_synapse_managed_private_endpoint":                                  managedEndpoint("target_resource_id", "subresource_name"),
	"azurerm_web_pubsub_shared_private_link_resource":                           managedEndpoint("target_resource_id", "subresource_name"),
	"databricks_mws_ncc_private_endpoint_rule":                                  managedEndpoint("resource_id", "group_id"),
	"fabric_workspace_managed_private_endpoint": managedEndpoint("target_private_link_resource_id",
		"target_subresource_type"),
}

// ManagedEndpointsARM are the same by ARM type in lower case.
var ManagedEndpointsARM = map[string]Companion{
	"microsoft.cognitiveservices/accounts/managednetworks/outboundrules":             outboundRule,
	"microsoft.dashboard/grafana/managedprivateendpoints":                            linkTo("groupIds"),
	"microsoft.datafactory/factories/managedvirtualnetworks/managedprivateendpoints": linkTo("groupId"),
	"microsoft.kusto/clusters/managedprivateendpoints":                               linkTo("groupId"),
	"microsoft.machinelearningservices/workspaces/managednetworks/outboundrules":     outboundRule,
	"microsoft.machinelearningservices/workspaces/outboundrules":                     outboundRule,
	"microsoft.search/searchservices/sharedprivatelinkresources":                     linkTo("groupId"),
	"microsoft.signalrservice/signalr/sharedprivatelinkresources":                    linkTo("groupId"),
	"microsoft.signalrservice/webpubsub/sharedprivatelinkresources":                  linkTo("groupId"),
	"microsoft.streamanalytics/clusters/privateendpoints": {
		{Role: Target, ARM: "properties.manualPrivateLinkServiceConnections[0].properties.privateLinkServiceId"},
		{Role: Subresources, ARM: "properties.manualPrivateLinkServiceConnections[0].properties.groupIds"},
	},
	"microsoft.synapse/workspaces/managedvirtualnetworks/managedprivateendpoints": linkTo("groupId"),
}

// OutboundRule is a rule of a managed network, which makes a managed private
// endpoint if its type is PrivateEndpoint. The rule is a resource of its own, or
// an element of a map in the body of what has the network.
var OutboundRule = Companion{
	{Role: Kind, ARM: "type"},
	{Role: Target, ARM: "destination.serviceResourceId"},
	{Role: Subresources, ARM: "destination.subresourceTarget"},
}

var outboundRule = Companion{
	{Role: Kind, ARM: "properties.type"},
	{Role: Target, ARM: "properties.destination.serviceResourceId"},
	{Role: Subresources, ARM: "properties.destination.subresourceTarget"},
}

func managedEndpoint(target, subresources string) Companion {
	return Companion{{Role: ID, Azurerm: "id"}, {Role: Target, Azurerm: target, Refers: true}, {Role: Subresources, Azurerm: subresources}}
}

func linkTo(subresources string) Companion {
	return Companion{{Role: Target, ARM: "properties.privateLinkResourceId"}, {Role: Subresources, ARM: "properties." + subresources}}
}
