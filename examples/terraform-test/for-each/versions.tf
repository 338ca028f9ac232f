terraform {
  required_version = ">= 1.8"

  required_providers {
    azurerm = {
      source = "hashicorp/azurerm"
    }
    redisbaseline = {
      source = "redisbaseline/redisbaseline" # for tests/: a test file cannot require a provider
    }
  }
}
