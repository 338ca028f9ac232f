provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

module "own" {
  source = "./modules/maybe"
  create = true
}

resource "azurerm_redis_cache" "b" {
  name                = "redis-b"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

module "given" {
  source   = "./modules/maybe"
  create   = false
  existing = azurerm_redis_cache.b.id
}
