package tfplan_test

import (
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

const (
	a = "azurerm_redis_cache.a"
	b = "azurerm_redis_cache.b"
)

// TestLinkByReference: which expressions decide with plan JSON alone.
func TestLinkByReference(t *testing.T) {
	tests := map[string]struct {
		to    []string
		wantA string
		wantB string
	}{
		"the id of one instance":         {[]string{a + ".id"}, "e", "none"},
		"another cache's id":             {[]string{b + ".id"}, "none", "e"},
		"not the id":                     {[]string{a + ".hostname"}, "?e", "none"},
		"a conditional between two":      {[]string{a + ".id", b + ".id"}, "?e", "?e"},
		"a conditional on a variable":    {[]string{"var.enabled", a + ".id"}, "?e", "none"},
		"a local":                        {[]string{"local.cache_id"}, "?e", "?e"},
		"the whole resource":             {[]string{a}, "?e", "none"},
		"another resource's id":          {[]string{"azurerm_storage_account.s.id"}, "none", "none"},
		"an instance of another by key":  {[]string{"azurerm_storage_account.s", "each.key"}, "none", "none"},
		"a resource group's id":          {[]string{"azurerm_resource_group.rg.id"}, "?e", "?e"},
		"a pass-through":                 {[]string{"terraform_data.box.output"}, "?e", "?e"},
		"a data source of caches":        {[]string{"data.azurerm_redis_cache.x.id"}, "?e", "?e"},
		"a data source of anything else": {[]string{"data.azurerm_storage_account.x.id"}, "none", "none"},
		"each.value without for_each":    {[]string{"each.value.id"}, "?e", "?e"},
		"an unknown module":              {[]string{"module.nowhere.id"}, "?e", "?e"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSynth().cache(a, "a").cache(b, "b").endpoint("azurerm_private_endpoint.e")
			s.root.resource(a, m{})
			s.root.resource(b, m{})
			s.root.resource("azurerm_private_endpoint.e", endpointTo(tt.to...))
			expectEndpoints(t, s.read(t), m{a: tt.wantA, b: tt.wantB})
		})
	}
}

// TestLinkByKey: a literal key decides, any other does not, and only instances
// of the same resource are in doubt.
func TestLinkByKey(t *testing.T) {
	for name, tt := range map[string]struct {
		to   []string
		want m
	}{
		"literal index":           {[]string{a + "[1].id"}, m{a + "[0]": "none", a + "[1]": "e", b: "none"}},
		"count.index":             {[]string{a, "count.index"}, m{a + "[0]": "?e", a + "[1]": "?e", b: "none"}},
		"splat":                   {[]string{a}, m{a + "[0]": "?e", a + "[1]": "?e", b: "none"}},
		"without a key it is odd": {[]string{a + ".id"}, m{a + "[0]": "?e", a + "[1]": "?e", b: "none"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().cache(a+"[0]", "a0").cache(a+"[1]", "a1").cache(b, "b").endpoint("azurerm_private_endpoint.e")
			s.root.resource(a, m{}, m{"count_expression": m{"constant_value": 2}})
			s.root.resource(b, m{})
			s.root.resource("azurerm_private_endpoint.e", endpointTo(tt.to...))
			expectEndpoints(t, s.read(t), tt.want)
		})
	}
	t.Run("literal key with a dot", func(t *testing.T) {
		s := newSynth().cache(a+`["x.y"]`, "a0").cache(a+`["z"]`, "a1").endpoint("azurerm_private_endpoint.e")
		s.root.resource(a, m{}, m{"for_each_expression": m{}})
		s.root.resource("azurerm_private_endpoint.e", m{"private_service_connection": []any{m{"private_connection_resource_id": m{
			"references": []any{a + `["x.y"].id`, a + `["x.y"]`, a}}}}})
		expectEndpoints(t, s.read(t), m{a + `["x.y"]`: "e", a + `["z"]`: "none"})
	})
}

// TestLinkThroughModules: variables, calls and outputs of any depth.
func TestLinkThroughModules(t *testing.T) {
	build := func(repeated bool, to string) *synth {
		key, call := "", m{}
		if repeated {
			key, call = `["k"]`, m{"for_each_expression": m{}}
		}
		s := newSynth().cache("module.stack"+key+".module.cache."+a, "a").cache(b, "b").
			endpoint("module.net.module.pe.azurerm_private_endpoint.e")
		if repeated {
			s.cache(`module.stack["l"].module.cache.`+a, "l")
		}
		cache, stack, pe, net := newMod(), newMod(), newMod(), newMod()
		cache.resource(a, m{})
		cache.outputs["id"] = m{"expression": refs(a + ".id")}
		cache.outputs["all"] = m{"expression": m{"references": []any{a}}}
		stack.calls["cache"] = m{"module": cache.json()}
		stack.outputs["id"] = m{"expression": refs("module.cache.id")}
		stack.outputs["all"] = m{"expression": refs("module.cache.all")}
		stack.outputs["name"] = m{"expression": m{"constant_value": "x"}}
		pe.resource("azurerm_private_endpoint.e", endpointTo("var.target"))
		net.calls["pe"] = m{"module": pe.json(), "expressions": m{"target": m{"references": []any{"var.id"}}}}
		s.root.calls["stack"] = with(m{"module": stack.json()}, call)
		s.root.calls["net"] = m{"module": net.json(), "expressions": m{"id": refs(to)}}
		s.root.resource(b, m{})
		return s
	}
	const e = "module.net.module.pe.e"
	deep := "module.stack.module.cache." + a
	expectEndpoints(t, build(false, "module.stack.id").read(t), m{deep: e, b: "none"})
	expectEndpoints(t, build(false, "module.stack.all.id").read(t), m{deep: e, b: "none"})
	expectEndpoints(t, build(false, b+".id").read(t), m{deep: "none", b: e})
	k, l := `module.stack["k"].module.cache.`+a, `module.stack["l"].module.cache.`+a
	expectEndpoints(t, build(true, `module.stack["k"].id`).read(t), m{k: e, l: "none", b: "none"})
	expectEndpoints(t, build(true, `module.stack`).read(t), m{k: "?" + e, l: "?" + e, b: "none"})
}

// TestCycles: references that go round and round end, in doubt.
func TestCycles(t *testing.T) {
	s := newSynth().cache(a, "a").endpoint("azurerm_private_endpoint.e")
	x, y := newMod(), newMod()
	x.outputs["o"] = m{"expression": refs("var.i")}
	y.outputs["o"] = m{"expression": refs("var.i", "var.i")}
	s.root.calls["x"] = m{"module": x.json(), "expressions": m{"i": refs("module.y.o")}}
	s.root.calls["y"] = m{"module": y.json(), "expressions": m{"i": refs("module.x.o", "module.y.o")}}
	s.root.resource("azurerm_private_endpoint.e", endpointTo("module.x.o"))
	expectEndpoints(t, s.read(t), m{a: "?e"})
}

// TestLinkById: known ids, in any case, against the ids that caches have or will have.
func TestLinkByID(t *testing.T) {
	own := m{"azurerm": m{"expressions": m{"subscription_id": m{"constant_value": subscription}}}}
	const otherSubscription = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg/providers/Microsoft.Cache/redis/a"
	byVariable := m{"azurerm": m{"expressions": m{"subscription_id": refs("var.sub")}}}
	for name, tt := range map[string]struct {
		id        string
		providers m
		want      string
	}{
		"same, in other letters": {"/SUBSCRIPTIONS/" + subscription + "/resourcegroups/RG/providers/microsoft.cache/Redis/A", own,
			"e"},
		"other name": {cacheB, own, "none"},
		"other group": {"/subscriptions/" + subscription + "/resourceGroups/other/providers/Microsoft.Cache/redis/a",
			own, "none"},
		"other subscription":              {otherSubscription, own, "none"},
		"subscription of a variable":      {otherSubscription, byVariable, "none"},
		"subscription of the environment": {otherSubscription, m{"azurerm": m{}}, "e"},
		"another service of the same name": {"/subscriptions/" + subscription +
			"/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/a", own, "none"},
		"Azure Managed Redis of the same name": {"/subscriptions/" + subscription +
			"/resourceGroups/rg/providers/Microsoft.Cache/redisEnterprise/a", own, "none"},
		"a child of the cache is not the cache": {cacheA + "/firewallRules/x", own, "none"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().cache(a, "a").change("azurerm_private_endpoint.e", "create", nil, target(tt.id), m{})
			s.root.resource(a, m{})
			s.plan["provider_config"] = tt.providers
			s.plan["variables"] = m{"sub": m{"value": subscription}, "other": m{"value": "CANARY"}}
			expectEndpoints(t, s.read(t), m{a: tt.want})
		})
	}
}

// TestLinkExisting: caches that exist have their own id, and absence is not seen.
func TestLinkExisting(t *testing.T) {
	existing := func(name, id string) m { return with(newCache(name), m{"id": id}) }
	t.Run("unchanged endpoint", func(t *testing.T) {
		s := newSynth().change(a, "update", existing("a", cacheA), existing("a", cacheA), m{}).
			change(b, "no-op", existing("b", cacheB), existing("b", cacheB), m{}).
			change("azurerm_private_endpoint.e", "no-op", target(cacheA), target(cacheA), m{})
		p := s.read(t)
		expectEndpoints(t, p, m{a: "e unseen", b: "none unseen"})
		if got := endpoints(cacheAt(t, p, a).Before); got != "e unseen" {
			t.Errorf("before: %s", got)
		}
	})
	t.Run("destroyed endpoint is absent, and was there", func(t *testing.T) {
		s := newSynth().change(a, "no-op", existing("a", cacheA), existing("a", cacheA), m{}).
			change("azurerm_private_endpoint.e", "delete", target(cacheA), nil, m{})
		p := s.read(t)
		expectEndpoints(t, p, m{a: "none"})
		if got := endpoints(cacheAt(t, p, a).Before); got != "e unseen" {
			t.Errorf("before: %s", got)
		}
	})
	unknown := m{"private_service_connection": []any{m{"is_manual_connection": false, "subresource_names": []any{"redisCache"}}}}
	mask := m{"private_service_connection": []any{m{"private_connection_resource_id": true}}}
	t.Run("both are replaced, by key", func(t *testing.T) {
		s := newSynth().change(a+`["x"]`, "delete,create", existing("a", cacheA), newCache("a"), m{"id": true}).
			change(a+`["y"]`, "delete,create", existing("b", cacheB), newCache("b"), m{"id": true}).
			change(`azurerm_private_endpoint.e`, "delete,create", target(cacheA), unknown, mask)
		s.root.resource(a, m{}, m{"for_each_expression": m{}})
		s.root.resource("azurerm_private_endpoint.e", endpointTo(a, "each.key"), m{"for_each_expression": m{}})
		expectEndpoints(t, s.read(t), m{a + `["x"]`: "?e", a + `["y"]`: "?e"}) // both have new ids, and endpoints may change sides
	})
	t.Run("the only one that is replaced, by key", func(t *testing.T) {
		s := newSynth().change(a+`["x"]`, "delete,create", existing("a", cacheA), newCache("a"), m{"id": true}).
			change(a+`["y"]`, "no-op", existing("b", cacheB), existing("b", cacheB), m{}).
			change(`azurerm_private_endpoint.e`, "delete,create", target(cacheA), unknown, mask)
		s.root.resource(a, m{}, m{"for_each_expression": m{}})
		s.root.resource("azurerm_private_endpoint.e", endpointTo(a, "each.key"), m{"for_each_expression": m{}})
		expectEndpoints(t, s.read(t), m{a + `["x"]`: "e", a + `["y"]`: "none unseen"})
	})
	t.Run("a reference to a new cache beats the id before", func(t *testing.T) {
		s := newSynth().change(a, "delete,create", existing("a", cacheA), newCache("a"), m{"id": true}).cache(b, "b").
			change(`azurerm_private_endpoint.e`, "delete,create", target(cacheA), unknown, mask)
		s.root.resource("azurerm_private_endpoint.e", endpointTo(b+".id"))
		expectEndpoints(t, s.read(t), m{a: "none", b: "e"})
	})
	t.Run("the id before says nothing where that cache stays", func(t *testing.T) {
		s := newSynth().change(a, "no-op", existing("a", cacheA), existing("a", cacheA), m{}).cache(b, "b").
			change(`azurerm_private_endpoint.e`, "delete,create", target(cacheA), unknown, mask)
		s.root.resource("azurerm_private_endpoint.e", endpointTo("local.id"))
		expectEndpoints(t, s.read(t), m{a: "?e", b: "?e"})
	})
	t.Run("deposed objects do not count", func(t *testing.T) {
		s := newSynth().change(a, "no-op", existing("a", cacheA), existing("a", cacheA), m{}).
			change("azurerm_private_endpoint.e", "delete", target(cacheA), nil, m{})
		s.changes[1].(m)["deposed"] = "abcd1234"
		expectEndpoints(t, s.read(t), m{a: "none unseen"})
	})
}

// TestService: an endpoint for another sub-resource never counts.
func TestService(t *testing.T) {
	for name, tt := range map[string]struct {
		block, mask m
		want        string
	}{
		"redisCache in any case": {m{"subresource_names": []any{"REDISCACHE"}}, m{}, "e"},
		"another service":        {m{"subresource_names": []any{"blob"}}, m{}, "none"},
		"none":                   {m{"subresource_names": nil}, m{}, "none"},
		"not known":              {m{}, m{"subresource_names": true}, "?e"},
		"known to be another, whatever it is for": {m{"subresource_names": []any{"blob"}}, m{"private_connection_resource_id": true}, "none"},
	} {
		t.Run(name, func(t *testing.T) {
			block := with(tt.block, m{"is_manual_connection": false})
			if tt.mask["private_connection_resource_id"] == nil {
				block["private_connection_resource_id"] = cacheA
			}
			s := newSynth().cache(a, "a").change("azurerm_private_endpoint.e", "create", nil,
				m{"private_service_connection": []any{block}}, m{"private_service_connection": []any{tt.mask}})
			s.root.resource("azurerm_private_endpoint.e", endpointTo("local.id"))
			expectEndpoints(t, s.read(t), m{a: tt.want})
		})
	}
}

func TestManualConnectionIsPending(t *testing.T) {
	e := target(cacheA)
	e["private_service_connection"].([]any)[0].(m)["is_manual_connection"] = true
	c := cacheAt(t, newSynth().cache(a, "a").change("azurerm_private_endpoint.e", "create", nil, e, m{}).read(t), a).After
	if got := c.PrivateEndpoints.Items[0].Approval.V; got != posture.ApprovalPending {
		t.Errorf("approval %q", got)
	}
}

// TestPartial: what a partial plan leaves out is not absent.
func TestPartial(t *testing.T) {
	build := func() *synth {
		s := newSynth().cache(a, "a").cache(b, "b")
		s.root.resource(a, m{})
		s.root.resource(b, m{})
		s.root.resource("azurerm_private_endpoint.e", endpointTo(a+".id"))
		return s
	}
	t.Run("complete: count is 0", func(t *testing.T) {
		expectEndpoints(t, build().read(t), m{a: "none", b: "none"})
	})
	t.Run("complete is false", func(t *testing.T) {
		s := build()
		s.plan["complete"] = false
		p := s.read(t)
		expectEndpoints(t, p, m{a: "?e unseen", b: "none unseen"})
		if len(p.Notes()) != 1 {
			t.Errorf("notes: %q", p.Notes())
		}
	})
	t.Run("OpenTofu does not say, a resource is missing", func(t *testing.T) {
		s := build()
		delete(s.plan, "complete")
		expectEndpoints(t, s.read(t), m{a: "?e unseen", b: "none unseen"})
	})
	t.Run("OpenTofu does not say, count may be 0", func(t *testing.T) {
		s := build()
		delete(s.plan, "complete")
		s.root.resources[2].(m)["count_expression"] = refs("var.private")
		expectEndpoints(t, s.read(t), m{a: "?e", b: "none"})
	})
	t.Run("OpenTofu does not say, count explains it", func(t *testing.T) {
		s := build()
		delete(s.plan, "complete")
		s.root.resources[2].(m)["count_expression"] = m{"constant_value": 0}
		expectEndpoints(t, s.read(t), m{a: "none", b: "none"})
	})
}

// TestManyDoubts: N caches and N endpoints in doubt stay N, not N times N.
func TestManyDoubts(t *testing.T) {
	const n = 300
	s := newSynth()
	for i := range n {
		key := "[" + string(rune('0'+i/100)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10)) + "]"
		s.cache(a+key, "a"+key).endpoint("azurerm_private_endpoint.e" + key)
	}
	s.root.resource(a, m{}, m{"count_expression": m{}})
	s.root.resource("azurerm_private_endpoint.e", endpointTo(a, "count.index"), m{"count_expression": m{}})
	c := cacheAt(t, s.read(t), a+"[000]").After
	if got := len(c.PrivateEndpoints.Doubts); got == 0 || got > 10 {
		t.Errorf("%d doubts", got)
	}
}
