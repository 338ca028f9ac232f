resource "azurerm_virtual_network" "v" {
  name                = "v"
  location            = "westeurope"
  resource_group_name = "rg"
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "s" {
  for_each             = toset(["redis", "app"])
  name                 = each.key
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.v.name
  address_prefixes     = ["10.0.1.0/24"]
}

resource "azurerm_network_security_group" "g" {
  name                = "nsg-g"
  location            = "westeurope"
  resource_group_name = "rg"
}

resource "azurerm_subnet_network_security_group_association" "l" {
  subnet_id                 = azurerm_subnet.s["app"].id
  network_security_group_id = azurerm_network_security_group.g.id
}

output "subnets" {
  value = { for k, s in azurerm_subnet.s : k => s.id }
}
