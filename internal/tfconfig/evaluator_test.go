package tfconfig_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// TestBlock is the question whether redis_configuration was omitted.
func TestBlock(t *testing.T) {
	t.Parallel()
	cfg := load(t, caches+`
resource "azurerm_redis_cache" "omitted" {}
resource "azurerm_redis_cache" "given" {
  redis_configuration {
    maxmemory_policy = "x"
  }
}
resource "azurerm_redis_cache" "dynamic_on" {
  dynamic "redis_configuration" {
    for_each = var.on ? [1] : []
    content {}
  }
}
resource "azurerm_redis_cache" "dynamic_off" {
  dynamic "redis_configuration" {
    for_each = var.on ? [] : [1]
    content {}
  }
}
resource "azurerm_redis_cache" "dynamic_dark" {
  dynamic "redis_configuration" {
    for_each = data.azurerm_client_config.me.list
    content {}
  }
}
resource "azurerm_redis_cache" "each" {
  for_each = { a = { policy = "x" }, b = null }
  dynamic "redis_configuration" {
    for_each = each.value == null ? [] : [each.value]
    content {}
  }
}
resource "azurerm_redis_cache" "splat" {
  for_each = { a = { policy = "x" }, b = null }
  dynamic "redis_configuration" {
    for_each = each.value[*]
    content {}
  }
}
resource "x" "nested" {
  outer {
    inner {}
    inner {}
  }
}
-- j.tf.json --
{"resource": {"azurerm_redis_cache": {
  "json_given": {"redis_configuration": {"maxmemory_policy": "x"}},
  "json_two": {"patch_schedule": [{}, {}]},
  "json_none": {"patch_schedule": []}
}}}
`)
	e := cfg.NewEvaluator(nil, azure)
	rc := []any{"redis_configuration"}
	for _, tt := range []struct {
		instance string
		path     []any
		known    bool
		count    int
	}{
		{"azurerm_redis_cache.omitted", rc, true, 0},
		{"azurerm_redis_cache.given", rc, true, 1},
		{"azurerm_redis_cache.dynamic_on", rc, true, 1},
		{"azurerm_redis_cache.dynamic_off", rc, true, 0},
		{"azurerm_redis_cache.dynamic_dark", rc, false, 0},
		{`azurerm_redis_cache.each["a"]`, rc, true, 1},
		{`azurerm_redis_cache.each["b"]`, rc, true, 0},
		{`azurerm_redis_cache.splat["a"]`, rc, true, 1},
		{`azurerm_redis_cache.splat["b"]`, rc, true, 0},
		{"x.nested", []any{"outer", 0, "inner"}, true, 2},
		{"x.nested", []any{"outer", "inner"}, true, 2},
		{"x.nested", []any{"none", 0, "inner"}, true, 0},
		{"azurerm_redis_cache.json_given", rc, true, 1},
		{"azurerm_redis_cache.json_two", []any{"patch_schedule"}, true, 2},
		{"azurerm_redis_cache.json_none", []any{"patch_schedule"}, true, 0},
		{"azurerm_redis_cache.nowhere", rc, false, 0},
		{"module.m.azurerm_redis_cache.omitted", rc, false, 0},
	} {
		got := e.Block(tt.instance, tt.path...)
		if got.Known != tt.known || got.Count != tt.count {
			t.Errorf("%s %v: got %+v, want known %v, count %d", tt.instance, tt.path, got, tt.known, tt.count)
		}
		if !got.Known && got.Why == "" {
			t.Errorf("%s %v: not known, and no reason", tt.instance, tt.path)
		}
	}
}

func TestProviderArgument(t *testing.T) {
	t.Parallel()
	e := load(t, `
variable "second" { default = "sub-2" }
provider "azurerm" {
  features {}
}
provider "azurerm" {
  alias           = "second"
  subscription_id = var.second
}
provider "azurerm" {
  alias           = "dark"
  subscription_id = data.x.y.z
}
resource "azurerm_redis_cache" "env" {}
resource "azurerm_redis_cache" "second" {
  provider = azurerm.second
}
resource "azurerm_redis_cache" "dark" {
  provider = azurerm.dark
}
resource "azapi_resource" "none" {}
module "inherits" {
  source = "./m"
}
module "given" {
  source    = "./m"
  providers = { azurerm = azurerm.second, azurerm.peer = azurerm }
}
-- m/main.tf --
terraform {
  required_providers {
    azurerm = {
      source                = "hashicorp/azurerm"
      configuration_aliases = [azurerm.peer]
    }
  }
}
resource "azurerm_redis_cache" "this" {}
resource "azurerm_redis_cache" "peer" {
  provider = azurerm.peer
}
module "deep" {
  source = "./deep"
}
-- m/deep/main.tf --
resource "azurerm_redis_cache" "this" {}
`).NewEvaluator(nil, azure)
	for instance, want := range map[string]string{
		"azurerm_redis_cache.env":                                "omitted",
		"azurerm_redis_cache.second":                             `"sub-2"`,
		"azurerm_redis_cache.dark":                               "unresolved",
		"azapi_resource.none":                                    "omitted",
		"module.inherits.azurerm_redis_cache.this":               "omitted",
		"module.inherits.azurerm_redis_cache.peer":               "unresolved",
		"module.inherits.module.deep.azurerm_redis_cache.this":   "omitted",
		"module.given.azurerm_redis_cache.this":                  `"sub-2"`,
		"module.given.azurerm_redis_cache.peer":                  "omitted",
		"module.given.module.deep.azurerm_redis_cache.this":      `"sub-2"`,
		"module.given.module.deep.azurerm_redis_cache.this[0]":   "unresolved",
		"module.nowhere.module.deep.azurerm_redis_cache.this[0]": "unresolved",
	} {
		if got := e.ProviderArgument(instance, "subscription_id"); show(got) != want {
			t.Errorf("%s: got %s (%s), want %s", instance, show(got), got.Why, want)
		}
	}
}

func TestValue(t *testing.T) {
	t.Parallel()
	e := load(t, caches+`
resource "x" "e" {
  list   = ["a", var.on ? "b" : "c"]
  mixed  = ["a", azurerm_redis_cache.one.id]
  secret = var.secret
  sensitive_body = { a = "hush" }
}
import {
  for_each = { a = "/eu" }
  to       = x.imported[each.key]
  id       = each.value
}
moved {
  from = x.old
  to   = x.e
}
removed {
  from = x.gone
  lifecycle { destroy = false }
}`).NewEvaluator(nil, azure)
	v, sensitive, ok := e.Value("x.e", "list")
	if !ok || sensitive || !v.RawEquals(cty.TupleVal([]cty.Value{cty.StringVal("a"), cty.StringVal("b")})) {
		t.Errorf("list: got %#v %v %v", v, sensitive, ok)
	}
	if _, _, ok := e.Value("x.e", "mixed"); ok {
		t.Error("a list with an id that is not known yet counts as known")
	}
	if v, _, ok := e.Value("x.e", "mixed", 0); !ok || v.AsString() != "a" {
		t.Error("the known element of a mixed list is not known")
	}
	if _, sensitive, ok := e.Value("x.e", "secret"); !ok || !sensitive {
		t.Error("a sensitive variable lost its mark")
	}
	if _, _, ok := e.Value("x.e", "sensitive_body"); ok {
		t.Error("sensitive_body was read")
	}
}

// TestSecretsStayInside looks for the value of a sensitive variable in
// everything that may be printed.
func TestSecretsStayInside(t *testing.T) {
	t.Parallel()
	cfg := load(t, `
variable "key" { sensitive = true }
locals { m = { a = 1 } }
resource "x" "a" { target = local.m[var.key] }
resource "x" "b" { target = tonumber(var.key) }
resource "x" "c" { target = regex("(", var.key) }
resource "x" "d" { target = { (var.key) = 1, "x" = uuid() } }
resource "x" "e" {
  for_each = toset([var.key])
  target   = data.y.z.w
}
resource "x" "f" {
  part { target = base64decode(var.key) }
}`)
	const secret = "CANARY-9f3"
	e := cfg.NewEvaluator(&plan{variables: map[string]cty.Value{"key": cty.StringVal(secret)}}, azure)
	for _, name := range []string{"a", "b", "c", "d", "e", "f", `e["x"]`} {
		for _, path := range [][]any{{"target"}, {"target", 0}, {"part", 0, "target"}} {
			r := e.Reference("x."+name, path...)
			if text := r.Expression + r.Why + r.Address + r.Value; strings.Contains(text, secret) {
				t.Errorf("x.%s: the secret stands in %q", name, text)
			}
		}
	}
}

// TestSavedPlans asks the plans that the real Terraform wrote.
func TestSavedPlans(t *testing.T) {
	t.Parallel()
	psc := []any{"private_service_connection", 0, "private_connection_resource_id"}
	for _, tt := range []struct {
		plan, instance string
		path           []any
		want           string
	}{
		{"hardened-private-link", "azurerm_private_endpoint.orders", psc, "azurerm_redis_cache.orders.id"},
		{"hardened-private-link", "azurerm_monitor_diagnostic_setting.orders", []any{"target_resource_id"}, "azurerm_redis_cache.orders.id"},
		{"hardened-private-link", "azurerm_redis_cache.orders", []any{"resource_group_name"}, `"rg-orders"`},
		{"hardened-private-link", "azurerm_private_endpoint.orders", []any{"private_dns_zone_group", 0, "private_dns_zone_ids", 0},
			"azurerm_private_dns_zone.redis.id"},
		{"hardened-private-link", "azurerm_resource_group_policy_assignment.mcsb", []any{"resource_group_id"}, "azurerm_resource_group.rg.id"},
		{"modules-link", "module.endpoint.azurerm_private_endpoint.this", psc, "module.cache.azurerm_redis_cache.this.id"},
		{"for-each-caches", `azurerm_private_endpoint.regional["eu"]`, psc, `azurerm_redis_cache.regional["eu"].id`},
		{"for-each-caches", `azurerm_private_endpoint.regional["us"]`, psc, `azurerm_redis_cache.regional["us"].id`},
		{"for-each-caches", `azurerm_private_endpoint.regional["ap"]`, psc, "unresolved"},
		{"for-each-caches", `azurerm_monitor_diagnostic_setting.regional["ap"]`, []any{"target_resource_id"},
			`azurerm_redis_cache.regional["ap"].id`},
		{"locals-and-dynamic", "azurerm_private_endpoint.profile", psc, "azurerm_redis_cache.profile.id"},
		{"azapi-cache", "azurerm_private_endpoint.cache", psc, "azapi_resource.cache.id"},
		{"azapi-cache", "azapi_resource.cache", []any{"body", "properties", "minimumTlsVersion"}, `"1.2"`},
		{"azurerm-v4-hardened", "azurerm_private_endpoint.orders", psc, "azurerm_redis_cache.orders.id"},
	} {
		cfg, err := tfconfig.LoadPlanFile(filepath.Join("testdata", tt.plan+".tfplan"))
		if err != nil {
			t.Fatal(err)
		}
		e := cfg.NewEvaluator(nil, azure)
		if got := e.Reference(tt.instance, tt.path...); show(got) != tt.want {
			t.Errorf("%s: %s %v: got %s (%s), want %s", tt.plan, tt.instance, tt.path, show(got), got.Why, tt.want)
		}
	}

	cfg, err := tfconfig.LoadPlanFile("testdata/modules-link.tfplan")
	if err != nil {
		t.Fatal(err)
	}
	e := cfg.NewEvaluator(nil, azure)
	if b := e.Block("module.cache.azurerm_redis_cache.this", "redis_configuration"); !b.Known || b.Count != 0 {
		t.Errorf("redis_configuration: %+v", b)
	}
	if got := e.ProviderArgument("module.cache.azurerm_redis_cache.this",
		"subscription_id"); got.Value != "11111111-1111-1111-1111-111111111111" {
		t.Errorf("subscription_id: %+v", got)
	}
}
