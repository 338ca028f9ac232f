# The run task in Azure Container Apps, which ends TLS and restarts it.

terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.16" # termination_grace_period_seconds
    }
  }
}

provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-0000-0000-000000000000" # or ARM_SUBSCRIPTION_ID
}

variable "hmac_key" {
  description = "The key that HCP Terraform signs requests with: the same as in ../registration."
  type        = string
  sensitive   = true
}

variable "image" {
  description = "The image, with a version or digest."
  type        = string
  default     = "ghcr.io/redisbaseline/redisbaseline:latest"
}

variable "location" {
  type    = string
  default = "westeurope"
}

resource "azurerm_resource_group" "this" {
  name     = "rg-redisbaseline"
  location = var.location
}

resource "azurerm_log_analytics_workspace" "this" {
  name                = "log-redisbaseline"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  sku                 = "PerGB2018"
  retention_in_days   = 30
}

resource "azurerm_container_app_environment" "this" {
  name                       = "cae-redisbaseline"
  resource_group_name        = azurerm_resource_group.this.name
  location                   = azurerm_resource_group.this.location
  logs_destination           = "log-analytics"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.this.id
}

resource "azurerm_container_app" "run_task" {
  name                         = "redisbaseline-run-task"
  resource_group_name          = azurerm_resource_group.this.name
  container_app_environment_id = azurerm_container_app_environment.this.id
  revision_mode                = "Single"

  secret {
    name  = "hmac-key"
    value = var.hmac_key
  }

  secret {
    name  = "rules"
    value = file("${path.module}/../run-task.yaml")
  }

  ingress {
    external_enabled = true
    target_port      = 8080

    traffic_weight {
      latest_revision = true
      percentage      = 100
    }
  }

  template {
    min_replicas = 2
    max_replicas = 4
    # More than --shutdown-grace: what is in flight is finished or reported.
    termination_grace_period_seconds = 60

    container {
      name   = "run-task"
      image  = var.image
      cpu    = 1
      memory = "2Gi"
      # Metrics stay inside: the ingress leads to 8080 only.
      args = ["run-task", "--config=/etc/redisbaseline/rules", "--metrics-listen=:9090", "--workers=2", "--shutdown-grace=50s"]

      env {
        name        = "REDISBASELINE_HMAC_KEY"
        secret_name = "hmac-key"
      }

      env {
        name  = "GOMEMLIMIT"
        value = "1800MiB"
      }

      volume_mounts {
        name = "rules"
        path = "/etc/redisbaseline"
      }

      # Probes too: strangers cannot fill that port.
      readiness_probe {
        transport = "HTTP"
        port      = 9090
        path      = "/readyz"
      }

      liveness_probe {
        transport = "HTTP"
        port      = 9090
        path      = "/healthz"
      }
    }

    volume {
      name         = "rules"
      storage_type = "Secret"
    }
  }
}

output "url" {
  description = "The address to register."
  value       = "https://${azurerm_container_app.run_task.ingress[0].fqdn}/"
}
