package plangen

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// WriteConfiguration writes a Terraform configuration of a number of files into a
// directory: a root module that calls a module for every fifty files. Of ten files one has
// a cache with a private endpoint and a diagnostic setting, and the others five resources
// each that no cache needs.
func WriteConfiguration(dir string, files int) error {
	write := func(name, text string) error {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return err
		}
		return os.WriteFile(name, []byte(text), 0o600)
	}
	var root strings.Builder
	root.WriteString(`terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.0"
    }
  }
}

provider "azurerm" {
  features {}
}
`)
	for i := range files - 1 {
		module := fmt.Sprintf("modules/part%d", i/50)
		if i%50 == 0 {
			fmt.Fprintf(&root, "\nmodule \"part%d\" {\n  source   = \"./%s\"\n  location = \"westeurope\"\n}\n", i/50, module)
		}
		text := fmt.Sprintf(otherFile, i)
		if i%50 == 0 {
			text = "variable \"location\" {\n  type = string\n}\n\n" + text
		}
		if i%10 == 0 {
			text += fmt.Sprintf(cacheFile, i)
		}
		if err := write(fmt.Sprintf("%s/file%d.tf", module, i), text); err != nil {
			return err
		}
	}
	return write("main.tf", root.String())
}

const otherFile = `locals {
  name_%[1]d = "app-%[1]d"
  tags_%[1]d = { team = "shop", part = "%[1]d" }
}

resource "azurerm_resource_group" "g%[1]d" {
  name     = "rg-${local.name_%[1]d}"
  location = var.location
  tags     = local.tags_%[1]d
}

resource "azurerm_storage_account" "s%[1]d" {
  name                     = "st${replace(local.name_%[1]d, "-", "")}"
  resource_group_name      = azurerm_resource_group.g%[1]d.name
  location                 = azurerm_resource_group.g%[1]d.location
  account_tier             = "Standard"
  account_replication_type = "LRS"
}

resource "azurerm_virtual_network" "v%[1]d" {
  name                = "vnet-%[1]d"
  resource_group_name = azurerm_resource_group.g%[1]d.name
  location            = var.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "e%[1]d" {
  name                 = "endpoints"
  resource_group_name  = azurerm_resource_group.g%[1]d.name
  virtual_network_name = azurerm_virtual_network.v%[1]d.name
  address_prefixes     = ["10.0.1.0/24"]
}

resource "azurerm_log_analytics_workspace" "w%[1]d" {
  name                = "log-%[1]d"
  resource_group_name = azurerm_resource_group.g%[1]d.name
  location            = var.location
}
`

const cacheFile = `
resource "azurerm_redis_cache" "c%[1]d" {
  name                          = "redis-${local.name_%[1]d}"
  location                      = var.location
  resource_group_name           = azurerm_resource_group.g%[1]d.name
  sku_name                      = "Standard"
  family                        = "C"
  capacity                      = 1
  public_network_access_enabled = false

  redis_configuration {
    active_directory_authentication_enabled = true
  }
}

resource "azurerm_private_endpoint" "p%[1]d" {
  name                = "pe-%[1]d"
  location            = var.location
  resource_group_name = azurerm_resource_group.g%[1]d.name
  subnet_id           = azurerm_subnet.e%[1]d.id

  private_service_connection {
    name                           = "redis"
    is_manual_connection           = false
    private_connection_resource_id = azurerm_redis_cache.c%[1]d.id
    subresource_names              = ["redisCache"]
  }
}

resource "azurerm_monitor_diagnostic_setting" "d%[1]d" {
  name                       = "logs"
  target_resource_id         = azurerm_redis_cache.c%[1]d.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.w%[1]d.id

  enabled_log {
    category_group = "allLogs"
  }
}
`
