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

resource "azurerm_redis_cache" "c" {
  name                = "redis-c"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

resource "azurerm_private_endpoint" "e" {
  name                = "pe-e"
  location            = "westeurope"
  resource_group_name = "rg"
  subnet_id           = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"

  private_service_connection {
    name                           = "redis"
    is_manual_connection           = false
    private_connection_resource_id = azurerm_subnet.s.id == "" ? azurerm_redis_cache.a.id : "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Cache/redis/redis-b"
    subresource_names              = ["redisCache"]
  }
}

resource "azurerm_subnet" "s" {
  name                 = "s"
  resource_group_name  = "rg"
  virtual_network_name = "v"
  address_prefixes     = ["10.0.0.0/24"]
}
