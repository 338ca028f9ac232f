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

resource "azapi_update_resource" "u" {
  type      = "Microsoft.Cache/redis@2024-11-01"
  parent_id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg"
  name      = azurerm_redis_cache.a.name
  body = {
    properties = {
      minimumTlsVersion = "1.0"
    }
  }
}
