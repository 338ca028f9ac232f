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

resource "azurerm_redis_cache" "a" {
  name                = "redis-a"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.one.name
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

resource "azapi_resource" "g" {
  type      = "Microsoft.Authorization/policyAssignments@2024-04-01"
  name      = "g"
  parent_id = azurerm_resource_group.one.id
  body = {
    properties = {
      policyDefinitionId = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
    }
  }
}

resource "azapi_resource" "s" {
  type      = "Microsoft.Authorization/policyAssignments@2024-04-01"
  name      = "s"
  parent_id = "/subscriptions/00000000-0000-4000-8000-000000000001"
  body = {
    properties = {
      policyDefinitionId = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
    }
  }
}

resource "azapi_resource" "x" {
  type      = "Microsoft.Authorization/policyAssignments@2024-04-01"
  name      = "x"
  parent_id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/other"
  body = {
    properties = {
      policyDefinitionId = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
    }
  }
}
