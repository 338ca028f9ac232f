# What uses the caches, after the move: host names and ports of the new caches, and an
# identity instead of access keys.

resource "azurerm_linux_web_app" "shop" {
  name                = "app-shop"
  resource_group_name = azurerm_resource_group.shop.name
  location            = azurerm_resource_group.shop.location
  service_plan_id     = "${azurerm_resource_group.shop.id}/providers/Microsoft.Web/serverFarms/plan-shop"

  app_settings = {
    SESSIONS_HOST = azurerm_managed_redis.sessions_amr.hostname
    SESSIONS_PORT = 10000
    CATALOG       = "${azurerm_managed_redis.catalog_amr.hostname}:10000"
    ORDERS        = "${azurerm_managed_redis.orders_amr.hostname}:10000"
    FEED          = "${azurerm_managed_redis.feed_amr.hostname}:10000"
    SEARCH        = azurerm_managed_redis.search_amr.hostname
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.shop.id]
  }

  site_config {}
}

resource "azurerm_monitor_metric_alert" "orders" {
  name                = "redis-orders-memory"
  resource_group_name = azurerm_resource_group.shop.name
  scopes              = [azurerm_managed_redis.orders_amr.id]

  criteria {
    metric_namespace = "Microsoft.Cache/redisEnterprise"
    metric_name      = "usedmemorypercentage"
    aggregation      = "Maximum"
    operator         = "GreaterThan"
    threshold        = 80
  }
}

resource "azurerm_role_assignment" "operators" {
  scope                = azurerm_managed_redis.orders_amr.id
  role_definition_name = "Contributor"
  principal_id         = "11111111-2222-4333-8444-555555555555"
}

output "carts" {
  value = {
    primary   = azurerm_managed_redis.carts_amr.hostname
    secondary = azurerm_managed_redis.carts_north_amr.hostname
  }
}
