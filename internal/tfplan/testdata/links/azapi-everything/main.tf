terraform {
  required_providers {
    azapi = { source = "azure/azapi" }
  }
}

provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

resource "azapi_resource" "a" {
  type      = "Microsoft.Cache/redis@2024-11-01"
  name      = "redis-a"
  parent_id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg"
  location  = "westeurope"
  body = {
    properties = {
      sku                 = { name = "Premium", family = "P", capacity = 1 }
      publicNetworkAccess = "Disabled"
    }
  }
}

resource "azapi_resource" "b" {
  type      = "Microsoft.Cache/redis@2024-11-01"
  name      = "redis-b"
  parent_id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg"
  location  = "westeurope"
  body = {
    properties = {
      sku                 = { name = "Premium", family = "P", capacity = 1 }
      publicNetworkAccess = "Disabled"
    }
  }
}

resource "azapi_resource" "e" {
  type      = "Microsoft.Network/privateEndpoints@2024-05-01"
  name      = "pe-e"
  parent_id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg"
  location  = "westeurope"
  body = {
    properties = {
      subnet = { id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s" }
      privateLinkServiceConnections = [{
        name = "redis"
        properties = {
          privateLinkServiceId = azapi_resource.a.id
          groupIds             = ["redisCache"]
        }
      }]
    }
  }
}

resource "azapi_resource" "d" {
  type      = "Microsoft.Insights/diagnosticSettings@2021-05-01-preview"
  name      = "d"
  parent_id = azapi_resource.b.id
  body = {
    properties = {
      workspaceId = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/w"
      logs        = [{ categoryGroup = "allLogs", enabled = true }]
    }
  }
}
