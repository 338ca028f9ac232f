resource "azurerm_redis_cache" "this" {
  for_each            = toset(var.names)
  name                = "${var.prefix}-${each.key}"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Premium"
  family              = "P"
  capacity            = 1
}

variable "names" {
  type = list(string)
}

variable "prefix" {
  type = string
}

output "ids" {
  value = { for k, c in azurerm_redis_cache.this : k => c.id }
}
