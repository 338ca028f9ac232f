terraform {
  required_providers {
    azapi = { source = "azure/azapi" }
  }
}

provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

resource "azurerm_resource_group" "one" {
  name     = "rg-one"
  location = "westeurope"
}

resource "azapi_resource" "a" {
  type      = "Microsoft.Cache/redis@2024-11-01"
  name      = "redis-a"
  parent_id = azurerm_resource_group.one.id
  location  = "westeurope"
  body = {
    properties = {
      sku                 = { name = "Premium", family = "P", capacity = 1 }
      publicNetworkAccess = "Disabled"
    }
  }
}

resource "azurerm_private_endpoint" "e" {
  name                = "pe-e"
  location            = "westeurope"
  resource_group_name = "rg"
  subnet_id           = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"

  private_service_connection {
    name                           = "redis"
    is_manual_connection           = false
    private_connection_resource_id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-one/providers/Microsoft.Cache/redis/redis-a"
    subresource_names              = ["redisCache"]
  }
}

resource "azurerm_resource_group_policy_assignment" "g" {
  name                 = "mcsb"
  policy_definition_id = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
  resource_group_id    = azurerm_resource_group.one.id
}
