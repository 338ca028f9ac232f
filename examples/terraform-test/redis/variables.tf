variable "name" {
  description = "Name of the cache."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the cache and of its private endpoint."
  type        = string
}

variable "location" {
  description = "Azure region of the cache and of its private endpoint."
  type        = string
}

variable "public_network_access_enabled" {
  description = "Whether the cache has a public address."
  type        = bool
  default     = false
}

variable "endpoint_subnet_id" {
  description = "Subnet of the private endpoint."
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
