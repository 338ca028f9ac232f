# Keys of caches, for the web app and for readers outside of this configuration.

resource "azurerm_key_vault_secret" "catalog" {
  name         = "redis-catalog"
  key_vault_id = "${azurerm_resource_group.shop.id}/providers/Microsoft.KeyVault/vaults/kv-shop"
  value        = azurerm_redis_cache.catalog.primary_connection_string
}

resource "azurerm_key_vault_secret" "search" {
  name         = "redis-search"
  key_vault_id = "${azurerm_resource_group.shop.id}/providers/Microsoft.KeyVault/vaults/kv-shop"
  value        = azurerm_redis_enterprise_database.search.primary_access_key
}
