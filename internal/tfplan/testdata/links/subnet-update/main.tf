terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm" }
    azapi   = { source = "azure/azapi" }
  }
}

provider "azurerm" {
  subscription_id = "11111111-1111-1111-1111-111111111111"
}

resource "azurerm_resource_group" "rg" {
  name     = "rg"
  location = "westeurope"
}

resource "azurerm_virtual_network" "w" {
  name                = "w"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.rg.name
  address_space       = ["10.1.0.0/16"]
}
resource "azurerm_subnet" "s" {
  name                 = "s"
  resource_group_name  = azurerm_resource_group.rg.name
  virtual_network_name = azurerm_virtual_network.w.name
  address_prefixes     = ["10.1.0.0/24"]
}
resource "azurerm_network_security_group" "tight" {
  name                = "tight"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.rg.name
  security_rule       = []
}
resource "azapi_update_resource" "attach" {
  type        = "Microsoft.Network/virtualNetworks/subnets@2023-11-01"
  resource_id = azurerm_subnet.s.id
  body        = { properties = { networkSecurityGroup = { id = azurerm_network_security_group.tight.id } } }
}
resource "azurerm_redis_cache" "attached" {
  name                = "attached"
  resource_group_name = azurerm_resource_group.rg.name
  location            = "westeurope"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
  subnet_id           = azurerm_subnet.s.id
}
