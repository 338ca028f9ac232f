# A cache of Azure Managed Redis with the azapi provider: no public address, TLS
# alone, Microsoft Entra alone, logs, and a private endpoint with its DNS zone.

terraform {
  required_providers {
    azapi = {
      source = "azure/azapi"
    }
  }
}

resource "azapi_resource" "cluster" {
  type      = "Microsoft.Cache/redisEnterprise@2025-07-01" # the first with publicNetworkAccess, and refused without it
  name      = var.name
  parent_id = var.resource_group_id
  location  = var.location

  dynamic "identity" {
    for_each = var.customer_managed_key[*]
    content {
      type         = "UserAssigned"
      identity_ids = [identity.value.user_assigned_identity_id]
    }
  }

  body = {
    sku = {
      name = var.sku_name
    }
    properties = {
      minimumTlsVersion   = "1.2"
      publicNetworkAccess = "Disabled"
      highAvailability    = "Enabled"
      encryption = {
        customerManagedKeyEncryption = var.customer_managed_key == null ? null : {
          keyEncryptionKeyUrl = var.customer_managed_key.key_vault_key_id
          keyEncryptionKeyIdentity = {
            identityType                   = "userAssignedIdentity"
            userAssignedIdentityResourceId = var.customer_managed_key.user_assigned_identity_id
          }
        }
      }
    }
  }

  ignore_null_property   = true
  response_export_values = ["properties.hostName"]
}

resource "azapi_resource" "database" {
  type      = "Microsoft.Cache/redisEnterprise/databases@2025-07-01"
  name      = "default"
  parent_id = azapi_resource.cluster.id

  body = {
    properties = {
      clientProtocol           = "Encrypted"
      port                     = 10000
      clusteringPolicy         = "OSSCluster"
      evictionPolicy           = "VolatileLRU"
      accessKeysAuthentication = "Disabled"
      persistence = {
        rdbEnabled   = true
        rdbFrequency = var.backup_frequency
      }
    }
  }
}

# With access keys off, nobody gets in but these.
resource "azapi_resource" "client" {
  for_each = var.clients

  type      = "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments@2025-07-01"
  name      = each.key
  parent_id = azapi_resource.database.id

  body = {
    properties = {
      accessPolicyName = "default"
      user = {
        objectId = each.value
      }
    }
  }
}

resource "azapi_resource" "endpoint" {
  type      = "Microsoft.Network/privateEndpoints@2024-05-01"
  name      = "pe-${var.name}"
  parent_id = var.resource_group_id
  location  = var.location

  body = {
    properties = {
      subnet = {
        id = var.endpoint_subnet_id
      }
      privateLinkServiceConnections = [{
        name = var.name
        properties = {
          privateLinkServiceId = azapi_resource.cluster.id
          groupIds             = ["redisEnterprise"] # redisCache is that of Azure Cache for Redis
        }
      }]
    }
  }
}

resource "azapi_resource" "zone_group" {
  type      = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01"
  name      = "default"
  parent_id = azapi_resource.endpoint.id

  body = {
    properties = {
      privateDnsZoneConfigs = [{
        name = "redis"
        properties = {
          privateDnsZoneId = var.private_dns_zone_id
        }
      }]
    }
  }
}

# Logs are sent from the database. A setting on the cluster carries metrics only.
resource "azapi_resource" "logs" {
  type      = "Microsoft.Insights/diagnosticSettings@2021-05-01-preview"
  name      = var.name
  parent_id = azapi_resource.database.id

  body = {
    properties = {
      workspaceId = var.log_analytics_workspace_id
      logs = [{
        categoryGroup = "allLogs"
        enabled       = true
      }]
    }
  }
}
