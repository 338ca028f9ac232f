terraform {
  required_providers {
    redisbaseline = { source = "redisbaseline/redisbaseline" }
  }
}

# Everything that is not written here is secure by default.
resource "redisbaseline_cache" "orders" {
  name                = "redis-orders"
  resource_group_name = "rg-orders"
  location            = "westeurope"
  sku_name            = "Standard"
  capacity            = 1
}
