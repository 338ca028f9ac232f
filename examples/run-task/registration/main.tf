# Registers the run task for every workspace of an organization.

terraform {
  required_providers {
    tfe = {
      source  = "hashicorp/tfe"
      version = ">= 0.60"
    }
  }
}

variable "organization" {
  type = string
}

variable "url" {
  description = "Where the run task is served."
  type        = string
}

variable "hmac_key" {
  description = "The key that requests are signed with: the one the service has."
  type        = string
  sensitive   = true
}

resource "tfe_organization_run_task" "redisbaseline" {
  organization = var.organization
  name         = "redisbaseline"
  description  = "Azure security baseline for Azure Cache for Redis"
  url          = var.url
  hmac_key     = var.hmac_key # stands in the state: keep that where secrets are kept
  enabled      = true
}

# After planning, everywhere. Advisory shows and goes on; mandatory stops the run
# when the task fails, which with effect Audit it does only for what cannot be judged.
resource "tfe_organization_run_task_global_settings" "redisbaseline" {
  task_id           = tfe_organization_run_task.redisbaseline.id
  enabled           = true
  enforcement_level = "advisory"
  stages            = ["post_plan"]
}

# Or for one workspace, if the task is not global:
#
# resource "tfe_workspace_run_task" "redis" {
#   workspace_id      = tfe_workspace.redis.id
#   task_id           = tfe_organization_run_task.redisbaseline.id
#   enforcement_level = "mandatory"
#   stages            = ["post_plan"]
# }
