# A module under test that judges itself as well: the postcondition stops every plan of
# those who call it, and the test shows that it does.

resource "azurerm_managed_redis" "this" {
  name                      = var.name
  resource_group_name       = var.resource_group_name
  location                  = var.location
  sku_name                  = "Balanced_B5"
  public_network_access     = var.public_network_access
  high_availability_enabled = true

  default_database {
    client_protocol                             = "Encrypted"
    access_keys_authentication_enabled          = false
    persistence_redis_database_backup_frequency = "6h"
  }

  lifecycle {
    postcondition {
      condition     = length(provider::redisbaseline::violations(self)) == 0
      error_message = join("\n", [for v in provider::redisbaseline::violations(self) : "${v.id}: ${v.message}; ${v.remediation}"])
    }
  }
}

# With access keys off, nobody gets in but this identity.
resource "azurerm_managed_redis_access_policy_assignment" "client" {
  managed_redis_id = azurerm_managed_redis.this.id
  object_id        = var.client_object_id
}

resource "azurerm_private_endpoint" "this" {
  name                = "pe-${var.name}"
  resource_group_name = var.resource_group_name
  location            = var.location
  subnet_id           = var.endpoint_subnet_id

  private_service_connection {
    name                           = var.name
    private_connection_resource_id = azurerm_managed_redis.this.id
    subresource_names              = ["redisEnterprise"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [var.private_dns_zone_id]
  }
}

# Logs are sent from the database. A setting on the cluster carries metrics only.
resource "azurerm_monitor_diagnostic_setting" "this" {
  name                       = var.name
  target_resource_id         = azurerm_managed_redis.this.default_database[0].id
  log_analytics_workspace_id = var.log_analytics_workspace_id

  enabled_log {
    category_group = "allLogs"
  }
}
