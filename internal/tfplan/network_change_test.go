package tfplan_test

import (
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// TestNetworkChanges: what stood around an injected cache before the plan, and
// what stands there after it.
func TestNetworkChanges(t *testing.T) {
	const prefix = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Network/"
	const subnet, nsg = prefix + "virtualNetworks/v/subnets/s", prefix + "networkSecurityGroups/g"
	rule := func(name string) m { return m{"name": name, "priority": 100} }
	separate := func(name string) m {
		return with(rule(name), m{"id": nsg + "/securityRules/" + name, "resource_group_name": "rg", "network_security_group_name": "g"})
	}
	group := func(names ...string) m {
		rules := []any{}
		for _, n := range names {
			rules = append(rules, rule(n))
		}
		return m{"id": nsg, "name": "g", "resource_group_name": "rg", "security_rule": rules}
	}
	association := m{"subnet_id": subnet, "network_security_group_id": nsg}
	word := func(c *posture.Cache) string {
		g := c.Subnet.SecurityGroup
		if !g.IsKnown() {
			return say(g)
		}
		return strings.TrimSpace(g.V.Name + " " + links(g.V.Rules, func(r posture.SecurityRule) string { return r.Name }))
	}
	const nsgAt, ruleAt, assocAt, subnetAt, networkAt = "azurerm_network_security_group.g", "azurerm_network_security_rule.r",
		"azurerm_subnet_network_security_group_association.x", "azurerm_subnet.s", "azurerm_virtual_network.v"
	known := func(s *synth) *synth {
		return s.change(nsgAt, "no-op", group("r", "q"), group("r", "q"), m{}).change(assocAt, "no-op", association, association, m{})
	}
	for name, tt := range map[string]struct {
		more          func(*synth) *synth
		before, after string
	}{
		"nothing changes": {known, "g r q", "g r q"},
		"a separate rule is destroyed": {func(s *synth) *synth { return known(s).change(ruleAt, "delete", separate("r"), nil, m{}) },
			"g r q", "g q"},
		"a separate rule is renamed": {func(s *synth) *synth {
			return known(s).change(ruleAt, "delete,create", separate("r"), with(separate("n"), m{"id": nil}), m{"id": true})
		}, "g r q", "g n q"},
		"a separate rule is destroyed while its group changes": {func(s *synth) *synth {
			return s.change(nsgAt, "update", group("r", "q"), group("r", "q"), m{}).change(assocAt, "no-op", association, association, m{}).
				change(ruleAt, "delete", separate("r"), nil, m{})
		}, "g r q", "g q ?" + ruleAt},
		"a rule is forgotten": {func(s *synth) *synth { return known(s).change(ruleAt, "forget", separate("r"), nil, m{}) }, "g r q", "g r q"},
		"rules change": {func(s *synth) *synth {
			return s.change(nsgAt, "update", group("r"), group("q"), m{}).change(assocAt, "no-op", association, association, m{})
		}, "g r", "g q"},
		"the association is destroyed": {func(s *synth) *synth {
			return s.change(nsgAt, "no-op", group("r"), group("r"), m{}).change(assocAt, "delete", association, nil, m{})
		}, "g r", "unset"},
		"a subnet that had none gets one": {func(s *synth) *synth {
			v := m{"id": subnet, "name": "s", "resource_group_name": "rg", "virtual_network_name": "v", "network_security_group_id": ""}
			return s.change(subnetAt, "no-op", v, v, m{}).change(nsgAt, "no-op", group("r"), group("r"), m{}).change(assocAt, "create", nil,
				association, m{})
		}, "unset", "g r"},
		"an inline subnet loses its group": {func(s *synth) *synth {
			v := func(id string) m {
				return m{"id": prefix + "virtualNetworks/v", "name": "v", "resource_group_name": "rg",
					"subnet": []any{m{"name": "s", "security_group": id}}}
			}
			return s.change(nsgAt, "no-op", group("r"), group("r"), m{}).change(networkAt, "update", v(nsg), v(""), m{})
		}, "g r", "unset"},
		"nothing of it is in the plan": {func(s *synth) *synth { return s }, "not_observed", "not_observed"},
	} {
		t.Run(name, func(t *testing.T) {
			cache := with(newCache("a"), m{"id": cacheA, "sku_name": "Premium", "subnet_id": subnet})
			c := one(t, tt.more(newSynth().change(a, "no-op", cache, cache, m{})))
			if before, after := word(c.Before), word(c.After); before != tt.before || !sameWords(after, tt.after) {
				t.Errorf("before %q, after %q; want %q and %q", before, after, tt.before, tt.after)
			}
		})
	}
}

// sameWords compares two lists of words in any order.
func sameWords(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	count := map[string]int{}
	for _, w := range x {
		count[w]++
	}
	for _, w := range y {
		count[w]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}
