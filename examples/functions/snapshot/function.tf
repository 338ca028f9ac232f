resource "azurerm_redis_cache" "orders" {
  name                          = "redis-orders"
  resource_group_name           = "rg-orders"
  location                      = "westeurope"
  sku_name                      = "Standard"
  family                        = "C"
  capacity                      = 1
  public_network_access_enabled = false
}

locals {
  orders = provider::redisbaseline::snapshot(azurerm_redis_cache.orders)
}

# What the plan does not know yet.
output "orders_undecided" {
  value = local.orders.undecided
}
