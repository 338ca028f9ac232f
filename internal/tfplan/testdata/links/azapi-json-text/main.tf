terraform {
  required_providers {
    azapi = { source = "azure/azapi" }
  }
}

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

resource "azapi_resource" "e" {
  type      = "Microsoft.Network/privateEndpoints@2024-05-01"
  name      = "pe"
  parent_id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg"
  location  = "westeurope"
  body = jsonencode({
    properties = {
      subnet = { id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s" }
      privateLinkServiceConnections = [{
        name = "redis"
        properties = {
          privateLinkServiceId = local.target
          groupIds             = ["redisCache"]
        }
      }]
    }
  })
}

locals {
  target = azurerm_redis_cache.b.id
}
