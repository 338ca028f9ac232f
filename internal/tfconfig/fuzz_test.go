package tfconfig_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// FuzzLoadPlan feeds the archive reader: it may refuse, never panic or hang.
func FuzzLoadPlan(f *testing.F) {
	plans, err := filepath.Glob("testdata/*.tfplan")
	if err != nil || len(plans) == 0 {
		f.Fatal("no saved plans", err)
	}
	for _, name := range plans {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add(archive(f, entry{name: mainTF, data: `resource "x" "e" { target = "t" }`}))
	f.Add(archive(f, entry{name: mainTF, data: caches}, entry{name: "tfconfig/m-/x.tf.json", data: `{"locals":{"a":"${1}"}}`},
		entry{name: "tfconfig/modules.json", data: "[]"}))
	f.Fuzz(func(t *testing.T, data []byte) {
		cfg, err := tfconfig.LoadPlan(bytes.NewReader(data), int64(len(data)))
		if err == nil {
			ask(cfg)
		}
	})
}

// FuzzEvaluate feeds one file of either syntax to parser and evaluator.
func FuzzEvaluate(f *testing.F) {
	for _, seed := range []string{
		`resource "x" "e" { target = azurerm_redis_cache.one[count.index + 1].id }`,
		`resource "x" "e" {
  for_each = { for k, v in azurerm_redis_cache.one : k => v.id if v.name != "" }
  target   = values(each.value)[*].id
}
resource "azurerm_redis_cache" "one" { count = 2 }`,
		`locals {
  a = local.b
  b = local.a
}
resource "x" "e" { target = try(local.a, merge({}, local.b)...) }`,
		`resource "x" "e" {
  dynamic "part" {
    for_each = toset(["a", x.e.id])
    iterator = it
    content { target = "${it.value}%{ if true }x%{ endif }" }
  }
}`,
		`module "m" {
  source = "."
  count  = 2
  id     = module.m[0].id
}
variable "id" {
  type      = object({ a = optional(string, "x") })
  sensitive = true
}
output "id" { value = var.id }
resource "x" "e" { target = lookup(module.m, "id", null) }`,
		"provider \"x\" {\n alias = \"a\"\n}\nimport {\n to = x.e[each.key]\n id = each.value\n for_each = {a = 1}\n}\nresource \"x\" \"e\" " +
			"{\n provider = x.a\n}",
	} {
		f.Add([]byte(seed), false)
	}
	f.Add([]byte(`{"resource":{"x":{"e":[{"target":"${azurerm_redis_cache.one.id}","dynamic":{"part":{"for_each":[1],"content":{}}}}]}},`+
		`"locals":[{"a":{"${local.a}":[1,true,null]}}]}`), true)
	f.Fuzz(func(t *testing.T, data []byte, isJSON bool) {
		name := mainTF
		if isJSON {
			name += ".json"
		}
		z := archive(t, entry{name: name, data: string(data)})
		cfg, err := tfconfig.LoadPlan(bytes.NewReader(z), int64(len(z)))
		if err == nil {
			ask(cfg)
		}
	})
}

// FuzzAddress feeds addresses, which come from plans.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{`x.e`, `module.m["a"].x.e[0]`, `data.x.e["\"${"]`, `module.m`, `x.e[1.5]`, `x.e[-1]`,
		"module.module.module.data"} {
		f.Add(s)
	}
	cfg := load(f, caches)
	f.Fuzz(func(t *testing.T, addr string) {
		if got := cfg.NewEvaluator(nil, azure).Reference(addr, "name"); got.Kind == tfconfig.Instance {
			t.Errorf("%q: a link from nowhere to %s", addr, got.Address)
		}
	})
}

func ask(cfg *tfconfig.Configuration) {
	e := cfg.NewEvaluator(nil, azure)
	for _, instance := range []string{"x.e", "x.e[0]", `x.e["a"]`, "azurerm_redis_cache.orders", "module.m.x.e", "module.m[0].x.e"} {
		e.Reference(instance, "target")
		e.Reference(instance, "part", 0, "target")
		e.Block(instance, "part")
		e.Value(instance, "target", "a")
		if d, ok := cfg.Declaration(instance); ok {
			d.Argument("target", "a", "b")
			d.Argument("part", "target", "a")
		}
		e.ProviderArgument(instance, "subscription_id")
		e.Usages(tfconfig.Subject{Types: []string{"azurerm_redis_cache"}, Attributes: []string{"primary_access_key"}})
	}
	schema, subject := everywhere()
	subject.Texts = map[string]string{"one.redis.cache.windows.net": "azurerm_redis_cache.one"}
	cfg.NewEvaluator(nil, schema).Usages(subject)
}
