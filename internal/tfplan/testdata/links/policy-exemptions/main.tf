provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
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
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

locals {
  assignment = azurerm_subscription_policy_assignment.s.id
  cache      = azurerm_redis_cache.a.id
}

resource "azurerm_subscription_policy_assignment" "s" {
  name                 = "mcsb"
  policy_definition_id = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
  subscription_id      = "/subscriptions/00000000-0000-4000-8000-000000000001"
}

resource "azurerm_resource_policy_exemption" "x" {
  name                 = "x"
  exemption_category   = "Waiver"
  policy_assignment_id = local.assignment
  resource_id          = local.cache
}
