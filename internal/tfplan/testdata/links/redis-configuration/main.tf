provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

resource "azurerm_redis_cache" "omitted" {
  subnet_id           = local.subnet
  name                = "redis-omitted"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

resource "azurerm_redis_cache" "plain" {
  subnet_id = local.subnet
  redis_configuration {
    authentication_enabled = false
  }
  name                = "redis-plain"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

resource "azurerm_redis_cache" "empty" {
  subnet_id = local.subnet
  dynamic "redis_configuration" {
    for_each = []
    content {
      authentication_enabled = false
    }
  }
  name                = "redis-empty"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

resource "azurerm_redis_cache" "hidden" {
  subnet_id = local.subnet
  dynamic "redis_configuration" {
    for_each = terraform_data.t.id == "x" ? [1] : []
    content {
      authentication_enabled = false
    }
  }
  name                = "redis-hidden"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

resource "terraform_data" "t" {
  input = "x"
}

locals {
  subnet = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
}
