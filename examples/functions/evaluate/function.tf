resource "azurerm_redis_cache" "orders" {
  name                          = "redis-orders"
  resource_group_name           = "rg-orders"
  location                      = "westeurope"
  sku_name                      = "Standard"
  family                        = "C"
  capacity                      = 1
  public_network_access_enabled = false
}

output "orders" {
  value = {
    for f in provider::redisbaseline::evaluate(azurerm_redis_cache.orders).features : f.id => f.status
    if f.status != "not_supported"
  }
}
