resource "azurerm_redis_cache" "this" {
  name                = var.name
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

variable "name" {
  type = string
}

output "id" {
  value = azurerm_redis_cache.this.id
}

output "cache" {
  value     = azurerm_redis_cache.this
  sensitive = true
}
