package tfconfig_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// at finds an argument, else the declaration, as "file:line".
func at(cfg *tfconfig.Configuration, address, path string) string {
	d, ok := cfg.Declaration(address)
	if !ok {
		return "nowhere"
	}
	pos, ok := d.Argument(strings.Split(path, ".")...)
	if path == "" || !ok {
		pos = d.Position()
	}
	return fmt.Sprintf("%s:%d", pos.File, pos.Line)
}

const placed = `# one
resource "azurerm_redis_cache" "a" {
  count                = 2
  name                 = "a"
  non_ssl_port_enabled = true
  redis_configuration {
    maxmemory_reserved = 2
    authentication_enabled = (
      false)
  }
}

resource "azurerm_redis_cache" "b" {
  for_each = toset(["x"])
  dynamic "redis_configuration" {
    for_each = [1]
    content {
      authentication_enabled = false
    }
  }
}

resource "azurerm_redis_cache" "two" {
  dynamic "redis_configuration" {
    for_each = var.x ? [1] : []
    content {
      authentication_enabled = false
      rdb_backup_enabled     = true
    }
  }
  dynamic "redis_configuration" {
    for_each = var.x ? [] : [1]
    content {
      authentication_enabled = true
    }
  }
}

resource "azapi_resource" "c" {
  type = "Microsoft.Cache/redis@2024-11-01"
  body = {
    properties = {
      enableNonSslPort   = true
      "minimumTlsVersion" = "1.0"
      sku = merge(local.sku, {
        name = "Basic"
      })
      redisConfiguration = {
        aad-enabled = "false"
      }
      (local.key) = 1
    }
  }
}

resource "azapi_resource" "text" {
  body = jsonencode({
    properties = {
      enableNonSslPort = true
    }
  })
}

resource "azapi_resource" "opaque" {
  body = local.body
}

resource "redisbaseline_cache" "nested" {
  redis_configuration = {
    maxmemory_reserved = 2
  }
}

resource "azurerm_redis_cache" "overridden" {
  non_ssl_port_enabled = true
  minimum_tls_version  = "1.0"
  redis_configuration {
    rdb_backup_enabled = true
  }
}
output "key" {
  value = 1
}
-- zz_override.tf --
resource "azurerm_redis_cache" "overridden" {
  minimum_tls_version = "1.1"
  redis_configuration {

    aof_backup_enabled = true
  }
}
-- json.tf.json --
{
  "resource": {
    "azurerm_redis_cache": {
      "json": {
        "name": "j",
        "non_ssl_port_enabled": true,
        "redis_configuration": [
          {
            "authentication_enabled": false
          }
        ]
      },
      "object": {
        "redis_configuration": {
          "authentication_enabled": false
        }
      },
      "dynamic": {
        "dynamic": {
          "redis_configuration": {
            "for_each": [1],
            "content": {
              "authentication_enabled": false
            }
          }
        }
      }
    },
    "azapi_resource": {
      "json": {
        "body": {
          "properties": {
            "enableNonSslPort": true
          }
        }
      }
    }
  }
}
`

// A fact points to the line that writes it; what is left out, to the first line
// of its resource.
func TestDeclaration(t *testing.T) {
	t.Parallel()
	cfg := load(t, placed)
	for _, tt := range []struct{ cell, address, path, want string }{
		{"the resource", "azurerm_redis_cache.a", "", "main.tf:2"},
		{"an argument", "azurerm_redis_cache.a", "non_ssl_port_enabled", "main.tf:5"},
		{"an instance under count", "azurerm_redis_cache.a[1]", "non_ssl_port_enabled", "main.tf:5"},
		{"left out", "azurerm_redis_cache.a", "public_network_access_enabled", "main.tf:2"},
		{"in a block", "azurerm_redis_cache.a", "redis_configuration.maxmemory_reserved", "main.tf:7"},
		{"over several lines: the first", "azurerm_redis_cache.a", "redis_configuration.authentication_enabled", "main.tf:8"},
		{"left out of a block", "azurerm_redis_cache.a", "redis_configuration.rdb_backup_enabled", "main.tf:2"},
		{"a block itself", "azurerm_redis_cache.a", "redis_configuration", "main.tf:6"},
		{"a block that is not there", "azurerm_redis_cache.a", "patch_schedule", "main.tf:2"},
		{"an instance under for_each, a dynamic block", `azurerm_redis_cache.b["x"]`, "redis_configuration.authentication_enabled", "main.tf:18"},
		{"left out of a dynamic block", `azurerm_redis_cache.b["x"]`, "redis_configuration.rdb_backup_enabled", "main.tf:13"},
		{"written in two dynamic blocks", "azurerm_redis_cache.two", "redis_configuration.authentication_enabled", "main.tf:23"},
		{"written in one of two", "azurerm_redis_cache.two", "redis_configuration.rdb_backup_enabled", "main.tf:28"},

		{"a property of a body", "azapi_resource.c", "body.properties.enableNonSslPort", "main.tf:43"},
		{"a quoted key", "azapi_resource.c", "body.properties.minimumTlsVersion", "main.tf:44"},
		{"a key with a dash", "azapi_resource.c", "body.properties.redisConfiguration.aad-enabled", "main.tf:49"},
		{"in what a function makes", "azapi_resource.c", "body.properties.sku.name", "main.tf:45"},
		{"under a key that may be any", "azapi_resource.c", "body.properties.publicNetworkAccess", "main.tf:42"},
		{"left out of a body", "azapi_resource.c", "body.properties.redisConfiguration.authnotrequired", "main.tf:39"},
		{"in jsonencode", "azapi_resource.text", "body.properties.enableNonSslPort", "main.tf:59"},
		{"left out of jsonencode", "azapi_resource.text", "body.properties.minimumTlsVersion", "main.tf:56"},
		{"in a body made elsewhere", "azapi_resource.opaque", "body.properties.enableNonSslPort", "main.tf:65"},
		{"in a nested attribute", "redisbaseline_cache.nested", "redis_configuration.maxmemory_reserved", "main.tf:70"},

		{"in the file that an override extends", "azurerm_redis_cache.overridden", "non_ssl_port_enabled", "main.tf:75"},
		{"overridden", "azurerm_redis_cache.overridden", "minimum_tls_version", "zz_override.tf:2"},
		{"a block of an override", "azurerm_redis_cache.overridden", "redis_configuration.aof_backup_enabled", "zz_override.tf:5"},
		{"in a block that an override replaces", "azurerm_redis_cache.overridden", "redis_configuration.rdb_backup_enabled", "main.tf:74"},
		{"the resource with an override", "azurerm_redis_cache.overridden", "", "main.tf:74"},

		{"JSON: the resource", "azurerm_redis_cache.json", "", "json.tf.json:4"},
		{"JSON: an argument", "azurerm_redis_cache.json", "non_ssl_port_enabled", "json.tf.json:6"},
		{"JSON: a list of blocks", "azurerm_redis_cache.json", "redis_configuration.authentication_enabled", "json.tf.json:9"},
		{"JSON: one block", "azurerm_redis_cache.object", "redis_configuration.authentication_enabled", "json.tf.json:15"},
		{"JSON: left out", "azurerm_redis_cache.object", "redis_configuration.rdb_backup_enabled", "json.tf.json:13"},
		{"JSON: a dynamic block", "azurerm_redis_cache.dynamic", "redis_configuration.authentication_enabled", "json.tf.json:23"},
		{"JSON: a property of a body", "azapi_resource.json", "body.properties.enableNonSslPort", "json.tf.json:33"},

		{"an output", "output.key", "", "main.tf:81"},
		{"an output that is not there", "output.none", "", "nowhere"},
		{"not in the configuration", "azurerm_redis_cache.none", "", "nowhere"},
		{"no address", "azurerm_redis_cache", "", "nowhere"},
		{"in a module that is not called", "module.none.azurerm_redis_cache.a", "", "nowhere"},
	} {
		if got := at(cfg, tt.address, tt.path); got != tt.want {
			t.Errorf("%s: %s %s: %s, want %s", tt.cell, tt.address, tt.path, got, tt.want)
		}
	}
}

// Of modules, the user's own code is shown: local modules themselves, and of
// what was fetched the call.
func TestDeclarationInModules(t *testing.T) {
	t.Parallel()
	cfg := load(t, `
module "local" {
  source = "./modules/wrap"
  count  = 2
}

module "fetched" {
  source = "Azure/redis/azurerm"
}

module "absent" {
  source = "./nowhere"
}
-- modules/wrap/main.tf --
module "cache" {
  source = "../cache"
}

module "fetched" {
  source = "git::https://example.com/redis.git"
}
-- modules/cache/main.tf --

resource "azurerm_redis_cache" "this" {
  non_ssl_port_enabled = true
}
-- .terraform/modules/modules.json --
{"Modules":[{"Key":"","Source":"","Dir":"."},
 {"Key":"fetched","Source":"registry.terraform.io/Azure/redis/azurerm","Dir":".terraform/modules/fetched"},
 {"Key":"fetched.inner","Source":"./inner","Dir":".terraform/modules/fetched/inner"}]}
-- .terraform/modules/fetched/main.tf --
resource "azurerm_redis_cache" "this" {
  non_ssl_port_enabled = true
}
module "inner" {
  source = "./inner"
}
-- .terraform/modules/fetched/inner/main.tf --
resource "azurerm_redis_cache" "this" {
  non_ssl_port_enabled = true
}
`)
	for _, tt := range []struct{ cell, address, want string }{
		{"a local module", "module.local[0].module.cache.azurerm_redis_cache.this", "modules/cache/main.tf:3"},
		{"a fetched module", "module.fetched.azurerm_redis_cache.this", "main.tf:7"},
		{"a local module in a fetched one", "module.fetched.module.inner.azurerm_redis_cache.this", "main.tf:7"},
		{"a fetched module in a local one", `module.local[1].module.fetched.azurerm_redis_cache.this["a"]`, "modules/wrap/main.tf:5"},
		{"a module without source", "module.absent.azurerm_redis_cache.this", "main.tf:11"},
	} {
		if got := at(cfg, tt.address, "non_ssl_port_enabled"); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.cell, got, tt.want)
		}
	}
}

// A saved plan of the real Terraform places the same as the directory did.
func TestDeclarationInSavedPlan(t *testing.T) {
	t.Parallel()
	cfg, err := tfconfig.LoadPlanFile(filepath.Join("testdata", "modules-link.tfplan"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := at(cfg, "module.endpoint.azurerm_private_endpoint.this", "private_service_connection.private_connection_resource_id"),
		"modules/private-endpoint/main.tf:12"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
