import {
  to = redisbaseline_cache.orders
  identity = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-orders/providers/Microsoft.Cache/redis/redis-orders"
  }
}
