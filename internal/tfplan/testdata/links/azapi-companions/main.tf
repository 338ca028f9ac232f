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
  name      = "pe-e"
  parent_id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg"
  location  = "westeurope"
  body = {
    properties = {
      subnet = { id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s" }
      privateLinkServiceConnections = [{
        name = "redis"
        properties = {
          privateLinkServiceId = azurerm_redis_cache.b.id
          groupIds             = ["redisCache"]
        }
      }]
    }
  }
}

resource "azapi_resource" "blob" {
  type      = "Microsoft.Network/privateEndpoints@2024-05-01"
  name      = "pe-blob"
  parent_id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg"
  location  = "westeurope"
  body = {
    properties = {
      subnet = { id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s" }
      privateLinkServiceConnections = [{
        name = "redis"
        properties = {
          privateLinkServiceId = azurerm_redis_cache.b.id
          groupIds             = ["blob"]
        }
      }]
    }
  }
}

resource "azapi_resource" "d" {
  type      = "Microsoft.Insights/diagnosticSettings@2021-05-01-preview"
  name      = "d"
  parent_id = azurerm_redis_cache.a.id
  body = {
    properties = {
      workspaceId = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/w"
      logs        = [{ categoryGroup = "allLogs", enabled = true }]
    }
  }
}

resource "azapi_resource" "p" {
  type      = "Microsoft.Authorization/policyAssignments@2024-04-01"
  name      = "p"
  parent_id = azurerm_redis_cache.a.id
  body = {
    properties = {
      policyDefinitionId = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
    }
  }
}
