terraform {
  required_providers {
    azurerm       = { source = "hashicorp/azurerm" }
    redisbaseline = { source = "redisbaseline/redisbaseline" }
  }
}
provider "azurerm" {
  subscription_id = "11111111-1111-1111-1111-111111111111"
}
provider "redisbaseline" {
  subscription_id = "11111111-1111-1111-1111-111111111111"
}
resource "azurerm_resource_group" "rg" {
  name     = "rg"
  location = "westeurope"
}
resource "azurerm_virtual_network" "v" {
  name                = "v"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.rg.name
  address_space       = ["10.0.0.0/16"]
}
resource "azurerm_subnet" "s" {
  name                 = "s"
  resource_group_name  = azurerm_resource_group.rg.name
  virtual_network_name = azurerm_virtual_network.v.name
  address_prefixes     = ["10.0.0.0/24"]
}
resource "azurerm_private_dns_zone" "z" {
  name                = "privatelink.redis.cache.windows.net"
  resource_group_name = azurerm_resource_group.rg.name
}
resource "azurerm_log_analytics_workspace" "w" {
  name                = "w"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.rg.name
}
resource "redisbaseline_cache" "a" {
  name                = "orders"
  resource_group_name = azurerm_resource_group.rg.name
  location            = "westeurope"
  sku_name            = "Standard"
  capacity            = 1
  private_endpoint = {
    subnet_id            = azurerm_subnet.s.id
    private_dns_zone_ids = [azurerm_private_dns_zone.z.id]
  }
  diagnostic_settings = {
    all = { log_analytics_workspace_id = azurerm_log_analytics_workspace.w.id }
  }
}
resource "redisbaseline_cache" "bare" {
  name                = "bare"
  resource_group_name = azurerm_resource_group.rg.name
  location            = "westeurope"
  sku_name            = "Basic"
  capacity            = 0
}
resource "redisbaseline_cache" "rules" {
  name                          = "rules"
  resource_group_name           = azurerm_resource_group.rg.name
  location                      = "westeurope"
  sku_name                      = "Standard"
  capacity                      = 1
  public_network_access_enabled = true
  firewall_rules                = { a = { start_ip = "1.1.1.1", end_ip = "1.1.2.1" } }
  access_policies               = { c = "+@all ~*" }
  access_policy_assignments     = { x = { access_policy_name = "c", object_id = "00000000-0000-0000-0000-000000000001", object_id_alias = "x" } }
  diagnostic_settings           = {}
}
