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
  # What the plan does not know yet is listed in the snapshot, so that the verdicts are known.
  orders = provider::redisbaseline::snapshot(azurerm_redis_cache.orders)
}

output "orders" {
  value = {
    for f in provider::redisbaseline::evaluate(local.orders).features : f.id => f.status
    if f.status != "not_supported"
  }
}
