terraform {
  required_providers {
    azurerm = {
      source                = "hashicorp/azurerm"
      configuration_aliases = [azurerm.other]
    }
  }
}

resource "azurerm_redis_cache" "a" {
  name                = "redis"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

resource "azurerm_redis_cache" "b" {
  provider            = azurerm.other
  name                = "redis"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}
