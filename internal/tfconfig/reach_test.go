package tfconfig_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReaches: an unresolved reference may only be what the source mentions.
func TestReaches(t *testing.T) {
	t.Parallel()
	e := load(t, caches+`
data "dark" "d" {}
resource "azurerm_storage_account" "s" {
  count = 2
  name  = azurerm_redis_cache.one.name
}
resource "x" "storage" { target = azurerm_storage_account.s[data.dark.d.n].id }
resource "x" "either" { target = data.dark.d.n ? azurerm_redis_cache.one.id : module.m.id }
resource "x" "each" {
  for_each = local.m
  target   = each.value
}
resource "x" "dyn" {
  dynamic "part" {
    for_each = [azurerm_redis_cache.other.id, data.dark.d.n]
    content { target = part.value }
  }
}
resource "x" "lost" { target = try(module.away.id, azurerm_redis_cache.one.id) }
resource "x" "whole" { target = azurerm_storage_account.s[0].name }
locals { m = { a = azurerm_redis_cache.keyed["x"].id } }
module "away" { source = "registry/away" }
module "m" {
  source = "./m"
  in     = azurerm_redis_cache.counted[0].id
  unused = azurerm_redis_cache.other.id
}
-- m/main.tf --
variable "in" {}
variable "unused" {}
resource "y" "z" {}
output "id" { value = y.z.odd ? var.in : y.z.id }
resource "x" "inner" { target = var.in }
`).NewEvaluator(nil, azure)
	target := []any{"target"}
	for _, tt := range []struct {
		instance string
		path     []any
		want     []string
	}{
		{"x.storage", target, []string{"azurerm_storage_account.s", "data.dark.d"}},
		{"x.either", target, []string{"azurerm_redis_cache.counted", "azurerm_redis_cache.one", "data.dark.d", "module.m.y.z"}},
		{`x.each["a"]`, target, []string{"azurerm_redis_cache.keyed"}},
		{"x.dyn", []any{"part", 0, "target"}, []string{"azurerm_redis_cache.other", "data.dark.d"}},
		{"x.lost", target, []string{"azurerm_redis_cache.one"}},
		{"x.whole", target, []string{"azurerm_redis_cache.one", "azurerm_storage_account.s"}},
		{"module.m.x.inner", target, []string{"azurerm_redis_cache.counted"}},
		{"x.nowhere", target, nil},
	} {
		if diff := cmp.Diff(tt.want, e.Reaches(tt.instance, tt.path...)); diff != "" {
			t.Errorf("%s: %s", tt.instance, diff)
		}
	}
}
