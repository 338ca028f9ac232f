# What uses the caches: a web app, an alert, a role, outputs.

resource "azurerm_linux_web_app" "shop" {
  name                = "app-shop"
  resource_group_name = azurerm_resource_group.shop.name
  location            = azurerm_resource_group.shop.location
  service_plan_id     = "${azurerm_resource_group.shop.id}/providers/Microsoft.Web/serverFarms/plan-shop"

  app_settings = {
    SESSIONS_HOST = azurerm_redis_cache.sessions.hostname
    SESSIONS_PORT = azurerm_redis_cache.sessions.ssl_port
    CATALOG       = "@Microsoft.KeyVault(SecretUri=${azurerm_key_vault_secret.catalog.id})"
    ORDERS        = "${azurerm_redis_cache.orders.hostname}:${azurerm_redis_cache.orders.ssl_port}"
    FEED          = azurerm_redis_cache.feed.primary_connection_string
    SEARCH        = azurerm_redis_enterprise_cluster.search.hostname
  }

  site_config {}
}

resource "azurerm_monitor_metric_alert" "orders" {
  name                = "redis-orders-memory"
  resource_group_name = azurerm_resource_group.shop.name
  scopes              = [azurerm_redis_cache.orders.id]

  criteria {
    metric_namespace = "Microsoft.Cache/redis"
    metric_name      = "usedmemorypercentage"
    aggregation      = "Maximum"
    operator         = "GreaterThan"
    threshold        = 80
  }
}

resource "azurerm_role_assignment" "operators" {
  scope                = azurerm_redis_cache.orders.id
  role_definition_name = "Redis Cache Contributor"
  principal_id         = "11111111-2222-4333-8444-555555555555"
}

output "carts" {
  value = {
    primary   = azurerm_redis_cache.carts.hostname
    secondary = azurerm_redis_cache.carts_north.hostname
  }
}

output "scratch" {
  value     = azurerm_redis_cache.scratch.primary_access_key
  sensitive = true
}
