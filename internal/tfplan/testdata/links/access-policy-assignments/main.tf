provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

resource "azurerm_redis_cache" "a" {
  for_each            = toset(["x", "y"])
  name                = "redis-${each.key}"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

locals {
  owner = azurerm_redis_cache.a["y"].id
}

resource "azurerm_redis_cache_access_policy_assignment" "p" {
  for_each           = toset(["x"])
  name               = "p"
  redis_cache_id     = azurerm_redis_cache.a[each.key].id
  access_policy_name = "Data Owner"
  object_id          = "11111111-1111-1111-1111-111111111111"
  object_id_alias    = "app"
}

resource "azurerm_redis_cache_access_policy_assignment" "q" {
  name               = "q"
  redis_cache_id     = local.owner
  access_policy_name = "Data Owner"
  object_id          = "11111111-1111-1111-1111-111111111111"
  object_id_alias    = "app"
}
