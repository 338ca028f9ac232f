# Premium, clustered, with snapshots that the cache writes with its own identity.
resource "redisbaseline_cache" "sessions" {
  name                = "redis-sessions"
  resource_group_name = "rg-orders"
  location            = "westeurope"
  sku_name            = "Premium"
  capacity            = 1
  shard_count         = 2

  identity = { type = "SystemAssigned" }

  redis_configuration = {
    maxmemory_policy     = "allkeys-lru"
    rdb_backup_enabled   = true
    rdb_backup_frequency = 60
  }

  # Write-only. With a managed identity it names the account, and holds no key.
  storage_connection_strings = {
    rdb_storage_connection_string = "BlobEndpoint=https://stsessions.blob.core.windows.net/"
  }
  storage_connection_strings_version = 1

  patch_schedule = [{ day_of_week = "Sunday", start_hour_utc = 2 }]

  private_endpoint    = { subnet_id = var.subnet_id }
  diagnostic_settings = { logs = { log_analytics_workspace_id = var.workspace_id } }

  timeouts = { create = "240m" }

  lifecycle {
    prevent_destroy = true
  }
}
