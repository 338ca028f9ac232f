package tfplan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// TestAzapiSubnets: a subnet that azapi makes is a managed one, and its body
// says which security group it has.
func TestAzapiSubnets(t *testing.T) {
	const network = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v"
	const nsg = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/g"
	for name, tt := range map[string]struct {
		properties, unknown, written m
		want                         string
	}{
		"without a group": {m{"addressPrefix": "10.0.0.0/24"}, m{}, m{}, "unset"},
		"with a group":    {m{"addressPrefixes": []any{"10.0.0.0/24"}, "networkSecurityGroup": m{"id": nsg}}, m{}, m{}, "known"},
		"a group by reference": {m{"networkSecurityGroup": m{}}, m{"body": m{"properties": m{"networkSecurityGroup": m{"id": true}}}}, m{},
			"known"},
		"a hidden body": {m{"addressPrefix": "10.0.0.0/24"}, m{}, m{"sensitive_body": refs("var.x")}, "write_only"},
	} {
		t.Run(name, func(t *testing.T) {
			cache := newCache("a")
			delete(cache, "subnet_id")
			s := newSynth().change(a, "create", nil, with(cache, m{"sku_name": "Premium"}), m{"id": true, "subnet_id": true})
			s.root.resource(a, m{"subnet_id": refs("azapi_resource.s.id")})
			s.change("azapi_resource.s", "create", nil, m{"type": "Microsoft.Network/virtualNetworks/Subnets@2024-05-01", "name": "s",
				"parent_id": network,
				"body":      m{"properties": tt.properties}}, with(m{"id": true}, tt.unknown))
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
	s := newSynth().cache(a, "a").change("azapi_resource.d", "create", nil,
		m{"type": "Microsoft.Insights/diagnosticSettings@2021-05-01-preview", "name": "d",
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
			s := newSynth().change("azapi_resource.a", "create", nil, with(azapi(m{}), m{"body": body}),
				m{"id": true, "body": m{"properties": m{"subnetId": true}}}).
				change("azurerm_subnet.s", "create", nil, m{"name": "s", "resource_group_name": "rg", "virtual_network_name": "v"}, m{"id": true})
			s.root.resource("azapi_resource.a", m{"body": tt.written})
			s.root.resource("azurerm_subnet.s", m{})
			if got := one(t, s).After.SubnetID; got.IsKnown() != tt.known {
				t.Errorf("the subnet is %s", say(got))
			}
		})
	}
}

// bareSubnet is a plan with a cache in the subnet azurerm_subnet.s, which has no group.
func bareSubnet() *synth {
	cache := newCache("a")
	delete(cache, "subnet_id")
	s := newSynth().change(a, "create", nil, with(cache, m{"sku_name": "Premium"}), m{"id": true, "subnet_id": true}).
		change("azurerm_subnet.s", "create", nil, m{"name": "s", "resource_group_name": "rg", "virtual_network_name": "v"}, m{"id": true})
	s.root.resource(a, m{"subnet_id": refs("azurerm_subnet.s.id")})
	s.root.resource("azurerm_subnet.s", m{})
	return s
}

// group words the security group of a subnet: its name, the rules with their
// ports, doubts, and whether the rules are all there are.
func group(v posture.Value[posture.SecurityGroup]) string {
	if !v.IsKnown() {
		return say(v)
	}
	return strings.TrimSpace(v.V.Name + " " + links(v.V.Rules, func(r posture.SecurityRule) string {
		out := r.Name
		for _, part := range [][]posture.Value[string]{{r.Direction, r.Access, r.Protocol}, r.Sources, r.Destinations, r.Ports, r.SourcePorts} {
			for _, p := range part {
				out += "/" + say(p)
			}
		}
		return out + "/" + say(r.Priority)
	}))
}

// TestSubnetUpdates: an azapi_update_resource of a subnet is one more way to
// give it a security group, and one that is not understood is no "none".
func TestSubnetUpdates(t *testing.T) {
	const id = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
	const nsg = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/g"
	const typ = "Microsoft.Network/virtualNetworks/subnets@2024-05-01"
	body := func(g any) m { return m{"properties": m{"networkSecurityGroup": g}} }
	for name, tt := range map[string]struct {
		address        string
		after, unknown m
		written        m
		want           string
	}{
		"a group by its id": {"azapi_update_resource.u", m{"type": typ, "resource_id": id, "body": body(m{"id": nsg})}, nil, m{},
			"g none unseen"},
		"the subnet by reference": {"azapi_update_resource.u", m{"type": typ, "body": body(m{"id": nsg})}, m{"resource_id": true},
			m{"resource_id": refs("azurerm_subnet.s.id")}, "g none unseen"},
		"by parent and name": {"azapi_update_resource.u",
			m{"type": typ, "parent_id": strings.TrimSuffix(id, "/subnets/s"), "name": "s", "body": body(m{"id": nsg})}, nil, m{}, "g none unseen"},
		"another subnet": {"azapi_update_resource.u", m{"type": typ, "resource_id": id + "2", "body": body(m{"id": nsg})}, nil, m{},
			"unset"},
		"another property": {"azapi_update_resource.u", m{"type": typ, "resource_id": id, "body": m{"properties": m{}}}, nil, m{},
			"unset"},
		"no group": {"azapi_update_resource.u", m{"type": typ, "resource_id": id, "body": body(nil)}, nil, m{},
			"unresolved_reference"},
		"a body that is not known": {"azapi_update_resource.u", m{"type": typ, "resource_id": id}, m{"body": true}, m{}, "unresolved_reference"},
		"its body, another subnet": {"azapi_update_resource.u", m{"type": typ, "resource_id": id + "2"}, m{"body": true}, m{}, "unset"},
		"nobody knows which": {"azapi_update_resource.u", m{"type": typ, "body": body(m{"id": nsg})}, m{"resource_id": true},
			m{"resource_id": refs("local.x")}, "unresolved_reference"},
		"an unknown type": {"azapi_update_resource.u", m{"resource_id": id}, m{"type": true, "body": true}, m{},
			"unresolved_reference"},
		"its network": {"azapi_update_resource.u",
			m{"type": "Microsoft.Network/virtualNetworks@2024-05-01", "resource_id": strings.TrimSuffix(id, "/subnets/s"), "body": m{}}, nil, m{},
			"unresolved_reference"},
		"another network": {"azapi_update_resource.u",
			m{"type": "Microsoft.Network/virtualNetworks@2024-05-01", "resource_id": strings.TrimSuffix(id, "/subnets/s") + "2", "body": m{}}, nil,
			m{}, "unset"},
		"an action": {"azapi_resource_action.u", m{"type": typ, "method": "PUT", "resource_id": id, "body": body(m{"id": nsg})},
			nil, m{}, "known_after_apply"},
		"a resource without a type": {"azapi_resource.u", m{"name": "u"}, m{"type": true, "body": true, "parent_id": true}, m{},
			"unresolved_reference"},
		"a deployment of networks": {"azurerm_resource_group_template_deployment.u",
			m{"template_content": `{"resources":[{"type":"Microsoft.Network/virtualNetworks","name":"v"}]}`}, nil, m{}, "known_after_apply"},
		"another deployment": {"azurerm_resource_group_template_deployment.u",
			m{"template_content": `{"resources":[{"type":"Microsoft.Web/sites","name":"v"}]}`}, nil, m{}, "unset"},
	} {
		t.Run(name, func(t *testing.T) {
			s := bareSubnet().change(tt.address, "create", nil, tt.after, tt.unknown)
			s.root.resource(tt.address, tt.written)
			if got := group(one(t, s.ofSubscription()).After.Subnet.SecurityGroup); got != tt.want {
				t.Errorf("the security group is %s, want %s", got, tt.want)
			}
		})
	}
}

// TestAzapiGroups: a security group that azapi makes, and its rules inline or apart.
func TestAzapiGroups(t *testing.T) {
	const typ = "Microsoft.Network/networkSecurityGroups"
	const group1 = "/subscriptions/" + subscription + "/resourceGroups/rg"
	open := m{"priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourceAddressPrefix": "Internet",
		"destinationAddressPrefix": "*",
		"destinationPortRanges":    []any{"6380", "443"}, "sourcePortRange": "", "sourcePortRanges": []any{"1-1023", "5000"}}
	const word = "open/Inbound/Allow/Tcp/Internet/*/6380/443/1-1023/5000/100"
	for name, tt := range map[string]struct {
		body, unknown, written m
		rule                   m // a separate one
		ruleUnknown            m
		want                   string
	}{
		"without rules":            {body: m{}, want: "g none"},
		"a rule of its own":        {body: m{"securityRules": []any{m{"name": "open", "properties": open}}}, want: "g " + word},
		"rules that are not known": {body: m{}, unknown: m{"body": m{"properties": m{"securityRules": true}}}, want: "g none unseen"},
		"a body that is not known": {unknown: m{"body": true}, want: "g none unseen"},
		"a hidden body":            {body: m{}, written: m{"sensitive_body": refs("var.x")}, want: "g none unseen"},
		"a separate rule": {body: m{}, rule: m{"parent_id": group1 + "/providers/" + typ + "/G", "body": m{"properties": open}},
			want: "g " + word},
		"a separate rule by reference": {body: m{}, rule: m{"body": m{"properties": open}}, ruleUnknown: m{"parent_id": true},
			written: m{"parent_id": refs("azapi_resource.g.id")}, want: "g " + word},
		"a rule of nobody knows what": {body: m{}, rule: m{"body": m{"properties": open}}, ruleUnknown: m{"parent_id": true},
			written: m{"parent_id": refs("local.x")}, want: "g ?azapi_resource.r"},
		"a rule of another group": {body: m{}, rule: m{"parent_id": group1 + "/providers/" + typ + "/other", "body": m{"properties": open}},
			want: "g none"},
		"a rule that is not known": {body: m{}, rule: m{"parent_id": group1 + "/providers/" + typ + "/g"}, ruleUnknown: m{"body": true},
			want: "g open" + strings.Repeat("/known_after_apply", 14)},
	} {
		t.Run(name, func(t *testing.T) {
			s := bareSubnet().change("azapi_resource.g", "create", nil, m{"type": typ + "@2024-05-01", "name": "g", "parent_id": group1,
				"body": m{"properties": tt.body}}, with(m{"id": true}, tt.unknown)).
				change("azurerm_subnet_network_security_group_association.s", "create", nil, m{},
					m{"subnet_id": true, "network_security_group_id": true})
			s.root.resource("azapi_resource.g", tt.written)
			s.root.resource("azurerm_subnet_network_security_group_association.s",
				m{"subnet_id": refs("azurerm_subnet.s.id"), "network_security_group_id": refs("azapi_resource.g.id")})
			if tt.rule != nil {
				s.change("azapi_resource.r", "create", nil, with(tt.rule, m{"type": typ + "/securityRules@2024-05-01", "name": "open"}), tt.ruleUnknown)
				s.root.resource("azapi_resource.r", tt.written)
			}
			if got := group(one(t, s.ofSubscription()).After.Subnet.SecurityGroup); got != tt.want {
				t.Errorf("the security group is\n%s, want\n%s", got, tt.want)
			}
		})
	}
}

// TestAzapiNetworks: subnets that azapi writes inside their network.
func TestAzapiNetworks(t *testing.T) {
	const parent = "/subscriptions/" + subscription + "/resourceGroups/rg"
	const nsg = parent + "/providers/Microsoft.Network/networkSecurityGroups/g"
	const id = parent + "/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
	subnet := func(properties m) m { return m{"subnets": []any{m{"name": "S", "properties": properties}}} }
	for name, tt := range map[string]struct {
		actions    string
		properties m
		unknown    m
		want       string
	}{
		"with a group":               {"create", subnet(m{"networkSecurityGroup": m{"id": nsg}}), nil, "g none unseen"},
		"without a group":            {"create", subnet(m{"addressPrefix": "10.0.0.0/24"}), nil, "unset"},
		"without, existing":          {"no-op", subnet(m{"addressPrefix": "10.0.0.0/24"}), nil, "not_observed"},
		"not among them":             {"create", m{"subnets": []any{}}, nil, "not_observed"},
		"subnets that are not known": {"create", m{}, m{"body": m{"properties": m{"subnets": true}}}, "not_observed"},
		"a body that is not known":   {"create", m{}, m{"body": true}, "not_observed"},
	} {
		t.Run(name, func(t *testing.T) {
			network := m{"type": "Microsoft.Network/virtualNetworks@2024-05-01", "name": "v", "parent_id": parent,
				"body": m{"properties": tt.properties}}
			s := newSynth().change(a, "create", nil, with(newCache("a"), m{"sku_name": "Premium", "subnet_id": id}), m{"id": true}).
				change("azapi_resource.v", tt.actions, network, network, tt.unknown)
			s.root.resource("azapi_resource.v", m{})
			if got := group(one(t, s.ofSubscription()).After.Subnet.SecurityGroup); got != tt.want {
				t.Errorf("the security group is %s, want %s", got, tt.want)
			}
		})
	}
}

// TestAzapiNamesInAnyCase: ARM does not mind the case of names, so that another
// one is no omission.
func TestAzapiNamesInAnyCase(t *testing.T) {
	for name, body := range map[string]any{
		"an object": m{"Properties": m{"EnableNonSSLPort": true, "minimumTLSVersion": "1.0", "PublicNetworkAccess": "Enabled",
			"RedisConfiguration": m{"AAD-enabled": "true"}, "SKU": m{"Name": "Premium"}}},
		"JSON text": `{"PROPERTIES":{"EnableNonSSLPort":true,"minimumTLSVersion":"1.0","PublicNetworkAccess":"Enabled",` +
			`"RedisConfiguration":{"AAD-enabled":"true"},"SKU":{"Name":"Premium"}}}`,
	} {
		c := one(t, newSynth().change("azapi_resource.a", "create", nil, with(azapi(m{}), m{"body": body}), m{"id": true})).After
		const want = "nonTLS=true tls=1.0 public=true auth=unset entra=true keys=unset subnet=unset tier=Premium"
		if got := facts(c); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
	unknown := m{"id": true, "body": m{"properties": m{"MinimumTLSVersion": true}}}
	if c := one(t, newSynth().change("azapi_resource.a", "create", nil, azapi(m{}),
		unknown)).After; say(c.MinimumTLSVersion) != "known_after_apply" {
		t.Errorf("unknown: %s", say(c.MinimumTLSVersion))
	}
}

// TestAzapiEndpoints: what the lists of connections say of an endpoint.
func TestAzapiEndpoints(t *testing.T) {
	connection := func(id string) m {
		return m{"properties": m{"groupIds": []any{"redisCache"}, "privateLinkServiceId": id}}
	}
	auto := m{"privateLinkServiceConnections": []any{connection(cacheA)}}
	byHand := m{"manualPrivateLinkServiceConnections": []any{connection(cacheA)}}
	for name, tt := range map[string]struct {
		before, after, unknown m
		want                   string
	}{
		"automatic":        {nil, auto, nil, "azapi_resource.e=Approved"},
		"by hand":          {nil, byHand, nil, "azapi_resource.e=Pending"},
		"by hand before":   {byHand, auto, nil, "azapi_resource.e=Approved"},
		"automatic before": {auto, byHand, nil, "azapi_resource.e=Pending"},
		"two connections": {nil, m{"privateLinkServiceConnections": []any{connection(cacheB), connection(cacheA)}}, nil,
			"?azapi_resource.e"},
		"both lists": {nil, with(byHand, m{"privateLinkServiceConnections": []any{connection(cacheB)}}), nil,
			"?azapi_resource.e"},
		"a list that is not known": {nil, m{}, m{"privateLinkServiceConnections": true}, "?azapi_resource.e"},
		"a list of manual ones is": {nil, m{}, m{"manualPrivateLinkServiceConnections": true}, "?azapi_resource.e"},
		"properties that are not":  {nil, nil, nil, "?azapi_resource.e"},
		"another service altogether": {nil, m{"privateLinkServiceConnections": []any{m{"properties": m{"groupIds": []any{"blob"},
			"privateLinkServiceId": cacheA}}}}, nil, "none"},
	} {
		t.Run(name, func(t *testing.T) {
			e := func(properties m) m {
				if properties == nil {
					return nil
				}
				return m{"type": "Microsoft.Network/privateEndpoints@2024-05-01", "name": "e", "body": m{"properties": properties}}
			}
			actions, after, unknown := "create", e(tt.after), m{"id": true, "body": m{"properties": tt.unknown}}
			if tt.before != nil {
				actions = "delete,create"
			}
			if tt.after == nil {
				after, unknown = m{"type": "Microsoft.Network/privateEndpoints@2024-05-01", "body": m{}}, m{"body": m{"properties": true}}
			}
			s := newSynth().cache(a, "a").change("azapi_resource.e", actions, e(tt.before), after, unknown)
			s.root.resource("azapi_resource.e", m{"body": refs("local.x")})
			got := links(one(t, s).After.PrivateEndpoints, func(e posture.PrivateEndpoint) string { return e.Address + "=" + say(e.Approval) })
			if got != tt.want {
				t.Errorf("endpoints %s, want %s", got, tt.want)
			}
		})
	}
}

// TestAzapiLogWithoutEnabled: ARM requires it, and what its absence means nobody says.
func TestAzapiLogWithoutEnabled(t *testing.T) {
	s := newSynth().cache(a, "a").change("azapi_resource.d", "create", nil,
		m{"type": "Microsoft.Insights/diagnosticSettings@2021-05-01-preview", "name": "d",
			"parent_id": cacheA, "body": m{"properties": m{"workspaceId": "/w", "logs": []any{m{"category": "x"}}}}}, m{"id": true})
	if set := one(t, s).After.DiagnosticSettings; len(set.Items) != 1 || !set.Items[0].Logs.V[0].Enabled.IsUnknown() {
		t.Errorf("%+v", set)
	}
}

// TestAzapiServiceBus: a destination that azurerm has no argument for.
func TestAzapiServiceBus(t *testing.T) {
	setting := func(properties, unknown, written m) []posture.Value[string] {
		s := newSynth().cache(a, "a").change("azapi_resource.d", "create", nil,
			m{"type": "Microsoft.Insights/diagnosticSettings@2021-05-01-preview", "name": "d",
				"parent_id": cacheA, "body": m{"properties": with(m{"logs": []any{m{"category": "x", "enabled": true}}}, properties)}},
			with(m{"id": true}, unknown))
		s.root.resource("azapi_resource.d", written)
		set := one(t, s).After.DiagnosticSettings
		if len(set.Items) != 1 {
			t.Fatalf("%+v", set)
		}
		return set.Items[0].Destinations
	}
	known := func(d posture.Value[string]) bool { return d.IsKnown() && d.V == "/r" }
	if d := setting(m{"serviceBusRuleId": "/r"}, m{}, m{}); !slices.ContainsFunc(d, known) {
		t.Errorf("%+v", d)
	}
	if d := setting(m{}, m{"body": m{"properties": m{"serviceBusRuleId": true}}}, m{}); !slices.ContainsFunc(d,
		posture.Value[string].IsUnknown) {
		t.Errorf("%+v", d)
	}
}

// TestSourcePorts: in whichever way a rule is written, its source ports are a
// fact of the posture.
func TestSourcePorts(t *testing.T) {
	const groupAt, ruleAt, azapiGroupAt, azapiRuleAt = "azurerm_network_security_group.g", "azurerm_network_security_rule.r",
		"azapi_resource.g", "azapi_resource.r"
	const groupType = "Microsoft.Network/networkSecurityGroups"
	attach := func(s *synth, group string) {
		s.change("azurerm_subnet_network_security_group_association.x", "create", nil, m{},
			m{"subnet_id": true, "network_security_group_id": true})
		s.root.resource("azurerm_subnet_network_security_group_association.x",
			m{"subnet_id": refs("azurerm_subnet.s.id"), "network_security_group_id": refs(group + ".id")})
	}
	azurermGroup := func(s *synth, rules []any, unknown m) {
		s.change(groupAt, "create", nil, m{"name": "g", "resource_group_name": "rg", "security_rule": rules}, with(unknown, m{"id": true}))
		s.root.resource(groupAt, m{})
		attach(s, groupAt)
	}
	azapiGroup := func(s *synth, properties m) {
		s.change(azapiGroupAt, "create", nil, m{"type": groupType + "@2024-05-01", "name": "g", "body": m{"properties": properties}},
			m{"id": true})
		s.root.resource(azapiGroupAt, m{})
		attach(s, azapiGroupAt)
	}
	for name, tt := range map[string]struct {
		edit func(s *synth)
		want string
	}{
		"inline":         {func(s *synth) { azurermGroup(s, []any{m{"name": "r", "source_port_range": "12345"}}, nil) }, "12345"},
		"inline, plural": {func(s *synth) { azurermGroup(s, []any{m{"name": "r", "source_port_ranges": []any{"1-2", "3"}}}, nil) }, "1-2 3"},
		"inline, not known": {func(s *synth) {
			azurermGroup(s, []any{m{"name": "r"}}, m{"security_rule": []any{m{"source_port_range": true}}})
		}, "known_after_apply"},
		"separate": {func(s *synth) {
			azurermGroup(s, nil, m{"security_rule": true})
			s.change(ruleAt, "create", nil, m{"name": "r", "resource_group_name": "rg", "network_security_group_name": "g", "source_port_range": "7",
				"source_port_ranges": nil}, m{"id": true})
			s.root.resource(ruleAt, m{})
		}, "7"},
		"separate, plural": {func(s *synth) {
			azurermGroup(s, nil, m{"security_rule": true})
			s.change(ruleAt, "create", nil, m{"name": "r", "resource_group_name": "rg", "network_security_group_name": "g",
				"source_port_ranges": []any{"8", "9"}}, m{"id": true})
			s.root.resource(ruleAt, m{})
		}, "8 9"},
		"azapi, inline": {func(s *synth) {
			azapiGroup(s, m{"securityRules": []any{m{"name": "r", "properties": m{"sourcePortRange": "12345"}}}})
		}, "12345"},
		"azapi, inline, plural": {func(s *synth) {
			azapiGroup(s, m{"securityRules": []any{m{"name": "r", "properties": m{"sourcePortRanges": []any{"1", "5-6"}}}}})
		}, "1 5-6"},
		"azapi, separate": {func(s *synth) {
			azapiGroup(s, m{})
			s.change(azapiRuleAt, "create", nil, m{"type": groupType + "/securityRules@2024-05-01", "name": "r",
				"body": m{"properties": m{"sourcePortRange": "10"}}}, m{"parent_id": true})
			s.root.resource(azapiRuleAt, m{"parent_id": refs(azapiGroupAt + ".id")})
		}, "10"},
		"azapi, separate, plural": {func(s *synth) {
			azapiGroup(s, m{})
			s.change(azapiRuleAt, "create", nil, m{"type": groupType + "/securityRules@2024-05-01", "name": "r",
				"body": m{"properties": m{"sourcePortRanges": []any{"11", "12"}}}}, m{"parent_id": true})
			s.root.resource(azapiRuleAt, m{"parent_id": refs(azapiGroupAt + ".id")})
		}, "11 12"},
	} {
		t.Run(name, func(t *testing.T) {
			s := bareSubnet()
			tt.edit(s)
			rules := one(t, s).After.Subnet.SecurityGroup.V.Rules.Items
			if len(rules) != 1 {
				t.Fatalf("%d rules", len(rules))
			}
			var got []string
			for _, p := range rules[0].SourcePorts {
				got = append(got, say(p))
			}
			if text := strings.Join(got, " "); text != tt.want {
				t.Errorf("source ports %q, want %q", text, tt.want)
			}
		})
	}
}

// TestAzapiEvidence: what is read of a companion of azapi says where the body has
// it, in ARM's words.
func TestAzapiEvidence(t *testing.T) {
	resource := func(arm, parent string, properties m) m {
		return m{"type": arm + "@2024-05-01", "name": "n", "parent_id": parent, "body": m{"properties": properties}}
	}
	const group = "/subscriptions/" + subscription + "/resourceGroups/rg"
	s := newSynth().cache(a, "a").
		change("azapi_resource.d", "create", nil, resource("Microsoft.Insights/diagnosticSettings", cacheA,
			m{"workspaceId": "/w", "logs": []any{m{"category": "x", "enabled": true}}}), m{"id": true}).
		change("azapi_resource.f", "create", nil, resource("Microsoft.Cache/redis/firewallRules", cacheA,
			m{"startIP": "10.0.0.1", "endIP": "10.0.0.9"}), m{"id": true}).
		change("azapi_resource.g", "create", nil, resource("Microsoft.Cache/redis/accessPolicyAssignments", cacheA,
			m{"accessPolicyName": "Data Owner"}), m{"id": true}).
		change("azapi_resource.p", "create", nil, resource("Microsoft.Authorization/policyAssignments", cacheA,
			m{"policyDefinitionId": "/d", "enforcementMode": "DoNotEnforce", "parameters": m{"effect": m{"value": "Deny"}}}), m{"id": true}).
		change("azapi_resource.e", "create", nil, resource("Microsoft.Network/privateEndpoints", group,
			m{"manualPrivateLinkServiceConnections": []any{m{"properties": m{"privateLinkServiceId": cacheA, "groupIds": []any{"redisCache"}}}}}),
			m{"id": true})
	c := one(t, s).After
	n := len(c.DiagnosticSettings.Items) * len(c.FirewallRules.Items) * len(c.AccessPolicyAssignments.Items)
	if n *= len(c.PolicyAssignments.Items) * len(c.PrivateEndpoints.Items); n != 1 {
		t.Fatalf("%+v", c)
	}
	policy := c.PolicyAssignments.Items[0]
	for want, got := range map[string]string{
		"body.properties.logs":                                c.DiagnosticSettings.Items[0].Logs.Source.Path,
		"body.properties.logs.enabled":                        c.DiagnosticSettings.Items[0].Logs.V[0].Enabled.Source.Path,
		"body.properties.workspaceId":                         c.DiagnosticSettings.Items[0].Destinations[0].Source.Path,
		"body.properties.startIP":                             c.FirewallRules.Items[0].Start.Source.Path,
		"body.properties.accessPolicyName":                    c.AccessPolicyAssignments.Items[0].PolicyName.Source.Path,
		"body.properties.policyDefinitionId":                  policy.DefinitionID.Source.Path,
		"body.properties.enforcementMode":                     policy.Enforced.Source.Path,
		"body.properties.parameters":                          policy.Parameters.Source.Path,
		"body.properties.manualPrivateLinkServiceConnections": c.PrivateEndpoints.Items[0].Approval.Source.Path,
	} {
		if got != want {
			t.Errorf("evidence of %s is at %s", want, got)
		}
	}
	if policy.Enforced.V || len(policy.Parameters.V) != 1 || c.PrivateEndpoints.Items[0].Approval.V != posture.ApprovalPending {
		t.Errorf("%+v, %+v", policy, c.PrivateEndpoints.Items[0])
	}
}

// TestAzapiSubnetID: a subnet of azapi is named by the id that it will have.
func TestAzapiSubnetID(t *testing.T) {
	const network = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v"
	cache := newCache("a")
	delete(cache, "subnet_id")
	s := newSynth().change(a, "create", nil, with(cache, m{"sku_name": "Premium"}), m{"id": true, "subnet_id": true})
	s.root.resource(a, m{"subnet_id": refs("azapi_resource.s.id")})
	s.change("azapi_resource.s", "create", nil, m{"type": "Microsoft.Network/virtualNetworks/subnets@2024-05-01", "name": "s",
		"parent_id": network,
		"body":      m{"properties": m{"addressPrefix": "10.0.0.0/24"}}}, m{"id": true})
	s.root.resource("azapi_resource.s", m{})
	c := one(t, s).After
	if got, _ := c.SubnetID.Get(); got != network+"/subnets/s" {
		t.Errorf("the subnet is %s", got)
	}
	if got := c.Subnet.Prefixes; !slices.Equal(got.V, []string{"10.0.0.0/24"}) || got.Source.Path != "body.properties.addressPrefix" {
		t.Errorf("prefixes are %v at %s", got.V, got.Source.Path)
	}
}
