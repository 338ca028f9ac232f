# A cache of Azure Managed Redis with the azurerm provider: no public address, TLS
# alone, Microsoft Entra alone, logs, and a private endpoint with its DNS zone.

terraform {
  required_providers {
    azurerm = {
      source = "hashicorp/azurerm"
    }
  }
}

resource "azurerm_managed_redis" "this" {
  name                  = var.name
  resource_group_name   = var.resource_group_name
  location              = var.location
  sku_name              = var.sku_name
  public_network_access = "Disabled"

  default_database {
    client_protocol                             = "Encrypted"
    access_keys_authentication_enabled          = false
    persistence_redis_database_backup_frequency = var.backup_frequency
  }

  dynamic "customer_managed_key" {
    for_each = var.customer_managed_key[*]
    content {
      key_vault_key_id          = customer_managed_key.value.key_vault_key_id
      user_assigned_identity_id = customer_managed_key.value.user_assigned_identity_id
    }
  }

  dynamic "identity" {
    for_each = var.customer_managed_key[*]
    content {
      type         = "UserAssigned"
      identity_ids = [identity.value.user_assigned_identity_id]
    }
  }
}

# With access keys off, nobody gets in but these.
resource "azurerm_managed_redis_access_policy_assignment" "client" {
  for_each = var.clients

  managed_redis_id = azurerm_managed_redis.this.id
  object_id        = each.value
}

resource "azurerm_private_endpoint" "this" {
  name                = "pe-${var.name}"
  resource_group_name = var.resource_group_name
  location            = var.location
  subnet_id           = var.endpoint_subnet_id

  private_service_connection {
    name                           = var.name
    private_connection_resource_id = azurerm_managed_redis.this.id
    subresource_names              = ["redisEnterprise"] # redisCache is that of Azure Cache for Redis
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
