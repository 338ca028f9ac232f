# A check block warns and never stops a plan. This one leaves out a rule that
# the team has decided to live with.

resource "azurerm_redis_cache" "orders" {
  name                          = "redis-orders"
  resource_group_name           = "rg-orders"
  location                      = "westeurope"
  sku_name                      = "Standard"
  family                        = "C"
  capacity                      = 1
  non_ssl_port_enabled          = true
  public_network_access_enabled = true
}

locals {
  accepted = ["NS-2/disable-public-network-access"]
  violations = [
    for v in provider::redisbaseline::violations(azurerm_redis_cache.orders) : v
    if !contains(local.accepted, v.id)
  ]
}

check "redis_baseline" {
  assert {
    condition     = length(local.violations) == 0
    error_message = join("\n", [for v in local.violations : "${v.id}: ${v.message}"])
  }
}
