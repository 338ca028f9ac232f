# Two caches of Azure Managed Redis from the module beside this file: sessions
# with keys of the platform, orders with a key of one's own.

locals {
  resource_group_name        = "rg-shop"
  location                   = "westeurope"
  endpoint_subnet_id         = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-shop/subnets/snet-endpoints"
  log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log-shop"
}

# One zone serves every cache of the network. Those of the Enterprise tiers and of
# Azure Cache for Redis have zones of other names.
resource "azurerm_private_dns_zone" "redis" {
  name                = "privatelink.redis.azure.net"
  resource_group_name = local.resource_group_name
}

resource "azurerm_private_dns_zone_virtual_network_link" "redis" {
  name                  = "vnet-shop"
  resource_group_name   = local.resource_group_name
  private_dns_zone_name = azurerm_private_dns_zone.redis.name
  virtual_network_id    = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-shop"
}

# The identity of the application that uses the caches.
resource "azurerm_user_assigned_identity" "shop" {
  name                = "id-shop"
  resource_group_name = local.resource_group_name
  location            = local.location
}

# The identity by which the cluster reads its key. It needs the role Key Vault
# Crypto Service Encryption User on the vault before the cluster is created.
resource "azurerm_user_assigned_identity" "key" {
  name                = "id-redis-key"
  resource_group_name = local.resource_group_name
  location            = local.location
}

module "sessions" {
  source = "./redis"

  name                       = "redis-sessions"
  resource_group_name        = local.resource_group_name
  location                   = local.location
  endpoint_subnet_id         = local.endpoint_subnet_id
  private_dns_zone_id        = azurerm_private_dns_zone.redis.id
  log_analytics_workspace_id = local.log_analytics_workspace_id
  clients                    = { shop = azurerm_user_assigned_identity.shop.principal_id }
}

module "orders" {
  source = "./redis"

  name                       = "redis-orders"
  resource_group_name        = local.resource_group_name
  location                   = local.location
  endpoint_subnet_id         = local.endpoint_subnet_id
  private_dns_zone_id        = azurerm_private_dns_zone.redis.id
  log_analytics_workspace_id = local.log_analytics_workspace_id
  clients                    = { shop = azurerm_user_assigned_identity.shop.principal_id }

  customer_managed_key = {
    key_vault_key_id          = "https://kv-shop.vault.azure.net/keys/redis/0123456789abcdef0123456789abcdef"
    user_assigned_identity_id = azurerm_user_assigned_identity.key.id
  }
}
