output "id" {
  description = "Id of the cluster."
  value       = azurerm_managed_redis.this.id
}

output "hostname" {
  description = "Name that clients connect to, at port 10000."
  value       = azurerm_managed_redis.this.hostname
}
