# The cache of ../plan-gate after what the gate told to write.

resource "azurerm_resource_group" "rg" {
  name     = "rg-shop"
  location = "westeurope"
}

resource "azurerm_redis_cache" "shop" {
  name                          = "redis-shop"
  resource_group_name           = azurerm_resource_group.rg.name
  location                      = azurerm_resource_group.rg.location
  sku_name                      = "Basic"
  family                        = "C"
  capacity                      = 0
  non_ssl_port_enabled          = false
  public_network_access_enabled = false
}

resource "azurerm_private_endpoint" "shop" {
  name                = "pe-redis-shop"
  resource_group_name = azurerm_resource_group.rg.name
  location            = azurerm_resource_group.rg.location
  subnet_id           = var.endpoint_subnet_id

  private_service_connection {
    name                           = "redis-shop"
    private_connection_resource_id = azurerm_redis_cache.shop.id
    subresource_names              = ["redisCache"]
    is_manual_connection           = false
  }
}

resource "azurerm_monitor_diagnostic_setting" "shop" {
  name                       = "redis-shop"
  target_resource_id         = azurerm_redis_cache.shop.id
  log_analytics_workspace_id = var.log_analytics_workspace_id

  enabled_log {
    category_group = "allLogs"
  }
}

variable "endpoint_subnet_id" {
  type    = string
  default = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet/subnets/endpoints"
}

variable "log_analytics_workspace_id" {
  type    = string
  default = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log-shop"
}
