# Each cache has an id of its own, so that the endpoint of one does not count for another.
mock_provider "azurerm" {
  override_resource {
    target = azurerm_redis_cache.this["a"]
    values = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-orders/providers/Microsoft.Cache/redis/a"
    }
  }

  override_resource {
    target = azurerm_redis_cache.this["b"]
    values = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-orders/providers/Microsoft.Cache/redis/b"
    }
  }
}

variables {
  names                      = ["a", "b"]
  resource_group_name        = "rg-orders"
  location                   = "westeurope"
  endpoint_subnet_id         = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-orders/providers/Microsoft.Network/virtualNetworks/vnet/subnets/redis"
  private_dns_zone_id        = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/privatelink.redis.cache.windows.net"
  log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/logs"
}

run "baseline" {
  command = apply

  assert {
    condition = alltrue([for cache in azurerm_redis_cache.this : length(provider::redisbaseline::violations(cache,
      concat(values(azurerm_private_endpoint.this), values(azurerm_monitor_diagnostic_setting.this))...
    )) == 0])
    error_message = join("\n", flatten([for name, cache in azurerm_redis_cache.this : [
      for v in provider::redisbaseline::violations(cache,
        concat(values(azurerm_private_endpoint.this), values(azurerm_monitor_diagnostic_setting.this))...
      ) : "${name}: ${v.id}: ${v.message}; ${v.remediation}"
    ]]))
  }

  # Undecided is, for example, a cache without an endpoint.
  assert {
    condition = alltrue(flatten([for cache in azurerm_redis_cache.this : [
      for f in provider::redisbaseline::evaluate(cache,
        concat(values(azurerm_private_endpoint.this), values(azurerm_monitor_diagnostic_setting.this))...
      ).features : f.status != "unknown" || f.id == "AM-2/azure-policy-support"
    ]]))
    error_message = join("\n", flatten([for name, cache in azurerm_redis_cache.this : [
      for f in provider::redisbaseline::evaluate(cache,
        concat(values(azurerm_private_endpoint.this), values(azurerm_monitor_diagnostic_setting.this))...
      ).features : "${name}: ${f.id}: ${f.message}" if f.status == "unknown" && f.id != "AM-2/azure-policy-support"
    ]]))
  }
}
