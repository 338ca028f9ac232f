package tfplan_test

import (
	"fmt"
	"strings"
	"testing"
)

// updated is an azapi_update_resource of the cache a that sets a property.
func updated(property string, value any) m {
	return m{"type": "Microsoft.Cache/redis@2024-11-01", "resource_id": cacheA, "id": cacheA, "name": "a",
		"body": m{"properties": m{property: value}}}
}

// after is what a resource of the configuration waits for.
func after(list ...string) m {
	out := []any{}
	for _, s := range list {
		out = append(out, s)
	}
	return m{"depends_on": out}
}

// planOfUpdates is a plan with the cache a and updates of its port, "u" and more.
type planOfUpdates struct {
	cache   string // actions; "port" in front: the cache itself opens the port
	azapi   bool   // and the body says nothing of the port
	updates []m    // each with actions and value, and waits
	cacheIs m      // more of the cache in the configuration
	more    func(*mod)
	want    string
}

func setting(actions string, value any, waits ...string) m {
	return m{"actions": actions, "value": value, "waits": after(waits...)}
}

const azapiA = "azapi_resource.a"

// TestUpdateOrder: an azapi_update_resource counts where this plan applies it
// after the cache got its own values, and the last of several counts.
func TestUpdateOrder(t *testing.T) {
	for name, tt := range map[string]planOfUpdates{
		"no change of either":                  {cache: "no-op", updates: []m{setting("no-op", true, a)}, want: "false"},
		"no change, and the cache changes":     {cache: "update", updates: []m{setting("no-op", true, a)}, want: "false"},
		"no change, and the cache is replaced": {cache: "delete,create", updates: []m{setting("no-op", true, a)}, want: "false"},
		"forgotten":                            {cache: "update", updates: []m{setting("forget", true, a)}, want: "false"},
		"taken away":                           {cache: "update", updates: []m{setting("delete", true)}, want: "false"},
		"created, the cache does not change":   {cache: "no-op", updates: []m{setting("create", true)}, want: "true"},
		"updated, the cache does not change":   {cache: "no-op", updates: []m{setting("update", true)}, want: "true"},
		"created after the cache":              {cache: "create", updates: []m{setting("create", true, a)}, want: "true"},
		"updated after the cache":              {cache: "update", updates: []m{setting("update", true, a)}, want: "true"},
		"replaced after the cache":             {cache: "delete,create", updates: []m{setting("delete,create", true, a)}, want: "true"},
		"no order, other values":               {cache: "update", updates: []m{setting("update", true)}, want: "known_after_apply"},
		"no order, the same value":             {cache: "update", updates: []m{setting("update", false)}, want: "false"},
		"before the cache": {cache: "update", updates: []m{setting("update", true)},
			cacheIs: after("azapi_update_resource.u0"), want: "false"},
		"two in order": {cache: "update",
			updates: []m{setting("update", true, a), setting("update", false, "azapi_update_resource.u0")}, want: "false"},
		"two in the other order": {cache: "update",
			updates: []m{setting("update", true, "azapi_update_resource.u1"), setting("update", false, a)}, want: "true"},
		"two without an order": {cache: "update", updates: []m{setting("update", true, a), setting("update", false, a)},
			want: "known_after_apply"},
		"two without an order that agree": {cache: "update", updates: []m{setting("update", true, a), setting("create", true, a)},
			want: "true"},
		"two in order, the cache in no order": {cache: "update",
			updates: []m{setting("update", true), setting("update", false, "azapi_update_resource.u0")}, want: "false"},
		"two in order, the cache in no order, bad": {cache: "update",
			updates: []m{setting("update", false), setting("update", true, "azapi_update_resource.u0")}, want: "known_after_apply"},
		"two that an earlier one precedes": {cache: "no-op",
			updates: []m{setting("update", false), setting("update", true, "azapi_update_resource.u0"),
				setting("update", true, "azapi_update_resource.u0")}, want: "true"},
		"three, the last after both": {cache: "create",
			updates: []m{setting("create", true, a), setting("create", true, a),
				setting("create", false, "azapi_update_resource.u0", "azapi_update_resource.u1")}, want: "false"},
		"three, the last after one": {cache: "create",
			updates: []m{setting("create", true, a), setting("create", true, a), setting("create", false, "azapi_update_resource.u0")},
			want:    "known_after_apply"},
		"an old one and a new one": {cache: "update", updates: []m{setting("no-op", false, a), setting("create", true, a)},
			want: "true"},
		"a value that apply will tell": {cache: "update", updates: []m{setting("update", nil, a)}, want: "known_after_apply"},
		"through a resource between": {cache: "create", updates: []m{setting("create", true, "time_sleep.wait")},
			more: func(x *mod) { x.resource("time_sleep.wait", m{}, after(a)) }, want: "true"},
		"through a reference of a resource": {cache: "create", updates: []m{setting("create", true, "terraform_data.x")},
			more: func(x *mod) { x.resource("terraform_data.x", m{"input": refs(a + ".hostname")}) }, want: "true"},
		"through a data source": {cache: "create", updates: []m{setting("create", true, "data.azurerm_redis_cache.d")}, more: func(x *mod) {
			x.resource("data.azurerm_redis_cache.d", m{"name": refs(a + ".name")}, m{"mode": "data", "type": "azurerm_redis_cache"})
		}, want: "true"},
		"a resource that waits for something else": {cache: "create", updates: []m{setting("create", true, "time_sleep.wait")},
			more: func(x *mod) { x.resource("time_sleep.wait", m{}, after("azurerm_resource_group.g")) }, want: "known_after_apply"},
		"azapi, no change of either": {cache: "no-op", azapi: true, updates: []m{setting("no-op", true, azapiA)}, want: "true"},
		"azapi, no change, and the cache changes": {cache: "update", azapi: true, updates: []m{setting("no-op", true, azapiA)},
			want: "known_after_apply"},
		"azapi, no change, and a replacement": {cache: "delete,create", azapi: true, updates: []m{setting("no-op", true, azapiA)},
			want: "unset"},
		"azapi, after the cache": {cache: "update", azapi: true, updates: []m{setting("update", true, azapiA)}, want: "true"},
		"azapi, no order": {cache: "update", azapi: true, updates: []m{setting("update", true)},
			want: "known_after_apply"},
		"azapi, before the cache": {cache: "update", azapi: true, updates: []m{setting("update", true)},
			cacheIs: after("azapi_update_resource.u0"), want: "known_after_apply"},
		"azapi, not again, and the cache changed": {cache: "forget", azapi: true, updates: []m{setting("no-op", true, azapiA)}, want: "true"},
		"a loop that nobody can plan does not hang": {cache: "update",
			updates: []m{setting("update", true, "azapi_update_resource.u1"), setting("update", false, "azapi_update_resource.u0")},
			want:    "known_after_apply"},
	} {
		t.Run(name, func(t *testing.T) {
			s, address := newSynth(), a
			before, now := existingA(), newCache("a")
			if tt.azapi {
				address = azapiA
				before = with(azapi(m{"sku": m{"name": "Standard"}}), m{"id": cacheA})
				now = azapi(m{"sku": m{"name": "Standard"}})
			}
			unknown := m{}
			if strings.Contains(tt.cache, "create") {
				unknown["id"] = true
			} else {
				now["id"] = cacheA
			}
			s.changeBy(address, tt.cache, before, now, unknown)
			s.root.resource(address, m{}, tt.cacheIs)
			for i, u := range tt.updates {
				at := fmt.Sprintf("azapi_update_resource.u%d", i)
				v, hidden := updated("enableNonSslPort", u["value"]), m{}
				if u["value"] == nil {
					hidden = m{"body": m{"properties": m{"enableNonSslPort": true}}}
				}
				s.changeBy(at, u["actions"].(string), updated("enableNonSslPort", u["value"]), v, hidden)
				s.root.resource(at, m{"resource_id": m{"constant_value": cacheA}}, u["waits"].(m))
			}
			if tt.more != nil {
				tt.more(s.root)
			}
			if got := say(cacheAt(t, s.read(t), address).After.NonTLSPort); got != tt.want {
				t.Errorf("port %s, want %s", got, tt.want)
			}
		})
	}
}

// changeBy adds a change with the sides that its actions have.
func (s *synth) changeBy(address, actions string, before, after, unknown m) *synth {
	if actions == "create" {
		before = nil
	}
	if actions == "delete" || actions == "forget" {
		after = nil
	}
	return s.change(address, actions, before, after, unknown)
}

// TestUpdateOrderInModules: dependencies lead through variables, outputs and the
// depends_on of module calls; a local leads there with the source only.
func TestUpdateOrderInModules(t *testing.T) {
	const u, inner = "azapi_update_resource.u", "module.x.azapi_update_resource.u"
	call := func(child *mod, arguments m, more m) m {
		return with(m{"module": child.json(), "expressions": arguments}, more)
	}
	for name, tt := range map[string]struct {
		cache, update string
		write         func(root *mod)
		want          string
	}{
		"an argument of the module": {a, inner, func(root *mod) {
			child := newMod()
			child.resource(u, m{"resource_id": refs("var.id")})
			root.resource(a, m{})
			root.calls["x"] = call(child, m{"id": refs(a + ".id")}, m{})
		}, "true"},
		"another argument of the module": {a, inner, func(root *mod) {
			child := newMod()
			child.resource(u, m{"resource_id": refs("var.other")})
			root.resource(a, m{})
			root.calls["x"] = call(child, m{"id": refs(a + ".id")}, m{})
		}, "known_after_apply"},
		"depends_on of the module": {a, inner, func(root *mod) {
			child := newMod()
			child.resource(u, m{})
			root.resource(a, m{})
			root.calls["x"] = call(child, m{}, after(a))
		}, "true"},
		"an output of the module of the cache": {"module.x." + a, u, func(root *mod) {
			child := newMod()
			child.resource(a, m{})
			child.outputs["id"] = m{"expression": refs(a + ".id")}
			root.calls["x"] = call(child, m{}, m{})
			root.resource(u, m{"resource_id": refs("module.x.id")})
		}, "true"},
		"another output of that module": {"module.x." + a, u, func(root *mod) {
			child := newMod()
			child.resource(a, m{})
			child.outputs["id"] = m{"expression": refs(a + ".id")}
			child.outputs["region"] = m{"expression": refs("var.region")}
			root.calls["x"] = call(child, m{}, m{})
			root.resource(u, m{"resource_id": refs("module.x.region")})
		}, "known_after_apply"},
		"depends_on that module": {"module.x." + a, u, func(root *mod) {
			child := newMod()
			child.resource(a, m{})
			root.calls["x"] = call(child, m{}, m{})
			root.resource(u, m{}, after("module.x"))
		}, "true"},
		"a reference to the whole module, which has no output": {"module.x." + a, u, func(root *mod) {
			child := newMod()
			child.resource(a, m{})
			root.calls["x"] = call(child, m{}, m{})
			root.resource(u, m{"body": m{"references": []any{"module.x"}}})
		}, "known_after_apply"},
		"a local": {a, u, func(root *mod) {
			root.resource(a, m{})
			root.resource(u, m{"resource_id": refs("local.id")})
		}, "known_after_apply"},
		"for_each over something of the cache": {a, u, func(root *mod) {
			root.resource(a, m{})
			root.resource(u, m{}, m{"for_each_expression": refs(a + ".zones")})
		}, "true"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().change(tt.cache, "update", existingA(), existingA(), m{}).
				change(tt.update, "update", updated("enableNonSslPort", false), updated("enableNonSslPort", true), m{})
			tt.write(s.root)
			if got := say(cacheAt(t, s.read(t), tt.cache).After.NonTLSPort); got != tt.want {
				t.Errorf("port %s, want %s", got, tt.want)
			}
		})
	}
	t.Run("a local, with the source", func(t *testing.T) {
		s := newSynth().change(a, "update", existingA(), existingA(), m{}).
			change(u, "update", updated("enableNonSslPort", false), updated("enableNonSslPort", true), m{})
		s.root.resource(a, m{})
		s.root.resource(u, m{"resource_id": refs("local.id")})
		p := s.readSource(t, `
resource "azurerm_redis_cache" "a" {}
locals { id = azurerm_redis_cache.a.id }
resource "azapi_update_resource" "u" { resource_id = local.id }
`)
		if got := say(cacheAt(t, p, a).After.NonTLSPort); got != "true" {
			t.Errorf("port %s", got)
		}
	})
}

// TestUpdatesOfOneCacheOutside: several updates of a cache that is not in the
// plan say one thing of it.
func TestUpdatesOfOneCacheOutside(t *testing.T) {
	for name, tt := range map[string]struct {
		first, second m
		want          string
	}{
		"other properties": {setting("update", true), m{"actions": "update", "property": "minimumTlsVersion", "value": "1.0", "waits": m{}},
			"true 1.0"},
		"without an order":      {setting("update", true), setting("update", false), "known_after_apply not_observed"},
		"in order":              {setting("update", true), setting("update", false, "azapi_update_resource.u0"), "false not_observed"},
		"one is not applied":    {setting("no-op", true), setting("update", false), "false not_observed"},
		"neither is applied":    {setting("no-op", true), setting("no-op", true), "true not_observed"},
		"one is only forgotten": {setting("forget", true), setting("update", false), "false not_observed"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth()
			for i, u := range []m{tt.first, tt.second} {
				property := "enableNonSslPort"
				if p, ok := u["property"]; ok {
					property = p.(string)
				}
				at := fmt.Sprintf("azapi_update_resource.u%d", i)
				v := updated(property, u["value"])
				s.changeBy(at, u["actions"].(string), v, v, m{})
				s.root.resource(at, m{}, u["waits"].(m))
			}
			p := s.read(t)
			for c := range p.Caches() {
				if got := say(c.After.NonTLSPort) + " " + say(c.After.MinimumTLSVersion); got != tt.want {
					t.Errorf("%s: %s, want %s", c.After.Address, got, tt.want)
				}
			}
		})
	}
}

// TestUnresolvedUpdates: what may be an update of this cache makes unknown what it
// sets where this plan applies it, with what its sensitive_body hides.
func TestUnresolvedUpdates(t *testing.T) {
	for name, tt := range map[string]struct {
		actions string
		config  m
		want    string
	}{
		"applied":     {"update", m{"resource_id": refs("local.x")}, "unresolved_reference false"},
		"not applied": {"no-op", m{"resource_id": refs("local.x")}, "false false"},
		"with a sensitive body": {"update", m{"resource_id": refs("local.x"), "sensitive_body": refs("var.body")},
			"unresolved_reference unresolved_reference"},
	} {
		t.Run(name, func(t *testing.T) {
			v := with(updated("enableNonSslPort", true), m{"resource_id": nil})
			s := newSynth().change(a, "update", existingA(), existingA(), m{}).change("azapi_update_resource.u", tt.actions, v, v,
				m{"resource_id": true})
			s.root.resource(a, m{})
			s.root.resource("azapi_update_resource.u", tt.config)
			c := cacheAt(t, s.read(t), a).After
			if got := say(c.NonTLSPort) + " " + say(c.PublicNetworkAccess); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestUpdateOfAzurerm3: what the state of an old provider does not hold is taken
// from an update in force.
func TestUpdateOfAzurerm3(t *testing.T) {
	old := with(newCache("a"), m{"id": cacheA})
	delete(old, "access_keys_authentication_enabled")
	for actions, want := range map[string]string{"no-op": "false", "update": "known_after_apply", "delete,create": "true"} {
		u := updated("disableAccessKeyAuthentication", true)
		s := newSynth().change(a, actions, old, old, m{}).change("azapi_update_resource.u", "no-op", u, u, m{})
		c := cacheAt(t, s.read(t), a)
		if got := say(c.After.AccessKeyAuthentication); got != want {
			t.Errorf("%s: keys %s, want %s", actions, got, want)
		}
		if got := say(c.Before.AccessKeyAuthentication); got != "false" {
			t.Errorf("%s: before, keys %s", actions, got)
		}
	}
}
