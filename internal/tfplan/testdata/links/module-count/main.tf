provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

module "redis" {
  source = "./modules/cache"
  count  = 2
  name   = "redis-${count.index}"
}

module "pe" {
  source = "./modules/pe"
  count  = 2
  name   = "pe-${count.index}"
  target = reverse(module.redis[*].id)[count.index]
}
