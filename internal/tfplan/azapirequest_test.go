package tfplan_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestAside: azapi_update_resource changes what stands around a cache, and a
// connection of a private endpoint by azapi_resource approves or rejects one.
func TestAside(t *testing.T) {
	const (
		group      = "/subscriptions/" + subscription + "/resourceGroups/rg"
		assignment = "Microsoft.Authorization/policyAssignments"
		exemption  = "Microsoft.Authorization/policyExemptions"
		connection = "Microsoft.Cache/redis/privateEndpointConnections"
		access     = "Microsoft.Cache/redis/accessPolicyAssignments"
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
		"who has access":               {"update", update(access, cacheA+"/accessPolicyAssignments/u"), "", "a: +access access"},
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

// TestAsideKeepsSecrets: what is sensitive in a body or an id is not told.
func TestAsideKeepsSecrets(t *testing.T) {
	const deployment = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Resources/deployments/d"
	made := []any{m{"type": "Microsoft.Cache/redis", "name": "CANARY"}, m{"type": "Microsoft.Cache/redisEnterprise", "name": "CANARY"}}
	body := m{"properties": m{"mode": "Incremental", "template": m{"resources": made}}}
	deploys := m{"type": "Microsoft.Resources/deployments@2024-03-01", "method": "PUT", "resource_id": deployment, "body": body}
	updates := m{"type": "Microsoft.Cache/redis@2024-11-01", "resource_id": strings.TrimSuffix(cacheA, "a") + "CANARY", "body": m{}}
	nameless := newCache("c")
	delete(nameless, "name")
	for title, tt := range map[string]struct {
		address   string
		after     m
		sensitive any
	}{
		"an action":       {"azapi_resource_action.x", deploys, m{"body": true}},
		"a part of it":    {"azapi_resource_action.x", deploys, m{"body": m{"properties": m{"template": true}}}},
		"an update":       {"azapi_update_resource.x", deploys, m{"body": true}},
		"all of it":       {"azapi_update_resource.x", deploys, true},
		"id of an update": {"azapi_update_resource.x", updates, m{"resource_id": true}},
	} {
		t.Run(title, func(t *testing.T) {
			s := newSynth().change("azurerm_redis_cache.c", "create", nil, nameless, m{"id": true, "name": true}).
				change(tt.address, "create", nil, tt.after, m{"output": true})
			s.changes[1].(m)["change"].(m)["after_sensitive"] = tt.sensitive
			p := s.read(t)
			told := fmt.Sprint(p.Unjudged(), p.Notes())
			for c := range p.Caches() {
				told += c.After.NonTLSPort.Source.Detail
				if name := c.After.Name; !name.Source.Sensitive {
					told += name.V
				}
			}
			if at := strings.Index(told, "CANARY"); at >= 0 {
				t.Errorf("a secret is told: %s", told[max(0, at-100):])
			}
		})
	}
}
