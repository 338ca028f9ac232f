terraform {
  required_providers {
    redisbaseline = { source = "redisbaseline/redisbaseline" }
  }
}

import {
  to = redisbaseline_cache.orders
  id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-orders/providers/Microsoft.Cache/redis/redis-orders"
}

# What differs from the secure defaults is in the plan; write it here to keep it.
resource "redisbaseline_cache" "orders" {
  name                = "redis-orders"
  resource_group_name = "rg-orders"
  location            = "westeurope"
  sku_name            = "Standard"
  capacity            = 1
}
