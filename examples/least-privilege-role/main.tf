# Everything that an evaluation of existing caches reads, and nothing else. The
# built-in role Reader holds all of it.
locals {
  scope = "/providers/Microsoft.Management/managementGroups/mg-platform"
}

resource "azurerm_role_definition" "redis_baseline_reader" {
  name              = "Redis Baseline Reader"
  description       = "Reads caches and what stands around them, to judge them against the Azure security baseline."
  scope             = local.scope
  assignable_scopes = [local.scope]

  permissions {
    actions = [
      "Microsoft.Authorization/policyAssignments/read",
      "Microsoft.Authorization/policyExemptions/read",
      "Microsoft.Authorization/policySetDefinitions/read",
      "Microsoft.Cache/redis/accessPolicies/read",
      "Microsoft.Cache/redis/accessPolicyAssignments/read",
      "Microsoft.Cache/redis/firewallRules/read",
      "Microsoft.Cache/redis/patchSchedules/read",
      "Microsoft.Cache/redis/privateEndpointConnections/read",
      "Microsoft.Cache/redis/read",
      "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments/read",
      "Microsoft.Cache/redisEnterprise/databases/read",
      "Microsoft.Cache/redisEnterprise/privateEndpointConnections/read",
      "Microsoft.Cache/redisEnterprise/read",
      "Microsoft.Insights/diagnosticSettings/read",
      "Microsoft.Management/managementGroups/descendants/read",
      "Microsoft.Network/networkSecurityGroups/read",
      "Microsoft.Network/virtualNetworks/subnets/read",
      "Microsoft.ResourceGraph/resources/read",
      "Microsoft.Resources/subscriptions/read",
    ]
  }
}

resource "azurerm_role_assignment" "redis_baseline_reader" {
  scope              = local.scope
  role_definition_id = azurerm_role_definition.redis_baseline_reader.role_definition_resource_id
  principal_id       = "00000000-0000-0000-0000-000000000000" # of the identity that runs Terraform
}
