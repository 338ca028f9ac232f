package tfconfig_test

import "testing"

// TestComposed: what makes text may make the id of a resource that is not
// mentioned; what picks a value does not.
func TestComposed(t *testing.T) {
	const resources = `
variable "n" {}
resource "azurerm_redis_cache" "a" {}
resource "azurerm_redis_cache" "b" {}
resource "azurerm_redis_cache" "many" {
  for_each = { x = 1, y = 2 }
}
resource "azurerm_thing" "t" {
  alias = replace(azurerm_redis_cache.a.id, "a", "b")
}
resource "terraform_data" "d" {
  input = "${azurerm_redis_cache.a.id}-b"
}
locals {
  text   = replace(azurerm_redis_cache.a.id, "a", "b")
  ids    = { a = azurerm_redis_cache.a.id, b = azurerm_redis_cache.b.id }
  texts  = { for k, id in local.ids : k => "${id}/x" }
  picked = [for k, id in local.ids : id if lower(k) == "a"]
}
module "child" {
  source = "./child"
  id     = "${azurerm_redis_cache.a.id}2"
}
resource "azurerm_private_endpoint" "e" {
  for_each = { z = join("/", [azurerm_redis_cache.a.id]) }
  target   = `
	const child = "\n}\n-- child/main.tf --\nvariable \"id\" {}\noutput \"text\" { value = var.id }\noutput \"same\" { value = \"x\" " +
		"}\nvariable \"other\" { default = \"/subscriptions/s\" }\noutput \"other\" { value = var.other }\n"
	for expr, want := range map[string]bool{
		`azurerm_redis_cache.a.id`:                                       false,
		`"${azurerm_redis_cache.a.id}"`:                                  false,
		`lower(azurerm_redis_cache.a.id)`:                                false,
		`format("%s", trimspace(azurerm_redis_cache.a.id))`:              false,
		`trimspace(" ${azurerm_redis_cache.a.id}\n")`:                    false,
		`trimspace("${azurerm_redis_cache.a.id}/x ")`:                    true,
		`var.n == "1" ? azurerm_redis_cache.a.id : null`:                 false,
		`replace(var.n, "1", "a") == "a" ? local.ids.a : local.ids["b"]`: false,
		`local.ids[lower(var.n)]`:                                        false,
		`lookup(local.ids, upper(var.n), "")`:                            false,
		`local.picked[0]`:                                                false,
		`azurerm_redis_cache.many[format("%s", var.n)].id`:               false,
		`values(azurerm_redis_cache.many)[*].id`:                         false,
		`coalesce(var.n, azurerm_redis_cache.a.id)`:                      false,
		`module.child.same`:                                              false,
		`var.n == "1" ? azurerm_redis_cache.a.id : "/x"`:                 false,
		`var.n == "1" ? azurerm_redis_cache.a.id : "/Subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/redis/b"`: true,
		`local.nowhere`: false,
		`replace(azurerm_redis_cache.a.id, "a", "b")`:      true,
		`format("%s/x", azurerm_redis_cache.a.id)`:         true,
		`"${azurerm_redis_cache.a.id}/x"`:                  true,
		`var.n == "1" ? local.text : null`:                 true,
		`lookup(local.ids, "a", local.text)`:               true,
		`local.texts[var.n]`:                               true,
		`try(local.text, azurerm_redis_cache.b.id)`:        true,
		`[for id in values(local.texts) : id][0]`:          true,
		`azurerm_thing.t.alias`:                            true,
		`terraform_data.d.output`:                          true,
		`module.child.other`:                               true,
		`module.child.text`:                                true,
		`each.value`:                                       true,
		`nobody::knows(azurerm_redis_cache.a.id)`:          true,
		`templatestring(azurerm_redis_cache.a.id, {})`:     true,
		`jsondecode(jsonencode(azurerm_redis_cache.a.id))`: true,
	} {
		t.Run(expr, func(t *testing.T) {
			e := load(t, resources+expr+child).NewEvaluator(nil, azure)
			if got := e.Composed(`azurerm_private_endpoint.e["z"]`, "target"); got != want {
				t.Errorf("composed: %v, want %v", got, want)
			}
		})
	}
}

// TestComposedInDynamicBlock: iterators come from the for_each of their block.
func TestComposedInDynamicBlock(t *testing.T) {
	for _, c := range []struct {
		list string
		want bool
	}{
		{`[azurerm_redis_cache.a.id]`, false},
		{`[replace(azurerm_redis_cache.a.id, "a", "b")]`, true},
	} {
		e := load(t, `
resource "azurerm_redis_cache" "a" {}
resource "azurerm_private_endpoint" "e" {
  dynamic "connection" {
    for_each = `+c.list+`
    content {
      target = connection.value
    }
  }
}
`).NewEvaluator(nil, azure)
		if got := e.Composed("azurerm_private_endpoint.e", "connection", 0, "target"); got != c.want {
			t.Errorf("%s: %v", c.list, got)
		}
	}
}
