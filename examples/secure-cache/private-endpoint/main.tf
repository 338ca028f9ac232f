terraform {
  required_providers {
    redisbaseline = { source = "redisbaseline/redisbaseline" }
  }
}

variable "subnet_id" { type = string }
variable "workspace_id" { type = string }

resource "redisbaseline_cache" "orders" {
  name                = "redis-orders"
  resource_group_name = "rg-orders"
  location            = "westeurope"
  sku_name            = "Standard"
  capacity            = 1

  private_endpoint    = { subnet_id = var.subnet_id }
  diagnostic_settings = { logs = { log_analytics_workspace_id = var.workspace_id } }
}
