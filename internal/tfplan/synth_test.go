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

// m is a JSON object of a plan written by hand.
type m = map[string]any

const (
	subscription = "11111111-1111-1111-1111-111111111111"
	cacheA       = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Cache/redis/a"
	cacheB       = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Cache/redis/b"
)

// synth is a plan under construction.
type synth struct {
	plan    m
	changes []any
	root    *mod
}

// mod is a module of its configuration.
type mod struct {
	resources []any
	calls     m
	outputs   m
}

func newSynth() *synth {
	return &synth{plan: m{"format_version": "1.2", "complete": true}, root: newMod()}
}

func newMod() *mod { return &mod{calls: m{}, outputs: m{}} }

func (x *mod) json() m {
	return m{"resources": x.resources, "module_calls": x.calls, "outputs": x.outputs}
}

// change adds a resource change; actions are separated by a comma.
func (s *synth) change(address, actions string, before, after, unknown m) *synth {
	segs := strings.Split(address, ".")
	for len(segs) > 2 && segs[0] == "module" {
		segs = segs[2:]
	}
	var b, a any
	if before != nil {
		b = before
	}
	if after != nil {
		a = after
	}
	s.changes = append(s.changes, m{"address": address, "mode": "managed", "type": segs[0], "name": segs[1],
		"change": m{"actions": strings.Split(actions, ","), "before": b, "after": a, "after_unknown": unknown}})
	return s
}

// cache adds a cache of azurerm 5 that is created in the resource group rg.
func (s *synth) cache(address, name string) *synth {
	s.change(address, "create", nil, newCache(name), m{"id": true})
	return s
}

func newCache(name string) m {
	return m{"name": name, "resource_group_name": "rg", "location": "westeurope", "sku_name": "Standard", "family": "C", "capacity": 1,
		"subnet_id": nil, "public_network_access_enabled": false, "non_ssl_port_enabled": false, "minimum_tls_version": "1.2",
		"access_keys_authentication_enabled": true, "redis_configuration": []any{}, "zones": nil, "shard_count": nil}
}

func with(base m, more m) m {
	out := m{}
	for k, v := range base {
		out[k] = v
	}
	for k, v := range more {
		out[k] = v
	}
	return out
}

// endpoint adds an endpoint whose target is known after apply.
func (s *synth) endpoint(address string) *synth {
	return s.change(address, "create", nil,
		m{"private_service_connection": []any{m{"is_manual_connection": false, "subresource_names": []any{"redisCache"}}},
			"private_dns_zone_group": []any{}},
		m{"private_service_connection": []any{m{"private_connection_resource_id": true}}})
}

func target(id string) m {
	return m{"private_service_connection": []any{m{"is_manual_connection": false, "subresource_names": []any{"rediscache"},
		"private_connection_resource_id": id}}}
}

// resource adds a resource to a module of the configuration.
func (x *mod) resource(address string, expressions m, more ...m) {
	typ, _, _ := strings.Cut(address, ".")
	r := m{"address": address, "mode": "managed", "type": typ, "provider_config_key": "azurerm", "expressions": expressions}
	for _, add := range more {
		r = with(r, add)
	}
	x.resources = append(x.resources, r)
}

// ofSubscription makes the provider name its subscription, and plans every
// resource of the root module with it.
func (s *synth) ofSubscription() *synth {
	s.plan["provider_config"] = m{"azurerm": m{"expressions": m{"subscription_id": m{"constant_value": subscription}}}}
	written := map[any]bool{}
	for _, r := range s.root.resources {
		written[r.(m)["address"]] = true
	}
	for _, c := range s.changes {
		if address := c.(m)["address"].(string); !written[address] && !strings.HasPrefix(address, "module.") {
			s.root.resource(address, m{})
		}
	}
	return s
}

// refs is an expression with references; like Terraform, it lists each with its prefixes.
func refs(list ...string) m {
	out := []any{}
	for _, r := range list {
		out = append(out, r)
		for i := strings.LastIndexByte(r, '.'); i > 0 && strings.Count(r[:i], ".") > 0; i = strings.LastIndexByte(r[:i], '.') {
			if strings.Contains(r[i:], "]") || r[:i] == "module" {
				break
			}
			out = append(out, r[:i])
		}
	}
	return m{"references": out}
}

func endpointTo(list ...string) m {
	return m{"private_service_connection": []any{m{"private_connection_resource_id": refs(list...)}}}
}

func (s *synth) read(t *testing.T) *tfplan.Plan {
	t.Helper()
	return s.readWith(t, tfplan.Options{})
}

func (s *synth) readWith(t *testing.T, opts tfplan.Options) *tfplan.Plan {
	t.Helper()
	s.plan["resource_changes"] = s.changes
	config := m{"root_module": s.root.json()}
	if p, ok := s.plan["provider_config"]; ok {
		config["provider_config"] = p
		delete(s.plan, "provider_config")
	}
	if _, ok := s.plan["configuration"]; !ok {
		s.plan["configuration"] = config
	}
	p, err := tfplan.Read(t.Context(), bytes.NewReader(asTerraformWrites(t, s.plan)), opts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// asTerraformWrites is the JSON of a plan with the configuration after the changes.
func asTerraformWrites(t testing.TB, plan m) []byte {
	t.Helper()
	rest := with(plan, m{})
	delete(rest, "configuration")
	first, err := json.Marshal(rest)
	if err != nil {
		t.Fatal(err)
	}
	last, err := json.Marshal(m{"configuration": plan["configuration"]})
	if err != nil {
		t.Fatal(err)
	}
	return append(append(first[:len(first)-1], ','), last[1:]...)
}

// cacheAt returns one cache of a plan.
func cacheAt(t *testing.T, p *tfplan.Plan, address string) tfplan.Planned {
	t.Helper()
	for c := range p.Caches() {
		if c.After.Address == address {
			return c
		}
	}
	t.Fatalf("no cache at %s", address)
	return tfplan.Planned{}
}

// links words a set: items, doubts with a question mark, and whether absence was seen.
func links[T any](set posture.Set[T], address func(T) string) string {
	var out []string
	for _, i := range set.Items {
		out = append(out, address(i))
	}
	for _, d := range set.Doubts {
		out = append(out, "?"+d.Address)
	}
	if len(out) == 0 {
		out = append(out, "none")
	}
	if !set.Observed {
		out = append(out, "unseen")
	}
	return strings.Join(out, " ")
}

func endpoints(c *posture.Cache) string {
	return links(c.PrivateEndpoints, func(e posture.PrivateEndpoint) string {
		return strings.TrimPrefix(e.Address, "azurerm_private_endpoint.")
	})
}

// expectEndpoints compares the endpoints of caches, "address: links" each.
func expectEndpoints(t *testing.T, p *tfplan.Plan, want m) {
	t.Helper()
	for address, links := range want {
		got := strings.ReplaceAll(endpoints(cacheAt(t, p, address).After), "azurerm_private_endpoint.", "")
		if got != fmt.Sprint(links) {
			t.Errorf("%s has endpoints %q, want %q", address, got, links)
		}
	}
}
