resource "azurerm_redis_cache" "orders" {
  name                          = "redis-orders"
  resource_group_name           = "rg-orders"
  location                      = "westeurope"
  sku_name                      = "Standard"
  family                        = "C"
  capacity                      = 1
  public_network_access_enabled = true
}

# Through a local: a direct reference would delay the verdict until apply.
locals {
  orders = provider::redisbaseline::snapshot(azurerm_redis_cache.orders)
}

data "redisbaseline_evaluation" "orders" {
  cache = local.orders
}

output "orders_features" {
  value = { for f in data.redisbaseline_evaluation.orders.features : f.id => f.status }
}
