# The strictest form: no extra block, and the plan fails before anything exists.

resource "azurerm_redis_cache" "orders" {
  name                          = "redis-orders"
  resource_group_name           = "rg-orders"
  location                      = "westeurope"
  sku_name                      = "Standard"
  family                        = "C"
  capacity                      = 1
  public_network_access_enabled = false

  lifecycle {
    postcondition {
      condition     = length(provider::redisbaseline::violations(self)) == 0
      error_message = join("\n", [for v in provider::redisbaseline::violations(self) : "${v.id}: ${v.message}; ${v.remediation}"])
    }
  }
}
