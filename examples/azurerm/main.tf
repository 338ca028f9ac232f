# A cache of the azurerm provider, the private endpoint and the logs around it,
# and the few lines that judge them while terraform plan runs.

resource "azurerm_redis_cache" "orders" {
  name                               = "redis-orders"
  resource_group_name                = "rg-orders"
  location                           = "westeurope"
  sku_name                           = "Standard"
  family                             = "C"
  capacity                           = 1
  minimum_tls_version                = "1.2"
  public_network_access_enabled      = false
  access_keys_authentication_enabled = false

  redis_configuration {
    active_directory_authentication_enabled = true
  }
}

resource "azurerm_private_endpoint" "orders" {
  name                = "pe-redis-orders"
  resource_group_name = "rg-orders"
  location            = "westeurope"
  subnet_id           = var.endpoint_subnet_id

  private_service_connection {
    name                           = "redis-orders"
    private_connection_resource_id = azurerm_redis_cache.orders.id
    subresource_names              = ["redisCache"]
    is_manual_connection           = false
  }
}

resource "azurerm_monitor_diagnostic_setting" "orders" {
  name                       = "redis-orders"
  target_resource_id         = azurerm_redis_cache.orders.id
  log_analytics_workspace_id = var.log_analytics_workspace_id

  enabled_log {
    category_group = "allLogs"
  }
}

# The local is needed: a data source that names a resource directly is read
# only after apply, and says nothing in the plan.
locals {
  orders = provider::redisbaseline::snapshot(
    azurerm_redis_cache.orders,
    azurerm_private_endpoint.orders,
    azurerm_monitor_diagnostic_setting.orders,
  )
}

data "redisbaseline_evaluation" "orders" {
  cache = local.orders
}

output "orders_compliant" {
  value = data.redisbaseline_evaluation.orders.compliant
}
