# A module under test that makes several caches, each with its endpoint and its logs.

resource "azurerm_redis_cache" "this" {
  for_each = var.names

  name                               = each.key
  resource_group_name                = var.resource_group_name
  location                           = var.location
  sku_name                           = "Standard"
  family                             = "C"
  capacity                           = 1
  public_network_access_enabled      = false
  non_ssl_port_enabled               = false
  minimum_tls_version                = "1.2"
  access_keys_authentication_enabled = false

  redis_configuration {
    active_directory_authentication_enabled = true
  }
}

resource "azurerm_private_endpoint" "this" {
  for_each = var.names

  name                = "pe-${each.key}"
  resource_group_name = var.resource_group_name
  location            = var.location
  subnet_id           = var.endpoint_subnet_id

  private_service_connection {
    name                           = each.key
    private_connection_resource_id = azurerm_redis_cache.this[each.key].id
    subresource_names              = ["redisCache"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [var.private_dns_zone_id]
  }
}

resource "azurerm_monitor_diagnostic_setting" "this" {
  for_each = var.names

  name                       = each.key
  target_resource_id         = azurerm_redis_cache.this[each.key].id
  log_analytics_workspace_id = var.log_analytics_workspace_id

  enabled_log {
    category_group = "allLogs"
  }
}
