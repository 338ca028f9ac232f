package tfplan_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// TestSubscriptionsOfNetworks: names join a rule with its group, and an id with
// a subnet or group, only in one subscription.
func TestSubscriptionsOfNetworks(t *testing.T) {
	const other = "22222222-2222-2222-2222-222222222222"
	const mine, theirs = "/subscriptions/" + subscription + "/resourceGroups/rg", "/subscriptions/" + other + "/resourceGroups/rg"
	const network, groups = "/providers/Microsoft.Network/virtualNetworks/v", "/providers/Microsoft.Network/networkSecurityGroups/"
	const ruleAt, groupAt, attachedAt = "azurerm_network_security_rule.r", "azurerm_network_security_group.g",
		"azurerm_subnet_network_security_group_association.x"
	names := m{"resource_group_name": "rg", "network_security_group_name": "g"}
	open := m{"priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "*", "source_address_prefix": "*",
		"source_port_range": "*", "destination_port_range": "*", "destination_address_prefix": "*"}
	rule := func(s *synth, providerKey string, expressions m) {
		s.change(ruleAt, "create", nil, with(with(open, names), m{"name": "r"}), m{"id": true})
		s.root.resource(ruleAt, expressions, m{"provider_config_key": providerKey})
	}
	azapiRule := func(s *synth, parent string, unknown, expressions m) {
		after := m{"type": "Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01", "name": "r",
			"body": m{"properties": m{"priority": 100}}}
		if parent != "" {
			after["parent_id"] = parent
		}
		s.change("azapi_resource.r", "create", nil, after, unknown)
		s.root.resource("azapi_resource.r", expressions, m{"provider_config_key": "azapi"})
	}
	providers := func(s *synth, mine, theirs m) {
		s.plan["provider_config"] = m{"azurerm": m{"expressions": mine}, "azurerm.other": m{"expressions": theirs}}
	}
	named := func(id string) m { return m{"subscription_id": m{"constant_value": id}} }
	byName, byReference := m{}, m{"network_security_group_name": refs("azurerm_network_security_group.g.name")}
	for name, tt := range map[string]struct {
		edit func(s *synth)
		want string
	}{
		"a rule of the same provider":              {func(s *synth) { rule(s, "azurerm", byName) }, "g r"},
		"a rule of another provider":               {func(s *synth) { rule(s, "azurerm.other", byName) }, "g ?" + ruleAt},
		"a rule of another provider, by reference": {func(s *synth) { rule(s, "azurerm.other", byReference) }, "g r"},
		"both providers name one subscription": {func(s *synth) {
			providers(s, named(other), named(other))
			rule(s, "azurerm.other", byName)
		}, "g r"},
		"both name it, one in upper case": {func(s *synth) {
			providers(s, named("ABCDEF00-0000-0000-0000-00000000000A"), named("abcdef00-0000-0000-0000-00000000000a"))
			rule(s, "azurerm.other", byName)
		}, "g r"},
		"the providers name two subscriptions": {func(s *synth) {
			providers(s, named(subscription), named(other))
			rule(s, "azurerm.other", byName)
		}, "g none"},
		"two subscriptions, whatever is referred to": {func(s *synth) {
			providers(s, named(subscription), named(other))
			rule(s, "azurerm.other", byReference)
		}, "g none"},
		"one provider for each of several subscriptions": {func(s *synth) {
			providers(s, m{"subscription_id": refs("each.value")}, m{})
			rule(s, "azurerm", byName)
		}, "g ?" + ruleAt},
		"the other provider's subscription is not known": {func(s *synth) {
			providers(s, named(subscription), m{})
			rule(s, "azurerm.other",
				byName)
		}, "g ?" + ruleAt},
		"what it made already tells the subscription": {func(s *synth) {
			rg := m{"name": "rg", "id": mine}
			s.change("azurerm_resource_group.rg", "no-op", rg, rg, nil)
			s.root.resource("azurerm_resource_group.rg", m{}, m{"provider_config_key": "azurerm.other"})
			providers(s, named(subscription), m{})
			rule(s, "azurerm.other", byName)
		}, "g r"},
		"an azapi rule by its parent's id": {func(s *synth) {
			providers(s, named(subscription), nil)
			azapiRule(s, mine+groups+"g", nil, m{})
		}, "g r"},
		"an azapi rule of another subscription": {func(s *synth) {
			providers(s, named(subscription), nil)
			azapiRule(s, theirs+groups+"g", nil, m{})
		}, "g none"},
		"an azapi rule, and the group's is hidden": {func(s *synth) { azapiRule(s, theirs+groups+"g", nil, m{}) }, "g ?azapi_resource.r"},
		"an azapi rule by reference": {func(s *synth) {
			azapiRule(s, "", m{"parent_id": true}, m{"parent_id": refs("azurerm_network_security_group.g.id")})
		}, "g r"},
		"two groups of one name in one subscription": {func(s *synth) {
			s.change("azurerm_network_security_group.h", "create", nil, m{"name": "G", "resource_group_name": "RG"},
				m{"id": true, "security_rule": true})
			s.root.resource("azurerm_network_security_group.h", m{})
			rule(s, "azurerm", byName)
		}, "g ?" + ruleAt},
		"two groups of one name, by reference": {func(s *synth) {
			s.change("azurerm_network_security_group.h", "create", nil, m{"name": "G", "resource_group_name": "RG"},
				m{"id": true, "security_rule": true})
			s.root.resource("azurerm_network_security_group.h", m{})
			rule(s, "azurerm", byReference)
		}, "g r"},
	} {
		t.Run(name, func(t *testing.T) {
			s := bareSubnet()
			s.change(groupAt, "create", nil, m{"name": "g", "resource_group_name": "rg"}, m{"id": true, "security_rule": true})
			s.root.resource(groupAt, m{})
			s.change(attachedAt, "create", nil, m{}, m{"subnet_id": true, "network_security_group_id": true})
			s.root.resource(attachedAt, m{"subnet_id": refs("azurerm_subnet.s.id"), "network_security_group_id": refs(groupAt + ".id")})
			tt.edit(s)
			g := one(t, s).After.Subnet.SecurityGroup
			got := strings.TrimSuffix(g.V.Name+" "+links(g.V.Rules, func(r posture.SecurityRule) string { return r.Name }), " unseen")
			if got != tt.want {
				t.Errorf("the security group is %q, want %q", got, tt.want)
			}
		})
	}
	azapiSubnet := func(s *synth, group string) {
		s.change("azapi_resource.s", "create", nil, m{"type": "Microsoft.Network/virtualNetworks/subnets@2024-05-01", "name": "s",
			"parent_id": group + network, "body": m{"properties": m{}}}, m{"id": true})
	}
	subnetIn := func(id, group string) func(s *synth) {
		return func(s *synth) {
			sub := m{"id": id, "name": "s", "resource_group_name": "rg", "virtual_network_name": "v", "network_security_group_id": group}
			s.change("azurerm_subnet.s", "no-op", sub, sub, nil)
			g := m{"id": theirs + groups + "g", "name": "g", "resource_group_name": "rg", "security_rule": []any{with(open, m{"name": "theirs"})}}
			s.change(groupAt, "no-op", g, g, nil)
		}
	}
	for name, tt := range map[string]struct {
		edit func(s *synth)
		want string
	}{
		"the subnet of that very id":          {subnetIn(mine+network+"/subnets/s", ""), "unset"},
		"a subnet of the same name elsewhere": {subnetIn(theirs+network+"/subnets/s", ""), "not_observed"},
		"a group of that very id":             {subnetIn(mine+network+"/subnets/s", theirs+groups+"g"), "g theirs"},
		"a group of the same name elsewhere":  {subnetIn(mine+network+"/subnets/s", mine+groups+"g"), "g none unseen"},
		"a new subnet, subscription not known": {func(s *synth) {
			s.change("azurerm_subnet.s", "create", nil, newSubnet, m{"id": true})
		}, "unresolved_reference"},
		"a new network, subscription not known": {func(s *synth) {
			v := m{"name": "v", "resource_group_name": "rg", "subnet": []any{m{"name": "s", "security_group": ""}}}
			s.change("azurerm_virtual_network.v", "create", nil, v, m{"id": true})
		}, "unresolved_reference"},
		"a network of the same name elsewhere": {func(s *synth) {
			v := m{"id": theirs + network, "name": "v", "resource_group_name": "rg", "subnet": []any{m{"name": "s", "security_group": ""}}}
			s.change("azurerm_virtual_network.v", "no-op", v, v, nil)
		}, "not_observed"},
		"an association of the same id, a new subnet of the name": {func(s *synth) {
			s.change("azurerm_subnet.s", "create", nil, newSubnet, m{"id": true})
			x := m{"subnet_id": mine + network + "/subnets/s", "network_security_group_id": theirs + groups + "g"}
			s.change(attachedAt, "create", nil, x, m{"id": true})
		}, "g none unseen"},
		"an association of the same names elsewhere": {func(s *synth) {
			x := m{"subnet_id": theirs + network + "/subnets/s", "network_security_group_id": theirs + groups + "g"}
			s.change(attachedAt, "create", nil, x, m{"id": true})
		}, "not_observed"},
		"an azapi subnet of the same name elsewhere": {func(s *synth) {
			azapiSubnet(s, theirs)
		}, "not_observed"},
		"an azapi subnet of that very parent": {func(s *synth) {
			azapiSubnet(s, mine)
		}, "unset"},
	} {
		t.Run("by id: "+name, func(t *testing.T) {
			s := newSynth().change(a, "create", nil, with(newCache("a"), m{"sku_name": "Premium", "subnet_id": mine + network + "/subnets/s"}),
				m{"id": true})
			tt.edit(s)
			g := one(t, s).After.Subnet.SecurityGroup
			got := say(g)
			if g.IsKnown() {
				got = g.V.Name + " " + links(g.V.Rules, func(r posture.SecurityRule) string { return r.Name })
			}
			if got != tt.want {
				t.Errorf("the security group is %q, want %q", got, tt.want)
			}
		})
	}
}

// TestSharedGroup: caches that a security group guards share its rules, and what
// is worked out from them.
func TestSharedGroup(t *testing.T) {
	const id = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Network/"
	subnet := m{"id": id + "virtualNetworks/v/subnets/s", "name": "s", "resource_group_name": "rg", "virtual_network_name": "v",
		"network_security_group_id": id + "networkSecurityGroups/g"}
	group := m{"id": id + "networkSecurityGroups/g", "name": "g", "resource_group_name": "rg",
		"security_rule": []any{m{"name": "r", "priority": 100}}}
	s := newSynth().change("azurerm_subnet.s", "no-op", subnet, subnet, nil).change("azurerm_network_security_group.g", "no-op", group, group,
		nil)
	for _, name := range []string{"a", "b"} {
		s.change("azurerm_redis_cache."+name, "create", nil, with(newCache(name), m{"sku_name": "Premium", "subnet_id": subnet["id"]}),
			m{"id": true})
	}
	p := s.read(t)
	one, other := cacheAt(t, p, "azurerm_redis_cache.a").After.Subnet.SecurityGroup.V,
		cacheAt(t, p, "azurerm_redis_cache.b").After.Subnet.SecurityGroup.V
	if one.Memo == nil || one.Memo != other.Memo || len(one.Rules.Items) != 1 || &one.Rules.Items[0] != &other.Rules.Items[0] {
		t.Errorf("the group is read twice: %+v, %+v", one, other)
	}
}

// TestNetworkCost: ten times the caches, groups and rules, of one name or of
// names that are not known, take at most fourteen times the allocations.
func TestNetworkCost(t *testing.T) {
	for name, tt := range map[string]struct {
		rule, unknown, expressions m
	}{
		"names of their own": {m{"resource_group_name": "rg"}, nil, m{}},
		"one name":           {m{"resource_group_name": "rg", "network_security_group_name": "g"}, nil, m{}},
		"names not known": {m{"resource_group_name": "rg"}, m{"network_security_group_name": true},
			m{"network_security_group_name": refs("local.x")}},
		"names by references": {m{"resource_group_name": "rg"}, m{"network_security_group_name": true}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			allocations := func(n int) float64 {
				s := newSynth()
				for i := range n {
					cache, subnet, group := fmt.Sprint("azurerm_redis_cache.c", i), fmt.Sprint("azurerm_subnet.s", i),
						fmt.Sprint("azurerm_network_security_group.g", i)
					attached, rule := fmt.Sprint("azurerm_subnet_network_security_group_association.x", i),
						fmt.Sprint("azurerm_network_security_rule.r", i)
					own, groupName := m{"priority": 100, "name": fmt.Sprint("r", i)}, "g"
					if tt.rule["network_security_group_name"] == nil {
						groupName = fmt.Sprint("g", i)
					}
					if tt.unknown == nil {
						own["network_security_group_name"] = groupName
					}
					expressions := tt.expressions
					if expressions == nil {
						expressions = m{"network_security_group_name": refs(group + ".name")}
					}
					s.change(cache, "create", nil, with(newCache(fmt.Sprint("c", i)), m{"sku_name": "Premium"}), m{"id": true, "subnet_id": true})
					s.root.resource(cache, m{"subnet_id": refs(subnet + ".id")})
					s.change(subnet, "create", nil, with(newSubnet, m{"name": fmt.Sprint("s", i)}), m{"id": true})
					s.root.resource(subnet, m{})
					s.change(group, "create", nil, m{"name": groupName, "resource_group_name": "rg"}, m{"id": true, "security_rule": true})
					s.root.resource(group, m{})
					s.change(attached, "create", nil, m{}, m{"subnet_id": true, "network_security_group_id": true})
					s.root.resource(attached, m{"subnet_id": refs(subnet + ".id"), "network_security_group_id": refs(group + ".id")})
					s.change(rule, "create", nil, with(own, tt.rule), tt.unknown)
					s.root.resource(rule, expressions)
				}
				s.read(t)
				raw, err := json.Marshal(s.plan)
				if err != nil {
					t.Fatal(err)
				}
				return testing.AllocsPerRun(1, func() {
					p, err := tfplan.Read(t.Context(), bytes.NewReader(raw), tfplan.Options{})
					if err != nil {
						t.Fatal(err)
					}
					for range p.Caches() { //nolint:revive // building the postures is the work
					}
				})
			}
			// A hundred doubts of one group are told, so that this many is where it grows no more.
			if small, large := allocations(100), allocations(1000); large > 14*small {
				t.Errorf("100 caches allocate %.0f times, 1000 caches %.0f", small, large)
			}
		})
	}
}
