provider "azurerm" {
  features {}
  subscription_id = var.subscription
}

variable "subscription" {
  type = string
}

resource "azurerm_redis_cache" "a" {
  name                = "redis"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}
