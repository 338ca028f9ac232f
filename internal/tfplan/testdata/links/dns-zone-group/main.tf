provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

resource "azurerm_redis_cache" "a" {
  name                = "redis-a"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

resource "azurerm_redis_cache" "b" {
  name                = "redis-b"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

resource "azurerm_private_dns_zone" "z" {
  name                = "privatelink.redis.cache.windows.net"
  resource_group_name = "rg"
}

resource "azurerm_private_dns_zone" "o" {
  name                = "example.org"
  resource_group_name = "rg"
}

locals {
  zone = azurerm_private_dns_zone.z.id
}

resource "azurerm_private_endpoint" "e" {
  name                = "pe-e"
  location            = "westeurope"
  resource_group_name = "rg"
  subnet_id           = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"

  private_service_connection {
    name                           = "redis"
    is_manual_connection           = false
    private_connection_resource_id = azurerm_redis_cache.a.id
    subresource_names              = ["redisCache"]
  }
  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.o.id]
  }
}

resource "azurerm_private_endpoint" "f" {
  name                = "pe-f"
  location            = "westeurope"
  resource_group_name = "rg"
  subnet_id           = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"

  private_service_connection {
    name                           = "redis"
    is_manual_connection           = false
    private_connection_resource_id = azurerm_redis_cache.b.id
    subresource_names              = ["redisCache"]
  }
  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [local.zone]
  }
}

resource "azurerm_private_endpoint" "g" {
  name                = "pe-g"
  location            = "westeurope"
  resource_group_name = "rg"
  subnet_id           = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"

  private_service_connection {
    name                           = "redis"
    is_manual_connection           = false
    private_connection_resource_id = azurerm_redis_cache.b.id
    subresource_names              = ["redisCache"]
  }
  dynamic "private_dns_zone_group" {
    for_each = [azurerm_private_dns_zone.z.id]
    content {
      name                 = "default"
      private_dns_zone_ids = [private_dns_zone_group.value]
    }
  }
}
