package tfconfig_test

import "testing"

// TestIDText: what is made from the text of ids is known where all their parts are.
func TestIDText(t *testing.T) {
	t.Parallel()
	schema := azure
	schema.IDs = map[string]string{
		"azurerm_redis_cache": "/subscriptions/{subscription_id}/resourceGroups/{resource_group_name}/providers/Microsoft.Cache/redis/{name}",
	}
	const id = "/subscriptions/s-1/resourceGroups/rg/providers/Microsoft.Cache/redis/"
	for expr, want := range map[string]string{
		`azurerm_redis_cache.a.id`:                                                                              id + "a",
		`replace(azurerm_redis_cache.a.id, "redis/a", "redis/b")`:                                               "",
		`replace(azurerm_redis_cache.a.id, "/a$/", "b")`:                                                        id + "b",
		`join("/", concat(slice(split("/", azurerm_redis_cache.a.id), 0, 8), ["b"]))`:                           id + "b",
		`upper(azurerm_redis_cache.a.id) == "X" ? azurerm_redis_cache.a.id : azurerm_redis_cache.named["z"].id`: id + "z",
		`one([for i in [azurerm_redis_cache.a.id] : i if strcontains(lower(i), "/redis/")])`:                    id + "a",
		`one([for i in [azurerm_redis_cache.a.id] : i if strcontains(i, "/storage/")])`:                         "null",
		`one([for i in [azurerm_redis_cache.a.id] : i if strcontains(i, "/redis/")])`:                           "", // or Redis
		`azurerm_redis_cache.elsewhere.id`:                                                                      "",
		`replace(azurerm_redis_cache.elsewhere.id, "elsewhere", "a")`:                                           "",
		`replace(azurerm_redis_cache.nameless.id, "/a$/", "b")`:                                                 "",
		`basename(azurerm_redis_cache.a.id)`:                                                                    "", // no id
		`"${azurerm_redis_cache.a.id}/x"`:                                                                       id + "a/x",
		`uuid() == "" ? azurerm_redis_cache.a.id : ""`:                                                          "",
		`data.azurerm_redis_cache.d.id`:                                                                         "",
		`replace(azurerm_redis_cache.secret.id, "/x$/", "b")`:                                                   "",
	} {
		e := load(t, `
provider "azurerm" { subscription_id = "s-1" }
provider "azurerm" {
  alias           = "elsewhere"
  subscription_id = data.x.y.z
}
variable "secret" {
  sensitive = true
  default   = "x"
}
resource "azurerm_redis_cache" "a" {
  name                = "a"
  resource_group_name = "rg"
}
resource "azurerm_redis_cache" "named" {
  for_each            = toset(["z"])
  name                = each.key
  resource_group_name = "rg"
}
resource "azurerm_redis_cache" "elsewhere" {
  provider            = azurerm.elsewhere
  name                = "elsewhere"
  resource_group_name = "rg"
}
resource "azurerm_redis_cache" "nameless" {
  name                = data.x.y.z
  resource_group_name = "rg"
}
resource "azurerm_redis_cache" "secret" {
  name                = var.secret
  resource_group_name = "rg"
}
data "azurerm_redis_cache" "d" {
  name                = "d"
  resource_group_name = "rg"
}
resource "x" "e" { target = `+expr+` }`).NewEvaluator(nil, schema)
		got, ok := e.IDText("x.e", "target")
		if ok && got == "" {
			got = "null"
		}
		if got != want || ok != (want != "") {
			t.Errorf("%s: got %q, want %q", expr, got, want)
		}
	}
}
