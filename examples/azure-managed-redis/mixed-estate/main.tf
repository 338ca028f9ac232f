# One cache of each service, both private and neither with logs.

resource "azurerm_redis_cache" "old" {
  name                          = "redis-old"
  resource_group_name           = "rg"
  location                      = "westeurope"
  sku_name                      = "Standard"
  family                        = "C"
  capacity                      = 1
  public_network_access_enabled = false
}

resource "azurerm_managed_redis" "new" {
  name                  = "amr-new"
  resource_group_name   = "rg"
  location              = "westeurope"
  sku_name              = "Balanced_B5"
  public_network_access = "Disabled"

  default_database {}
}

resource "azurerm_private_endpoint" "one" {
  name                = "pe-one"
  resource_group_name = "rg"
  location            = "westeurope"
  subnet_id           = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"

  private_service_connection {
    name                           = "c"
    private_connection_resource_id = azurerm_redis_cache.old.id
    subresource_names              = ["redisCache"]
    is_manual_connection           = false
  }
}

resource "azurerm_private_endpoint" "two" {
  name                = "pe-two"
  resource_group_name = "rg"
  location            = "westeurope"
  subnet_id           = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"

  private_service_connection {
    name                           = "c"
    private_connection_resource_id = azurerm_managed_redis.new.id
    subresource_names              = ["redisEnterprise"]
    is_manual_connection           = false
  }
}
