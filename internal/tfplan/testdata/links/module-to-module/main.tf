provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

module "a" {
  source = "./modules/cache"
  name   = "redis-a"
}

module "b" {
  source = "./modules/cache"
  name   = "redis-b"
}

module "pe" {
  source = "./modules/pe"
  name   = "pe"
  target = module.a.id
}
