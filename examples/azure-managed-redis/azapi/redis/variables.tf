variable "name" {
  description = "Name of the cache."
  type        = string
}

variable "resource_group_id" {
  description = "Id of the resource group of the cache and of its private endpoint."
  type        = string
}

variable "location" {
  description = "Azure region of the cache and of its private endpoint."
  type        = string
}

variable "sku_name" {
  description = "Size, such as Balanced_B5 or MemoryOptimized_M10."
  type        = string
  default     = "Balanced_B5"
}

variable "backup_frequency" {
  description = "How often a snapshot of the data is written: 1h, 6h or 12h."
  type        = string
  default     = "6h"
}

variable "endpoint_subnet_id" {
  description = "Subnet of the private endpoint."
  type        = string
}

variable "private_dns_zone_id" {
  description = "Zone privatelink.redis.azure.net that clients resolve names by."
  type        = string
}

variable "log_analytics_workspace_id" {
  description = "Workspace that takes the logs."
  type        = string
}

variable "clients" {
  description = "Object ids of the identities that may use the cache, by a name of letters and digits."
  type        = map(string)
}

variable "customer_managed_key" {
  description = "Key of one's own for the data at rest, and the identity that reads it; null for keys of the platform."
  type = object({
    key_vault_key_id          = string
    user_assigned_identity_id = string
  })
  default = null
}
