provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

resource "azurerm_redis_cache" "a" {
  subnet_id           = azurerm_subnet.s.id
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
}

resource "azurerm_subnet" "s" {
  name                 = "s"
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.v.name
  address_prefixes     = ["10.0.1.0/24"]
}

resource "azurerm_subnet" "t" {
  name                 = "t"
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.v.name
  address_prefixes     = ["10.0.1.0/24"]
}

resource "azurerm_network_security_group" "g" {
  name                = "nsg-g"
  location            = "westeurope"
  resource_group_name = "rg"
}

resource "azurerm_network_security_group" "h" {
  name                = "nsg-h"
  location            = "westeurope"
  resource_group_name = "rg"
}

resource "azurerm_subnet_network_security_group_association" "l" {
  subnet_id                 = azurerm_subnet.s.id
  network_security_group_id = azurerm_network_security_group.g.id
}

resource "azurerm_subnet_network_security_group_association" "m" {
  subnet_id                 = azurerm_subnet.t.id
  network_security_group_id = azurerm_network_security_group.h.id
}

resource "azurerm_network_security_rule" "open" {
  name                        = "open"
  resource_group_name         = "rg"
  network_security_group_name = azurerm_network_security_group.g.name
  priority                    = 100
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_port_range           = "*"
  source_address_prefix       = "*"
  destination_port_range      = "6380"
  destination_address_prefix  = "*"
}

resource "azurerm_network_security_rule" "other" {
  name                        = "other"
  resource_group_name         = "rg"
  network_security_group_name = azurerm_network_security_group.h.name
  priority                    = 100
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_port_range           = "*"
  source_address_prefix       = "*"
  destination_port_range      = "6380"
  destination_address_prefix  = "*"
}
