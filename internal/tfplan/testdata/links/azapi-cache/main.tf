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

locals {
  id = azapi_resource.a.id
}

resource "azurerm_private_endpoint" "e" {
  name                = "pe-e"
  location            = "westeurope"
  resource_group_name = "rg"
  subnet_id           = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"

  private_service_connection {
    name                           = "redis"
    is_manual_connection           = false
    private_connection_resource_id = azapi_resource.b.id
    subresource_names              = ["redisCache"]
  }
}

resource "azurerm_monitor_diagnostic_setting" "d" {
  name                       = "diag-d"
  target_resource_id         = local.id
  log_analytics_workspace_id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/w"
  enabled_log {
    category_group = "allLogs"
  }
}
