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
  for_each            = toset(["x", "y"])
  name                = "redis-${each.key}"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

locals {
  ids = { p = azurerm_redis_cache.a["y"].id }
}

resource "azapi_update_resource" "u" {
  for_each    = toset(["p"])
  type        = "Microsoft.Cache/redis@2024-11-01"
  resource_id = local.ids[each.key]
  body = {
    properties = {
      publicNetworkAccess = "Disabled"
    }
  }
}
