# Nothing is created and nobody signs in: the provider is a mock. It makes up random
# words for what Azure would answer; azurerm refuses such a word as the target of an
# endpoint, so that the cache gets an id.
mock_provider "azurerm" {
  mock_resource "azurerm_redis_cache" {
    defaults = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-orders/providers/Microsoft.Cache/redis/redis-orders"
    }
  }
}

variables {
  name                       = "redis-orders"
  resource_group_name        = "rg-orders"
  location                   = "westeurope"
  endpoint_subnet_id         = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-orders/providers/Microsoft.Network/virtualNetworks/vnet/subnets/redis"
  private_dns_zone_id        = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/privatelink.redis.cache.windows.net"
  log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/logs"
}

run "baseline" {
  command = apply # all values are known, and with them which cache the endpoint leads to

  assert {
    condition = length(provider::redisbaseline::violations(
      azurerm_redis_cache.this, azurerm_private_endpoint.this, azurerm_monitor_diagnostic_setting.this,
    )) == 0
    error_message = join("\n", [for v in provider::redisbaseline::violations(
      azurerm_redis_cache.this, azurerm_private_endpoint.this, azurerm_monitor_diagnostic_setting.this,
    ) : "${v.id}: ${v.message}; ${v.remediation}"])
  }

  # What is undecided is no violation: a missing endpoint, or public access that is left
  # out, for a mock does not set the defaults of azurerm. Policies are assigned elsewhere.
  assert {
    condition = alltrue([for f in provider::redisbaseline::evaluate(
      azurerm_redis_cache.this, azurerm_private_endpoint.this, azurerm_monitor_diagnostic_setting.this,
    ).features : f.status != "unknown" || f.id == "AM-2/azure-policy-support"])
    error_message = join("\n", [for f in provider::redisbaseline::evaluate(
      azurerm_redis_cache.this, azurerm_private_endpoint.this, azurerm_monitor_diagnostic_setting.this,
    ).features : "${f.id}: ${f.message}" if f.status == "unknown" && f.id != "AM-2/azure-policy-support"])
  }
}
