package tfplan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

const own = "redisbaseline_cache.a"

// children words what stands around a cache; addresses are cut to what is below it.
func children(c *posture.Cache) string {
	var out []string
	add := func(what, text string) {
		if text != "none unseen" {
			out = append(out, what+": "+text)
		}
	}
	add("endpoints", links(c.PrivateEndpoints, func(e posture.PrivateEndpoint) string {
		return e.Address + "=" + say(e.Approval) + "," + say(posture.Map(e.DNSZones, zoneNames))
	}))
	add("settings", links(c.DiagnosticSettings, func(d posture.DiagnosticSetting) string {
		text := d.Address + "="
		for _, l := range d.Logs.V {
			text += l.Category + " " + say(l.Enabled) + ";"
		}
		for _, dest := range d.Destinations {
			text += "," + say(dest)
		}
		return text
	}))
	add("rules", links(c.FirewallRules, func(r posture.FirewallRule) string { return r.Address + "=" + say(r.Start) + "-" + say(r.End) }))
	add("access", links(c.AccessPolicyAssignments, func(a posture.AccessPolicyAssignment) string {
		return a.Address + "=" + say(a.PolicyName) + "," + say(a.Permissions)
	}))
	add("windows", map[bool]string{true: say(c.MaintenanceWindows),
		false: "none unseen"}[c.MaintenanceWindows.IsKnown() || c.MaintenanceWindows.IsUnset()])
	return strings.ReplaceAll(strings.Join(out, " | "), own+".", "")
}

// TestOwnCache: what redisbaseline_cache holds itself counts: a null attribute
// says nothing, an empty one says none, a known one has its elements.
func TestOwnCache(t *testing.T) {
	const workspace = "/subscriptions/x/workspaces/w"
	for name, tt := range map[string]struct {
		actions        string
		after, unknown m
		written        m
		want           string
	}{
		"nothing managed, created": {"create", m{}, nil, nil, "endpoints: none | settings: none | rules: none | access: none"},
		"nothing managed, existing": {"no-op", m{"private_endpoint": nil, "diagnostic_settings": nil, "firewall_rules": nil,
			"access_policy_assignments": nil, "patch_schedule": nil}, nil, nil, ""},
		"all empty, existing": {"no-op", m{"private_endpoint": m{"subnet_id": nil}, "diagnostic_settings": m{}, "firewall_rules": m{},
			"access_policy_assignments": m{}, "patch_schedule": []any{}}, nil, nil,
			"settings: none | rules: none | access: none | windows: 0"},
		"all there, existing": {"no-op", m{
			"private_endpoint": m{"subnet_id": "/s", "is_manual_connection": false, "connection_status": "Rejected",
				"private_dns_zone_ids": []any{"/zones/privatelink.redis.cache.windows.net"}},
			"diagnostic_settings": m{"all": m{"log_category_groups": []any{"allLogs"}, "log_categories": nil,
				"log_analytics_workspace_id": workspace}},
			"firewall_rules":  m{"office": m{"start_ip": "1.1.1.1", "end_ip": "1.1.1.2"}},
			"access_policies": m{"custom": "+@all ~*"},
			"access_policy_assignments": m{"app": m{"access_policy_name": "custom", "object_id": "secretless"},
				"ops": m{"access_policy_name": "Data Owner"}},
			"patch_schedule": []any{m{"day_of_week": "Sunday"}},
		}, nil, nil, `endpoints: private_endpoint=Rejected,[privatelink.redis.cache.windows.net] unseen | settings: ` +
			`diagnostic_settings["all"]=allLogs true;,` + workspace + `,unset,unset,unset,unset | ` +
			`rules: firewall_rules["office"]=1.1.1.1-1.1.1.2 | access: access_policy_assignments["app"]=custom,` +
			`+@all ~* access_policy_assignments["ops"]=Data Owner,unset | windows: 1`},
		"a manual connection": {"create", m{"private_endpoint": m{"subnet_id": "/s", "is_manual_connection": true}},
			m{"private_endpoint": m{"connection_status": true, "id": true}}, nil,
			"endpoints: private_endpoint=Pending,unset | settings: none | rules: none | access: none"},
		"a subnet by reference": {"create", m{"private_endpoint": m{"is_manual_connection": false}},
			m{"private_endpoint": m{"subnet_id": true, "private_dns_zone_ids": true}},
			m{"private_endpoint": refs("azurerm_subnet.s.id", "azurerm_private_dns_zone.z.id")},
			"endpoints: private_endpoint=Approved,known_after_apply | settings: none | rules: none | access: none"},
		"a subnet from a local, which may be null": {"create", m{"private_endpoint": m{"is_manual_connection": false}},
			m{"private_endpoint": m{"subnet_id": true}},
			m{"private_endpoint": refs("local.subnet")}, "endpoints: ?private_endpoint | settings: none | rules: none | access: none"},
		"a subnet on a condition": {"create", m{"private_endpoint": m{"is_manual_connection": false}},
			m{"private_endpoint": m{"subnet_id": true}},
			m{"private_endpoint": refs("var.on", "azurerm_subnet.s.id")},
			"endpoints: ?private_endpoint | settings: none | rules: none | access: none"},
		"all unknown": {"create", m{}, m{"private_endpoint": true, "diagnostic_settings": true, "firewall_rules": true,
			"access_policy_assignments": true, "patch_schedule": true}, nil,
			"endpoints: ?private_endpoint | settings: ?diagnostic_settings | rules: ?firewall_rules | access: ?access_policy_assignments"},
		"elements unknown": {"create", m{"diagnostic_settings": m{}, "firewall_rules": m{"b": m{"start_ip": "1.1.1.1"}}},
			m{"diagnostic_settings": m{"all": true}, "firewall_rules": m{"b": m{"end_ip": true}}}, nil,
			`endpoints: none | settings: ?diagnostic_settings["all"] | rules: firewall_rules["b"]=1.1.1.1-known_after_apply | access: none`},
		"a workspace by reference": {"create", m{"diagnostic_settings": m{"all": m{"log_categories": []any{"x"}}}},
			m{"diagnostic_settings": m{"all": m{"log_analytics_workspace_id": true}}},
			m{"diagnostic_settings": refs("azurerm_log_analytics_workspace.w.id")},
			`endpoints: none | settings: diagnostic_settings["all"]=x true;,an id that is known after apply,unset,unset,unset,` +
				`unset | rules: none | access: none`},
		"a workspace from a variable": {"create", m{"diagnostic_settings": m{"all": m{"log_categories": []any{"x"}}}},
			m{"diagnostic_settings": m{"all": m{"log_analytics_workspace_id": true}}},
			m{"diagnostic_settings": refs("local.w")},
			`endpoints: none | settings: diagnostic_settings["all"]=x true;,known_after_apply,unset,unset,unset,unset | rules: none | access: none`},
		"categories unknown": {"create", m{"diagnostic_settings": m{"all": m{"storage_account_id": "/s"}}},
			m{"diagnostic_settings": m{"all": m{"log_category_groups": true}}}, nil,
			`endpoints: none | settings: diagnostic_settings["all"]= known_after_apply;,unset,/s,unset,unset,unset | rules: none | access: none`},
		"a setting that leads to a Service Bus": {"no-op",
			m{"diagnostic_settings": m{"old": m{"log_categories": []any{"x"}, "servicebus_rule_id": "/r"}}}, nil, nil,
			`settings: diagnostic_settings["old"]=x true;,unset,unset,unset,unset,/r`},
		"taken out": {"create", m{"firewall_rules": "REDACTED_SENSITIVE"}, nil, nil,
			"endpoints: none | settings: none | rules: ?firewall_rules | access: none"},
	} {
		t.Run(name, func(t *testing.T) {
			cache := with(newCache("a"), tt.after)
			before := m(nil)
			if tt.actions != "create" {
				before = with(cache, m{"id": cacheA})
				cache["id"] = cacheA
			}
			s := newSynth().change(own, tt.actions, before, cache, tt.unknown)
			s.root.resource(own, with(m{}, tt.written))
			for _, r := range []string{"azurerm_subnet.s", "azurerm_private_dns_zone.z", "azurerm_log_analytics_workspace.w"} {
				s.change(r, "create", nil, m{"name": "x"}, m{"id": true})
				s.root.resource(r, m{})
			}
			planned := one(t, s)
			if got := children(planned.After); got != tt.want {
				t.Errorf("got\n%s, want\n%s", got, tt.want)
			}
			if planned.Before != nil && !strings.HasPrefix(children(planned.Before), strings.TrimSuffix(tt.want, " | windows: 1")) {
				t.Errorf("before:\n%s", children(planned.Before))
			}
		})
	}
}

// TestOwnCacheZones: zonal_allocation_policy can be set, unlike with azurerm.
func TestOwnCacheZones(t *testing.T) {
	for value, want := range map[any]string{"NoZones": "NoZones", nil: "unset"} {
		c := one(t, newSynth().change(own, "create", nil, with(newCache("a"), m{"zonal_allocation_policy": value}), m{"id": true})).After
		if got := say(c.ZonalAllocationPolicy); got != want {
			t.Errorf("%v: %s", value, got)
		}
	}
}

// TestOwnCacheCompanions: resources of azurerm are linked to it by id, by
// reference and by name, and add to what it holds itself.
func TestOwnCacheCompanions(t *testing.T) {
	for name, managed := range map[string]m{"nothing managed": {},
		"managed too": {"diagnostic_settings": m{}, "firewall_rules": m{}, "private_endpoint": m{"subnet_id": "/s"}}} {
		s := newSynth().change(own, "create", nil, with(newCache("a"), managed), m{"id": true}).
			endpoint("azurerm_private_endpoint.e").
			change("azurerm_monitor_diagnostic_setting.d", "create", nil, m{"target_resource_id": cacheA, "enabled_log": []any{m{"category": "x"}}},
				nil).
			change("azurerm_redis_firewall_rule.r", "create", nil,
				m{"name": "r", "resource_group_name": "rg", "start_ip": "1.1.1.1", "end_ip": "1.1.1.1"}, m{"redis_cache_name": true}).
			change("azurerm_redis_cache_access_policy.p", "create", nil, m{"name": "custom", "permissions": "+get ~*"}, m{"redis_cache_id": true}).
			change("azurerm_redis_cache_access_policy_assignment.x", "create", nil, m{"access_policy_name": "custom"}, m{"redis_cache_id": true})
		s.root.resource(own, m{})
		s.root.resource("azurerm_private_endpoint.e", endpointTo(own+".id"))
		s.root.resource("azurerm_redis_firewall_rule.r", m{"redis_cache_name": refs(own + ".name")})
		s.root.resource("azurerm_redis_cache_access_policy.p", m{"redis_cache_id": refs(own + ".id")})
		s.root.resource("azurerm_redis_cache_access_policy_assignment.x", m{"redis_cache_id": refs(own + ".id")})
		c := one(t, s).After
		got := fmt.Sprint(len(c.PrivateEndpoints.Items), len(c.DiagnosticSettings.Items), len(c.FirewallRules.Items),
			len(c.AccessPolicyAssignments.Items), say(c.AccessPolicyAssignments.Items[0].Permissions))
		if want := fmt.Sprint(1+len(managed)/3, 1, 1, 1, "+get ~*"); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// TestOwnCacheSensitive: names and values that the plan marks are no part of what is shown.
func TestOwnCacheSensitive(t *testing.T) {
	const secret = "CANARY"
	s := newSynth().change(own, "create", nil, with(newCache("a"), m{
		"firewall_rules":            m{secret: m{"start_ip": "1.1.1.1", "end_ip": "1.1.1.1"}},
		"diagnostic_settings":       m{secret: m{"log_categories": []any{secret}, "storage_account_id": "/s"}},
		"access_policy_assignments": m{secret: m{"access_policy_name": secret}},
		"private_endpoint":          m{"subnet_id": secret, "private_dns_zone_ids": []any{secret}},
	}), m{"id": true})
	s.changes[0].(m)["change"].(m)["after_sensitive"] = m{"firewall_rules": true, "diagnostic_settings": true,
		"access_policy_assignments": true, "private_endpoint": true}
	c := one(t, s).After
	if len(c.FirewallRules.Items)*len(c.DiagnosticSettings.Items)*len(c.AccessPolicyAssignments.Items)*len(c.PrivateEndpoints.Items) != 1 {
		t.Fatalf("%s", children(c))
	}
	rule, setting, access, endpoint := c.FirewallRules.Items[0], c.DiagnosticSettings.Items[0], c.AccessPolicyAssignments.Items[0],
		c.PrivateEndpoints.Items[0]
	shown := rule.Address + rule.Name + setting.Address + setting.Logs.V[0].Category + access.Address + endpoint.Address
	if strings.Contains(shown, secret) {
		t.Errorf("shown: %s", shown)
	}
	if !access.PolicyName.Source.Sensitive || !endpoint.DNSZones.Source.Sensitive || !rule.Start.Source.Sensitive ||
		!setting.Destinations[1].Source.Sensitive {
		t.Error("what is marked lost its mark")
	}
}
