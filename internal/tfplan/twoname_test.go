package tfplan_test

import "testing"

// TestTwoNames: azurerm 3 has two names for one switch and computes what the
// configuration does not write; what it does write decides, known or not.
func TestTwoNames(t *testing.T) {
	v3 := m{"name": "a", "resource_group_name": "rg", "sku_name": "Basic", "subnet_id": nil, "enable_non_ssl_port": false}
	block := m{"redis_configuration": []any{m{"enable_authentication": true}}}
	for name, tt := range map[string]struct {
		after, unknown, written m
		port, auth              string
	}{
		"neither written": {v3, m{"non_ssl_port_enabled": true, "redis_configuration": true}, m{}, "false", "known_after_apply"},
		"the new one written, its value after apply": {v3, m{"non_ssl_port_enabled": true, "redis_configuration": true},
			m{"non_ssl_port_enabled": refs("terraform_data.x.output")}, "known_after_apply", "known_after_apply"},
		"the old one written, the new one computed": {with(v3, block),
			m{"non_ssl_port_enabled": true, "redis_configuration": []any{m{"authentication_enabled": true}}},
			m{"enable_non_ssl_port": m{"constant_value": false},
				"redis_configuration": []any{m{"enable_authentication": m{"constant_value": true}}}}, "false", "true"},
		"the new one written in the block, its value after apply": {with(v3, block),
			m{"non_ssl_port_enabled": true, "redis_configuration": []any{m{"authentication_enabled": true}}},
			m{"redis_configuration": []any{m{"authentication_enabled": refs("terraform_data.x.output")}}}, "false", "known_after_apply"},
		"a dynamic block may write it": {with(v3, block),
			m{"non_ssl_port_enabled": true, "redis_configuration": []any{m{"authentication_enabled": true}}},
			m{}, "false", "known_after_apply"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().change(a, "create", nil, tt.after, tt.unknown)
			s.root.resource(a, tt.written)
			c := one(t, s).After
			if port, auth := say(c.NonTLSPort), say(c.AuthenticationRequired); port != tt.port || auth != tt.auth {
				t.Errorf("nonTLS=%s auth=%s, want nonTLS=%s auth=%s", port, auth, tt.port, tt.auth)
			}
		})
	}
}

// TestWrittenName: where both names have the value that counts, evidence has the one that
// the configuration writes.
func TestWrittenName(t *testing.T) {
	both := m{"name": "a", "resource_group_name": "rg", "sku_name": "Basic", "enable_non_ssl_port": true, "non_ssl_port_enabled": true}
	for _, name := range []string{"enable_non_ssl_port", "non_ssl_port_enabled"} {
		s := newSynth().change(a, "update", both, both, m{})
		s.root.resource(a, m{name: m{"constant_value": true}})
		if got := one(t, s).After.NonTLSPort.Source.Path; got != name {
			t.Errorf("%s is written, and evidence has %s", name, got)
		}
	}
}

// TestNetworksOfTwoSubscriptions: group, network and subnet repeat their names
// from one subscription to the next; what is known to lie elsewhere never counts.
func TestNetworksOfTwoSubscriptions(t *testing.T) {
	const elsewhere = "22222222-2222-2222-2222-222222222222"
	subnet := func(sub string) string {
		return "/subscriptions/" + sub + "/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
	}
	nsg := func(sub string) string {
		return "/subscriptions/" + sub + "/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/g"
	}
	existing := m{"id": subnet(elsewhere), "name": "s", "resource_group_name": "rg", "virtual_network_name": "v",
		"network_security_group_id": ""}
	for name, tt := range map[string]struct {
		address, actions string
		before, after    m
		want             string
	}{
		"a subnet without a group": {"azurerm_subnet.s", "no-op", existing, existing, "not_observed"},
		"an association": {"azurerm_subnet_network_security_group_association.x", "create", nil,
			m{"subnet_id": subnet(elsewhere), "network_security_group_id": nsg(elsewhere)}, "not_observed"},
		"an association that is destroyed": {"azurerm_subnet_network_security_group_association.x", "delete",
			m{"subnet_id": subnet(elsewhere), "network_security_group_id": nsg(elsewhere)}, nil, "not_observed"},
		"the association of this subnet": {"azurerm_subnet_network_security_group_association.x", "create", nil,
			m{"subnet_id": subnet(subscription), "network_security_group_id": nsg(subscription)}, "g"},
		"its own association is destroyed": {"azurerm_subnet_network_security_group_association.x", "delete",
			m{"subnet_id": subnet(subscription), "network_security_group_id": nsg(subscription)}, nil, "unset"},
		"a network that has it as an entry": {"azurerm_virtual_network.v", "no-op",
			m{"id": "/subscriptions/" + elsewhere + "/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v", "name": "v",
				"resource_group_name": "rg", "subnet": []any{m{"name": "s", "security_group": ""}}}, nil, "not_observed"},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.actions == "no-op" {
				tt.after = tt.before
			}
			s := newSynth().change(a, "create", nil, with(newCache("a"), m{"sku_name": "Premium", "subnet_id": subnet(subscription)}), m{"id": true})
			got := one(t, s.change(tt.address, tt.actions, tt.before, tt.after, m{})).After.Subnet.SecurityGroup
			word := say(got)
			if got.IsKnown() {
				word = got.V.Name
			}
			if word != tt.want {
				t.Errorf("the security group is %s, want %s", word, tt.want)
			}
		})
	}
}
