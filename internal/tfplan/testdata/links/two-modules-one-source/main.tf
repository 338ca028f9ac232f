provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

module "one" {
  source = "./modules/set"
  names  = ["x", "y"]
  prefix = "one"
}

module "two" {
  source = "./modules/set"
  names  = ["x"]
  prefix = "two"
}

locals {
  all = merge(module.one.ids, { z = module.two.ids["x"] })
}

resource "azurerm_private_endpoint" "e" {
  for_each            = toset(["y", "z"])
  name                = "pe-${each.key}"
  location            = "westeurope"
  resource_group_name = "rg"
  subnet_id           = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"

  private_service_connection {
    name                           = "redis"
    is_manual_connection           = false
    private_connection_resource_id = local.all[each.key]
    subresource_names              = ["redisCache"]
  }
}
