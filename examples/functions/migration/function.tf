resource "azurerm_redis_cache" "orders" {
  name                = "redis-orders"
  resource_group_name = "rg-orders"
  location            = "westeurope"
  sku_name            = "Standard"
  family              = "C"
  capacity            = 1

  lifecycle {
    postcondition {
      condition     = length([for b in provider::redisbaseline::migration(self).blockers : b if b.certain]) == 0
      error_message = join("; ", [for b in provider::redisbaseline::migration(self).blockers : b.message if b.certain])
    }
  }
}

output "orders_target_sku" {
  value = provider::redisbaseline::migration(azurerm_redis_cache.orders).target_sku
}
