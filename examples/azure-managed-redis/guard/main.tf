# A cache of Azure Managed Redis, judged while terraform plan runs: the guard warns
# about the whole of it, and the postcondition stops a plan that violates the baseline.

resource "azurerm_managed_redis" "orders" {
  name                  = "redis-orders"
  resource_group_name   = "rg-shop"
  location              = "westeurope"
  sku_name              = "Balanced_B5"
  public_network_access = "Disabled"

  default_database {}

  lifecycle {
    postcondition {
      condition     = length(provider::redisbaseline::violations(self)) == 0
      error_message = join("\n", [for v in provider::redisbaseline::violations(self) : "${v.id}: ${v.message}; ${v.remediation}"])
    }
  }
}

resource "azurerm_managed_redis_access_policy_assignment" "shop" {
  managed_redis_id = azurerm_managed_redis.orders.id
  object_id        = "00000000-0000-0000-0000-00000000c11e"
}

resource "azurerm_private_endpoint" "orders" {
  name                = "pe-redis-orders"
  resource_group_name = "rg-shop"
  location            = "westeurope"
  subnet_id           = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-shop/subnets/snet-endpoints"

  private_service_connection {
    name                           = "redis-orders"
    private_connection_resource_id = azurerm_managed_redis.orders.id
    subresource_names              = ["redisEnterprise"]
    is_manual_connection           = false
  }
}

resource "azurerm_monitor_diagnostic_setting" "orders" {
  name                       = "redis-orders"
  target_resource_id         = azurerm_managed_redis.orders.default_database[0].id # the database, not the cluster
  log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log-shop"

  enabled_log {
    category_group = "allLogs"
  }
}

resource "redisbaseline_guard" "orders" {
  cache = azurerm_managed_redis.orders

  companions = [
    azurerm_managed_redis_access_policy_assignment.shop,
    azurerm_private_endpoint.orders,
    azurerm_monitor_diagnostic_setting.orders,
  ]
}
