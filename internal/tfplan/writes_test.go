package tfplan_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// estate is two caches with everything around the first, and a third that is
// injected into a subnet that is guarded.
func estate() *synth {
	const group = "/subscriptions/" + subscription + "/resourceGroups/rg"
	const nsg = group + "/providers/Microsoft.Network/networkSecurityGroups/nsg"
	const subnet = group + "/providers/Microsoft.Network/virtualNetworks/vnet/subnets/redis"
	injected := with(newCache("v"), m{"sku_name": "Premium", "family": "P", "subnet_id": subnet})
	s := newSynth().cache("azurerm_redis_cache.a", "a").cache("azurerm_redis_cache.b", "b").
		change("azurerm_redis_cache.v", "create", nil, injected, m{"id": true}).
		change("azurerm_private_endpoint.e", "create", nil, with(target(cacheA), m{"name": "e", "resource_group_name": "rg"}), m{"id": true}).
		change("azurerm_monitor_diagnostic_setting.d", "create", nil, m{"name": "d", "target_resource_id": cacheA,
			"enabled_log": []any{m{"category": "ConnectedClientList"}}, "storage_account_id": "/x"}, m{"id": true}).
		change("azurerm_redis_firewall_rule.f", "create", nil,
			m{"name": "f", "redis_cache_name": "a", "resource_group_name": "rg", "start_ip": "10.0.0.1", "end_ip": "10.0.0.2"}, nil).
		change("azurerm_redis_cache_access_policy_assignment.u", "create", nil,
			m{"name": "u", "redis_cache_id": cacheA, "access_policy_name": "mine"}, nil).
		change("azurerm_redis_cache_access_policy.p", "create", nil, m{"name": "mine", "redis_cache_id": cacheA, "permissions": "+@read allkeys"},
			m{"id": true}).
		change("azurerm_resource_group_policy_assignment.p", "create", nil, m{"name": "mcsb", "resource_group_id": group, "enforce": true,
			"policy_definition_id": "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"}, m{"id": true}).
		change("azurerm_subnet.redis", "no-op", m{"id": subnet},
			m{"id": subnet, "name": "redis", "virtual_network_name": "vnet", "resource_group_name": "rg", "network_security_group_id": nsg}, nil).
		change("azurerm_network_security_group.nsg", "no-op", m{"id": nsg},
			m{"id": nsg, "name": "nsg", "resource_group_name": "rg", "security_rule": []any{}}, nil).
		change("azurerm_network_security_rule.r", "no-op", m{"id": nsg + "/securityRules/r"},
			m{"id": nsg + "/securityRules/r", "name": "r", "resource_group_name": "rg", "network_security_group_name": "nsg", "priority": 100}, nil)
	s.plan["provider_config"] = m{"azurerm": m{"expressions": m{"subscription_id": m{"constant_value": subscription}}}}
	for _, address := range []string{"azurerm_redis_cache.a", "azurerm_redis_cache.b", "azurerm_redis_cache.v", "azurerm_private_endpoint.e"} {
		s.root.resource(address, m{})
	}
	return s
}

// overwritten names the facts of a cache that something writes to after its
// planned values are there; "+" is before what may come to be.
func overwritten(c *posture.Cache) string {
	var out []string
	add := func(name string, state posture.State, reason posture.Reason, detail string) {
		if state == posture.StateUnknown && reason == posture.ReasonKnownAfterApply && detail != "" {
			out = append(out, name)
		}
	}
	add("public", c.PublicNetworkAccess.State, c.PublicNetworkAccess.Reason, c.PublicNetworkAccess.Source.Detail)
	add("port", c.NonTLSPort.State, c.NonTLSPort.Reason, c.NonTLSPort.Source.Detail)
	add("tls", c.MinimumTLSVersion.State, c.MinimumTLSVersion.Reason, c.MinimumTLSVersion.Source.Detail)
	add("auth", c.AuthenticationRequired.State, c.AuthenticationRequired.Reason, c.AuthenticationRequired.Source.Detail)
	add("tier", c.Tier.State, c.Tier.Reason, c.Tier.Source.Detail)
	add("windows", c.MaintenanceWindows.State, c.MaintenanceWindows.Reason, c.MaintenanceWindows.Source.Detail)
	for _, e := range c.PrivateEndpoints.Items {
		add("endpoint", e.Approval.State, e.Approval.Reason, e.Approval.Source.Detail)
	}
	for _, d := range c.DiagnosticSettings.Items {
		add("logs", d.Logs.State, d.Logs.Reason, d.Logs.Source.Detail)
	}
	for _, r := range c.FirewallRules.Items {
		add("firewall", r.Start.State, r.Start.Reason, r.Start.Source.Detail)
	}
	for _, a := range c.AccessPolicyAssignments.Items {
		add("access", a.PolicyName.State, a.PolicyName.Reason, a.PolicyName.Source.Detail)
		add("acl", a.Permissions.State, a.Permissions.Reason, a.Permissions.Source.Detail)
	}
	for _, a := range c.PolicyAssignments.Items {
		add("policy", a.Enforced.State, a.Enforced.Reason, a.Enforced.Source.Detail)
		add("exemption", a.Exempted.State, a.Exempted.Reason, a.Exempted.Source.Detail)
	}
	if c.Subnet.SecurityGroup.IsUnknown() {
		add("nsg", c.Subnet.SecurityGroup.State, c.Subnet.SecurityGroup.Reason, c.Subnet.SecurityGroup.Source.Detail)
	}
	for name, doubts := range map[string][]posture.Doubt{"+endpoint": c.PrivateEndpoints.Doubts, "+logs": c.DiagnosticSettings.Doubts,
		"+firewall": c.FirewallRules.Doubts, "+access": c.AccessPolicyAssignments.Doubts, "+policy": c.PolicyAssignments.Doubts} {
		if slices.ContainsFunc(doubts, func(d posture.Doubt) bool { return d.Reason == posture.ReasonKnownAfterApply }) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// expectOverwritten compares what is written to each cache; "a: port; v: nsg".
func expectOverwritten(t *testing.T, p *tfplan.Plan, want string) {
	t.Helper()
	var got []string
	for c := range p.Caches() {
		if facts := overwritten(c.After); facts != "" {
			got = append(got, strings.TrimPrefix(c.After.Address, "azurerm_redis_cache.")+": "+facts)
		}
	}
	if all := strings.Join(got, "; "); all != want {
		t.Errorf("\ngot  %s\nwant %s", all, want)
	}
}

// What everything is of each cache of the estate: what is known of it, but not
// what does not exist and that a write to the cache itself cannot make.
const (
	everyA   = "a: access acl auth endpoint exemption firewall logs policy port public tier tls windows"
	everyB   = "b: auth exemption policy port public tier tls windows"
	everyV   = "v: auth exemption nsg policy port public tier tls windows"
	everyAll = everyA + "; " + everyB + "; " + everyV
)

// invoke adds an action that the plan runs.
func (s *synth) invoke(config, unknown, more m) *synth {
	list, _ := s.plan["action_invocations"].([]any)
	s.plan["action_invocations"] = append(list, with(m{"address": "action.azapi_resource_action.x", "type": "azapi_resource_action",
		"name":          "x",
		"config_values": config, "config_unknown": unknown, "config_sensitive": m{},
		"lifecycle_action_trigger": m{"triggering_resource_address": "azurerm_redis_cache.a", "action_trigger_event": "AfterCreate"}}, more))
	return s
}

func TestActions(t *testing.T) {
	const (
		redis = "Microsoft.Cache/redis@2024-11-01"
		group = "/subscriptions/" + subscription + "/resourceGroups/rg"
		net   = group + "/providers/Microsoft.Network/"
	)
	open := m{"properties": m{"enableNonSslPort": true, "publicNetworkAccess": "Enabled"}}
	to := func(id, typ, method string, more m) m {
		return with(m{"type": typ, "resource_id": id, "method": method}, more)
	}
	unknownID := m{"resource_id": true}
	early := func(event, by string) m {
		return m{"lifecycle_action_trigger": m{"triggering_resource_address": by, "action_trigger_event": event}}
	}
	for name, tt := range map[string]struct {
		config, unknown, more m
		want                  string
	}{
		"PATCH of two properties": {to(cacheA, redis, "PATCH", m{"body": open}), nil, nil, "a: port public"},
		"PATCH in small letters": {to(strings.ToLower(cacheA), strings.ToLower(redis), "patch", m{"body": open}), nil, nil,
			"a: port public"},
		"PATCH of names in any case": {to(cacheA, redis, "PATCH", m{"body": m{"Properties": m{"EnableNonSSLPort": true}}}), nil, nil,
			"a: port"},
		"PATCH of what it is": {to(cacheA, redis, "PATCH", m{"body": m{"properties": m{"enableNonSslPort": false}}}), nil,
			nil, ""},
		"PATCH of tags":        {to(cacheA, redis, "PATCH", m{"body": m{"tags": m{"a": "b"}}}), nil, nil, ""},
		"PATCH without a body": {to(cacheA, redis, "PATCH", nil), nil, nil, ""},
		"PATCH of a value that is not known": {to(cacheA, redis, "PATCH", m{"body": m{"properties": m{}}}),
			m{"body": m{"properties": m{"minimumTlsVersion": true}}}, nil, "a: tls"},
		"PATCH of properties that are not known": {to(cacheA, redis, "PATCH", m{"body": m{}}), m{"body": m{"properties": true}}, nil,
			"a: auth port public tier tls"},
		"PATCH of a body that is not known":  {to(cacheA, redis, "PATCH", nil), m{"body": true}, nil, everyA},
		"PATCH of a body that was taken out": {to(cacheA, redis, "PATCH", m{"body": "REDACTED_SENSITIVE"}), nil, nil, everyA},
		"PATCH of JSON text": {to(cacheA, redis, "PATCH", m{"body": `{"properties":{"minimumTlsVersion":"1.0"}}`}), nil, nil,
			"a: tls"},
		"PATCH with a sensitive_body": {to(cacheA, redis, "PATCH", m{"body": open, "sensitive_body": m{"properties": m{}}}), nil, nil,
			everyA},
		"PATCH with an unknown sensitive_body": {to(cacheA, redis, "PATCH", m{"body": open}), m{"sensitive_body": true}, nil, everyA},
		"PATCH of an operation":                {to(cacheA, redis, "PATCH", m{"action": "x", "body": open}), nil, nil, everyA},
		"PATCH of a cache that is not told": {to("", redis, "PATCH", m{"body": open}), unknownID, nil,
			"a: port public; b: port public; v: port public"},
		"PATCH without an id": {m{"type": redis, "method": "PATCH", "body": open}, nil, nil,
			"a: port public; b: port public; v: port public"},
		"PATCH of a cache elsewhere": {to(strings.Replace(cacheA, "/a", "/other", 1), redis, "PATCH", m{"body": open}), nil, nil,
			""},
		"PUT":                          {to(cacheA, redis, "PUT", m{"body": open}), nil, nil, everyA},
		"DELETE":                       {to(cacheA, redis, "DELETE", nil), nil, nil, everyA},
		"a method of no known meaning": {to(cacheA, redis, "FROB", nil), nil, nil, everyA},
		"a method that is not known":   {m{"type": redis, "resource_id": cacheA}, m{"method": true}, nil, everyA},
		"a method that was taken out":  {to(cacheA, redis, "REDACTED_SENSITIVE", nil), nil, nil, everyA},
		"GET":                          {to(cacheA, redis, "GET", nil), nil, nil, ""},
		"HEAD":                         {to(cacheA, redis, "head", nil), unknownID, nil, ""},
		"POST listKeys":                {to(cacheA, redis, "POST", m{"action": "listKeys"}), nil, nil, ""},
		"POST by default, regenerateKey": {m{"type": redis, "resource_id": cacheA, "method": nil, "action": "regenerateKey"}, nil, nil,
			""},
		"POST flush with a slash":                {to(cacheA, redis, "", m{"action": "/Flush"}), nil, nil, ""},
		"PUT of what would be harmless":          {to(cacheA, redis, "PUT", m{"action": "listKeys"}), nil, nil, everyA},
		"POST of another operation":              {to(cacheA, redis, "POST", m{"action": "upgrade"}), nil, nil, everyA},
		"POST of an operation that is not known": {to(cacheA, redis, "POST", nil), m{"action": true}, nil, everyA},
		"POST without an operation":              {to(cacheA, redis, "POST", nil), nil, nil, everyA},
		"a type that is not known": {to("", "", "PUT", nil), m{"type": true, "resource_id": true}, nil,
			"a: +access +endpoint +firewall +logs +policy access acl auth endpoint exemption firewall logs policy port public tier tls windows; " +
				"b: +access +endpoint +firewall +logs +policy auth exemption policy port public tier tls windows; v: +access +endpoint +firewall " +
				"+logs +policy auth exemption nsg policy port public tier tls windows"},
		"a type that is not known, of this cache": {to(cacheA, "", "PATCH", m{"body": open}), m{"type": true}, nil, "a: port public"},
		"no configuration at all": {nil, nil, nil,
			"a: +access +endpoint +firewall +logs +policy access acl auth endpoint exemption firewall logs policy port public tier tls windows; " +
				"b: +access +endpoint +firewall +logs +policy auth exemption policy port public tier tls windows; v: +access +endpoint +firewall " +
				"+logs +policy auth exemption nsg policy port public tier tls windows"},
		"keys of a type that is not known": {to("", "", "POST", m{"action": "listKeys"}), m{"type": true, "resource_id": true}, nil, ""},
		"another type":                     {to("", "Microsoft.KeyVault/vaults@2023-01-01", "DELETE", nil), unknownID, nil, ""},
		"another service":                  {to("", "Microsoft.Cache/redisEnterprise@2024-01-01", "PUT", nil), unknownID, nil, ""},

		"a connection of the cache": {to(cacheA+"/privateEndpointConnections/x",
			"Microsoft.Cache/redis/privateEndpointConnections@2024-11-01", "PUT", nil), nil, nil, "a: +endpoint endpoint"},
		"a firewall rule": {to(cacheA+"/firewallRules/all", "Microsoft.Cache/redis/firewallRules@2024-11-01", "PUT",
			nil), nil, nil, "a: +firewall firewall"},
		"a firewall rule is deleted": {to(cacheA+"/firewallRules/all", "Microsoft.Cache/redis/firewallRules@2024-11-01",
			"DELETE", nil), nil, nil, "a: firewall"},
		"a firewall rule of a cache that is not told": {to("", "Microsoft.Cache/redis/firewallRules@2024-11-01", "PUT", nil), unknownID, nil,
			"a: +firewall firewall; b: +firewall; v: +firewall"},
		"a patch schedule": {to(cacheA+"/patchSchedules/default", "Microsoft.Cache/redis/patchSchedules@2024-11-01",
			"DELETE", nil), nil, nil, "a: windows"},
		"an access policy": {to(cacheA+"/accessPolicies/mine", "Microsoft.Cache/redis/accessPolicies@2024-11-01",
			"PUT", nil), nil, nil, "a: acl"},
		"an assignment of one": {to(cacheA+"/accessPolicyAssignments/u",
			"Microsoft.Cache/redis/accessPolicyAssignments@2024-11-01", "PUT", nil), nil, nil, "a: +access access"},
		"a diagnostic setting": {to(cacheA+"/providers/Microsoft.Insights/diagnosticSettings/d",
			"Microsoft.Insights/diagnosticSettings@2021-05-01", "DELETE", nil), nil, nil, "a: logs"},
		"a diagnostic setting of something else": {to(group+
			"/providers/Microsoft.Web/sites/w/providers/Microsoft.Insights/diagnosticSettings/d", "Microsoft.Insights/diagnosticSettings@2021-05-01",
			"DELETE", nil), nil, nil, ""},
		"a GET of a companion": {to("", "Microsoft.Insights/diagnosticSettings@2021-05-01", "GET", nil), unknownID, nil,
			""},
		"the endpoint": {to(net+"privateEndpoints/e", "Microsoft.Network/privateEndpoints@2024-01-01", "DELETE",
			nil), nil, nil, "a: endpoint"},
		"an endpoint of another group": {to(strings.Replace(net, "/rg/", "/other/", 1)+"privateEndpoints/e",
			"Microsoft.Network/privateEndpoints@2024-01-01", "DELETE", nil), nil, nil, ""},
		"an endpoint that is new": {to(net+"privateEndpoints/new", "Microsoft.Network/privateEndpoints@2024-01-01", "PUT",
			nil), nil, nil, "a: +endpoint; b: +endpoint; v: +endpoint"},
		"an endpoint that is not told": {to("", "Microsoft.Network/privateEndpoints@2024-01-01", "DELETE", nil), unknownID, nil,
			"a: endpoint"},
		"the security group": {to(net+"networkSecurityGroups/nsg", "Microsoft.Network/networkSecurityGroups@2024-01-01",
			"PUT", nil), nil, nil, "v: nsg"},
		"a rule of the security group": {to(net+"networkSecurityGroups/NSG/securityRules/new",
			"Microsoft.Network/networkSecurityGroups/securityRules@2024-01-01", "PUT", nil), nil, nil, "v: nsg"},
		"a group of that name elsewhere": {to(strings.Replace(net, subscription, strings.Replace(subscription, "1", "2", 1), 1)+
			"networkSecurityGroups/nsg", "Microsoft.Network/networkSecurityGroups@2024-01-01", "DELETE", nil), nil, nil, ""},
		"the subnet": {to(net+"virtualNetworks/vnet/subnets/redis",
			"Microsoft.Network/virtualNetworks/subnets@2024-01-01", "PUT", nil), nil, nil, "v: nsg"},
		"another subnet": {to(net+"virtualNetworks/vnet/subnets/other",
			"Microsoft.Network/virtualNetworks/subnets@2024-01-01", "DELETE", nil), nil, nil, ""},
		"the network of the subnet": {to(net+"virtualNetworks/vnet", "Microsoft.Network/virtualNetworks@2024-01-01", "PUT",
			nil), nil, nil, "v: nsg"},
		"the policy assignment": {to(group+"/providers/Microsoft.Authorization/policyAssignments/mcsb",
			"Microsoft.Authorization/policyAssignments@2024-05-01", "DELETE", nil), nil, nil, "a: policy; b: policy; v: policy"},
		"another policy assignment": {to(group+"/providers/Microsoft.Authorization/policyAssignments/other",
			"Microsoft.Authorization/policyAssignments@2024-05-01", "DELETE", nil), nil, nil, ""},
		"a policy exemption": {to(group+"/providers/Microsoft.Authorization/policyExemptions/x",
			"Microsoft.Authorization/policyExemptions@2024-05-01", "PUT", nil), nil, nil, "a: exemption; b: exemption; v: exemption"},

		"before the cache is made": {to(cacheA, redis, "PATCH", m{"body": open}), nil,
			early("BeforeCreate", "azurerm_redis_cache.a"), ""},
		"PUT before the cache is made": {to(cacheA, redis, "PUT", nil), nil, early("BeforeCreate", "azurerm_redis_cache.a"), ""},
		"before another cache is made": {to(cacheA, redis, "PATCH", m{"body": open}), nil,
			early("BeforeCreate", "azurerm_redis_cache.b"), "a: port public"},
		"before a cache, of one that is not told": {to("", redis, "PATCH", m{"body": open}), unknownID,
			early("BeforeCreate", "azurerm_redis_cache.a"), "a: port public; b: port public; v: port public"},
		"by -invoke": {to(cacheA, redis, "PATCH", m{"body": open}), nil,
			m{"lifecycle_action_trigger": nil, "invoke_action_trigger": m{}}, "a: port public"},
		"an action of azurerm that is harmless": {m{"virtual_machine_id": "/x", "power_action": "restart"}, nil,
			m{"type": "azurerm_virtual_machine_power"}, ""},
		"an action on Managed Redis": {m{}, m{"managed_redis_database_id": true},
			m{"type": "azurerm_managed_redis_databases_flush"}, ""},
		"an action of azurerm that is new":         {m{"redis_cache_id": cacheB}, nil, m{"type": "azurerm_redis_cache_frob"}, everyB},
		"an action of azurerm that is new, on any": {m{}, m{"redis_cache_id": true}, m{"type": "azurerm_redis_cache_frob"}, everyAll},
		"a new action of azurerm on endpoints": {m{}, nil, m{"type": "azurerm_private_endpoint_frob"},
			"a: +endpoint endpoint; b: +endpoint; v: +endpoint"},
		"an action of another provider": {m{"x": cacheA}, nil, m{"type": "aws_lambda_invoke"}, ""},
		"a deployment in complete mode": {to(group+"/providers/Microsoft.Resources/deployments/x",
			"Microsoft.Resources/deployments@2024-03-01", "PUT",
			m{"body": m{"properties": m{"mode": "Complete", "template": m{"resources": []any{}, "contentVersion": "1.0.0.0"}}}}), nil, nil,
			everyAll},
		"the check of a deployment": {to(group+"/providers/Microsoft.Resources/deployments/x",
			"Microsoft.Resources/deployments@2024-03-01", "POST", m{"action": "whatIf"}), nil, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			unknown := with(m{}, tt.unknown)
			expectOverwritten(t, estate().invoke(tt.config, unknown, tt.more).read(t), tt.want)
			if tt.more != nil || tt.config == nil {
				return
			}
			// The same by azapi_resource_action, and by an action that is deferred.
			s := estate().change("azapi_resource_action.x", "create", nil, tt.config, unknown)
			s.root.resource("azapi_resource_action.x", m{"resource_id": refs("local.x"), "type": refs("local.x")})
			expectOverwritten(t, s.read(t), tt.want)
			s = estate().invoke(tt.config, unknown, nil)
			s.plan["deferred_action_invocations"] = []any{m{"reason": "absent_prereq", "action_invocation": s.plan["action_invocations"].([]any)[0]}}
			delete(s.plan, "action_invocations")
			expectOverwritten(t, s.read(t), tt.want)
		})
	}
}

// TestActionMends: what already violates stays violated unless the action can
// mend it.
func TestActionMends(t *testing.T) {
	bad := with(newCache("a"), m{"non_ssl_port_enabled": true, "minimum_tls_version": "1.0", "public_network_access_enabled": true})
	for name, tt := range map[string]struct {
		body m
		want string
	}{
		"it makes worse what is bad":      {m{"properties": m{"enableNonSslPort": true}}, ""},
		"it mends one of two":             {m{"properties": m{"enableNonSslPort": false}}, "a: port"},
		"it mends one and leaves another": {m{"properties": m{"minimumTlsVersion": "1.2", "publicNetworkAccess": "Enabled"}}, "a: tls"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().change("azurerm_redis_cache.a", "create", nil, bad, m{"id": true}).
				invoke(m{"type": "Microsoft.Cache/redis@2024-11-01", "resource_id": cacheA, "method": "PATCH", "body": tt.body}, m{}, nil)
			expectOverwritten(t, s.read(t), tt.want)
		})
	}
}

// TestActionsInOrder: two actions that write the same, and two that do not.
func TestActionsInOrder(t *testing.T) {
	patch := func(id string, port bool) m {
		return m{"type": "Microsoft.Cache/redis@2024-11-01", "resource_id": id, "method": "PATCH",
			"body": m{"properties": m{"enableNonSslPort": port}}}
	}
	same := estate().invoke(patch(cacheA, false), m{}, nil).invoke(patch(cacheA, false), m{}, nil)
	expectOverwritten(t, same.read(t), "")
	differ := estate().invoke(patch(cacheA, false), m{}, nil).invoke(patch(cacheA, true), m{}, nil)
	expectOverwritten(t, differ.read(t), "a: port")
}

// TestActionBeforeUpdate: what the plan changes is sent after a write that comes
// before the update; what stays the same need not be.
func TestActionBeforeUpdate(t *testing.T) {
	was := with(newCache("a"), m{"id": cacheA, "minimum_tls_version": "1.0"})
	action := m{"type": "Microsoft.Cache/redis@2024-11-01", "resource_id": cacheA, "method": "PATCH",
		"body": m{"properties": m{"minimumTlsVersion": "1.1", "enableNonSslPort": true}}}
	for event, want := range map[string]string{"BeforeUpdate": "a: port", "AfterUpdate": "a: port tls", "BeforeCreate": "a: port tls"} {
		s := newSynth().change("azurerm_redis_cache.a", "update", was, with(was, m{"minimum_tls_version": "1.2"}), nil).
			invoke(action, m{}, m{"lifecycle_action_trigger": m{"triggering_resource_address": "azurerm_redis_cache.a",
				"action_trigger_event": event}})
		expectOverwritten(t, s.read(t), want)
	}
}

// TestActionOnSubnet: a subnet that the plan makes, and that only a reference
// names, is guarded by what its network says; one without a group stays so
// unless something can give it one.
func TestActionOnSubnet(t *testing.T) {
	const network = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet"
	for method, want := range map[string]string{"PUT": "a: nsg", "DELETE": ""} {
		for _, at := range []struct{ id, typ string }{{network, "Microsoft.Network/virtualNetworks"},
			{network + "/subnets/s", "Microsoft.Network/virtualNetworks/subnets"}} {
			s := newSynth().change("azurerm_redis_cache.a", "create", nil,
				with(newCache("a"), m{"sku_name": "Premium", "family": "P", "subnet_id": nil}), m{"id": true, "subnet_id": true}).
				change("azurerm_subnet.s", "create", nil, m{"name": "s", "virtual_network_name": "vnet", "resource_group_name": "rg"},
					m{"id": true, "network_security_group_id": true})
			s.root.resource("azurerm_redis_cache.a", m{"subnet_id": refs("azurerm_subnet.s.id")})
			s.root.resource("azurerm_subnet.s", m{})
			s.invoke(m{"type": at.typ + "@2024-01-01", "resource_id": at.id, "method": method}, m{}, nil)
			expectOverwritten(t, s.read(t), want)
		}
	}
}

// TestActionWhen: azapi_resource_action runs when it is made or changed, or when
// it is destroyed.
func TestActionWhen(t *testing.T) {
	action := func(when any, port bool) m {
		return m{"type": "Microsoft.Cache/redis@2024-11-01", "resource_id": cacheA, "method": "PATCH", "when": when,
			"body": m{"properties": m{"enableNonSslPort": port}}}
	}
	for name, tt := range map[string]struct {
		actions       string
		before, after m
		want          string
	}{
		"made":                                {"create", nil, action("apply", true), "a: port"},
		"made by an azapi without when":       {"create", nil, action(nil, true), "a: port"},
		"made for later":                      {"create", nil, action("destroy", true), ""},
		"changed":                             {"update", action("apply", false), action("apply", true), "a: port"},
		"changed for later":                   {"update", action("destroy", false), action("destroy", true), ""},
		"unchanged":                           {"no-op", action("apply", true), action("apply", true), ""},
		"destroyed, having run":               {"delete", action("apply", true), nil, ""},
		"destroyed, and so it runs":           {"delete", action("destroy", true), nil, "a: port"},
		"replaced, and so it runs":            {"delete,create", action("destroy", true), action("destroy", false), "a: port"},
		"replaced by one that runs":           {"delete,create", action("apply", false), action("apply", true), "a: port"},
		"forgotten":                           {"forget", action("destroy", true), nil, ""},
		"destroyed, when was taken out of it": {"delete", action("REDACTED_SENSITIVE", true), nil, "a: port"},
	} {
		t.Run(name, func(t *testing.T) {
			expectOverwritten(t, estate().change("azapi_resource_action.x", tt.actions, tt.before, tt.after, nil).read(t), tt.want)
		})
	}
}

// TestNothingWrites: blocks that only read, or that run nothing.
func TestNothingWrites(t *testing.T) {
	s := estate()
	s.changes = append(s.changes, m{"address": "data.azapi_resource_action.x", "mode": "data", "type": "azapi_resource_action", "name": "x",
		"change": m{"actions": []any{"read"}, "before": nil,
			"after": m{"type": "Microsoft.Cache/redis@2024-11-01", "resource_id": cacheA, "method": "POST", "action": "x"}}},
		m{"address": "ephemeral.azapi_resource_action.x", "mode": "ephemeral", "type": "azapi_resource_action", "name": "x",
			"change": m{"actions": []any{"open"}, "before": nil,
				"after": m{"type": "Microsoft.Cache/redis@2024-11-01", "resource_id": cacheA, "method": "PUT"}}})
	expectOverwritten(t, s.read(t), "")
}

// TestActionNotes: an action that loses data is told.
func TestActionNotes(t *testing.T) {
	for action, want := range map[string]string{
		"flush":       "action.azapi_resource_action.x deletes all data of azurerm_redis_cache.a",
		"import":      "replaces the data of azurerm_redis_cache.a",
		"forceReboot": "may lose data of, azurerm_redis_cache.a", "listKeys": "", "export": "",
	} {
		p := estate().invoke(m{"type": "Microsoft.Cache/redis@2024-11-01", "resource_id": cacheA, "action": action}, m{}, nil).read(t)
		if notes := strings.Join(p.Notes(), "\n"); !strings.Contains(notes, want) || want == "" && notes != "" {
			t.Errorf("%s: notes %q, want %q", action, notes, want)
		}
	}
}

// TestActionElsewhere: an action that writes to a cache that the plan does not
// hold is a Redis that is seen and not judged.
func TestActionElsewhere(t *testing.T) {
	redis, nsg := "Microsoft.Cache/redis@2024-11-01", "Microsoft.Network/networkSecurityGroups@2024-01-01"
	invoked := m{"lifecycle_action_trigger": nil, "invoke_action_trigger": m{}}
	for name, tt := range map[string]struct {
		s        *synth
		config   m
		more     m
		unjudged int
	}{
		"a cache of no plan":                 {newSynth(), m{"type": redis, "resource_id": cacheA, "method": "PATCH", "body": m{}}, invoked, 1},
		"one that is not told":               {newSynth(), m{"type": redis, "method": "PUT"}, invoked, 1},
		"one that is not told, by a trigger": {newSynth(), m{"type": redis, "method": "PUT"}, nil, 1},
		"a key is made anew":                 {newSynth(), m{"type": redis, "resource_id": cacheA, "action": "regenerateKey"}, invoked, 0},
		"a security group":                   {newSynth(), m{"type": nsg, "method": "PUT"}, invoked, 1},
		"a security group, by a trigger":     {newSynth(), m{"type": nsg, "method": "PUT"}, nil, 0},
		"another type":                       {newSynth(), m{"type": "Microsoft.Web/sites@2024-01-01", "method": "PUT"}, invoked, 0},
		"another cache beside this":          {newSynth().cache(a, "a"), m{"type": redis, "resource_id": cacheB, "method": "PATCH"}, nil, 1},
		"a cache that is destroyed": {newSynth().change(a, "delete", with(newCache("a"), m{"id": cacheA}), nil, nil),
			m{"type": redis, "resource_id": cacheA, "method": "PUT"}, nil, 0},
		"a rule of a cache that is destroyed": {newSynth().change(a, "delete", with(newCache("a"), m{"id": cacheA}), nil, nil),
			m{"type": "Microsoft.Cache/redis/firewallRules@2024-11-01", "resource_id": cacheA + "/firewallRules/x", "method": "PUT"}, nil, 0},
		"this cache": {newSynth().cache(a, "a"), m{"type": redis, "resource_id": cacheA, "method": "PATCH"}, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			unknown := m{}
			if tt.config["resource_id"] == nil {
				unknown["resource_id"] = true
			}
			if got := tt.s.invoke(tt.config, unknown, tt.more).read(t).Unjudged(); len(got) != tt.unjudged {
				t.Errorf("not judged: %v, want %d", got, tt.unjudged)
			}
		})
	}
}

// TestActionsOfConfiguration resolves targets by the configuration, for each
// instance of an action and each that calls it.
func TestActionsOfConfiguration(t *testing.T) {
	const text = `
resource "azurerm_redis_cache" "a" {}
resource "azurerm_redis_cache" "b" {}
resource "azurerm_redis_cache" "v" {}
resource "azurerm_private_endpoint" "e" {}
locals {
  ids = { one = azurerm_redis_cache.a.id, two = azurerm_redis_cache.b.id }
}
action "azapi_resource_action" "direct" {
  config { resource_id = azurerm_redis_cache.b.id }
}
action "azapi_resource_action" "each" {
  for_each = local.ids
  config { resource_id = each.value }
}
action "azapi_resource_action" "caller" {
  config { resource_id = caller.id }
}
action "azapi_resource_action" "hidden" {
  config {
    resource_id    = azurerm_redis_cache.b.id
    sensitive_body = var.secret
  }
}
action "azapi_resource_action" "endpoint" {
  config { resource_id = azurerm_private_endpoint.e.id }
}
action "azapi_resource_action" "text" {
  config { resource_id = replace(azurerm_redis_cache.a.id, "x", "y") }
}
module "m" {
  source = "./m"
  id     = azurerm_redis_cache.a.id
}
action "azapi_resource_action" "output" {
  config { resource_id = module.m.id }
}
`
	dir := t.TempDir()
	for name, content := range map[string]string{"main.tf": text,
		"m/main.tf": "variable \"id\" {}\noutput \"id\" {\n value = var.id\n}\naction \"azapi_resource_action\" \"x\" {\n config {\n " +
			"resource_id = var.id\n }\n}\n"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config, err := tfconfig.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	const redis, port = "Microsoft.Cache/redis@2024-11-01", `{"properties":{"enableNonSslPort":true}}`
	trigger := func(by string) m {
		return m{"triggering_resource_address": by, "action_trigger_event": "AfterCreate"}
	}
	for name, tt := range map[string]struct {
		address, typ, by, want string
	}{
		"a reference":                       {"action.azapi_resource_action.direct", redis, "azurerm_redis_cache.a", "b: port"},
		"for_each":                          {`action.azapi_resource_action.each["one"]`, redis, "azurerm_redis_cache.b", "a: port"},
		"for_each, another":                 {`action.azapi_resource_action.each["two"]`, redis, "azurerm_redis_cache.a", "b: port"},
		"the resource that calls":           {"action.azapi_resource_action.caller", redis, "azurerm_redis_cache.v", "v: port"},
		"in a module":                       {"module.m.action.azapi_resource_action.x", redis, "azurerm_redis_cache.b", "a: port"},
		"the output of a module":            {"action.azapi_resource_action.output", redis, "azurerm_redis_cache.b", "a: port"},
		"text functions":                    {"action.azapi_resource_action.text", redis, "azurerm_redis_cache.b", "a: port; b: port; v: port"},
		"an action that is not there":       {"action.azapi_resource_action.gone", redis, "azurerm_redis_cache.b", "a: port; b: port; v: port"},
		"a sensitive_body that is not told": {"action.azapi_resource_action.hidden", redis, "azurerm_redis_cache.b", everyB},
		"an endpoint": {"action.azapi_resource_action.endpoint", "Microsoft.Network/privateEndpoints@2024-01-01",
			"azurerm_redis_cache.b", "a: endpoint"},
	} {
		t.Run(name, func(t *testing.T) {
			var body m
			if err := json.Unmarshal([]byte(port), &body); err != nil {
				t.Fatal(err)
			}
			method := "PATCH"
			if tt.typ != redis {
				method = "DELETE"
			}
			s := estate().invoke(m{"type": tt.typ, "method": method, "body": body, "sensitive_body": nil}, m{"resource_id": true},
				m{"address": tt.address, "lifecycle_action_trigger": trigger(tt.by)})
			expectOverwritten(t, s.readWith(t, tfplan.Options{Configuration: config}), tt.want)
		})
	}
}

// TestActionResource: an azapi_resource_action has references in plan JSON, and
// what is write-only stands in its configuration alone.
func TestActionResource(t *testing.T) {
	config := m{"type": "Microsoft.Cache/redis@2024-11-01", "method": "PATCH", "body": m{"properties": m{"enableNonSslPort": true}},
		"sensitive_body": nil}
	for name, tt := range map[string]struct {
		expressions m
		want        string
	}{
		"a reference":            {m{"resource_id": refs("azurerm_redis_cache.b.id")}, "b: port"},
		"a local":                {m{"resource_id": refs("local.id")}, "a: port; b: port; v: port"},
		"an id of another thing": {m{"resource_id": refs("azurerm_private_endpoint.e.id")}, ""},
		"a sensitive_body":       {m{"resource_id": refs("azurerm_redis_cache.b.id"), "sensitive_body": refs("var.secret")}, everyB},
		"a null sensitive_body":  {m{"resource_id": refs("azurerm_redis_cache.b.id"), "sensitive_body": m{"constant_value": nil}}, "b: port"},
	} {
		t.Run(name, func(t *testing.T) {
			s := estate().change("azapi_resource_action.x", "create", nil, config, m{"resource_id": true})
			s.root.resource("azapi_resource_action.x", tt.expressions)
			expectOverwritten(t, s.read(t), tt.want)
		})
	}
}

// TestBadActions: what Terraform never writes of actions is no plan.
func TestBadActions(t *testing.T) {
	for name, list := range map[string]string{
		"no array": `{}`, "no object": `["x"]`, "no address": `[{"type":"azapi_resource_action"}]`, "no type": `[{"address":"action.x.y"}]`,
		"a key twice": `[{"address":"action.azapi_resource_action.y","type":"azapi_resource_action","config_values":{"method":"GET",` +
			`"method":"PUT"}}]`,
	} {
		input := `{"format_version":"1.2","resource_changes":[],"complete":true,"action_invocations":` + list + `}`
		var bad *tfplan.InputError
		if _, err := tfplan.Read(t.Context(), strings.NewReader(input), tfplan.Options{}); !errors.As(err, &bad) {
			t.Errorf("%s: %v, want an InputError", name, err)
		}
	}
	if _, err := tfplan.Read(t.Context(),
		strings.NewReader(`{"format_version":"1.2","resource_changes":[],"action_invocations":null,"deferred_action_invocations":null}`),
		tfplan.Options{}); err != nil {
		t.Error(err)
	}
}
