terraform {
  required_providers {
    azurerm       = { source = "hashicorp/azurerm" }
    redisbaseline = { source = "redisbaseline/redisbaseline" }
  }
}

provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-0000-0000-000000000000"
}

provider "redisbaseline" {
  subscription_id = "00000000-0000-0000-0000-000000000000" # or ARM_SUBSCRIPTION_ID, as for azurerm
}

# The cache, with what it has today. Once the clients are ready, the three
# arguments whose names end in _enabled can go, each by itself; then their
# secure defaults stand.
resource "redisbaseline_cache" "orders" {
  name                = "redis-orders"
  resource_group_name = "rg-orders"
  location            = "westeurope"
  sku_name            = "Standard"
  capacity            = 1

  public_network_access_enabled      = true
  access_keys_authentication_enabled = true
  redis_configuration = {
    active_directory_authentication_enabled = false
    maxmemory_policy                        = "allkeys-lru"
  }

  tags = { team = "orders" }
}

moved {
  from = azurerm_redis_cache.orders
  to   = redisbaseline_cache.orders
}

# What stands around the cache stays where it is; only the references change.
resource "azurerm_private_endpoint" "orders" {
  name                = "pe-orders"
  resource_group_name = "rg-network"
  location            = "westeurope"
  subnet_id           = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet/subnets/endpoints"

  private_service_connection {
    name                           = "redis"
    private_connection_resource_id = redisbaseline_cache.orders.id
    subresource_names              = ["redisCache"]
    is_manual_connection           = false
  }
}

resource "azurerm_monitor_diagnostic_setting" "orders" {
  name                       = "logs"
  target_resource_id         = redisbaseline_cache.orders.id
  log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log-orders"

  enabled_log {
    category_group = "allLogs"
  }
}
