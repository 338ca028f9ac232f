terraform {
  required_providers {
    azapi = {
      source  = "azure/azapi"
      version = ">= 2.0" # bodies are objects
    }
  }
}
