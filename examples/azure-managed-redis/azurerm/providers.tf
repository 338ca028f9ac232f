terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.53" # the first that can turn public network access off
    }
  }
}

provider "azurerm" {
  features {}
}
