module "inner" {
  source = "./inner"
  names  = var.names
}

variable "names" {
  type = map(string)
}

output "all" {
  value = { for k, c in module.inner.caches : k => c.id }
}
