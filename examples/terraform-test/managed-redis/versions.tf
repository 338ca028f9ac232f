terraform {
  required_version = ">= 1.8"

  required_providers {
    azurerm = {
      source = "hashicorp/azurerm"
    }
    redisbaseline = {
      source = "redisbaseline/redisbaseline"
    }
  }
}
