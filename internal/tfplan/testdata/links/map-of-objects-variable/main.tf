provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

resource "azurerm_redis_cache" "a" {
  for_each            = toset(["x", "y"])
  name                = "redis-${each.key}"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

variable "endpoints" {
  type = map(object({
    cache = string
    kind  = optional(string, "redisCache")
  }))
  default = {
    p = { cache = "y" }
    q = { cache = "x", kind = "blob" }
  }
}

resource "azurerm_private_endpoint" "e" {
  for_each            = var.endpoints
  name                = "pe-${each.key}"
  location            = "westeurope"
  resource_group_name = "rg"
  subnet_id           = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"

  private_service_connection {
    name                           = "redis"
    is_manual_connection           = false
    private_connection_resource_id = azurerm_redis_cache.a[each.value.cache].id
    subresource_names              = [each.value.kind]
  }
}
