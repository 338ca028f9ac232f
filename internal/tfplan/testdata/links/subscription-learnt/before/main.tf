provider "azurerm" {
  features {}
}

resource "azurerm_resource_group" "one" {
  name     = "rg-one"
  location = "westeurope"
}
