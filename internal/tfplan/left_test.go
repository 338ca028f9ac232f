package tfplan_test

import (
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// TestLeftBehind: what does not change does not reach a cache that the plan makes
// anew; what the plan writes again does.
func TestLeftBehind(t *testing.T) {
	type companion struct {
		address string
		v       m
		words   func(*posture.Cache) string
	}
	endpoint := companion{"azurerm_private_endpoint.x", with(target(cacheA), m{"private_dns_zone_group": []any{}}),
		func(c *posture.Cache) string {
			return links(c.PrivateEndpoints, func(x posture.PrivateEndpoint) string { return x.Address })
		}}
	diagnostic := companion{"azurerm_monitor_diagnostic_setting.x",
		m{"target_resource_id": cacheA, "enabled_log": []any{m{"category_group": "allLogs"}}, "log_analytics_workspace_id": "/w"},
		func(c *posture.Cache) string {
			return links(c.DiagnosticSettings, func(x posture.DiagnosticSetting) string { return x.Address })
		}}
	firewall := companion{"azurerm_redis_firewall_rule.x",
		m{"name": "x", "redis_cache_name": "a", "resource_group_name": "rg", "start_ip": "1.1.1.1", "end_ip": "1.1.1.1"},
		func(c *posture.Cache) string {
			return links(c.FirewallRules, func(x posture.FirewallRule) string { return x.Address })
		}}
	access := companion{"azurerm_redis_cache_access_policy_assignment.x",
		m{"name": "x", "redis_cache_id": cacheA, "access_policy_name": "Data Reader"}, func(c *posture.Cache) string {
			return links(c.AccessPolicyAssignments, func(x posture.AccessPolicyAssignment) string { return x.Address })
		}}
	policy := companion{"azurerm_resource_policy_assignment.x", m{"name": "x", "resource_id": cacheA, "policy_definition_id": "/p"},
		func(c *posture.Cache) string {
			return links(c.PolicyAssignments, func(x posture.PolicyAssignment) string { return x.Address })
		}}
	managed := companion{"azurerm_data_factory_managed_private_endpoint.x", m{"target_resource_id": cacheA, "subresource_name": "redisCache"},
		endpoint.words}
	all := []companion{endpoint, managed, diagnostic, firewall, access, policy}
	for name, tt := range map[string]struct {
		cache, companion string
		depends          bool
		of               []companion
		want             string
	}{
		"neither changes":                                 {"no-op", "no-op", false, all, "x"},
		"the cache changes":                               {"update", "no-op", false, all, "x"},
		"the cache is replaced":                           {"delete,create", "no-op", false, all, "?x"},
		"the cache is replaced, the new one first":        {"create,delete", "no-op", false, all, "?x"},
		"the cache is replaced, and they wait for it":     {"delete,create", "no-op", true, all, "?x"},
		"the cache was deleted outside and is made again": {"create", "no-op", false, all, "?x"},
		"both are replaced":                               {"delete,create", "delete,create", false, all, "x"},
		"they are made":                                   {"delete,create", "create", true, all, "x"},
		"they are forgotten, the cache stays":             {"no-op", "forget", false, all, "x"},
		"they are forgotten, the cache is replaced":       {"delete,create", "forget", false, all, "?x"},
		"the cache is forgotten":                          {"forget", "no-op", false, all, "x"},
		"an endpoint is updated":                          {"delete,create", "update", true, []companion{endpoint, managed}, "?x"},
		"updated after the new cache": {"delete,create", "update", true, []companion{diagnostic, firewall, access, policy},
			"x"},
		"updated in no order": {"delete,create", "update", false, []companion{diagnostic, firewall, access, policy},
			"?x"},
	} {
		for i, x := range tt.of {
			s := newSynth()
			unknown := m{}
			now := existingA()
			if strings.Contains(tt.cache, "create") {
				unknown["id"] = true
				delete(now, "id")
			}
			s.changeBy(a, tt.cache, existingA(), now, unknown)
			s.changeBy(x.address, tt.companion, x.v, x.v, m{})
			s.root.resource(a, m{})
			waits, expressions := m{}, m{}
			switch {
			case tt.depends && i%2 == 0:
				waits = after(a)
			case tt.depends:
				expressions["description"] = refs(a + ".location")
			}
			s.root.resource(x.address, expressions, waits)
			// The cache's subscription is that of its provider.
			s.plan["provider_config"] = m{"azurerm": m{"expressions": m{"subscription_id": m{"constant_value": subscription}}}}
			c := one(t, s)
			got := strings.TrimSuffix(strings.ReplaceAll(x.words(c.After), x.address, "x"), " unseen")
			if got != tt.want {
				t.Errorf("%s, %s: %s, want %s", name, x.address, got, tt.want)
			}
			if c.Before == nil || tt.companion == "create" {
				continue
			}
			if got := strings.TrimSuffix(strings.ReplaceAll(x.words(c.Before), x.address, "x"), " unseen"); got != "x" {
				t.Errorf("%s, %s: before %s", name, x.address, got)
			}
		}
	}
}

// TestRetargeted: an endpoint that the plan updates in place reaches a new cache
// only if it gets the id of that cache in place of another one, after it is made.
func TestRetargeted(t *testing.T) {
	const x = "azurerm_private_endpoint.x"
	nothing, later := m{}, m{"private_service_connection": []any{m{"private_connection_resource_id": true}}}
	reference := m{"private_service_connection": []any{m{"private_connection_resource_id": refs(a + ".id")}}}
	unknownTarget := m{"private_service_connection": []any{m{"is_manual_connection": false, "subresource_names": []any{"rediscache"}}}}
	for name, tt := range map[string]struct {
		before, after, unknown, config, waits m
		want                                  string
	}{
		"another cache before": {target(cacheB), unknownTarget, later, reference, nothing, "x"},
		"another service before": {target("/subscriptions/" + subscription +
			"/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/v"), unknownTarget, later, reference, nothing, "x"},
		"by id, after the cache":            {target(cacheB), target(cacheA), nothing, nothing, after(a), "x"},
		"by id, in no order":                {target(cacheB), target(cacheA), nothing, nothing, nothing, "?x"},
		"the same id before":                {target(cacheA), unknownTarget, later, reference, nothing, "?x"},
		"the same id before, in upper case": {target(strings.ToUpper(cacheA)), unknownTarget, later, reference, nothing, "?x"},
		"nobody knows which before":         {target("(sensitive value)"), unknownTarget, later, reference, nothing, "?x"},
	} {
		t.Run(name, func(t *testing.T) {
			now := existingA()
			delete(now, "id")
			s := newSynth().changeBy(a, "delete,create", existingA(), now, m{"id": true}).changeBy(x, "update", tt.before, tt.after, tt.unknown)
			s.root.resource(a, m{})
			s.root.resource(x, tt.config, tt.waits)
			s.plan["provider_config"] = m{"azurerm": m{"expressions": m{"subscription_id": m{"constant_value": subscription}}}}
			got := links(one(t, s).After.PrivateEndpoints, func(e posture.PrivateEndpoint) string { return e.Address })
			if got = strings.TrimSuffix(strings.ReplaceAll(got, x, "x"), " unseen"); got != tt.want {
				t.Errorf("endpoints %s, want %s", got, tt.want)
			}
		})
	}
}

// TestLeftBehindReason: the reason is known_after_apply, so that a gate refuses it.
func TestLeftBehindReason(t *testing.T) {
	now := existingA()
	delete(now, "id")
	for actions, want := range map[string]string{"no-op": "it does not change ", "update": "it is updated in place "} {
		s := newSynth().change(a, "delete,create", existingA(), now, m{"id": true}).
			change("azurerm_private_endpoint.e", actions, target(cacheA), target(cacheA), m{})
		doubts := one(t, s).After.PrivateEndpoints.Doubts
		if len(doubts) != 1 || doubts[0].Reason != posture.ReasonKnownAfterApply || !strings.HasPrefix(doubts[0].Detail, want) {
			t.Errorf("%s: doubts %v", actions, doubts)
		}
	}
}

// TestLeftBehindNetwork: the same of an association whose subnet or group the plan
// makes anew, and of a rule whose group it does.
func TestLeftBehindNetwork(t *testing.T) {
	const prefix = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Network/"
	const subnet, group = prefix + "virtualNetworks/v/subnets/s", prefix + "networkSecurityGroups/g"
	for name, tt := range map[string]struct{ subnet, group, rest, want string }{
		"nothing changes":                  {"no-op", "no-op", "no-op", "r"},
		"the subnet is replaced":           {"delete,create", "no-op", "no-op", "known_after_apply"},
		"the group is replaced":            {"no-op", "delete,create", "no-op", "known_after_apply"},
		"the subnet with what is on it":    {"delete,create", "no-op", "delete,create", "r"},
		"the group, and all that names it": {"no-op", "delete,create", "delete,create", "r"},
		"the association is forgotten":     {"no-op", "no-op", "forget", "r"},
		"forgotten, and a new subnet":      {"delete,create", "no-op", "forget", "known_after_apply"},
	} {
		t.Run(name, func(t *testing.T) {
			cache := with(newCache("a"), m{"id": cacheA, "sku_name": "Premium", "subnet_id": subnet})
			s := newSynth().change(a, "no-op", cache, cache, m{})
			add := func(address, actions string, v m) {
				now, unknown := v, m{}
				if strings.Contains(actions, "create") {
					now, unknown = with(v, m{}), m{"id": true}
					delete(now, "id")
				}
				s.changeBy(address, actions, v, now, unknown)
				s.root.resource(address, m{})
			}
			add("azurerm_subnet.s", tt.subnet, m{"id": subnet, "name": "s", "resource_group_name": "rg", "virtual_network_name": "v"})
			add("azurerm_network_security_group.g", tt.group, m{"id": group, "name": "g", "resource_group_name": "rg", "security_rule": []any{}})
			add("azurerm_network_security_rule.r", tt.rest,
				m{"name": "r", "resource_group_name": "rg", "network_security_group_name": "g", "priority": 100})
			add("azurerm_subnet_network_security_group_association.x", tt.rest, m{"subnet_id": subnet, "network_security_group_id": group})
			s.plan["provider_config"] = m{"azurerm": m{"expressions": m{"subscription_id": m{"constant_value": subscription}}}}
			g := one(t, s).After.Subnet.SecurityGroup
			got := say(g)
			if g.IsKnown() {
				got = strings.TrimSuffix(strings.ReplaceAll(links(g.V.Rules, func(r posture.SecurityRule) string { return r.Address }),
					"azurerm_network_security_rule.", ""), " unseen")
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	t.Run("a rule stays while its group is made anew", func(t *testing.T) {
		g := m{"id": group, "name": "g", "resource_group_name": "rg", "security_rule": []any{}}
		r := m{"name": "r", "resource_group_name": "rg", "network_security_group_name": "g", "priority": 100}
		x := m{"subnet_id": subnet, "network_security_group_id": group}
		cache := with(newCache("a"), m{"id": cacheA, "sku_name": "Premium", "subnet_id": subnet})
		s := newSynth().change(a, "no-op", cache, cache, m{}).change("azurerm_network_security_group.g", "delete,create", g, g, m{}).
			change("azurerm_network_security_rule.r", "no-op", r, r, m{}).
			change("azurerm_subnet_network_security_group_association.x", "delete,create", x, x, m{})
		for _, address := range []string{a, "azurerm_network_security_group.g", "azurerm_network_security_rule.r"} {
			s.root.resource(address, m{})
		}
		s.plan["provider_config"] = m{"azurerm": m{"expressions": m{"subscription_id": m{"constant_value": subscription}}}}
		rules := one(t, s).After.Subnet.SecurityGroup.V.Rules
		if got := links(rules, func(r posture.SecurityRule) string { return r.Address }); got != "?azurerm_network_security_rule.r" {
			t.Errorf("rules %s", got)
		}
	})
}
