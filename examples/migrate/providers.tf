terraform {
  required_version = ">= 1.7"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.61, < 5.0" # 5.0 has no azurerm_redis_enterprise_cluster any more
    }
  }
}

provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-0000-0000-000000000000" # or ARM_SUBSCRIPTION_ID
}
