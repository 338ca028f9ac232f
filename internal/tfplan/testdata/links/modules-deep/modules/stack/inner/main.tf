module "cache" {
  source   = "./cache"
  for_each = var.names
  name     = each.value
}

variable "names" {
  type = map(string)
}

output "caches" {
  value     = module.cache
  sensitive = true
}
