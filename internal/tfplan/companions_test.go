package tfplan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// TestDiagnostics: logs, destinations, targets.
func TestDiagnostics(t *testing.T) {
	for name, tt := range map[string]struct {
		after, unknown, expressions m
		want                        string
	}{
		"a category": {m{"enabled_log": []any{m{"category": "x", "category_group": ""}}, "storage_account_id": "/s"}, nil, nil,
			"[x true] unset /s unset unset unset"},
		"a group, not known": {m{"enabled_log": []any{m{"category": ""}}}, m{"enabled_log": []any{m{"category_group": true}}}, nil,
			"[ true] unset unset unset unset unset"},
		"no logs": {m{"enabled_log": []any{}}, nil, nil, "[] unset unset unset unset unset"},
		"azurerm 3, disabled": {m{"log": []any{m{"category": "x", "enabled": false}}}, m{"enabled_log": true}, nil,
			"[x false] unset unset unset unset unset"},
		"azurerm 3, enabled_log": {m{"enabled_log": []any{m{"category": "x"}}}, m{"log": true}, nil,
			"[x true] unset unset unset unset unset"},
		"logs not known": {m{}, m{"enabled_log": true}, nil, "known_after_apply unset unset unset unset unset"},
		"a destination by reference": {m{"enabled_log": []any{}}, m{"log_analytics_workspace_id": true},
			m{"log_analytics_workspace_id": refs("azurerm_log_analytics_workspace.w.id")},
			"[] azurerm_log_analytics_workspace.w.id unset unset unset unset"},
		"a destination by a condition": {m{"enabled_log": []any{}}, m{"log_analytics_workspace_id": true},
			m{"log_analytics_workspace_id": refs("azurerm_log_analytics_workspace.w.id", "var.x")}, "[] known_after_apply unset unset unset unset"},
		"a destination from a local": {m{"enabled_log": []any{}}, m{"storage_account_id": true}, m{"storage_account_id": refs("local.x")},
			"[] unset known_after_apply unset unset unset"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().cache(a, "a").change("azurerm_monitor_diagnostic_setting.d", "create", nil,
				with(tt.after, m{"target_resource_id": cacheA}), tt.unknown)
			s.root.resource("azurerm_monitor_diagnostic_setting.d", with(m{}, tt.expressions))
			set := cacheAt(t, s.read(t), a).After.DiagnosticSettings
			if len(set.Items) != 1 {
				t.Fatalf("items: %v", set.Items)
			}
			d := set.Items[0]
			got := say(d.Logs)
			if d.Logs.IsKnown() {
				var logs []string
				for _, l := range d.Logs.V {
					logs = append(logs, l.Category+" "+say(l.Enabled))
				}
				got = "[" + strings.Join(logs, ",") + "]"
			}
			for _, dest := range d.Destinations {
				got += " " + say(dest)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestFirewallRules are linked by the name of the cache and its group.
func TestFirewallRules(t *testing.T) {
	rule := func(name, group any) m {
		return m{"name": "r", "redis_cache_name": name, "resource_group_name": group, "start_ip": "1.1.1.1", "end_ip": "2.2.2.2"}
	}
	for name, tt := range map[string]struct {
		after, unknown m
		to             string
		want           string
	}{
		"name and group":    {rule("A", "RG"), nil, "", "r"},
		"another name":      {rule("b", "rg"), nil, "", "none"},
		"another group":     {rule("a", "other"), nil, "", "none"},
		"name by reference": {rule(nil, "rg"), m{"redis_cache_name": true}, a + ".name", "r"},
		"not the name":      {rule(nil, "rg"), m{"redis_cache_name": true}, a + ".id", "?r"},
		"from a local":      {rule(nil, "rg"), m{"redis_cache_name": true}, "local.x", "?r"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().cache(a, "a").change("azurerm_redis_firewall_rule.r", "create", nil, tt.after, tt.unknown)
			s.root.resource("azurerm_redis_firewall_rule.r", m{"redis_cache_name": refs(tt.to)})
			got := links(cacheAt(t, s.read(t), a).After.FirewallRules, func(r posture.FirewallRule) string { return r.Address })
			if got = strings.ReplaceAll(got, "azurerm_redis_firewall_rule.", ""); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestAccessPolicies: built-in policies have no permissions of their own, custom
// ones those of their resource.
func TestAccessPolicies(t *testing.T) {
	for policy, want := range map[string]string{"Data Owner": "unset", "custom": "+@all ~*", "elsewhere": "not_observed"} {
		s := newSynth().cache(a, "a").
			change("azurerm_redis_cache_access_policy.p", "create", nil, m{"name": "custom", "redis_cache_id": cacheA, "permissions": "+@all ~*"},
				nil).
			change("azurerm_redis_cache_access_policy_assignment.x", "create", nil, m{"redis_cache_id": cacheA, "access_policy_name": policy}, nil)
		set := cacheAt(t, s.read(t), a).After.AccessPolicyAssignments
		if len(set.Items) != 1 || say(set.Items[0].Permissions) != want {
			t.Errorf("%s: %+v", policy, set)
		}
	}
}

// TestPolicyAssignments: scopes, and what takes an assignment's force away.
func TestPolicyAssignments(t *testing.T) {
	const sub, rg = "/subscriptions/" + subscription, "/subscriptions/" + subscription + "/resourceGroups/rg"
	const other = "/subscriptions/22222222-2222-2222-2222-222222222222"
	word := func(p posture.PolicyAssignment) string {
		out := fmt.Sprintf("%s: enforced=%s", p.Scope, say(p.Enforced))
		if p.Parameters.IsUnknown() {
			out += " parameters=" + say(p.Parameters)
		}
		for _, q := range p.Parameters.V {
			out += " " + q.Name + "=" + say(q.Values)
		}
		for name, list := range map[string]posture.Value[[]posture.PolicySelection]{"overrides": p.Overrides, "selectors": p.Selectors} {
			if !list.IsUnset() {
				out += " " + name + "=" + say(list)
			}
		}
		return out + fmt.Sprintf(" excluded=%s exempted=%s", say(p.Excluded), say(p.Exempted))
	}
	const plain = ": enforced=true excluded=false exempted=false"
	exemption := func(typ string, attrs m) func(*synth) {
		return func(s *synth) { s.change("azurerm_"+typ+"_policy_exemption.e", "create", nil, attrs, nil) }
	}
	for name, tt := range map[string]struct {
		typ   string
		attrs m
		more  func(*synth)
		want  string
	}{
		"the cache":            {"resource", m{"resource_id": cacheA}, nil, "resource" + plain},
		"another cache":        {"resource", m{"resource_id": cacheB}, nil, "none"},
		"its group":            {"resource_group", m{"resource_group_id": strings.ToUpper(rg)}, nil, "resource group" + plain},
		"another group":        {"resource_group", m{"resource_group_id": sub + "/resourceGroups/other"}, nil, "none"},
		"its subscription":     {"subscription", m{"subscription_id": sub}, nil, "subscription" + plain},
		"another subscription": {"subscription", m{"subscription_id": other}, nil, "none"},
		"a management group":   {"management_group", m{"management_group_id": "/providers/x"}, nil, "management group" + plain},
		"not enforced": {"subscription", m{"subscription_id": sub, "enforce": false}, nil,
			"subscription: enforced=false excluded=false exempted=false"},
		"effect": {"subscription", m{"subscription_id": sub, "parameters": `{"effect":{"value":"Disabled"}}`}, nil,
			"subscription: enforced=true effect=[Disabled] excluded=false exempted=false"},
		"one definition off": {"subscription",
			m{"subscription_id": sub, "parameters": `{"diagnosticsLogsInRedisCacheMonitoringEffect":{"value":"Disabled"},"x":{"value":"CANARY"}}`},
			nil, "subscription: enforced=true diagnosticsLogsInRedisCacheMonitoringEffect=[Disabled] excluded=false exempted=false"},
		"overrides": {"subscription", m{"subscription_id": sub, "overrides": []any{m{"value": "Disabled"}}}, nil,
			"subscription: enforced=true overrides=[[]] excluded=false exempted=false"},
		"resource types of logs": {"subscription",
			m{"subscription_id": sub, "parameters": `{"resourceTypeList":{"value":["x","microsoft.cache/redis"]},"effect":{"value":"CANARY"}}`}, nil,
			"subscription: enforced=true resourceTypeList=[microsoft.cache/redis] effect=not_observed excluded=false exempted=false"},
		"resource selectors": {"subscription", m{"subscription_id": sub, "resource_selectors": []any{m{"name": "n",
			"selectors": []any{m{"kind": "resourceType", "in": []any{"a"}, "not_in": []any{}}}}}}, nil,
			"subscription: enforced=true selectors=[[{resourceType [a] []}]] excluded=false exempted=false"},
		"its group excluded": {"subscription", m{"subscription_id": sub, "not_scopes": []any{rg}}, nil,
			"subscription: enforced=true excluded=true exempted=false"},
		"another group excluded": {"subscription", m{"subscription_id": sub, "not_scopes": []any{rg + "2"}}, nil, "subscription" + plain},
		"exempted at its group": {"subscription", m{"id": "/p", "subscription_id": sub},
			exemption("resource_group", m{"resource_group_id": rg, "policy_assignment_id": "/P"}),
			"subscription: enforced=true excluded=false exempted=true"},
		"exempted somewhere else": {"subscription", m{"id": "/p", "subscription_id": sub},
			exemption("resource_group", m{"resource_group_id": rg + "2", "policy_assignment_id": "/p"}), "subscription" + plain},
		"exempted by the id it will have": {"subscription", m{"name": "P", "subscription_id": sub},
			exemption("resource_group", m{"resource_group_id": rg,
				"policy_assignment_id": sub + "/providers/Microsoft.Authorization/policyAssignments/p"}),
			"subscription: enforced=true excluded=false exempted=true"},
		"another one exempted": {"subscription", m{"id": "/p", "subscription_id": sub},
			exemption("resource_group", m{"resource_group_id": rg, "policy_assignment_id": "/q"}), "subscription" + plain},
		"exempted for some time": {"subscription", m{"id": "/p", "subscription_id": sub},
			exemption("resource_group", m{"resource_group_id": rg, "policy_assignment_id": "/p", "expires_on": "2026-01-01"}),
			"subscription: enforced=true excluded=false exempted=unresolved_reference"},
		"a definition of it exempt": {"subscription", m{"id": "/p", "subscription_id": sub},
			exemption("resource", m{"resource_id": cacheA, "policy_assignment_id": "/p", "policy_definition_reference_ids": []any{"x"}}),
			"subscription: enforced=true excluded=false exempted=unresolved_reference"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().cache(a, "a").change("azurerm_"+tt.typ+"_policy_assignment.p", "create", nil, tt.attrs, nil)
			s.root.resource(a, m{})
			s.plan["provider_config"] = m{"azurerm": m{"expressions": m{"subscription_id": m{"constant_value": subscription}}}}
			if tt.more != nil {
				tt.more(s)
			}
			got := strings.TrimSuffix(links(cacheAt(t, s.read(t), a).After.PolicyAssignments, word), " unseen")
			if got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

const subnetID = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"

// injected is a cache in the subnet at azurerm_subnet.s.
func injected() *synth {
	s := newSynth().change(a, "create", nil, newCache("a"), m{"subnet_id": true})
	delete(s.changes[0].(m)["change"].(m)["after"].(m), "subnet_id")
	s.root.resource(a, m{"subnet_id": refs("azurerm_subnet.s.id")})
	return s
}

var newSubnet = m{"name": "s", "resource_group_name": "rg", "virtual_network_name": "v", "address_prefixes": []any{"10.0.0.0/24"}}

// TestSubnets: in which subnet a cache is, and which security group is on it.
func TestSubnets(t *testing.T) {
	nsg := m{"name": "n", "resource_group_name": "rg",
		"security_rule": []any{m{"name": "r", "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
			"source_address_prefix": "", "source_address_prefixes": []any{"10.0.0.0/8", "Internet"}, "destination_port_range": "6380",
			"destination_address_prefix": "*"}}}
	const nsgID = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/n"
	group := func(s *synth) *synth {
		return s.change("azurerm_network_security_group.n", "create", nil, nsg, m{"id": true})
	}
	created := func(s *synth) *synth {
		return s.change("azurerm_subnet.s", "create", nil, newSubnet, m{"id": true, "network_security_group_id": true})
	}
	existing := func(s *synth, more m) *synth {
		sub := with(with(newSubnet, m{"id": subnetID}), more)
		return s.change("azurerm_subnet.s", "no-op", sub, sub, nil)
	}
	byID := func() *synth {
		return newSynth().change(a, "create", nil, with(newCache("a"), m{"subnet_id": subnetID}), nil)
	}
	associate := func(s *synth, subnet, group m) *synth {
		s.change("azurerm_subnet_network_security_group_association.x", "create", nil, m{},
			m{"subnet_id": true, "network_security_group_id": true})
		s.root.resource("azurerm_subnet_network_security_group_association.x", m{"subnet_id": subnet, "network_security_group_id": group})
		return s
	}
	toSubnet, toGroup := refs("azurerm_subnet.s.id"), refs("azurerm_network_security_group.n.id")
	const withRule = "n: r"
	for name, tt := range map[string]struct {
		plan *synth
		want string
	}{
		"associated by reference":             {associate(group(created(injected())), toSubnet, toGroup), withRule},
		"created without":                     {created(injected()), "unset"},
		"associated with one outside":         {associate(created(injected()), toSubnet, refs("local.n")), ": unseen"},
		"an association of nobody knows what": {associate(group(created(injected())), refs("local.s"), toGroup), "unresolved_reference"},
		"an association of another subnet":    {associate(group(created(injected())), refs("azurerm_subnet.other.id"), toGroup), "unset"},
		"exists already":                      {existing(byID(), nil), "not_observed"},
		"exists, azurerm 5, with":             {group(existing(byID(), m{"network_security_group_id": nsgID})), withRule},
		"exists, azurerm 5, without":          {existing(byID(), m{"network_security_group_id": ""}), "unset"},
		"outside the plan":                    {byID(), "not_observed"},
		"outside, associated by id": {group(byID()).change("azurerm_subnet_network_security_group_association.x", "create", nil,
			m{"subnet_id": subnetID, "network_security_group_id": nsgID}, nil), withRule},
		"association destroyed": {existing(byID(), nil).change("azurerm_subnet_network_security_group_association.x", "delete",
			m{"subnet_id": subnetID, "network_security_group_id": nsgID}, nil, nil), "unset"},
		"inline": {group(byID()).change("azurerm_virtual_network.v", "create", nil, m{"name": "v", "resource_group_name": "rg",
			"subnet": []any{m{"name": "s", "security_group": nsgID}}}, nil), withRule},
		"inline without": {byID().change("azurerm_virtual_network.v", "create", nil, m{"name": "v", "resource_group_name": "rg",
			"subnet": []any{m{"name": "s", "security_group": ""}}}, nil), "unset"},
		"separate rule": {associate(created(injected()), toSubnet, toGroup).
			change("azurerm_network_security_group.n", "create", nil, m{"name": "n", "resource_group_name": "rg"}, m{"security_rule": true}).
			change("azurerm_network_security_rule.q", "create", nil, m{"name": "q", "resource_group_name": "rg", "network_security_group_name": "n"},
				nil), "n: q unseen"},
	} {
		t.Run(name, func(t *testing.T) {
			c := cacheAt(t, tt.plan.ofSubscription().read(t), a).After
			if c.SubnetID.V != subnetID && !strings.HasPrefix(c.SubnetID.V, "azurerm_subnet.s") {
				t.Errorf("subnet %s", say(c.SubnetID))
			}
			got := say(c.Subnet.SecurityGroup)
			if g, ok := c.Subnet.SecurityGroup.Get(); ok {
				got = g.Name + ":"
				for _, r := range g.Rules.Items {
					got += " " + r.Name
				}
				if !g.Rules.Observed {
					got += " unseen"
				}
			}
			if got != tt.want {
				t.Errorf("security group %q, want %q", got, tt.want)
			}
		})
	}
	t.Run("write-only group of azurerm 5", func(t *testing.T) {
		s := group(created(injected()))
		s.root.resource("azurerm_subnet.s", m{"network_security_group_id_wo": toGroup})
		if g := cacheAt(t, s.read(t), a).After.Subnet.SecurityGroup; g.V.Name != "n" {
			t.Errorf("group %v", g)
		}
		s = group(created(injected()))
		s.root.resource("azurerm_subnet.s", m{"network_security_group_id_wo": refs("local.n")})
		if g := cacheAt(t, s.read(t), a).After.Subnet.SecurityGroup; say(g) != "write_only" {
			t.Errorf("group %v", g)
		}
	})
	t.Run("a conditional subnet is not known", func(t *testing.T) {
		s := created(injected())
		s.root.resources[0].(m)["expressions"] = m{"subnet_id": refs("azurerm_subnet.s.id", "var.injected")}
		if c := cacheAt(t, s.read(t), a).After; !c.SubnetID.IsUnknown() {
			t.Errorf("subnet %s", say(c.SubnetID))
		}
	})
}

// TestKeyConsumers: outputs and resources that take keys, through modules too.
func TestKeyConsumers(t *testing.T) {
	s := newSynth().cache(a, "a").cache("module.c.azurerm_redis_cache.x", "x")
	s.root.resource(a, m{})
	for _, consumer := range []string{"azurerm_key_vault_secret.k", "azurerm_container_app.k", "redisbaseline_guard.g"} {
		s.change(consumer, "create", nil, m{}, nil)
	}
	s.root.resource("azurerm_key_vault_secret.none", m{"value": refs(a + ".primary_access_key")}) // has no instance
	s.root.resource("azurerm_key_vault_secret.k", m{"value": refs(a + ".primary_connection_string")})
	s.root.resource("azurerm_container_app.k", m{"template": []any{m{"env": []any{m{"value": refs("module.c.key")}}}}})
	s.root.resource("redisbaseline_guard.g", m{"cache": refs(a)}) // has no state
	s.root.outputs["host"] = m{"expression": refs(a + ".hostname")}
	s.root.outputs["key"] = m{"expression": refs(a + ".secondary_access_key")}
	c := newMod()
	c.resource("azurerm_redis_cache.x", m{})
	c.outputs["key"] = m{"expression": refs("azurerm_redis_cache.x.primary_access_key")}
	s.root.calls["c"] = m{"module": c.json()}
	p := s.read(t)
	self := func(s string) string { return s }
	if got := links(cacheAt(t, p, a).After.KeyConsumers, self); got != "azurerm_key_vault_secret.k output.key unseen" {
		t.Errorf("consumers: %s", got)
	}
	if got := links(cacheAt(t, p, "module.c.azurerm_redis_cache.x").After.KeyConsumers, self); got != "azurerm_container_app.k unseen" {
		t.Errorf("consumers of the module's cache: %s", got)
	}
}

// TestOmittedLogs: azurerm 3 computes log where only metrics are written; the
// source tells that no log is.
func TestOmittedLogs(t *testing.T) {
	for name, tt := range map[string]struct{ blocks, want string }{
		"metrics only":    {`metric { category = "AllMetrics" }`, "[]"},
		"a log":           {`log { category = "x" }`, "known_after_apply"},
		"a dynamic log":   {`dynamic "log" { for_each = azurerm_redis_cache.a.zones }`, "known_after_apply"},
		"no dynamic log":  {`dynamic "log" { for_each = [] }`, "known_after_apply"},
		"no dynamic log ": {"dynamic \"log\" {\n for_each = []\n content {}\n}", "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().cache(a, "a").change("azurerm_monitor_diagnostic_setting.d", "create", nil,
				m{"target_resource_id": cacheA, "enabled_log": []any{}, "storage_account_id": "/s"}, m{"log": true})
			s.root.resource(a, m{})
			s.root.resource("azurerm_monitor_diagnostic_setting.d", m{})
			p := s.readSource(t, "resource \"azurerm_redis_cache\" \"a\" {}\nresource \"azurerm_monitor_diagnostic_setting\" \"d\" {\n"+tt.blocks+
				"\n}\n")
			if got := say(cacheAt(t, p, a).After.DiagnosticSettings.Items[0].Logs); got != tt.want {
				t.Errorf("logs %s, want %s", got, tt.want)
			}
		})
	}
}
