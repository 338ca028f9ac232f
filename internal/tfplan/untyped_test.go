package tfplan_test

import (
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// aside is a resource from outside what describes a cache, in each set of links.
func aside(c *posture.Cache) string {
	out := []string{
		"endpoints " + endpoints(c),
		"settings " + links(c.DiagnosticSettings, func(d posture.DiagnosticSetting) string { return d.Address }),
		"rules " + links(c.FirewallRules, func(r posture.FirewallRule) string { return r.Address }),
		"access " + links(c.AccessPolicyAssignments, func(a posture.AccessPolicyAssignment) string { return a.Address }),
	}
	return strings.Join(out, ", ")
}

// TestUntypedResource: an azapi_resource whose type is not known while planning
// may be any companion that its parent and body allow, and never counts as none.
func TestUntypedResource(t *testing.T) {
	const nothing = "endpoints none, settings none, rules none, access none"
	// What it may be as the deployment of a template that is not seen.
	const within = "settings ?azapi_resource.x, rules ?azapi_resource.x, access ?azapi_resource.x"
	connection := m{"properties": m{"privateLinkServiceConnections": []any{m{"properties": m{"groupIds": []any{"redisCache"},
		"privateLinkServiceId": cacheA}}}}}
	for name, tt := range map[string]struct {
		after, unknown m
		want           string
	}{
		"a child of the cache": {m{"parent_id": cacheA, "body": m{"properties": m{}}}, m{"type": true},
			"endpoints none, settings ?azapi_resource.x, rules ?azapi_resource.x, access ?azapi_resource.x"},
		"type is absent": {m{"parent_id": cacheA, "body": m{"properties": m{}}}, nil,
			"endpoints none, settings ?azapi_resource.x, rules ?azapi_resource.x, access ?azapi_resource.x"},
		"type is odd": {m{"type": "endpoint", "parent_id": cacheA, "body": m{"properties": m{}}}, nil,
			"endpoints none, settings ?azapi_resource.x, rules ?azapi_resource.x, access ?azapi_resource.x"},
		"type was taken out": {m{"type": "REDACTED_SENSITIVE", "parent_id": cacheA, "body": m{"properties": m{}}}, nil,
			"endpoints none, settings ?azapi_resource.x, rules ?azapi_resource.x, access ?azapi_resource.x"},
		"a child of another cache": {m{"parent_id": cacheB, "body": m{"properties": m{}}}, m{"type": true}, nothing},
		"a connection to the cache": {m{"parent_id": "/subscriptions/" + subscription + "/resourceGroups/rg", "body": connection},
			m{"type": true},
			"endpoints ?azapi_resource.x, settings none, rules none, access none"},
		"a body that is not known": {m{"parent_id": "/subscriptions/" + subscription + "/resourceGroups/rg"}, m{"type": true, "body": true},
			"endpoints ?azapi_resource.x ?azapi_resource.x, " + within},
		"nothing is known": {m{}, m{"type": true, "body": true, "parent_id": true},
			"endpoints ?azapi_resource.x ?azapi_resource.x, settings ?azapi_resource.x ?azapi_resource.x, " +
				"rules ?azapi_resource.x ?azapi_resource.x, access ?azapi_resource.x ?azapi_resource.x"},
		"a known type of something else": {m{"type": "Microsoft.Storage/storageAccounts@2024-01-01", "parent_id": cacheA}, m{"body": true},
			nothing},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().cache(a, "a").change("azapi_resource.x", "create", nil, with(m{"name": "x"}, tt.after), with(m{"id": true}, tt.unknown))
			s.root.resource("azapi_resource.x", m{"parent_id": refs("local.x"), "body": refs("local.x")})
			if got := aside(cacheAt(t, s.read(t), a).After); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestUntypedExemption: what may be an exemption may take an assignment's force away.
func TestUntypedExemption(t *testing.T) {
	const assignment = cacheA + "/providers/Microsoft.Authorization/policyAssignments/p"
	s := newSynth().cache(a, "a").
		change("azurerm_resource_policy_assignment.p", "create", nil, m{"name": "p", "resource_id": cacheA}, m{"id": true}).
		change("azapi_resource.x", "create", nil, m{"name": "x", "parent_id": cacheA,
			"body": m{"properties": m{"policyAssignmentId": assignment}}}, m{"type": true})
	set := cacheAt(t, s.read(t), a).After.PolicyAssignments
	if len(set.Items) != 1 || !set.Items[0].Exempted.IsUnknown() {
		t.Errorf("%+v", set)
	}
}

// TestSaidWhenUntyped: one of an unknown type may be a cache that nobody judges.
func TestSaidWhenUntyped(t *testing.T) {
	s := newSynth().cache(a, "a").change("azapi_resource.x", "create", nil, m{"name": "x"}, m{"type": true, "body": true})
	notes := strings.Join(s.read(t).Notes(), "\n")
	if !strings.Contains(notes, "azapi_resource.x has a type that is known after apply; if it is a cache, it was not judged") {
		t.Errorf("notes: %s", notes)
	}
}

// TestPatches: updates, actions and deployments that may make or change what
// belongs to a cache.
func TestPatches(t *testing.T) {
	const nothing = "endpoints none, settings none, rules none, access none"
	const setting = cacheA + "/providers/Microsoft.Insights/diagnosticSettings/d"
	action := func(typ, method, id string) m {
		return m{"type": typ + "@2024-01-01", "method": method, "resource_id": id, "action": "", "body": m{}}
	}
	for name, tt := range map[string]struct {
		address, actions string
		after, unknown   m
		want             string
	}{
		"an action that makes a setting": {"azapi_resource_action.x", "create",
			action("Microsoft.Insights/diagnosticSettings", "PUT", setting), nil,
			"endpoints none, settings ?azapi_resource_action.x, rules none, access none"},
		"of another cache": {"azapi_resource_action.x", "create",
			action("Microsoft.Insights/diagnosticSettings", "PUT", strings.Replace(setting, cacheA, cacheB, 1)), nil, nothing},
		"an action that only runs an operation": {"azapi_resource_action.x", "create", action("Microsoft.Cache/redis", "POST", cacheA), nil,
			nothing},
		"the default operation": {"azapi_resource_action.x", "create",
			m{"type": "Microsoft.Cache/redis@2024-11-01", "resource_id": cacheA}, nil, nothing},
		"an action that ran before": {"azapi_resource_action.x", "no-op",
			action("Microsoft.Insights/diagnosticSettings", "PUT", setting), nil, nothing},
		"an action of an unknown type": {"azapi_resource_action.x", "create", m{"method": "PUT", "body": m{}},
			m{"type": true, "resource_id": true},
			"endpoints ?azapi_resource_action.x, settings ?azapi_resource_action.x, rules ?azapi_resource_action.x, access " +
				"?azapi_resource_action.x"},
		"a template with an endpoint": {"azurerm_resource_group_template_deployment.x", "create",
			m{"template_content": `{"resources":[{"type":"Microsoft.Network/privateEndpoints"}]}`}, nil,
			"endpoints ?azurerm_resource_group_template_deployment.x, settings none, rules none, access none"},
		"a template of something else": {"azurerm_resource_group_template_deployment.x", "create",
			m{"template_content": `{"resources":[{"type":"Microsoft.Web/sites"}]}`}, nil, nothing},
		"a template that is not known": {"azurerm_subscription_template_deployment.x", "create", m{}, m{"template_content": true},
			"endpoints ?azurerm_subscription_template_deployment.x, settings ?azurerm_subscription_template_deployment.x, rules " +
				"?azurerm_subscription_template_deployment.x, access ?azurerm_subscription_template_deployment.x"},
		"a template spec": {"azurerm_resource_group_template_deployment.x", "create",
			m{"template_spec_version_id": "/subscriptions/x", "template_content": "{}"}, nil,
			"endpoints ?azurerm_resource_group_template_deployment.x, settings ?azurerm_resource_group_template_deployment.x, rules " +
				"?azurerm_resource_group_template_deployment.x, access ?azurerm_resource_group_template_deployment.x"},
		"a deployment by azapi": {"azapi_resource.x", "create",
			m{"type": "Microsoft.Resources/deployments@2024-03-01", "name": "x", "body": m{}}, nil,
			"endpoints ?azapi_resource.x, settings ?azapi_resource.x, rules ?azapi_resource.x, access ?azapi_resource.x"},
		"an unchanged deployment": {"azurerm_resource_group_template_deployment.x", "no-op",
			m{"template_content": `{"resources":[{"type":"Microsoft.Network/privateEndpoints"}]}`}, nil, nothing},
		"a data-plane resource": {"azapi_data_plane_resource.x", "create", m{"parent_id": cacheA}, m{"type": true, "body": true},
			nothing},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().cache(a, "a").change(tt.address, tt.actions, with(m{}, tt.after), tt.after, tt.unknown)
			s.root.resource(tt.address, m{"resource_id": refs("local.x")})
			if got := aside(cacheAt(t, s.read(t), a).After); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestPatchedCache: an update whose type is not known, or an action that
// writes, may change the cache itself.
func TestPatchedCache(t *testing.T) {
	body := m{"properties": m{"enableNonSslPort": true}}
	for name, tt := range map[string]struct {
		address        string
		after, unknown m
		want           string
	}{
		"an update of an unknown type": {"azapi_update_resource.u", m{"resource_id": cacheA, "body": body}, m{"type": true},
			"unresolved_reference"},
		"of nobody knows what": {"azapi_update_resource.u", m{"body": body}, m{"type": true, "resource_id": true},
			"unresolved_reference"},
		"of another cache": {"azapi_update_resource.u", m{"resource_id": cacheB, "body": body}, m{"type": true}, "false"},
		"with a body that is not known": {"azapi_update_resource.u", m{"resource_id": cacheA}, m{"type": true, "body": true},
			"unresolved_reference"},
		"an action that writes": {"azapi_resource_action.u",
			m{"type": "Microsoft.Cache/redis@2024-11-01", "method": "PATCH", "resource_id": cacheA, "body": body}, nil, "known_after_apply"},
		"an action that writes what it is": {"azapi_resource_action.u",
			m{"type": "Microsoft.Cache/Redis@2024-11-01", "method": "PATCH", "resource_id": cacheA,
				"body": m{"properties": m{"enableNonSslPort": false}}}, nil, "false"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().cache(a, "a").change(tt.address, "create", nil, tt.after, tt.unknown)
			s.root.resource(tt.address, m{"resource_id": refs("local.x")})
			if got := say(cacheAt(t, s.read(t), a).After.NonTLSPort); got != tt.want {
				t.Errorf("the port is %s, want %s", got, tt.want)
			}
		})
	}
}

// TestPatchedCompanion: an update of a companion takes its certainty.
func TestPatchedCompanion(t *testing.T) {
	s := newSynth().cache(a, "a").
		change("azurerm_monitor_diagnostic_setting.d", "create", nil, m{"target_resource_id": cacheA, "enabled_log": []any{m{"category": "x"}}},
			nil).
		change("azapi_update_resource.u", "create", nil,
			m{"type": "Microsoft.Insights/diagnosticSettings@2021-05-01-preview", "body": m{"properties": m{"logs": []any{}}}},
			m{"resource_id": true})
	s.root.resource("azapi_update_resource.u", m{"resource_id": refs("azurerm_monitor_diagnostic_setting.d.id")})
	set := cacheAt(t, s.read(t), a).After.DiagnosticSettings
	if len(set.Items) != 1 || say(set.Items[0].Logs) != "unresolved_reference" {
		t.Errorf("%+v", set)
	}
}

// TestAzapiTakenOut: what was taken out of a body, or cannot be read, is no "none".
func TestAzapiTakenOut(t *testing.T) {
	const gone = "REDACTED_SENSITIVE"
	for name, body := range map[string]any{
		"the body": gone, "text that is no JSON": "{nope", "its properties": m{"properties": gone},
		"the connections and logs": m{"properties": m{"privateLinkServiceConnections": gone, "logs": gone, "networkSecurityGroup": gone,
			"securityRules": gone}},
		"each of them": m{"properties": m{"privateLinkServiceConnections": []any{gone}, "logs": []any{gone},
			"networkSecurityGroup": m{"id": gone}, "securityRules": gone}},
	} {
		t.Run(name, func(t *testing.T) {
			written := func(typ, parent string) *synth {
				s := newSynth().cache(a, "a").change("azapi_resource.x", "create", nil,
					m{"type": typ + "@2024-01-01", "name": "x", "parent_id": parent, "body": body}, m{"id": true})
				s.root.resource("azapi_resource.x", m{})
				return s
			}
			if got := endpoints(one(t, written("Microsoft.Network/privateEndpoints", "")).After); got != "?azapi_resource.x" {
				t.Errorf("endpoints %s", got)
			}
			set := one(t, written("Microsoft.Insights/diagnosticSettings", cacheA)).After.DiagnosticSettings
			if len(set.Items) != 1 || set.Items[0].Logs.IsKnown() && (len(set.Items[0].Logs.V) == 0 || !set.Items[0].Logs.V[0].Enabled.IsUnknown()) {
				t.Errorf("settings %+v", set)
			}
			s := bareSubnet()
			s.change("azapi_resource.x", "create", nil, m{"type": "Microsoft.Network/virtualNetworks/subnets@2024-01-01", "name": "x", "body": body},
				m{"id": true})
			s.root.resources[0] = m{"address": a, "mode": "managed", "type": "azurerm_redis_cache",
				"expressions": m{"subnet_id": refs("azapi_resource.x.id")}}
			s.root.resource("azapi_resource.x", m{})
			if got := group(one(t, s).After.Subnet.SecurityGroup); got != "removed" {
				t.Errorf("the security group of a subnet is %s", got)
			}
			s = bareSubnet()
			s.change("azapi_resource.x", "create", nil, m{"type": "Microsoft.Network/networkSecurityGroups@2024-01-01", "name": "x", "body": body},
				m{"id": true}).
				change("azurerm_subnet_network_security_group_association.s", "create", nil, m{},
					m{"subnet_id": true, "network_security_group_id": true})
			s.root.resource("azapi_resource.x", m{})
			s.root.resource("azurerm_subnet_network_security_group_association.s",
				m{"subnet_id": refs("azurerm_subnet.s.id"), "network_security_group_id": refs("azapi_resource.x.id")})
			if got := group(one(t, s).After.Subnet.SecurityGroup); got != "x none unseen" {
				t.Errorf("the security group is %s", got)
			}
		})
	}
}

// TestPolicyTakenOut: overrides, selectors and single definitions that were taken
// out of a plan may take an assignment's or an exemption's force.
func TestPolicyTakenOut(t *testing.T) {
	const gone = "REDACTED_SENSITIVE"
	s := newSynth().cache(a, "a").
		change("azurerm_resource_policy_assignment.p", "create", nil,
			m{"name": "p", "resource_id": cacheA, "overrides": gone, "resource_selectors": gone}, m{"id": true}).
		change("azurerm_resource_policy_exemption.e", "create", nil,
			m{"resource_id": cacheA, "policy_assignment_id": cacheA + "/providers/Microsoft.Authorization/policyAssignments/p",
				"policy_definition_reference_ids": gone}, nil)
	set := one(t, s).After.PolicyAssignments
	if len(set.Items) != 1 || !set.Items[0].Overrides.IsUnknown() || !set.Items[0].Selectors.IsUnknown() ||
		!set.Items[0].Exempted.IsUnknown() {
		t.Errorf("%+v", set)
	}
}

// TestZoneGroupTakenOut: a zone group that was taken out may be there.
func TestZoneGroupTakenOut(t *testing.T) {
	s := newSynth().cache(a, "a").change("azurerm_private_endpoint.e", "create", nil,
		with(target(cacheA), m{"private_dns_zone_group": "REDACTED_SENSITIVE"}), m{})
	if set := one(t, s).After.PrivateEndpoints; len(set.Items) != 1 || say(set.Items[0].DNSZones) != "removed" {
		t.Errorf("%+v", set)
	}
}

// TestUntypedDeployment: what may deploy a template leaves open the caches that the template
// may contain.
func TestUntypedDeployment(t *testing.T) {
	const group = "/subscriptions/" + subscription + "/resourceGroups/rg"
	deploys := func(properties m) m { return m{"parent_id": group, "body": m{"properties": properties}} }
	for name, tt := range map[string]struct {
		action         string
		after, unknown m
		want           bool
	}{
		"a template of the cache":      {"create", deploys(m{"template": template(inTemplate("Microsoft.Cache/redis", "a", nil))}), nil, true},
		"a template of another cache":  {"create", deploys(m{"template": template(inTemplate("Microsoft.Cache/redis", "z", nil))}), nil, false},
		"a template of something else": {"create", deploys(m{"template": template(inTemplate("Microsoft.Web/sites", "a", nil))}), nil, false},
		"in complete mode":             {"create", deploys(m{"mode": "Complete", "template": template()}), nil, true},
		"a template that is linked":    {"create", deploys(m{"templateLink": m{"uri": "https://x"}}), nil, true},
		"a template that is not known": {"create", deploys(m{"mode": "Incremental"}), m{"body": m{"properties": m{"template": true}}}, true},
		"a body that is not known":     {"create", m{"parent_id": group}, m{"body": true}, true},
		"the parent, too":              {"create", m{}, m{"body": true, "parent_id": true}, true},
		"a management group":           {"create", m{"parent_id": "/providers/Microsoft.Management/managementGroups/g"}, m{"body": true}, true},
		"a body of something else":     {"create", deploys(m{"mode": "Incremental"}), nil, false},
		"a child of a resource":        {"create", m{"parent_id": cacheB}, m{"body": true}, false},
		"what does not change":         {"no-op", deploys(m{"templateLink": m{"uri": "https://x"}}), nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			after, before := with(m{"name": "x"}, tt.after), m(nil)
			if tt.action == "no-op" {
				before = after
			}
			s := newSynth().cache(a, "a").change("azapi_resource.x", tt.action, before, after, with(m{"type": true}, tt.unknown))
			s.root.resource("azapi_resource.x", m{"type": refs("local.x"), "parent_id": refs("local.x"), "body": refs("local.x")})
			if got := strings.Contains(overwritten(cacheAt(t, s.read(t), a).After), "port public"); got != tt.want {
				t.Errorf("overwritten is %t", got)
			}
		})
	}
}
