resource "azurerm_redis_cache" "orders" {
  name                          = "redis-orders"
  resource_group_name           = "rg-orders"
  location                      = "westeurope"
  sku_name                      = "Standard"
  family                        = "C"
  capacity                      = 1
  public_network_access_enabled = true
}

output "orders_violations" {
  value = [for v in provider::redisbaseline::violations(azurerm_redis_cache.orders) : "${v.id} (${v.severity}): ${v.message}"]
}
