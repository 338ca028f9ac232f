terraform {
  required_providers {
    redisbaseline = { source = "redisbaseline/redisbaseline" }
  }
}

provider "redisbaseline" {
  subscription_id = "00000000-0000-0000-0000-000000000000" # or ARM_SUBSCRIPTION_ID
}

variable "subnet_id" {
  type    = string
  default = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet/subnets/endpoints"
}

variable "workspace_id" {
  type    = string
  default = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log-orders"
}

resource "redisbaseline_cache" "orders" {
  name                = "redis-orders"
  resource_group_name = "rg-orders"
  location            = "westeurope"
  sku_name            = "Standard"
  capacity            = 1

  private_endpoint    = { subnet_id = var.subnet_id }
  diagnostic_settings = { logs = { log_analytics_workspace_id = var.workspace_id } }
}
