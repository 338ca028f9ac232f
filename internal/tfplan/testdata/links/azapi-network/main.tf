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

resource "azapi_resource" "vnet" {
  type      = "Microsoft.Network/virtualNetworks@2023-11-01"
  parent_id = azurerm_resource_group.rg.id
  name      = "v"
  location  = "westeurope"
  body      = { properties = { addressSpace = { addressPrefixes = ["10.0.0.0/16"] } } }
}
resource "azapi_resource" "nsg" {
  type      = "Microsoft.Network/networkSecurityGroups@2023-11-01"
  parent_id = azurerm_resource_group.rg.id
  name      = "g"
  location  = "westeurope"
  body = { properties = { securityRules = [{ name = "open", properties = {
    priority = 100, direction = "Inbound", access = "Allow", protocol = "*", sourceAddressPrefix = "*", sourcePortRange = "*",
  destinationAddressPrefix = "*", destinationPortRange = "6380" } }] } }
}
resource "azapi_resource" "subnet" {
  for_each  = { redis = { nsg = azapi_resource.nsg.id }, other = { nsg = null } }
  type      = "Microsoft.Network/virtualNetworks/subnets@2023-11-01"
  parent_id = azapi_resource.vnet.id
  name      = each.key
  body      = { properties = { addressPrefix = "10.0.1.0/24", networkSecurityGroup = each.value.nsg == null ? null : { id = each.value.nsg } } }
}
resource "azurerm_redis_cache" "open" {
  name                = "open"
  resource_group_name = azurerm_resource_group.rg.name
  location            = "westeurope"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
  subnet_id           = azapi_resource.subnet["redis"].id
}
resource "azurerm_redis_cache" "bare" {
  name                = "bare"
  resource_group_name = azurerm_resource_group.rg.name
  location            = "westeurope"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
  subnet_id           = azapi_resource.subnet["other"].id
}
