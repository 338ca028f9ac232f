provider "azurerm" {
  features {}
}

provider "azurerm" {
  features {}
  alias           = "dr"
  subscription_id = "99999999-9999-9999-9999-999999999999"
}

module "main" {
  source = "./site"
  name   = "redis-main"
  from   = "10.0.0.0/8"
}

module "dr" {
  source    = "./site"
  providers = { azurerm = azurerm.dr }
  name      = "redis-dr"
  from      = "Internet"
}
