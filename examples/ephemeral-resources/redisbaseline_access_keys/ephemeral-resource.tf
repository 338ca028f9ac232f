terraform {
  required_providers {
    azurerm       = { source = "hashicorp/azurerm" }
    redisbaseline = { source = "redisbaseline/redisbaseline" }
  }
}

provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-0000-0000-000000000000" # or ARM_SUBSCRIPTION_ID
}

provider "redisbaseline" {
  subscription_id = "00000000-0000-0000-0000-000000000000" # or ARM_SUBSCRIPTION_ID
}

resource "redisbaseline_cache" "carts" {
  name                = "redis-carts"
  resource_group_name = "rg-orders"
  location            = "westeurope"
  sku_name            = "Standard"
  capacity            = 1

  access_keys_authentication_enabled = true # until the last client signs in with Microsoft Entra
}

ephemeral "redisbaseline_access_keys" "carts" {
  resource_id = redisbaseline_cache.carts.id
}

# From the cache to the vault, and into no plan and no state.
resource "azurerm_key_vault_secret" "carts" {
  name             = "redis-carts"
  key_vault_id     = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-orders/providers/Microsoft.KeyVault/vaults/kv-orders"
  value_wo         = ephemeral.redisbaseline_access_keys.carts.primary_access_key
  value_wo_version = 1
}
