# Three caches as azurerm would plan them, written down as locals so that this
# needs no Azure and no other provider. With the real resources, the snapshots
# take azurerm_redis_cache.orders and so on: see ../azurerm. The fourth is a
# resource of this provider, which a plan does not ask Azure about.

terraform {
  required_providers {
    redisbaseline = {
      source = "redisbaseline/redisbaseline"
    }
  }
}

provider "redisbaseline" {
  subscription_id = "00000000-0000-0000-0000-000000000000"
}

locals {
  # A cache with mistakes that are easy to make.
  orders = {
    name                               = "redis-orders"
    location                           = "westeurope"
    sku_name                           = "Standard"
    family                             = "C"
    capacity                           = 1
    non_ssl_port_enabled               = true
    minimum_tls_version                = "1.0"
    public_network_access_enabled      = true
    access_keys_authentication_enabled = true
    redis_version                      = "6"
  }

  # The same cache, done right, and what stands around it.
  sessions = {
    id                                 = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-shop/providers/Microsoft.Cache/redis/redis-sessions"
    name                               = "redis-sessions"
    location                           = "westeurope"
    sku_name                           = "Standard"
    family                             = "C"
    capacity                           = 1
    non_ssl_port_enabled               = false
    minimum_tls_version                = "1.2"
    public_network_access_enabled      = false
    access_keys_authentication_enabled = false
    redis_version                      = "6"
    redis_configuration                = [{ active_directory_authentication_enabled = true }]
  }

  sessions_endpoint = {
    private_service_connection = [{
      private_connection_resource_id = local.sessions.id
      subresource_names              = ["redisCache"]
      is_manual_connection           = false
    }]
  }

  sessions_logs = {
    target_resource_id         = local.sessions.id
    log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log-shop"
    enabled_log                = [{ category_group = "allLogs" }]
  }

  # A cache of the successor, Azure Managed Redis, as azurerm_managed_redis has it.
  search = {
    name                  = "redis-search"
    location              = "westeurope"
    sku_name              = "Balanced_B5"
    public_network_access = "Enabled"
    default_database      = [{ client_protocol = "Plaintext", access_keys_authentication_enabled = false }]
  }
}

locals {
  orders_snapshot   = provider::redisbaseline::snapshot(local.orders)
  search_snapshot   = provider::redisbaseline::snapshot(local.search)
  sessions_snapshot = provider::redisbaseline::snapshot(local.sessions, local.sessions_endpoint, local.sessions_logs)
}

data "redisbaseline_evaluation" "orders" {
  cache = local.orders_snapshot
}

data "redisbaseline_evaluation" "sessions" {
  cache = local.sessions_snapshot
}

data "redisbaseline_evaluation" "search" {
  cache = local.search_snapshot
}

# The shortest cache there is. The plan shows what it gets without being told.
resource "redisbaseline_cache" "carts" {
  name                = "redis-carts"
  resource_group_name = "rg-shop"
  location            = "westeurope"
  sku_name            = "Standard"
  capacity            = 1
}

output "violations" {
  value = {
    for name, evaluation in {
      orders   = data.redisbaseline_evaluation.orders
      sessions = data.redisbaseline_evaluation.sessions
      search   = data.redisbaseline_evaluation.search
    } : name => [for f in evaluation.features : f.id if f.status == "non_compliant"]
  }
}
