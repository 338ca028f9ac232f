# Eight caches, of every tier.

# Basic C0, for tries, from the office.
resource "azurerm_redis_cache" "scratch" {
  name                = "redis-scratch"
  resource_group_name = azurerm_resource_group.shop.name
  location            = azurerm_resource_group.shop.location
  sku_name            = "Basic"
  family              = "C"
  capacity            = 0

  tags = { env = "dev" }
}

resource "azurerm_redis_firewall_rule" "office" {
  name                = "office"
  redis_cache_name    = azurerm_redis_cache.scratch.name
  resource_group_name = azurerm_resource_group.shop.name
  start_ip            = "203.0.113.1"
  end_ip              = "203.0.113.9"
}

# Standard C1: sessions, signed in to with Microsoft Entra ID.
resource "azurerm_redis_cache" "sessions" {
  name                               = "redis-sessions"
  resource_group_name                = azurerm_resource_group.shop.name
  location                           = azurerm_resource_group.shop.location
  sku_name                           = "Standard"
  family                             = "C"
  capacity                           = 1
  access_keys_authentication_enabled = false

  redis_configuration {
    active_directory_authentication_enabled = true
  }

  tags = { env = "test" }
}

resource "azurerm_redis_cache_access_policy_assignment" "sessions" {
  name               = "shop"
  redis_cache_id     = azurerm_redis_cache.sessions.id
  access_policy_name = "Data Contributor"
  object_id          = azurerm_user_assigned_identity.shop.principal_id
  object_id_alias    = "id-shop"
}

resource "azurerm_monitor_diagnostic_setting" "sessions" {
  name                       = "logs"
  target_resource_id         = azurerm_redis_cache.sessions.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.logs.id

  enabled_log {
    category_group = "allLogs"
  }
}

# Standard C3: the catalog, with access keys, and one client without TLS.
resource "azurerm_redis_cache" "catalog" {
  name                 = "redis-catalog"
  resource_group_name  = azurerm_resource_group.shop.name
  location             = azurerm_resource_group.shop.location
  sku_name             = "Standard"
  family               = "C"
  capacity             = 3
  non_ssl_port_enabled = true

  redis_configuration {
    maxmemory_policy       = "allkeys-lru"
    notify_keyspace_events = "Ex"
  }

  tags = { env = "prod" }
}

# Premium P1, not clustered: orders, private, with snapshots.
resource "azurerm_redis_cache" "orders" {
  name                          = "redis-orders"
  resource_group_name           = azurerm_resource_group.shop.name
  location                      = azurerm_resource_group.shop.location
  sku_name                      = "Premium"
  family                        = "P"
  capacity                      = 1
  zones                         = ["1", "2"]
  public_network_access_enabled = false

  redis_configuration {
    rdb_backup_enabled            = true
    rdb_backup_frequency          = 60
    rdb_storage_connection_string = azurerm_storage_account.backup.primary_blob_connection_string
  }

  patch_schedule {
    day_of_week    = "Sunday"
    start_hour_utc = 2
  }

  tags = { env = "prod" }
}

resource "azurerm_private_endpoint" "orders" {
  name                = "pe-orders"
  resource_group_name = azurerm_resource_group.shop.name
  location            = azurerm_resource_group.shop.location
  subnet_id           = azurerm_subnet.endpoints.id

  private_service_connection {
    name                           = "orders"
    is_manual_connection           = false
    private_connection_resource_id = azurerm_redis_cache.orders.id
    subresource_names              = ["redisCache"]
  }

  private_dns_zone_group {
    name                 = "redis"
    private_dns_zone_ids = [azurerm_private_dns_zone.redis.id]
  }
}

resource "azurerm_monitor_diagnostic_setting" "orders" {
  name                       = "logs"
  target_resource_id         = azurerm_redis_cache.orders.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.logs.id

  enabled_log {
    category_group = "allLogs"
  }
}

# Premium P2 with three shards: the feed, injected into the network.
resource "azurerm_redis_cache" "feed" {
  name                = "redis-feed"
  resource_group_name = azurerm_resource_group.shop.name
  location            = azurerm_resource_group.shop.location
  sku_name            = "Premium"
  family              = "P"
  capacity            = 2
  shard_count         = 3
  subnet_id           = azurerm_subnet.redis.id

  tags = { env = "prod" }
}

# Two of Premium P1: carts, replicated to another region.
resource "azurerm_redis_cache" "carts" {
  name                          = "redis-carts"
  resource_group_name           = azurerm_resource_group.shop.name
  location                      = "westeurope"
  sku_name                      = "Premium"
  family                        = "P"
  capacity                      = 1
  public_network_access_enabled = false

  tags = { env = "prod" }
}

resource "azurerm_redis_cache" "carts_north" {
  name                          = "redis-carts-north"
  resource_group_name           = azurerm_resource_group.shop.name
  location                      = "northeurope"
  sku_name                      = "Premium"
  family                        = "P"
  capacity                      = 1
  public_network_access_enabled = false

  tags = { env = "prod" }
}

resource "azurerm_redis_linked_server" "carts" {
  target_redis_cache_name     = azurerm_redis_cache.carts.name
  resource_group_name         = azurerm_resource_group.shop.name
  linked_redis_cache_id       = azurerm_redis_cache.carts_north.id
  linked_redis_cache_location = azurerm_redis_cache.carts_north.location
  server_role                 = "Secondary"
}

# Enterprise E10: search.
resource "azurerm_redis_enterprise_cluster" "search" {
  name                = "redis-search"
  resource_group_name = azurerm_resource_group.shop.name
  location            = azurerm_resource_group.shop.location
  sku_name            = "Enterprise_E10-2"

  tags = { env = "prod" }
}

resource "azurerm_redis_enterprise_database" "search" {
  cluster_id        = azurerm_redis_enterprise_cluster.search.id
  clustering_policy = "EnterpriseCluster"
  eviction_policy   = "NoEviction"

  module {
    name = "RediSearch"
  }
}
