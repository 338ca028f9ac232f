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

resource "azurerm_redis_firewall_rule" "f" {
  for_each            = toset(["y"])
  name                = "rule"
  redis_cache_name    = azurerm_redis_cache.a[each.key].name
  resource_group_name = "rg"
  start_ip            = "10.0.0.1"
  end_ip              = "10.0.0.9"
}

resource "azurerm_redis_firewall_rule" "g" {
  name                = "rule"
  redis_cache_name    = "REDIS-X"
  resource_group_name = "rg"
  start_ip            = "10.0.0.1"
  end_ip              = "10.0.0.9"
}

resource "azurerm_redis_firewall_rule" "h" {
  name                = "rule"
  redis_cache_name    = "redis-x"
  resource_group_name = "other"
  start_ip            = "10.0.0.1"
  end_ip              = "10.0.0.9"
}
