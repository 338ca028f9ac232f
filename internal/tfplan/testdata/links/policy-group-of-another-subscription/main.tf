provider "azurerm" {
  features {}
}

resource "azurerm_resource_group" "one" {
  name     = "rg-one"
  location = "westeurope"
}

resource "azurerm_redis_cache" "a" {
  name                = "redis-a"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

resource "azurerm_redis_cache" "b" {
  name                = "redis-b"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.one.name
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

resource "azurerm_resource_group_policy_assignment" "far" {
  name                 = "mcsb"
  policy_definition_id = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
  resource_group_id    = "/subscriptions/00000000-0000-4000-8000-000000000002/resourceGroups/rg"
}

resource "azurerm_resource_group_policy_assignment" "near" {
  name                 = "mcsb"
  policy_definition_id = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
  resource_group_id    = azurerm_resource_group.one.id
}
