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
  caches = { for k, c in azurerm_redis_cache.a : upper(k) => c.id }
}

resource "azapi_resource" "e" {
  for_each  = toset(["x", "y"])
  type      = "Microsoft.Network/privateEndpoints@2024-05-01"
  name      = "pe-${each.key}"
  parent_id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg"
  location  = "westeurope"
  body = {
    properties = {
      subnet = { id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s" }
      privateLinkServiceConnections = [{
        name = "redis"
        properties = {
          privateLinkServiceId = azurerm_redis_cache.a[each.key == "x" ? "y" : "x"].id
          groupIds             = ["redisCache"]
        }
      }]
    }
  }
}

resource "azapi_resource" "d" {
  type      = "Microsoft.Insights/diagnosticSettings@2021-05-01-preview"
  name      = "d"
  parent_id = local.caches["Y"]
  body = {
    properties = {
      workspaceId = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/w"
      logs        = [{ categoryGroup = "allLogs", enabled = true }]
    }
  }
}
