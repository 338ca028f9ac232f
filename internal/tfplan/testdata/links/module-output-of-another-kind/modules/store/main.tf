resource "azurerm_storage_account" "s" {
  name                     = "stores"
  location                 = "westeurope"
  resource_group_name      = "rg"
  account_tier             = "Standard"
  account_replication_type = "LRS"
}

output "id" {
  value = azurerm_storage_account.s.id
}
