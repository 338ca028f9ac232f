provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

module "redis" {
  source   = "./modules/all"
  for_each = toset(["x", "y"])
  name     = each.key
}
