# Nothing is created and nobody signs in: the provider is a mock. The ids are those that
# the endpoint and the diagnostic setting need, which azurerm checks.
mock_provider "azurerm" {
  mock_resource "azurerm_managed_redis" {
    defaults = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-orders/providers/Microsoft.Cache/redisEnterprise/redis-orders"
      default_database = {
        id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-orders/providers/Microsoft.Cache/redisEnterprise/redis-orders/databases/default"
      }
    }
  }
}

variables {
  name                       = "redis-orders"
  resource_group_name        = "rg-orders"
  location                   = "westeurope"
  endpoint_subnet_id         = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-orders/providers/Microsoft.Network/virtualNetworks/vnet/subnets/redis"
  private_dns_zone_id        = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/privatelink.redis.azure.net"
  log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/logs"
  client_object_id           = "00000000-0000-4000-8000-000000000001"
}

run "baseline" {
  command = apply

  assert {
    condition = length(provider::redisbaseline::violations(
      azurerm_managed_redis.this, azurerm_private_endpoint.this, azurerm_monitor_diagnostic_setting.this,
      azurerm_managed_redis_access_policy_assignment.client,
    )) == 0
    error_message = join("\n", [for v in provider::redisbaseline::violations(
      azurerm_managed_redis.this, azurerm_private_endpoint.this, azurerm_monitor_diagnostic_setting.this,
      azurerm_managed_redis_access_policy_assignment.client,
    ) : "${v.id}: ${v.message}; ${v.remediation}"])
  }

  # What is undecided is no violation: a missing endpoint, or public access that is left
  # out, for a mock does not set the defaults of azurerm. Policies are assigned elsewhere.
  assert {
    condition = alltrue([for f in provider::redisbaseline::evaluate(
      azurerm_managed_redis.this, azurerm_private_endpoint.this, azurerm_monitor_diagnostic_setting.this,
      azurerm_managed_redis_access_policy_assignment.client,
    ).features : f.status != "unknown" || f.id == "AM-2/azure-policy-support"])
    error_message = join("\n", [for f in provider::redisbaseline::evaluate(
      azurerm_managed_redis.this, azurerm_private_endpoint.this, azurerm_monitor_diagnostic_setting.this,
      azurerm_managed_redis_access_policy_assignment.client,
    ).features : "${f.id}: ${f.message}" if f.status == "unknown" && f.id != "AM-2/azure-policy-support"])
  }
}

# The postcondition of the module refuses a public cache, while Terraform plans.
run "public_is_refused" {
  command = plan

  variables {
    public_network_access = "Enabled"
  }

  expect_failures = [azurerm_managed_redis.this]
}
