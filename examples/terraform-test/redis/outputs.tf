output "id" {
  description = "Id of the cache."
  value       = azurerm_redis_cache.this.id
}

output "hostname" {
  description = "Name that clients connect to, at port 6380."
  value       = azurerm_redis_cache.this.hostname
}
