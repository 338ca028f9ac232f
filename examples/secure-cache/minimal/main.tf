terraform {
  required_providers {
    redisbaseline = { source = "redisbaseline/redisbaseline" }
  }
}

provider "redisbaseline" {
  subscription_id = "00000000-0000-0000-0000-000000000000" # or ARM_SUBSCRIPTION_ID
}

# Everything that is not written here is secure by default.
resource "redisbaseline_cache" "orders" {
  name                = "redis-orders"
  resource_group_name = "rg-orders"
  location            = "westeurope"
  sku_name            = "Standard"
  capacity            = 1
}
