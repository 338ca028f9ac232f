provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

resource "azurerm_resource_group" "g" {
  for_each = toset(["x", "y"])
  name     = "rg-${each.key}"
  location = "westeurope"
}

resource "azurerm_redis_cache" "a" {
  for_each            = toset(["x", "y"])
  name                = "redis-${each.key}"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.g[each.key].name
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

locals {
  scopes = { p = azurerm_resource_group.g["y"].id }
}

resource "azurerm_resource_group_policy_assignment" "g" {
  for_each             = local.scopes
  name                 = "mcsb"
  policy_definition_id = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
  resource_group_id    = each.value
}

resource "azurerm_resource_policy_assignment" "r" {
  name                 = "mcsb"
  policy_definition_id = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
  resource_id          = values(azurerm_redis_cache.a)[0].id
}
