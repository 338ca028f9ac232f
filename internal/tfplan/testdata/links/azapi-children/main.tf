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

resource "azapi_resource" "f" {
  type      = "Microsoft.Cache/redis/firewallRules@2024-11-01"
  name      = "all"
  parent_id = azurerm_redis_cache.b.id
  body = {
    properties = {
      startIP = "0.0.0.0"
      endIP   = "255.255.255.255"
    }
  }
}

resource "azapi_resource" "p" {
  type      = "Microsoft.Cache/redis/accessPolicyAssignments@2024-11-01"
  name      = "app"
  parent_id = local.a
  body = {
    properties = {
      accessPolicyName = "Data Owner"
      objectId         = "11111111-1111-1111-1111-111111111111"
      objectIdAlias    = "app"
    }
  }
}

locals {
  a = azurerm_redis_cache.a.id
}
