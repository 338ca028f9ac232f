resource "azurerm_redis_cache" "b" {
  name                = "redis"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}
