# A cache of each service, and the few lines that judge both while terraform plan
# runs. Neither says anything about public access: both services leave it on.

resource "azurerm_redis_cache" "sessions" {
  name                = "redis-sessions"
  resource_group_name = "rg-shop"
  location            = "westeurope"
  sku_name            = "Standard"
  family              = "C"
  capacity            = 1
}

resource "azurerm_managed_redis" "search" {
  name                = "redis-search"
  resource_group_name = "rg-shop"
  location            = "westeurope"
  sku_name            = "Balanced_B5"

  default_database {
    client_protocol = "Plaintext"
  }
}

locals {
  caches = {
    sessions = provider::redisbaseline::snapshot(azurerm_redis_cache.sessions)
    search   = provider::redisbaseline::snapshot(azurerm_managed_redis.search)
  }
}

data "redisbaseline_evaluation" "cache" {
  for_each = toset(keys(local.caches))
  cache    = local.caches[each.key]
}

# The same as one resource, without a local in between.
resource "redisbaseline_guard" "search" {
  cache      = azurerm_managed_redis.search
  advisories = false
}

output "violations" {
  value = concat(
    [for v in provider::redisbaseline::violations(azurerm_redis_cache.sessions) : "sessions: ${v.id}, control ${v.control}"],
    [for v in provider::redisbaseline::violations(azurerm_managed_redis.search) : "search: ${v.id}, control ${v.control}"],
  )
}
