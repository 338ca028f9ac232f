package tfplan_test

import "testing"

// TestAzapiSubnets: a subnet that azapi makes is a managed one, and its body
// says which security group it has.
func TestAzapiSubnets(t *testing.T) {
	const network = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v"
	const nsg = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/g"
	for name, tt := range map[string]struct {
		properties, unknown, written m
		want                         string
	}{
		"without a group":      {m{"addressPrefix": "10.0.0.0/24"}, m{}, m{}, "unset"},
		"with a group":         {m{"addressPrefixes": []any{"10.0.0.0/24"}, "networkSecurityGroup": m{"id": nsg}}, m{}, m{}, "known"},
		"a group by reference": {m{"networkSecurityGroup": m{}}, m{"body": m{"properties": m{"networkSecurityGroup": m{"id": true}}}}, m{}, "known"},
		"a hidden body":        {m{"addressPrefix": "10.0.0.0/24"}, m{}, m{"sensitive_body": refs("var.x")}, "write_only"},
	} {
		t.Run(name, func(t *testing.T) {
			cache := newCache("a")
			delete(cache, "subnet_id")
			s := newSynth().change(a, "create", nil, with(cache, m{"sku_name": "Premium"}), m{"id": true, "subnet_id": true})
			s.root.resource(a, m{"subnet_id": refs("azapi_resource.s.id")})
			s.change("azapi_resource.s", "create", nil, m{"type": "Microsoft.Network/virtualNetworks/Subnets@2024-05-01", "name": "s", "parent_id": network,
				"body": m{"properties": tt.properties}}, with(m{"id": true}, tt.unknown))
			s.root.resource("azapi_resource.s", tt.written)
			c := one(t, s).After
			if !c.SubnetID.IsKnown() {
				t.Errorf("the subnet is %s, and the plan manages it", say(c.SubnetID))
			}
			got := say(c.Subnet.SecurityGroup)
			if c.Subnet.SecurityGroup.IsKnown() {
				got = "known"
			}
			if got != tt.want {
				t.Errorf("the security group is %s, want %s", got, tt.want)
			}
		})
	}
}

// TestAzapiHiddenSetting: what sensitive_body may set of a diagnostic setting is write-only.
func TestAzapiHiddenSetting(t *testing.T) {
	s := newSynth().cache(a, "a").change("azapi_resource.d", "create", nil, m{"type": "Microsoft.Insights/diagnosticSettings@2021-05-01-preview", "name": "d",
		"parent_id": cacheA, "body": m{"properties": m{"workspaceId": "/w", "logs": []any{m{"category": "x", "enabled": true}}}}}, m{"id": true})
	s.root.resource("azapi_resource.d", m{"sensitive_body": refs("var.x")})
	set := one(t, s).After.DiagnosticSettings
	if len(set.Items) != 1 || say(set.Items[0].Logs) != "write_only" || say(set.Items[0].Destinations[0]) != "write_only" {
		t.Errorf("%+v", set)
	}
}

// TestAzapiInjected: subnetId of a body counts like subnet_id, where it is the
// sole reference of the body.
func TestAzapiInjected(t *testing.T) {
	for name, tt := range map[string]struct {
		written m
		known   bool
	}{
		"the sole reference":      {refs("azurerm_subnet.s.id"), true},
		"one of two":              {refs("azurerm_subnet.s.id", "azurerm_subnet.other.id"), false},
		"another attribute of it": {refs("azurerm_subnet.s.name"), false},
		"a local":                 {refs("local.subnet"), false},
	} {
		t.Run(name, func(t *testing.T) {
			body := m{"properties": m{"sku": m{"name": "Premium"}}}
			s := newSynth().change("azapi_resource.a", "create", nil, with(azapi(m{}), m{"body": body}), m{"id": true, "body": m{"properties": m{"subnetId": true}}}).
				change("azurerm_subnet.s", "create", nil, m{"name": "s", "resource_group_name": "rg", "virtual_network_name": "v"}, m{"id": true})
			s.root.resource("azapi_resource.a", m{"body": tt.written})
			s.root.resource("azurerm_subnet.s", m{})
			if got := one(t, s).After.SubnetID; got.IsKnown() != tt.known {
				t.Errorf("the subnet is %s", say(got))
			}
		})
	}
}
