variable "names" {
  description = "Names of the caches."
  type        = set(string)
}

variable "resource_group_name" {
  description = "Resource group of the caches and of their private endpoints."
  type        = string
}

variable "location" {
  description = "Azure region of the caches and of their private endpoints."
  type        = string
}

variable "endpoint_subnet_id" {
  description = "Subnet of the private endpoints."
  type        = string
}

variable "private_dns_zone_id" {
  description = "Zone privatelink.redis.cache.windows.net that clients resolve names by."
  type        = string
}

variable "log_analytics_workspace_id" {
  description = "Workspace that takes the logs."
  type        = string
}
