provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

module "stack" {
  source = "./modules/stack"
  names  = { x = "redis-x", y = "redis-y" }
}

module "net" {
  source  = "./modules/net"
  targets = { one = nonsensitive(module.stack.all)["y"], two = nonsensitive(module.stack.all)["x"] }
}
