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
}
