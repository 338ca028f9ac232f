resource "azurerm_redis_cache" "orders" {
  name                          = "redis-orders"
  resource_group_name           = "rg-orders"
  location                      = "westeurope"
  sku_name                      = "Standard"
  family                        = "C"
  capacity                      = 1
  public_network_access_enabled = true
}

# Takes the planned resource itself, and judges it again on every plan.
resource "redisbaseline_guard" "orders" {
  cache = azurerm_redis_cache.orders
}
