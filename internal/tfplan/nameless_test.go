package tfplan_test

import (
	"maps"
	"strings"
	"testing"
)

// TestNameless: a cache whose name is known after apply may get the name that an
// id is written with, unless its place differs or another cache has the name.
func TestNameless(t *testing.T) {
	const c, redisType = "azurerm_redis_cache.c", "Microsoft.Cache/redis@2024-11-01"
	elsewhere := strings.Replace(cacheA, "/rg/", "/other/", 1)
	abroad := strings.Replace(cacheA, subscription, "22222222-2222-2222-2222-222222222222", 1)
	build := func(unknown m) *synth {
		after := newCache("c")
		maps.DeleteFunc(after, func(name string, _ any) bool { return unknown[name] != nil })
		s := newSynth().change(c, "create", nil, after, with(m{"id": true}, unknown)).cache(b, "b")
		return s.ofSubscription()
	}
	name, place := m{"name": true}, m{"name": true, "resource_group_name": true}
	for title, tt := range map[string]struct {
		unknown m
		id      string
		doubt   bool
	}{
		"its name":                      {name, cacheA, true},
		"its name and its place":        {place, cacheA, true},
		"another cache has it":          {name, cacheB, false},
		"another resource group":        {name, elsewhere, false},
		"no place, another group":       {place, elsewhere, true},
		"another subscription":          {name, abroad, false},
		"another subscription, nowhere": {place, abroad, false},
	} {
		t.Run(title, func(t *testing.T) {
			endpoint, port := "none", "false"
			if tt.doubt {
				endpoint, port = "?e", "known_after_apply"
			}
			s := build(tt.unknown).change("azurerm_private_endpoint.e", "create", nil, target(tt.id), m{"id": true})
			expectEndpoints(t, s.read(t), m{c: endpoint})

			body := m{"properties": m{"enableNonSslPort": true}}
			s = build(tt.unknown).change("azapi_resource_action.x", "create", nil, m{"type": redisType, "method": "PATCH",
				"resource_id": tt.id, "body": body}, nil)
			if got := say(cacheAt(t, s.read(t), c).After.NonTLSPort); got != port {
				t.Errorf("after an action the port is %s, want %s", got, port)
			}

			s = build(tt.unknown).change("azapi_update_resource.u", "create", nil, m{"type": redisType, "resource_id": tt.id, "body": body}, nil)
			if got := say(cacheAt(t, s.read(t), c).After.NonTLSPort) == "false"; got == tt.doubt {
				t.Errorf("after an update the port is known: %t", got)
			}
		})
	}

	t.Run("a template", func(t *testing.T) {
		const template = `{"resources":[{"type":"Microsoft.Cache/redis","name":"a","properties":{"enableNonSslPort":true}}]}`
		p := build(name).change("azurerm_resource_group_template_deployment.d", "create", nil,
			m{"deployment_mode": "Incremental", "resource_group_name": "rg", "template_content": template}, m{"id": true}).read(t)
		if got := say(cacheAt(t, p, c).After.NonTLSPort); got != "known_after_apply" {
			t.Errorf("the port is %s", got)
		}
		if len(p.Unjudged()) != 1 {
			t.Errorf("the cache of the template is not told: %v", p.Unjudged())
		}
	})
	t.Run("a firewall rule", func(t *testing.T) {
		rule := m{"name": "f", "redis_cache_name": "a", "resource_group_name": "rg", "start_ip": "8.8.8.8", "end_ip": "8.8.8.8"}
		set := cacheAt(t, build(name).change("azurerm_redis_firewall_rule.f", "create", nil, rule, nil).read(t), c).After.FirewallRules
		if len(set.Items) != 0 || len(set.Doubts) != 1 {
			t.Errorf("got %+v", set)
		}
	})
}
