provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

module "redis" {
  source   = "./modules/cache"
  for_each = toset(["eu", "us"])
  name     = "redis-${each.key}"
}

locals {
  peer = { eu = "us", us = "eu" }
}

module "pe" {
  source   = "./modules/pe"
  for_each = local.peer
  name     = "pe-${each.key}"
  target   = module.redis[each.value].id
}
