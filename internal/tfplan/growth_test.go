package tfplan_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// grown is a plan, and perhaps a configuration, in which one count is n.
type grown struct {
	plan   *synth
	source string
}

// injectedCaches adds n caches in the subnet of one security group with rules.
func injectedCaches(s *synth, n, rules int) {
	s.change("azurerm_subnet.s", "create", nil, newSubnet, m{"id": true, "network_security_group_id": true})
	s.root.resource("azurerm_subnet.s", m{})
	list := []any{}
	for i := range rules {
		list = append(list, m{"name": fmt.Sprint("r", i), "priority": 100 + i, "direction": "Inbound", "access": "Deny", "protocol": "Tcp",
			"source_port_range": "*", "source_address_prefix": fmt.Sprintf("%d.%d.0.0/24", 1+i%200, i/200), "destination_port_range": "6000-6400",
			"destination_address_prefix": "*"})
	}
	s.change("azurerm_network_security_group.n", "create", nil, m{"name": "n", "resource_group_name": "rg", "security_rule": list},
		m{"id": true})
	s.root.resource("azurerm_network_security_group.n", m{})
	s.change("azurerm_subnet_network_security_group_association.x", "create", nil, m{},
		m{"subnet_id": true, "network_security_group_id": true})
	s.root.resource("azurerm_subnet_network_security_group_association.x",
		m{"subnet_id": refs("azurerm_subnet.s.id"), "network_security_group_id": refs("azurerm_network_security_group.n.id")})
	for i := range n {
		address := fmt.Sprint("azurerm_redis_cache.i", i)
		c := with(newCache(fmt.Sprint("i", i)), m{"sku_name": "Premium", "family": "P"})
		delete(c, "subnet_id")
		s.change(address, "create", nil, c, m{"id": true, "subnet_id": true})
		s.root.resource(address, m{"subnet_id": refs("azurerm_subnet.s.id")})
	}
}

func caches(s *synth, n int) {
	for i := range n {
		address := fmt.Sprint("azurerm_redis_cache.c", i)
		s.cache(address, fmt.Sprint("c", i))
		s.root.resource(address, m{})
	}
}

// growth are the counts that an input controls.
var growth = map[string]func(n int) grown{
	"caches": func(n int) grown {
		s := newSynth()
		caches(s, n)
		return grown{plan: s}
	},
	"rules of a security group by azapi": func(n int) grown {
		s := newSynth()
		injectedCaches(s, 3, 0)
		list := []any{}
		for i := range n {
			list = append(list, m{"name": fmt.Sprint("r", i),
				"properties": m{"priority": 100 + i, "direction": "Inbound", "access": "Deny", "protocol": "Tcp", "sourceAddressPrefix": "10.0.0.0/8"}})
		}
		s.change("azapi_resource.g", "create", nil, m{"type": "Microsoft.Network/networkSecurityGroups@2024-05-01", "name": "g",
			"parent_id": "/subscriptions/" + subscription + "/resourceGroups/rg", "body": m{"properties": m{"securityRules": list}}}, m{"id": true})
		s.root.resource("azapi_resource.g", m{})
		return grown{plan: s}
	},
	"rules of a security group": func(n int) grown {
		s := newSynth()
		injectedCaches(s, 3, n)
		return grown{plan: s}
	},
	"separate rules": func(n int) grown {
		s := newSynth()
		injectedCaches(s, 3, 0)
		for i := range n {
			address := fmt.Sprint("azurerm_network_security_rule.r", i)
			s.change(address, "create", nil, m{"name": fmt.Sprint("s", i), "resource_group_name": "rg", "network_security_group_name": "n",
				"priority": 100 + i, "direction": "Inbound",
				"access": "Allow", "protocol": "Tcp", "source_port_range": "*", "source_address_prefix": "10.0.0.0/8", "destination_port_range": "6380",
				"destination_address_prefix": "*"}, nil)
			s.root.resource(address, m{})
		}
		return grown{plan: s}
	},
	"caches of a security group": func(n int) grown {
		s := newSynth()
		injectedCaches(s, n, 50)
		return grown{plan: s}
	},
	"policy assignments": func(n int) grown {
		s := newSynth()
		caches(s, 3)
		for i := range n {
			s.change(fmt.Sprint("azurerm_resource_group_policy_assignment.p", i), "create", nil,
				m{"name": fmt.Sprint("p", i), "policy_definition_id": "/d",
					"resource_group_id": "/subscriptions/" + subscription + "/resourceGroups/rg"}, m{"id": true})
		}
		return grown{plan: s}
	},
	"policy exemptions": func(n int) grown {
		s := newSynth()
		caches(s, 3)
		const id = "/subscriptions/" + subscription + "/resourceGroups/rg"
		s.change("azurerm_resource_group_policy_assignment.p", "create", nil,
			m{"name": "p", "policy_definition_id": "/d", "resource_group_id": id}, m{"id": true})
		for i := range n {
			s.change(fmt.Sprint("azurerm_resource_group_policy_exemption.e", i), "create", nil, m{"resource_group_id": id + "x",
				"policy_assignment_id": id + "/providers/Microsoft.Authorization/policyAssignments/p"}, nil)
		}
		return grown{plan: s}
	},
	"updates of one cache": func(n int) grown {
		s := newSynth()
		caches(s, 2)
		for i := range n {
			address := fmt.Sprint("azapi_update_resource.u", i)
			s.change(address, "create", nil, m{"type": "Microsoft.Cache/redis@2024-11-01", "body": m{"properties": m{"minimumTlsVersion": "1.2"}}},
				m{"id": true, "resource_id": true})
			s.root.resource(address, m{"resource_id": refs("azurerm_redis_cache.c0.id")})
		}
		return grown{plan: s}
	},
	"updates of nobody knows what": func(n int) grown {
		s := newSynth()
		caches(s, 3)
		for i := range n {
			address := fmt.Sprint("azapi_update_resource.u", i)
			s.change(address, "create", nil, m{"type": "Microsoft.Cache/redis@2024-11-01", "body": m{"properties": m{}}},
				m{"id": true, "resource_id": true})
			s.root.resource(address, m{"resource_id": refs("local.x")})
		}
		return grown{plan: s}
	},
	"private endpoints": func(n int) grown {
		s := newSynth()
		caches(s, 3)
		for i := range n {
			address := fmt.Sprint("azurerm_private_endpoint.e", i)
			s.endpoint(address)
			s.root.resource(address, endpointTo("azurerm_redis_cache.c1.id"))
		}
		return grown{plan: s}
	},
	"caches and endpoints of nobody knows which": func(n int) grown {
		s := newSynth()
		caches(s, n)
		for i := range n {
			address := fmt.Sprint("azurerm_private_endpoint.e", i)
			s.endpoint(address)
			s.root.resource(address, endpointTo("local.cache"))
		}
		return grown{plan: s}
	},
	"firewall rules": func(n int) grown {
		s := newSynth()
		caches(s, 3)
		for i := range n {
			s.change(fmt.Sprint("azurerm_redis_firewall_rule.f", i), "create", nil,
				m{"name": fmt.Sprint("f", i), "redis_cache_name": "c1", "resource_group_name": "rg", "start_ip": "10.0.0.1", "end_ip": "10.0.0.2"}, nil)
		}
		return grown{plan: s}
	},
	"actions": func(n int) grown {
		s := newSynth()
		caches(s, 3)
		for i := range n {
			address := fmt.Sprint("azapi_resource_action.a", i)
			s.change(address, "create", nil, m{"type": "Microsoft.Cache/redis@2024-11-01", "method": "PATCH",
				"body": m{"properties": m{"enableNonSslPort": true}}}, m{"id": true, "resource_id": true})
			s.root.resource(address, m{"resource_id": refs("azurerm_redis_cache.c1.id")})
		}
		return grown{plan: s}
	},
	"caches and updates of nobody knows which": func(n int) grown {
		s := newSynth()
		caches(s, n)
		for i := range n {
			address := fmt.Sprint("azapi_update_resource.u", i)
			s.change(address, "create", nil, m{"type": "Microsoft.Cache/redis@2024-11-01", "body": m{"properties": m{"minimumTlsVersion": "1.2"}}},
				m{"id": true, "resource_id": true})
			s.root.resource(address, m{"resource_id": refs("local.x")})
		}
		return grown{plan: s}
	},
	"caches and policy assignments": func(n int) grown {
		s := newSynth()
		caches(s, n)
		for i := range n {
			s.change(fmt.Sprint("azurerm_resource_group_policy_assignment.p", i), "create", nil,
				m{"name": fmt.Sprint("p", i), "policy_definition_id": "/d",
					"resource_group_id": fmt.Sprint("/subscriptions/", subscription, "/resourceGroups/rg", i)}, m{"id": true})
		}
		return grown{plan: s}
	},
	"caches and invoked actions": func(n int) grown {
		s := newSynth()
		caches(s, n)
		list := []any{}
		for i := range n {
			list = append(list, m{"address": fmt.Sprint("action.azapi_resource_action.x", i), "type": "azapi_resource_action",
				"name": fmt.Sprint("x", i),
				"config_values": m{"type": "Microsoft.Cache/redis@2024-11-01", "method": "PATCH",
					"body": m{"properties": m{"enableNonSslPort": true}}},
				"config_unknown": m{"resource_id": true}, "config_sensitive": m{},
				"lifecycle_action_trigger": m{"triggering_resource_address": fmt.Sprint("azurerm_redis_cache.c", i),
					"action_trigger_event": "AfterCreate"}})
		}
		s.plan["action_invocations"] = list
		return grown{plan: s}
	},
	"caches and template deployments": func(n int) grown {
		s := newSynth()
		caches(s, n)
		for i := range n {
			s.change(fmt.Sprint("azurerm_resource_group_template_deployment.t", i), "create", nil,
				m{"name": "x", "resource_group_name": "rg", "deployment_mode": "Incremental",
					"template_content": fmt.Sprintf(`{"resources":[{"type":"Microsoft.Cache/redis","name":"c%d"},{"type":"Microsoft.Web/sites",`+
						`"name":"w"}]}`, i)}, m{"id": true})
		}
		return grown{plan: s}
	},
	"outputs that take keys": func(n int) grown {
		s := newSynth()
		caches(s, 3)
		for i := range n {
			s.root.outputs[fmt.Sprint("k", i)] = m{"expression": refs("azurerm_redis_cache.c1.primary_access_key")}
		}
		return grown{plan: s}
	},
	"private DNS zones and links": func(n int) grown {
		s := newSynth()
		caches(s, 3)
		for i := range n {
			zone := m{"name": fmt.Sprint("z", i), "resource_group_name": "rg"}
			s.change(fmt.Sprint("azurerm_private_dns_zone.z", i), "create", nil, zone, m{"id": true})
			s.change(fmt.Sprint("azurerm_private_dns_zone_virtual_network_link.l", i), "create", nil,
				m{"private_dns_zone_name": fmt.Sprint("z", i), "resource_group_name": "rg"}, nil)
		}
		return grown{plan: s}
	},
	"modules": func(n int) grown {
		s := newSynth()
		for i := range n {
			name := fmt.Sprint("m", i)
			s.cache("module."+name+".azurerm_redis_cache.x", name)
			child := newMod()
			child.resource("azurerm_redis_cache.x", m{})
			child.outputs["id"] = m{"expression": refs("azurerm_redis_cache.x.id")}
			s.root.calls[name] = m{"module": child.json()}
			address := fmt.Sprint("azurerm_private_endpoint.e", i)
			s.endpoint(address)
			s.root.resource(address, endpointTo("module."+name+".id"))
		}
		return grown{plan: s}
	},
	"locals that lead to each other": func(n int) grown {
		s := newSynth()
		caches(s, 3)
		s.endpoint("azurerm_private_endpoint.e")
		s.root.resource("azurerm_private_endpoint.e", endpointTo("local.l0"))
		var source strings.Builder
		for i := range 3 {
			fmt.Fprintf(&source, "resource \"azurerm_redis_cache\" \"c%d\" {}\n", i)
		}
		source.WriteString("resource \"azurerm_private_endpoint\" \"e\" {\n private_service_connection {\n private_connection_resource_id = " +
			"local.l0\n}\n}\n")
		for i := range n {
			next := "azurerm_redis_cache.c1.id"
			if i%100 != 99 && i < n-1 {
				next = fmt.Sprint("local.l", i+1)
			}
			fmt.Fprintf(&source, "locals { l%d = %s }\n", i, next)
		}
		return grown{s, source.String()}
	},
	"resources of a configuration": func(n int) grown {
		s := newSynth()
		caches(s, 3)
		var source strings.Builder
		for i := range 3 {
			fmt.Fprintf(&source, "resource \"azurerm_redis_cache\" \"c%d\" {}\n", i)
		}
		for i := range n {
			fmt.Fprintf(&source, "resource \"azurerm_key_vault_secret\" \"s%d\" {\n value = azurerm_redis_cache.c1.primary_access_key\n}\n", i)
		}
		return grown{s, source.String()}
	},
}

// TestGrowth: ten times of any count takes at most fourteen times the
// allocations of reading, linking and judging a plan.
func TestGrowth(t *testing.T) {
	for name, grow := range growth {
		t.Run(name, func(t *testing.T) {
			const n = 150 // beyond what is told one by one
			small, large := allocated(t, grow(n)), allocated(t, grow(10*n))
			if large > 14*small {
				t.Errorf("%d take %d allocations, %d take %d: %.1f times", n, small, 10*n, large, float64(large)/float64(small))
			}
		})
	}
}

// BenchmarkGrowth tells the time of the same, for people.
func BenchmarkGrowth(b *testing.B) {
	for name, grow := range growth {
		for _, n := range []int{1000, 10000} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				raw, config := grow(n).prepare(b)
				for b.Loop() {
					judgeAll(b, raw, config)
				}
			})
		}
	}
}

func (g grown) prepare(t testing.TB) ([]byte, *tfconfig.Configuration) {
	t.Helper()
	g.plan.plan["resource_changes"] = g.plan.changes
	g.plan.plan["configuration"] = m{"root_module": g.plan.root.json()}
	raw := asTerraformWrites(t, g.plan.plan)
	if g.source == "" {
		return raw, nil
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(g.source), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := tfconfig.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return raw, config
}

func allocated(t *testing.T, g grown) uint64 {
	t.Helper()
	raw, config := g.prepare(t)
	judgeAll(t, raw, config) // what is set up once does not count
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	judgeAll(t, raw, config)
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}

func judgeAll(t testing.TB, raw []byte, config *tfconfig.Configuration) {
	t.Helper()
	p, err := tfplan.Read(t.Context(), bytes.NewReader(raw), tfplan.Options{Configuration: config})
	if err != nil {
		t.Fatal(err)
	}
	for c := range p.Caches() {
		baseline.Published().EvaluateChange(c.After, c.Before, baseline.Options{})
	}
}
