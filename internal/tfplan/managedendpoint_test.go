package tfplan_test

import (
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// TestManagedEndpoints: private endpoints that other services make wait for
// approval at the cache that they name.
func TestManagedEndpoints(t *testing.T) {
	arm := func(typ string, properties m) m {
		return m{"type": typ + "@2024-01-01", "name": "x", "parent_id": "/p", "body": m{"properties": properties}}
	}
	group := m{"privateLinkResourceId": cacheA, "groupId": "redisCache"}
	outbound := m{"type": "PrivateEndpoint", "destination": m{"serviceResourceId": cacheA, "subresourceTarget": "redisCache"}}
	const factory = "Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints"
	for name, tt := range map[string]struct {
		address, actions string
		v, unknown       m
		config           m
		want             string
	}{
		"Data Factory":                    {"azurerm_data_factory_managed_private_endpoint.x", "create", m{"target_resource_id": cacheA, "subresource_name": "redisCache"}, nil, m{}, "x"},
		"Synapse, by reference":           {"azurerm_synapse_managed_private_endpoint.x", "create", m{"subresource_name": "rediscache"}, m{"target_resource_id": true}, m{"target_resource_id": refs(a + ".id")}, "x"},
		"Kusto":                           {"azurerm_kusto_cluster_managed_private_endpoint.x", "create", m{"private_link_resource_id": cacheA, "group_id": "redisCache"}, nil, m{}, "x"},
		"Stream Analytics":                {"azurerm_stream_analytics_managed_private_endpoint.x", "create", m{"target_resource_id": cacheA, "subresource_name": "redisCache"}, nil, m{}, "x"},
		"Grafana":                         {"azurerm_dashboard_grafana_managed_private_endpoint.x", "create", m{"private_link_resource_id": cacheA, "group_ids": []any{"redisCache"}}, nil, m{}, "x"},
		"Search":                          {"azurerm_search_shared_private_link_service.x", "create", m{"target_resource_id": cacheA, "subresource_name": "redisCache"}, nil, m{}, "x"},
		"SignalR":                         {"azurerm_signalr_shared_private_link_resource.x", "create", m{"target_resource_id": cacheA, "sub_resource_name": "redisCache"}, nil, m{}, "x"},
		"SignalR, another service":        {"azurerm_signalr_shared_private_link_resource.x", "create", m{"sub_resource_name": "sites"}, m{"target_resource_id": true}, m{"target_resource_id": refs("local.x")}, "none"},
		"Web PubSub":                      {"azurerm_web_pubsub_shared_private_link_resource.x", "create", m{"target_resource_id": cacheA, "subresource_name": "redisCache"}, nil, m{}, "x"},
		"Databricks":                      {"databricks_mws_ncc_private_endpoint_rule.x", "create", m{"resource_id": cacheA, "group_id": "redisCache"}, nil, m{}, "x"},
		"Fabric":                          {"fabric_workspace_managed_private_endpoint.x", "create", m{"target_private_link_resource_id": cacheA, "target_subresource_type": "redisCache"}, nil, m{}, "x"},
		"Fabric, another service":         {"fabric_workspace_managed_private_endpoint.x", "create", m{"target_subresource_type": "blob"}, m{"target_private_link_resource_id": true}, m{"target_private_link_resource_id": refs("local.x")}, "none"},
		"machine learning, by reference":  {"azurerm_machine_learning_workspace_network_outbound_rule_private_endpoint.x", "create", m{"sub_resource_target": "redisCache"}, m{"service_resource_id": true}, m{"service_resource_id": refs(a + ".id")}, "x"},
		"another cache":                   {"azurerm_data_factory_managed_private_endpoint.x", "create", m{"target_resource_id": cacheB, "subresource_name": "redisCache"}, nil, m{}, "none"},
		"another service":                 {"azurerm_data_factory_managed_private_endpoint.x", "create", m{"subresource_name": "blob"}, m{"target_resource_id": true}, m{"target_resource_id": refs("local.x")}, "none"},
		"nobody knows which":              {"azurerm_data_factory_managed_private_endpoint.x", "create", m{"subresource_name": "redisCache"}, m{"target_resource_id": true}, m{"target_resource_id": refs("local.x")}, "?x"},
		"a sub-resource known afterwards": {"azurerm_data_factory_managed_private_endpoint.x", "create", m{"target_resource_id": cacheA}, m{"subresource_name": true}, m{}, "?x"},
		"destroyed":                       {"azurerm_data_factory_managed_private_endpoint.x", "delete", m{"target_resource_id": cacheA, "subresource_name": "redisCache"}, nil, m{}, "none"},
		"azapi, Data Factory":             {"azapi_resource.x", "create", arm(factory, group), nil, m{}, "x"},
		"azapi, Kusto":                    {"azapi_resource.x", "create", arm("Microsoft.Kusto/clusters/managedPrivateEndpoints", group), nil, m{}, "x"},
		"azapi, Search":                   {"azapi_resource.x", "create", arm("Microsoft.Search/searchServices/sharedPrivateLinkResources", group), nil, m{}, "x"},
		"azapi, Synapse":                  {"azapi_resource.x", "create", arm("Microsoft.Synapse/workspaces/managedVirtualNetworks/managedPrivateEndpoints", group), nil, m{}, "x"},
		"azapi, Grafana":                  {"azapi_resource.x", "create", arm("Microsoft.Dashboard/grafana/managedPrivateEndpoints", m{"privateLinkResourceId": cacheA, "groupIds": []any{"redisCache"}}), nil, m{}, "x"},
		"azapi, machine learning":         {"azapi_resource.x", "create", arm("Microsoft.MachineLearningServices/workspaces/outboundRules", outbound), nil, m{}, "x"},
		"azapi, machine learning, a network of its own": {"azapi_resource.x", "create", arm("Microsoft.MachineLearningServices/workspaces/managedNetworks/outboundRules", outbound), nil, m{}, "x"},
		"azapi, Foundry":          {"azapi_resource.x", "create", arm("Microsoft.CognitiveServices/accounts/managedNetworks/outboundRules", outbound), nil, m{}, "x"},
		"azapi, SignalR":          {"azapi_resource.x", "create", arm("Microsoft.SignalRService/signalR/sharedPrivateLinkResources", group), nil, m{}, "x"},
		"azapi, Web PubSub":       {"azapi_resource.x", "create", arm("Microsoft.SignalRService/webPubSub/sharedPrivateLinkResources", group), nil, m{}, "x"},
		"azapi, Stream Analytics": {"azapi_resource.x", "create", arm("Microsoft.StreamAnalytics/clusters/privateEndpoints", m{"manualPrivateLinkServiceConnections": []any{m{"properties": m{"privateLinkServiceId": cacheA, "groupIds": []any{"redisCache"}}}}}), nil, m{}, "x"},
		"azapi, by reference":     {"azapi_resource.x", "create", arm(factory, m{"groupId": "redisCache"}), m{"body": m{"properties": m{"privateLinkResourceId": true}}}, m{"body": refs(a + ".id")}, "x"},
		"azapi, another cache":    {"azapi_resource.x", "create", arm(factory, m{"privateLinkResourceId": cacheB, "groupId": "redisCache"}), nil, m{}, "none"},
		"azapi, another rule":     {"azapi_resource.x", "create", arm("Microsoft.MachineLearningServices/workspaces/outboundRules", m{"type": "FQDN", "destination": "pypi.org"}), nil, m{}, "none"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().cache(a, "a").changeBy(tt.address, tt.actions, tt.v, tt.v, tt.unknown)
			s.root.resource(a, m{})
			s.root.resource(tt.address, tt.config)
			c := cacheAt(t, s.read(t), a).After
			got := links(c.PrivateEndpoints, func(e posture.PrivateEndpoint) string { return "x" })
			if len(c.PrivateEndpoints.Doubts) > 0 && c.PrivateEndpoints.Doubts[0].Address == tt.address {
				got = "?x"
			}
			if got != tt.want {
				t.Errorf("endpoints %s, want %s", got, tt.want)
			}
			for _, e := range c.PrivateEndpoints.Items {
				if e.Address != tt.address || say(e.Approval) != "Pending" || !e.DNSZones.IsUnknown() {
					t.Errorf("%+v", e)
				}
			}
		})
	}
}

// TestPatchSchedules: those that azapi makes are read like other children.
func TestPatchSchedules(t *testing.T) {
	const at = "azapi_resource.w"
	schedule := func(parent any, days ...string) m {
		entries := []any{}
		for _, day := range days {
			entries = append(entries, m{"dayOfWeek": day})
		}
		return m{"type": "Microsoft.Cache/redis/patchSchedules@2024-11-01", "name": "default", "parent_id": parent, "body": m{"properties": m{"scheduleEntries": entries}}}
	}
	body := azapi(m{"sku": m{"name": "Standard"}})
	for name, tt := range map[string]struct {
		cache, actions string
		v, unknown     m
		config         m
		want           string
	}{
		"one window":                 {"create", "create", schedule(cacheA, "Sunday"), nil, m{}, "1"},
		"two windows":                {"no-op", "create", schedule(cacheA, "Sunday", "Monday"), nil, m{}, "2"},
		"by reference":               {"create", "create", schedule(nil, "Sunday"), m{"parent_id": true}, m{"parent_id": refs("azapi_resource.a.id")}, "1"},
		"of another cache":           {"create", "create", schedule(cacheB, "Sunday"), nil, m{}, "unset"},
		"of another cache, existing": {"no-op", "create", schedule(cacheB, "Sunday"), nil, m{}, "not_observed"},
		"nobody knows of which":      {"create", "create", schedule(nil, "Sunday"), m{"parent_id": true}, m{"parent_id": refs("local.x")}, "unresolved_reference"},
		"destroyed":                  {"no-op", "delete", schedule(cacheA, "Sunday"), nil, m{}, "unset"},
		"forgotten":                  {"no-op", "forget", schedule(cacheA, "Sunday"), nil, m{}, "1"},
		"left behind":                {"delete,create", "no-op", schedule(cacheA, "Sunday"), nil, m{}, "known_after_apply"},
		"behind a sensitive body":    {"create", "create", schedule(cacheA), nil, m{"sensitive_body": refs("var.x")}, "write_only"},
		"entries known afterwards":   {"create", "create", schedule(cacheA), m{"body": m{"properties": m{"scheduleEntries": true}}}, m{}, "known_after_apply"},
	} {
		t.Run(name, func(t *testing.T) {
			now := with(body, m{"id": cacheA})
			unknown := m{}
			if tt.cache != "no-op" {
				delete(now, "id")
				unknown["id"] = true
			}
			s := newSynth().changeBy("azapi_resource.a", tt.cache, with(body, m{"id": cacheA}), now, unknown).changeBy(at, tt.actions, tt.v, tt.v, tt.unknown)
			s.root.resource("azapi_resource.a", m{})
			s.root.resource(at, tt.config)
			if got := say(cacheAt(t, s.read(t), "azapi_resource.a").After.MaintenanceWindows); got != tt.want {
				t.Errorf("windows %s, want %s", got, tt.want)
			}
		})
	}
}
