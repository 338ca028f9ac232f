terraform {
  required_providers {
    azurerm = {
      source = "hashicorp/azurerm"
    }
    redisbaseline = {
      source = "redisbaseline/redisbaseline"
    }
  }
}

provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-0000-0000-000000000000" # or ARM_SUBSCRIPTION_ID
}
