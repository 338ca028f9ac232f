# Two caches of Azure Managed Redis from the module beside this file: sessions
# with keys of the platform, orders with a key of one's own.

locals {
  resource_group_id          = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-shop"
  location                   = "westeurope"
  endpoint_subnet_id         = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-shop/subnets/snet-endpoints"
  log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log-shop"
  clients                    = { shop = "00000000-0000-0000-0000-00000000c11e" }
}

# One zone serves every cache of the network. Those of the Enterprise tiers and of
# Azure Cache for Redis have zones of other names.
resource "azapi_resource" "zone" {
  type      = "Microsoft.Network/privateDnsZones@2024-06-01"
  name      = "privatelink.redis.azure.net"
  parent_id = local.resource_group_id
  location  = "global"
  body      = {}
}

resource "azapi_resource" "zone_link" {
  type      = "Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01"
  name      = "vnet-shop"
  parent_id = azapi_resource.zone.id
  location  = "global"

  body = {
    properties = {
      registrationEnabled = false
      virtualNetwork = {
        id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-shop"
      }
    }
  }
}

module "sessions" {
  source = "./redis"

  name                       = "redis-sessions"
  resource_group_id          = local.resource_group_id
  location                   = local.location
  endpoint_subnet_id         = local.endpoint_subnet_id
  private_dns_zone_id        = azapi_resource.zone.id
  log_analytics_workspace_id = local.log_analytics_workspace_id
  clients                    = local.clients
}

module "orders" {
  source = "./redis"

  name                       = "redis-orders"
  resource_group_id          = local.resource_group_id
  location                   = local.location
  endpoint_subnet_id         = local.endpoint_subnet_id
  private_dns_zone_id        = azapi_resource.zone.id
  log_analytics_workspace_id = local.log_analytics_workspace_id
  clients                    = local.clients

  customer_managed_key = {
    key_vault_key_id          = "https://kv-shop.vault.azure.net/keys/redis/0123456789abcdef0123456789abcdef"
    user_assigned_identity_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-redis-key"
  }
}
