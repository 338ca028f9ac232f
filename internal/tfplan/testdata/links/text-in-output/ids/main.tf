variable "id" {}

output "target" {
  value = replace(var.id, "redis-a", "redis-b")
}
