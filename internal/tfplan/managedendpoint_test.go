package tfplan_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
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
		"Data Factory": {"azurerm_data_factory_managed_private_endpoint.x", "create",
			m{"target_resource_id": cacheA, "subresource_name": "redisCache"}, nil, m{}, "x"},
		"Synapse, by reference": {"azurerm_synapse_managed_private_endpoint.x", "create", m{"subresource_name": "rediscache"},
			m{"target_resource_id": true}, m{"target_resource_id": refs(a + ".id")}, "x"},
		"Kusto": {"azurerm_kusto_cluster_managed_private_endpoint.x", "create",
			m{"private_link_resource_id": cacheA, "group_id": "redisCache"}, nil, m{}, "x"},
		"Stream Analytics": {"azurerm_stream_analytics_managed_private_endpoint.x", "create",
			m{"target_resource_id": cacheA, "subresource_name": "redisCache"}, nil, m{}, "x"},
		"Grafana": {"azurerm_dashboard_grafana_managed_private_endpoint.x", "create",
			m{"private_link_resource_id": cacheA, "group_ids": []any{"redisCache"}}, nil, m{}, "x"},
		"Search": {"azurerm_search_shared_private_link_service.x", "create",
			m{"target_resource_id": cacheA, "subresource_name": "redisCache"}, nil, m{}, "x"},
		"SignalR": {"azurerm_signalr_shared_private_link_resource.x", "create",
			m{"target_resource_id": cacheA, "sub_resource_name": "redisCache"}, nil, m{}, "x"},
		"SignalR, another service": {"azurerm_signalr_shared_private_link_resource.x", "create", m{"sub_resource_name": "sites"},
			m{"target_resource_id": true}, m{"target_resource_id": refs("local.x")}, "none"},
		"Web PubSub": {"azurerm_web_pubsub_shared_private_link_resource.x", "create",
			m{"target_resource_id": cacheA, "subresource_name": "redisCache"}, nil, m{}, "x"},
		"Databricks": {"databricks_mws_ncc_private_endpoint_rule.x", "create",
			m{"resource_id": cacheA, "group_id": "redisCache"}, nil, m{}, "x"},
		"Fabric": {"fabric_workspace_managed_private_endpoint.x", "create",
			m{"target_private_link_resource_id": cacheA, "target_subresource_type": "redisCache"}, nil, m{}, "x"},
		"Fabric, another service": {"fabric_workspace_managed_private_endpoint.x", "create", m{"target_subresource_type": "blob"},
			m{"target_private_link_resource_id": true}, m{"target_private_link_resource_id": refs("local.x")}, "none"},
		"machine learning, by reference": {"azurerm_machine_learning_workspace_network_outbound_rule_private_endpoint.x", "create",
			m{"sub_resource_target": "redisCache"}, m{"service_resource_id": true}, m{"service_resource_id": refs(a + ".id")}, "x"},
		"another cache": {"azurerm_data_factory_managed_private_endpoint.x", "create",
			m{"target_resource_id": cacheB, "subresource_name": "redisCache"}, nil, m{}, "none"},
		"another service": {"azurerm_data_factory_managed_private_endpoint.x", "create", m{"subresource_name": "blob"},
			m{"target_resource_id": true}, m{"target_resource_id": refs("local.x")}, "none"},
		"nobody knows which": {"azurerm_data_factory_managed_private_endpoint.x", "create", m{"subresource_name": "redisCache"},
			m{"target_resource_id": true}, m{"target_resource_id": refs("local.x")}, "?x"},
		"a sub-resource known afterwards": {"azurerm_data_factory_managed_private_endpoint.x", "create", m{"target_resource_id": cacheA},
			m{"subresource_name": true}, m{}, "?x"},
		"destroyed": {"azurerm_data_factory_managed_private_endpoint.x", "delete",
			m{"target_resource_id": cacheA, "subresource_name": "redisCache"}, nil, m{}, "none"},
		"azapi, Data Factory": {"azapi_resource.x", "create", arm(factory, group), nil, m{}, "x"},
		"azapi, Kusto": {"azapi_resource.x", "create", arm("Microsoft.Kusto/clusters/managedPrivateEndpoints", group), nil,
			m{}, "x"},
		"azapi, Search": {"azapi_resource.x", "create",
			arm("Microsoft.Search/searchServices/sharedPrivateLinkResources", group), nil, m{}, "x"},
		"azapi, Synapse": {"azapi_resource.x", "create",
			arm("Microsoft.Synapse/workspaces/managedVirtualNetworks/managedPrivateEndpoints", group), nil, m{}, "x"},
		"azapi, Grafana": {"azapi_resource.x", "create",
			arm("Microsoft.Dashboard/grafana/managedPrivateEndpoints", m{"privateLinkResourceId": cacheA, "groupIds": []any{"redisCache"}}), nil,
			m{}, "x"},
		"azapi, machine learning": {"azapi_resource.x", "create",
			arm("Microsoft.MachineLearningServices/workspaces/outboundRules", outbound), nil, m{}, "x"},
		"azapi, machine learning, a network of its own": {"azapi_resource.x", "create",
			arm("Microsoft.MachineLearningServices/workspaces/managedNetworks/outboundRules", outbound), nil, m{}, "x"},
		"azapi, Foundry": {"azapi_resource.x", "create",
			arm("Microsoft.CognitiveServices/accounts/managedNetworks/outboundRules", outbound), nil, m{}, "x"},
		"azapi, SignalR": {"azapi_resource.x", "create", arm("Microsoft.SignalRService/signalR/sharedPrivateLinkResources", group), nil,
			m{}, "x"},
		"azapi, Web PubSub": {"azapi_resource.x", "create", arm("Microsoft.SignalRService/webPubSub/sharedPrivateLinkResources", group),
			nil, m{}, "x"},
		"azapi, Stream Analytics": {"azapi_resource.x", "create",
			arm("Microsoft.StreamAnalytics/clusters/privateEndpoints",
				m{"manualPrivateLinkServiceConnections": []any{m{"properties": m{"privateLinkServiceId": cacheA, "groupIds": []any{"redisCache"}}}}}),
			nil, m{}, "x"},
		"azapi, by reference": {"azapi_resource.x", "create", arm(factory, m{"groupId": "redisCache"}),
			m{"body": m{"properties": m{"privateLinkResourceId": true}}}, m{"body": refs(a + ".id")}, "x"},
		"azapi, another cache": {"azapi_resource.x", "create", arm(factory, m{"privateLinkResourceId": cacheB, "groupId": "redisCache"}), nil,
			m{}, "none"},
		"azapi, another rule": {"azapi_resource.x", "create",
			arm("Microsoft.MachineLearningServices/workspaces/outboundRules", m{"type": "FQDN", "destination": "pypi.org"}), nil, m{}, "none"},
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

// TestOutboundRules: a body of a managed network may hold several rules, each of
// which makes a private endpoint of its own.
func TestOutboundRules(t *testing.T) {
	const (
		learning = "Microsoft.MachineLearningServices/workspaces"
		network  = learning + "/managedNetworks"
		foundry  = "Microsoft.CognitiveServices/accounts/managedNetworks"
		synapse  = "Microsoft.Synapse/workspaces/managedVirtualNetworks/managedPrivateEndpoints"
		storage  = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/s"
		of       = "azapi_resource.x"
		update   = "azapi_update_resource.x"
		data     = "azapi_data_plane_resource.x"
	)
	arm := func(typ string, body any) m {
		return m{"type": typ + "@2025-10-01", "name": "x", "parent_id": "/p", "body": body}
	}
	body := func(rules any) m { return m{"properties": m{"managedNetwork": m{"outboundRules": rules}}} }
	to := func(id any, sub string) m {
		return m{"type": "PrivateEndpoint", "destination": m{"serviceResourceId": id, "subresourceTarget": sub}}
	}
	toA, unknownID := m{"r": to(cacheA, "redisCache")}, m{"r": m{"destination": m{"serviceResourceId": true}}}
	open := m{"r": m{"type": "PrivateEndpoint", "destination": m{"subresourceTarget": "redisCache"}}}
	others := m{
		"name": m{"type": "FQDN", "destination": "pypi.org"}, "tag": m{"type": "ServiceTag", "destination": m{"serviceTag": "DataFactory"}},
		"blob": to(storage, "blob"), "b": to(cacheB, "redisCache"),
	}
	endpoint := func(id any) m { return m{"properties": m{"privateLinkResourceId": id, "groupId": "redisCache"}} }
	for name, tt := range map[string]struct {
		address, actions string
		v, unknown       m
		config           m
		want             string
	}{
		"machine learning":  {of, "create", arm(learning, body(toA)), nil, m{}, "x"},
		"a managed network": {of, "create", arm(network, body(toA)), nil, m{}, "x"},
		"Foundry":           {of, "create", arm(foundry, body(toA)), nil, m{}, "x"},
		"among other rules": {of, "create", arm(learning, body(with(others, toA))), nil, m{}, "x"},
		"other rules only":  {of, "create", arm(learning, body(others)), nil, m{}, "none"},
		"in another case": {of, "create",
			arm(learning, m{"Properties": m{"ManagedNetwork": m{"OutboundRules": m{"R": m{"Destination": m{"ServiceResourceID": cacheA}}}}}}), nil,
			m{}, "x"},
		"more than can be told apart": {of, "create", arm(learning, body(with(many(open["r"]), toA))), m{"body": body(many(unknownID["r"]))},
			m{"body": refs("azurerm_storage_account.s.id")}, "x"},
		"more than can be told apart, nobody knows which": {of, "create", arm(learning, body(many(open["r"]))),
			m{"body": body(many(unknownID["r"]))}, m{"body": refs("local.x")}, "?x"},
		"a body as text":       {of, "create", arm(learning, text(body(toA))), nil, m{}, "x"},
		"a type without rules": {of, "create", arm("Microsoft.Web/sites", body(toA)), nil, m{}, "none"},
		"no rules": {of, "create", arm(learning, m{"properties": m{}}),
			m{"body": m{"properties": m{"storageAccount": true}}}, m{"body": refs("local.x")}, "none"},
		"of before the cache":            {of, "no-op", arm(learning, body(toA)), nil, m{}, "?x"},
		"forgotten, of before the cache": {of, "forget", arm(learning, body(toA)), nil, m{}, "?x"},
		"destroyed":                      {of, "delete", arm(learning, body(toA)), nil, m{}, "none"},
		"by reference": {of, "create", arm(learning, body(open)), m{"body": body(unknownID)},
			m{"body": refs(a + ".id")}, "x"},
		"by one of several references": {of, "create", arm(learning, body(open)), m{"body": body(unknownID)},
			m{"body": refs(a+".id", "azurerm_storage_account.s.id")}, "?x"},
		"by a reference to something else": {of, "create", arm(learning, body(open)), m{"body": body(unknownID)},
			m{"body": refs("azurerm_storage_account.s.id")}, "none"},
		"nobody knows which": {of, "create", arm(learning, body(open)), m{"body": body(unknownID)},
			m{"body": refs("local.x")}, "?x"},
		"nobody knows which, another sub-resource": {of, "create", arm(learning, body(m{"r": to(nil, "blob")})), m{"body": body(unknownID)},
			m{"body": refs("local.x")}, "none"},
		"a host known afterwards": {of, "create", arm(learning, body(m{"r": m{"type": "FQDN"}})),
			m{"body": body(m{"r": m{"destination": true}})}, m{"body": refs("local.x")}, "none"},
		"a rule known afterwards": {of, "create", arm(learning, body(m{})), m{"body": body(m{"r": true})},
			m{"body": refs("local.x")}, "?x"},
		"a rule known afterwards, among others": {of, "create", arm(learning, body(others)), m{"body": body(m{"r": true})},
			m{"body": refs("local.x")}, "?x"},
		"rules known afterwards": {of, "create", arm(learning, m{"properties": m{"managedNetwork": m{}}}),
			m{"body": body(true)}, m{"body": refs(a + ".id")}, "?x"},
		"a body known afterwards": {of, "create", arm(learning, nil), m{"body": true},
			m{"body": refs("azurerm_storage_account.s.id")}, "?x"},
		"behind a sensitive body": {of, "create", arm(learning, body(m{})), nil,
			m{"body": refs("azurerm_storage_account.s.id"), "sensitive_body": refs("var.x")}, "?x"},
		"taken out of the plan": {of, "create", arm(learning, body("REDACTED_SENSITIVE")), nil, m{}, "?x"},
		"an update": {update, "create",
			m{"type": learning + "@2025-10-01", "resource_id": "/p", "body": body(toA)}, nil, m{}, "x"},
		"an update of a network": {update, "create", m{"type": network + "@2025-10-01", "resource_id": "/p", "body": body(toA)},
			nil, m{}, "x"},
		"an update, other rules only": {update, "create",
			m{"type": learning + "@2025-10-01", "resource_id": "/p", "body": body(others)}, nil, m{}, "none"},
		"an update, nobody knows which": {update, "create",
			m{"type": learning + "@2025-10-01", "resource_id": "/p", "body": body(open)}, m{"body": body(unknownID)}, m{"body": refs("local.x")},
			"?x"},
		"an update with a sensitive body": {update, "create", m{"type": learning + "@2025-10-01", "resource_id": "/p"}, nil,
			m{"sensitive_body": refs("var.x")}, "?x"},
		"a rule of its own, a host known afterwards": {of, "create", arm(learning+"/outboundRules", m{"properties": m{"type": "FQDN"}}),
			m{"body": m{"properties": m{"destination": true}}}, m{"body": refs("local.x")}, "none"},
		"a rule of its own, behind a sensitive body": {of, "create", arm(learning+"/outboundRules", m{"properties": m{}}), nil,
			m{"body": refs("azurerm_storage_account.s.id"), "sensitive_body": refs("var.x")}, "?x"},
		"the data plane": {data, "create", arm(synapse, endpoint(cacheA)), nil, m{}, "x"},
		"the data plane, by reference": {data, "create", arm(synapse, endpoint(nil)), m{"body": endpointUnknown},
			m{"body": refs(a + ".id")}, "x"},
		"the data plane, nobody knows which": {data, "create", arm(synapse, endpoint(nil)), m{"body": endpointUnknown},
			m{"body": refs("local.x")}, "?x"},
		"the data plane, another service":         {data, "create", arm(synapse, endpoint(storage)), nil, m{}, "none"},
		"the data plane, behind a sensitive body": {data, "create", arm(synapse, m{}), nil, m{"sensitive_body": refs("var.x")}, "?x"},
		"the data plane, destroyed":               {data, "delete", arm(synapse, endpoint(cacheA)), nil, m{}, "none"},
		"the data plane of another type":          {data, "create", arm("Microsoft.KeyVault/vaults/keys", endpoint(cacheA)), nil, m{}, "none"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().cache(a, "a").changeBy(tt.address, tt.actions, tt.v, tt.v, tt.unknown)
			s.root.resource(a, m{})
			s.root.resource(tt.address, tt.config)
			if got := managed(cacheAt(t, s.read(t), a).After, tt.address); got != tt.want {
				t.Errorf("endpoints %s, want %s", got, tt.want)
			}
		})
	}
}

// many is a map of more rules than are told apart.
func many(rule any) m {
	out := m{}
	for i := range 300 {
		out[fmt.Sprint("r", i)] = rule
	}
	return out
}

var endpointUnknown = m{"properties": m{"privateLinkResourceId": true}}

// managed tells the managed private endpoints of one address.
func managed(c *posture.Cache, address string) string {
	got := []string{}
	for _, e := range c.PrivateEndpoints.Items {
		if e.Address == address && say(e.Approval) == "Pending" {
			got = append(got, "x")
		}
	}
	for _, d := range c.PrivateEndpoints.Doubts {
		if d.Address == address {
			got = append(got, "?x")
		}
	}
	return cmp.Or(strings.Join(got, " "), "none")
}

func text(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// TestOutboundRulesWithSource: which of several references a rule names, and what
// stands in a body of text, the source tells.
func TestOutboundRulesWithSource(t *testing.T) {
	const (
		of     = "azapi_resource.x"
		caches = `
resource "azurerm_redis_cache" "a" {}
resource "azurerm_redis_cache" "b" {}
`
		rules = `{ properties = { managedNetwork = { outboundRules = { "to-b" = { type = "PrivateEndpoint", destination = {
  serviceResourceId = azurerm_redis_cache.b.id, subresourceTarget = "redisCache" } } } }, other = azurerm_redis_cache.a.id } }`
	)
	typed := m{"type": "Microsoft.MachineLearningServices/workspaces@2025-10-01", "name": "x", "parent_id": "/p"}
	shown := with(typed, m{"body": m{"properties": m{"managedNetwork": m{"outboundRules": m{"to-b": m{"type": "PrivateEndpoint",
		"destination": m{"subresourceTarget": "redisCache"}}}}}}})
	unknown := m{"body": m{"properties": m{"managedNetwork": m{"outboundRules": m{"to-b": m{"destination": m{"serviceResourceId": true}}}}}}}
	for name, tt := range map[string]struct {
		body       string
		v, unknown m
		want       string
	}{
		"a body":           {rules, shown, unknown, "none, x"},
		"a body as text":   {"jsonencode(" + rules + ")", typed, m{"body": true}, "?x, ?x"},
		"a hidden body":    {rules + "\n  sensitive_body = var.x", shown, unknown, "?x, ?x"},
		"rules of a local": {"{ properties = { managedNetwork = { outboundRules = local.rules } } }", shown, unknown, "?x, ?x"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().cache(a, "a").cache("azurerm_redis_cache.b", "b").change(of, "create", nil, tt.v, tt.unknown)
			s.root.resource(a, m{})
			s.root.resource("azurerm_redis_cache.b", m{})
			config := m{"body": refs(a+".id", "azurerm_redis_cache.b.id")}
			if strings.Contains(tt.body, "local.") {
				config = m{"body": refs("local.rules")}
			}
			if strings.Contains(tt.body, "sensitive_body") {
				config["sensitive_body"] = refs("var.x")
			}
			s.root.resource(of, config)
			plan := s.readSource(t, caches+`resource "azapi_resource" "x" {`+"\n  body = "+tt.body+"\n}")
			if got := managed(cacheAt(t, plan, a).After, of) + ", " + managed(cacheAt(t, plan, "azurerm_redis_cache.b").After, of); got != tt.want {
				t.Errorf("endpoints of a and b: %s, want %s", got, tt.want)
			}
		})
	}
}

// TestChangedOutboundRules: a rule that an update adds is as new as an endpoint
// that is created, and one that it takes out is gone.
func TestChangedOutboundRules(t *testing.T) {
	const of = "azapi_resource.x"
	workspace := func(ids ...string) m {
		rules := m{}
		for i, id := range ids {
			rules[string(rune('p'+i))] = m{"type": "PrivateEndpoint", "destination": m{"serviceResourceId": id, "subresourceTarget": "redisCache"}}
		}
		return m{"type": "Microsoft.MachineLearningServices/workspaces@2025-10-01", "name": "x", "parent_id": "/p",
			"body": m{"properties": m{"managedNetwork": m{"outboundRules": rules}}}}
	}
	for name, tt := range map[string]struct {
		before, after m
		want          string
	}{
		"added":         {workspace(cacheB), workspace(cacheB, cacheA), "none, x"},
		"the first":     {m{"type": workspace()["type"], "body": m{}}, workspace(cacheA), "none, x"},
		"taken out":     {workspace(cacheB, cacheA), workspace(cacheB), "x, none"},
		"the last":      {workspace(cacheA), workspace(), "x, none"},
		"kept":          {workspace(cacheB, cacheA), workspace(cacheB, cacheA), "x, x"},
		"twice":         {workspace(cacheA), workspace(cacheA, cacheA), "x, x x"},
		"another cache": {workspace(cacheA), workspace(cacheB), "x, none"},
	} {
		t.Run(name, func(t *testing.T) {
			existing := m{"id": cacheA, "name": "a", "resource_group_name": "rg"}
			s := newSynth().change(a, "no-op", existing, existing, nil).change(of, "update", tt.before, tt.after, nil)
			s.root.resource(a, m{})
			s.root.resource(of, m{})
			c := cacheAt(t, s.read(t), a)
			if got := managed(c.Before, of) + ", " + managed(c.After, of); got != tt.want {
				t.Errorf("before and after: %s, want %s", got, tt.want)
			}
		})
	}
	t.Run("a name is no secret of the body", func(t *testing.T) {
		rule := m{"CANARY": m{"type": "PrivateEndpoint", "destination": m{"subresourceTarget": "redisCache"}}}
		inBody := func(v any) m { return m{"body": m{"properties": m{"managedNetwork": m{"outboundRules": v}}}} }
		s := newSynth().cache(a, "a").change(of, "create", nil, with(workspace(), inBody(rule)),
			inBody(m{"CANARY": m{"destination": m{"serviceResourceId": true}}}))
		s.changes[1].(m)["change"].(m)["after_sensitive"] = m{"body": true}
		s.root.resource(of, m{"body": refs("local.x")})
		doubts := cacheAt(t, s.read(t), a).After.PrivateEndpoints.Doubts
		if len(doubts) != 1 || strings.Contains(doubts[0].Detail, "CANARY") {
			t.Errorf("%+v", doubts)
		}
	})
	t.Run("added for a new cache", func(t *testing.T) {
		s := newSynth().cache(a, "a").change(of, "update", workspace(cacheB), workspace(cacheB, cacheA), nil)
		s.root.resource(a, m{})
		s.root.resource(of, m{})
		if got := managed(cacheAt(t, s.read(t), a).After, of); got != "x" {
			t.Errorf("endpoints %s, want x", got)
		}
	})
}

// TestPatchSchedules: those that azapi makes are read like other children.
func TestPatchSchedules(t *testing.T) {
	const at = "azapi_resource.w"
	schedule := func(parent any, days ...string) m {
		entries := []any{}
		for _, day := range days {
			entries = append(entries, m{"dayOfWeek": day})
		}
		return m{"type": "Microsoft.Cache/redis/patchSchedules@2024-11-01", "name": "default", "parent_id": parent,
			"body": m{"properties": m{"scheduleEntries": entries}}}
	}
	body := azapi(m{"sku": m{"name": "Standard"}})
	for name, tt := range map[string]struct {
		cache, actions string
		v, unknown     m
		config         m
		want           string
	}{
		"one window":  {"create", "create", schedule(cacheA, "Sunday"), nil, m{}, "1"},
		"two windows": {"no-op", "create", schedule(cacheA, "Sunday", "Monday"), nil, m{}, "2"},
		"by reference": {"create", "create", schedule(nil, "Sunday"), m{"parent_id": true},
			m{"parent_id": refs("azapi_resource.a.id")}, "1"},
		"of another cache":           {"create", "create", schedule(cacheB, "Sunday"), nil, m{}, "unset"},
		"of another cache, existing": {"no-op", "create", schedule(cacheB, "Sunday"), nil, m{}, "not_observed"},
		"nobody knows of which": {"create", "create", schedule(nil, "Sunday"), m{"parent_id": true}, m{"parent_id": refs("local.x")},
			"unresolved_reference"},
		"destroyed":               {"no-op", "delete", schedule(cacheA, "Sunday"), nil, m{}, "unset"},
		"forgotten":               {"no-op", "forget", schedule(cacheA, "Sunday"), nil, m{}, "1"},
		"left behind":             {"delete,create", "no-op", schedule(cacheA, "Sunday"), nil, m{}, "known_after_apply"},
		"behind a sensitive body": {"create", "create", schedule(cacheA), nil, m{"sensitive_body": refs("var.x")}, "write_only"},
		"entries known afterwards": {"create", "create", schedule(cacheA), m{"body": m{"properties": m{"scheduleEntries": true}}}, m{},
			"known_after_apply"},
	} {
		t.Run(name, func(t *testing.T) {
			now := with(body, m{"id": cacheA})
			unknown := m{}
			if tt.cache != "no-op" {
				delete(now, "id")
				unknown["id"] = true
			}
			s := newSynth().changeBy("azapi_resource.a", tt.cache, with(body, m{"id": cacheA}), now, unknown).changeBy(at, tt.actions, tt.v, tt.v,
				tt.unknown)
			s.root.resource("azapi_resource.a", m{})
			s.root.resource(at, tt.config)
			if got := say(cacheAt(t, s.read(t), "azapi_resource.a").After.MaintenanceWindows); got != tt.want {
				t.Errorf("windows %s, want %s", got, tt.want)
			}
		})
	}
}
