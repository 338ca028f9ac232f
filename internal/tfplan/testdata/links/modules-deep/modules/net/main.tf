module "pe" {
  source   = "./pe"
  for_each = var.targets
  name     = each.key
  target   = each.value
}

variable "targets" {
  type = map(string)
}
