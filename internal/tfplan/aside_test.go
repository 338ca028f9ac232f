package tfplan_test

import "testing"

// TestAside: azapi_update_resource changes what stands around a cache, and a
// connection of a private endpoint by azapi_resource approves or rejects one.
func TestAside(t *testing.T) {
	const (
		group      = "/subscriptions/" + subscription + "/resourceGroups/rg"
		assignment = "Microsoft.Authorization/policyAssignments"
		exemption  = "Microsoft.Authorization/policyExemptions"
		connection = "Microsoft.Cache/redis/privateEndpointConnections"
		rule       = "azurerm_redis_firewall_rule.f"
		child      = "Microsoft.Cache/redis/"
		policy     = "a: policy; b: policy; v: policy"
		exempt     = "a: exemption; b: exemption; v: exemption"
	)
	update := func(typ, id string) m {
		return m{"type": typ + "@2024-11-01", "resource_id": id, "body": m{"properties": m{}}}
	}
	state := func(parent, status string) m {
		return m{"type": connection + "@2024-11-01", "name": "c", "parent_id": parent,
			"body": m{"properties": m{"privateLinkServiceConnectionState": m{"status": status}}}}
	}
	type row struct {
		actions string
		after   m
		to      string // of resource_id or parent_id, where that is not known
		want    string
	}
	for title, tt := range map[string]row{
		"a firewall rule":              {"create", update(child+"firewallRules", cacheA+"/firewallRules/f"), "", "a: +firewall firewall"},
		"a firewall rule by reference": {"create", update(child+"firewallRules", ""), rule + ".id", "a: firewall"},
		"another cache's":              {"create", update(child+"firewallRules", cacheA+"x/firewallRules/f"), "", ""},
		"an access policy":             {"create", update(child+"accessPolicies", cacheA+"/accessPolicies/mine"), "", "a: acl"},
		"who has access":               {"update", update(child+"accessPolicyAssignments", cacheA+"/accessPolicyAssignments/u"), "", "a: +access access"},
		"a policy assignment":          {"create", update(assignment, group+"/providers/"+assignment+"/mcsb"), "", policy},
		"by parent and name":           {"create", with(update(assignment, ""), m{"parent_id": group, "name": "mcsb"}), "", policy},
		"another policy assignment":    {"create", update(assignment, group+"/providers/"+assignment+"/other"), "", ""},
		"one that does not change":     {"no-op", update(assignment, group+"/providers/"+assignment+"/mcsb"), "", ""},
		"a policy exemption":           {"create", update(exemption, group+"/providers/"+exemption+"/e"), "", exempt},
		"a rejected connection":        {"create", state(cacheA, "Rejected"), "", "a: +endpoint endpoint"},
		"an approved connection":       {"create", state(cacheA, "approved"), "", "a: +endpoint"},
		"a connection by reference":    {"create", state("", "Rejected"), "azurerm_redis_cache.a.id", "a: +endpoint endpoint"},
		"another cache's connection":   {"create", state(cacheB, "Rejected"), "", "b: +endpoint"},
		"a connection that stays":      {"no-op", state(cacheA, "Rejected"), "", ""},
	} {
		t.Run(title, func(t *testing.T) {
			address, target, unknown := "azapi_resource.x", "parent_id", m{"output": true}
			if _, ok := tt.after["resource_id"]; ok {
				address, target = "azapi_update_resource.x", "resource_id"
			}
			s := estate()
			if tt.after[target] == "" {
				delete(tt.after, target)
				unknown[target] = true
				if tt.to != "" {
					s.root.resource(rule, m{})
					s.root.resource(address, m{target: refs(tt.to)})
				}
			}
			expectOverwritten(t, s.change(address, tt.actions, tt.after, tt.after, unknown).read(t), tt.want)
		})
	}
}
