provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

resource "azurerm_redis_cache" "a" {
  subnet_id           = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
  name                = "redis-a"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

resource "azurerm_virtual_network" "v" {
  name                = "v"
  location            = "westeurope"
  resource_group_name = "rg"
  address_space       = ["10.0.0.0/16"]
  subnet = [{
    name                                          = "s"
    address_prefixes                              = ["10.0.1.0/24"]
    security_group                                = azurerm_network_security_group.g.id
    default_outbound_access_enabled               = true
    delegation                                    = []
    id                                            = null
    private_endpoint_network_policies             = "Disabled"
    private_link_service_network_policies_enabled = true
    route_table_id                                = null
    service_endpoint                              = []
    service_endpoint_policy_ids                   = []
  }]
}

resource "azurerm_network_security_group" "g" {
  name                = "nsg-g"
  location            = "westeurope"
  resource_group_name = "rg"
}
