provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

variable "subscription" {
  default = "00000000-0000-4000-8000-000000000001"
}

module "m" {
  source       = "./modules/m"
  subscription = "00000000-0000-4000-8000-000000000002"
}

resource "azurerm_private_endpoint" "e" {
  name                = "pe-e"
  location            = "westeurope"
  resource_group_name = "rg"
  subnet_id           = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"

  private_service_connection {
    name                           = "redis"
    is_manual_connection           = false
    private_connection_resource_id = "/subscriptions/00000000-0000-4000-8000-000000000002/resourceGroups/rg/providers/Microsoft.Cache/redis/redis"
    subresource_names              = ["redisCache"]
  }
}

resource "azurerm_subscription_policy_assignment" "s" {
  name                 = "mcsb"
  policy_definition_id = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
  subscription_id      = "/subscriptions/00000000-0000-4000-8000-000000000002"
}
