output "id" {
  description = "Id of the cluster."
  value       = azapi_resource.cluster.id
}

output "hostname" {
  description = "Name that clients connect to, at port 10000."
  value       = azapi_resource.cluster.output.properties.hostName
}
