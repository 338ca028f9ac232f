resource "azurerm_redis_cache" "this" {
  name                = "redis-${var.name}"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

resource "azurerm_private_endpoint" "this" {
  count               = 1
  name                = "pe-${var.name}"
  location            = "westeurope"
  resource_group_name = "rg"
  subnet_id           = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"

  private_service_connection {
    name                           = "redis"
    is_manual_connection           = false
    private_connection_resource_id = azurerm_redis_cache.this.id
    subresource_names              = ["redisCache"]
  }
}

resource "azurerm_monitor_diagnostic_setting" "this" {
  name                       = "diag-this"
  target_resource_id         = azurerm_redis_cache.this.id
  log_analytics_workspace_id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/w"
  enabled_log {
    category_group = "allLogs"
  }
}

variable "name" {
  type = string
}
