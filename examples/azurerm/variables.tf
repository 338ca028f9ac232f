variable "endpoint_subnet_id" {
  description = "Subnet for the private endpoint."
  type        = string
  default     = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-shop/subnets/snet-endpoints"
}

variable "log_analytics_workspace_id" {
  description = "Workspace that takes the logs."
  type        = string
  default     = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log-shop"
}
