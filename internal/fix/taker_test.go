package fix_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// keyed is a configuration whose keys could be switched off, of a cache and of one that has
// several instances.
const keyed = `
terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.0"
    }
  }
}

resource "azurerm_redis_cache" "c" {
  name                = "redis-c"
  location            = "westeurope"
  resource_group_name = "rg"
  capacity            = 1
  family              = "C"
  sku_name            = "Standard"

  redis_configuration {
    active_directory_authentication_enabled = true
  }%s
}

resource "azurerm_redis_cache_access_policy_assignment" "c" {
  name               = "app"
  redis_cache_id     = azurerm_redis_cache.c.id
  access_policy_name = "Data Contributor"
  object_id          = "00000000-0000-0000-0000-000000000001"
  object_id_alias    = "app"
}

resource "azurerm_redis_cache" "each" {
  for_each            = toset(["a", "b"])
  name                = "redis-${each.key}"
  location            = "westeurope"
  resource_group_name = "rg"
  capacity            = 1
  family              = "C"
  sku_name            = "Standard"

  redis_configuration {
    active_directory_authentication_enabled = true
  }
}

resource "azurerm_redis_cache_access_policy_assignment" "each" {
  for_each           = azurerm_redis_cache.each
  name               = "app"
  redis_cache_id     = each.value.id
  access_policy_name = "Data Contributor"
  object_id          = "00000000-0000-0000-0000-000000000001"
  object_id_alias    = "app"
}

`

// TestTakers keeps the keys of a cache on where something takes one, or may: what stands in
// the configuration beside the cache, and who is told. Nobody is told where keys are off.
func TestTakers(t *testing.T) {
	const secret = "resource \"azurerm_key_vault_secret\" \"s\" {\n  name = \"s\"\n  value = "
	const isKey = "of the cache, which is or may hold a key"
	const whole = "takes the whole cache, its keys too"
	const signs = "has the host name of the cache beside a password or the like, and may sign in with a key"
	const passes = "passes the host name of the cache on, to where it may stand beside a password or the like that the configuration has"
	const asks = "has a text that asks Azure for keys"
	for _, tt := range []struct{ name, beside, want string }{
		{"nothing", ``, ""},
		{"attributes without a key", `
output "o" {
  value      = "${azurerm_redis_cache.c.hostname}:${azurerm_redis_cache.c.ssl_port}"
  depends_on = [azurerm_redis_cache.c]
}
resource "azurerm_private_endpoint" "p" {
  subnet_id = azurerm_redis_cache.c.redis_configuration[0].maxmemory_policy
  private_service_connection {
    private_connection_resource_id = azurerm_redis_cache.c.id
  }
}`, ""},
		{"a key", secret + "azurerm_redis_cache.c.primary_access_key\n}", "azurerm_key_vault_secret.s takes primary_access_key " + isKey},
		{"a write-only argument", `resource "azurerm_key_vault_secret" "s" {
  value_wo = azurerm_redis_cache.c.secondary_connection_string
}`, "azurerm_key_vault_secret.s takes secondary_connection_string " + isKey},
		{"an attribute that nobody knows", secret + "azurerm_redis_cache.c.tertiary_key\n}",
			"azurerm_key_vault_secret.s takes tertiary_key " + isKey},
		{"in a template", secret + "<<-X\n  pw=${azurerm_redis_cache.c.primary_access_key}\n  X\n}",
			"azurerm_key_vault_secret.s takes primary_access_key " + isKey},
		{"in a branch", secret + "false ? azurerm_redis_cache.c.primary_access_key : \"\"\n}",
			"azurerm_key_vault_secret.s takes primary_access_key " + isKey},
		{"by number", secret + "azurerm_redis_cache.c[0].primary_access_key\n}", "azurerm_key_vault_secret.s takes primary_access_key " + isKey},
		{"by key", secret + "azurerm_redis_cache.c[var.x].primary_access_key\n}", "azurerm_key_vault_secret.s takes primary_access_key " + isKey},
		{"by name in brackets", secret + "azurerm_redis_cache.c[\"primary_${\"access\"}_key\"]\n}", "azurerm_key_vault_secret.s " + whole},
		{"a splat", secret + "azurerm_redis_cache.c[*].primary_access_key[0]\n}", "azurerm_key_vault_secret.s takes primary_access_key " + isKey},
		{"an old splat", secret + "one(azurerm_redis_cache.c.*.primary_access_key)\n}",
			"azurerm_key_vault_secret.s takes primary_access_key " + isKey},
		{"a splat without a key", secret + "one(azurerm_redis_cache.c[*].id)\n}", ""},
		{"values", secret + "join(\",\", values(azurerm_redis_cache.c))\n}", "azurerm_key_vault_secret.s " + whole},
		{"values in several arguments", secret + "format(\"%s\", values(azurerm_redis_cache.c)...)\n}", "azurerm_key_vault_secret.s " + whole},
		{"names", secret + "join(\",\", keys(azurerm_redis_cache.c))\n}", ""},
		{"lookup", secret + "lookup(merge(azurerm_redis_cache.c, {}), \"primary_access_key\")\n}", "azurerm_key_vault_secret.s " + whole},
		{"a for over the attributes", secret + "join(\",\", [for k, v in azurerm_redis_cache.c : v if endswith(k, \"_key\")])\n}",
			"azurerm_key_vault_secret.s " + whole},
		{"a for over a list", secret + "join(\",\", [for c in [azurerm_redis_cache.c] : c.primary_access_key])\n}",
			"azurerm_key_vault_secret.s " + whole},
		{"a function of a provider", secret + "provider::x::y(azurerm_redis_cache.c)\n}", "azurerm_key_vault_secret.s " + whole},
		{"a local", "locals {\n  m = { c = azurerm_redis_cache.c }\n}", "locals " + whole},
		{"a key in a local", "locals {\n  k = azurerm_redis_cache.c.primary_access_key\n}", "locals takes primary_access_key " + isKey},
		{"an output", "output \"o\" {\n  value = azurerm_redis_cache.c\n}", "output.o " + whole},
		{"a dynamic block", `resource "azurerm_linux_web_app" "w" {
  dynamic "connection_string" {
    for_each = { r = azurerm_redis_cache.c }
    content {
      value = connection_string.value.primary_connection_string
    }
  }
}`, "azurerm_linux_web_app.w " + whole},
		{"a provider", "provider \"redis\" {\n  nested {\n    password = azurerm_redis_cache.c.primary_access_key\n  }\n}",
			"provider.redis takes primary_access_key " + isKey},
		{"a check", "check \"c\" {\n  assert {\n    condition = azurerm_redis_cache.c.primary_access_key != \"\"\n  }\n}",
			"check.c takes primary_access_key " + isKey},
		{"a connection", "resource \"null_resource\" \"n\" {\n  connection {\n    password = azurerm_redis_cache.c.primary_access_key\n  }\n}",
			"null_resource.n takes primary_access_key " + isKey},
		{"import", "import {\n  to = azurerm_redis_cache.c\n  id = \"/x\"\n}", ""},
		{"a data source", `data "azurerm_redis_cache" "d" {
  name                = azurerm_redis_cache.c.name
  resource_group_name = "rg"
}
output "o" {
  value = data.azurerm_redis_cache.d.primary_access_key
}`, "output.o takes primary_access_key " + isKey},
		{"a data source of this name", "data \"azurerm_redis_cache\" \"d\" {\n  name = \"REDIS-C\"\n  resource_group_name = \"rg\"\n}\n" +
			"output \"o\" {\n  value = data.azurerm_redis_cache.d\n}", "output.o " + whole},
		{"a data source of another name", "data \"azurerm_redis_cache\" \"d\" {\n  name = \"other\"\n  resource_group_name = \"rg\"\n}\n" +
			"output \"o\" {\n  value = data.azurerm_redis_cache.d.primary_access_key\n}", ""},
		{"a module that is not there", "module \"far\" {\n  source = \"registry.example.com/a/b/c\"\n  id = azurerm_redis_cache.c.id\n}",
			"module.far gets the id of the cache, with which the module, which is not there, may ask for its keys"},
		{"the host name for a module that is not there",
			"module \"far\" {\n  source = \"registry.example.com/a/b/c\"\n  host = azurerm_redis_cache.c.hostname\n}", ""},
		{"a module that has a key", "module \"near\" {\n  source = \"./near\"\n}", "module.near.output.o takes primary_access_key " + isKey},
		{"an action of azapi", `data "azapi_resource_action" "k" {
  type        = "Microsoft.Cache/redis@2023-08-01"
  resource_id = azurerm_redis_cache.c.id
  action      = "listKeys"
}`, "data.azapi_resource_action.k asks Azure for the keys of a cache"},
		{"an ephemeral action of azapi on any cache", `ephemeral "azapi_resource_action" "k" {
  type        = "Microsoft.Cache/redis@2023-08-01"
  resource_id = local.id
  action      = var.action
}`, "ephemeral.azapi_resource_action.k asks Azure for the keys of a cache"},
		{"an action of azapi in its id", `data "azapi_resource_action" "k" {
  type        = "Microsoft.Cache/redis@2023-08-01"
  resource_id = "${local.id}/listKeys"
}`, "data.azapi_resource_action.k " + asks},
		{"an action of Terraform", `action "azapi_resource_action" "k" {
  config {
    type        = "Microsoft.Cache/redis@2023-08-01"
    resource_id = azurerm_redis_cache.c.id
    action      = "regenerateKey"
  }
}`, "action.azapi_resource_action.k asks Azure for the keys of a cache"},
		{"an action on another cache", `resource "azapi_resource_action" "k" {
  type        = "Microsoft.Cache/redis@2023-08-01"
  resource_id = azurerm_redis_cache.each["a"].id
  action      = "listKeys"
}`, ""},
		{"a request", "data \"http\" \"x\" {\n  url = \"https://management.azure.com${azurerm_redis_cache.c.id}/listKeys?api-version=1\"\n}",
			"data.http.x " + asks},
		{"a role", "resource \"azurerm_role_definition\" \"r\" {\n  permissions {\n    actions = [" +
			"\"Microsoft.Cache/redis/listKeys/action\"]\n  }\n}",
			"azurerm_role_definition.r " + asks},
		{"another action of azapi", `resource "azapi_resource_action" "k" {
  type        = "Microsoft.Cache/redis@2023-08-01"
  resource_id = azurerm_redis_cache.c.id
  action      = "forceReboot"
}`, ""},
		{"the keys of another service", `resource "azapi_resource_action" "k" {
  type        = "Microsoft.Storage/storageAccounts@2023-01-01"
  resource_id = var.account
  action      = "listKeys"
}
output "o" {
  value = "[listKeys(resourceId('Microsoft.Storage/storageAccounts', 'a'), '2023-01-01')]"
}`, ""},
		{"an ephemeral resource of this provider", "ephemeral \"redisbaseline_access_keys\" \"k\" {\n  resource_id = azurerm_redis_cache.c.id\n}",
			"ephemeral.redisbaseline_access_keys.k asks Azure for the keys of a cache"},
		{"a command", `resource "terraform_data" "cli" {
  provisioner "local-exec" {
    command = "az redis list-keys --name ${local.name} -o tsv > keys.txt"
  }
}`, "terraform_data.cli " + asks},
		{"a template of Azure Resource Manager", `resource "azurerm_resource_group_template_deployment" "t" {
  template_content = <<-X
    {"outputs": {"k": {"value": "[listKeys(parameters('id'), '2023-08-01').primaryKey]"}}}
  X
}`, "azurerm_resource_group_template_deployment.t " + asks},
		{"a deployment that gets the id", `resource "azurerm_resource_group_template_deployment" "t" {
  template_content   = file("arm.json")
  parameters_content = jsonencode({ id = { value = azurerm_redis_cache.c.id } })
}`, "azurerm_resource_group_template_deployment.t gets the id of the cache, with which it may ask for its keys"},
		{"a script that gets the name", `resource "terraform_data" "s" {
  triggers_replace = azurerm_redis_cache.c.name
  provisioner "local-exec" {
    command = "./seed.sh ${self.triggers_replace}"
  }
}`, "terraform_data.s gets the name of the cache, with which a provisioner may ask for its keys"},
		{"a template that gets the object", "output \"o\" {\n  value = templatefile(\"x.tftpl\", { cache = azurerm_redis_cache.c })\n}",
			"output.o " + whole},
		{"a connection of a service", "resource \"azurerm_function_app_connection\" \"x\" {\n  target_resource_id = azurerm_redis_cache.c.id\n}",
			"azurerm_function_app_connection.x gets the id of the cache, with which the connection may ask for its keys"},
		{"a password beside the literal host name", "resource \"azurerm_linux_web_app\" \"w\" {\n  app_settings = { REDIS = " +
			"\"REDIS-c.redis.cache.windows.net:6380,password=x,ssl=True\" }\n}", "azurerm_linux_web_app.w " + signs},
		{"a password beside the host name of another cache", "resource \"azurerm_linux_web_app\" \"w\" {\n  app_settings = { REDIS = " +
			"\"x-redis-c.redis.cache.windows.net:6380,password=x\" }\n}", ""},
		{"a password beside a host name in parts", "resource \"azurerm_linux_web_app\" \"w\" {\n  app_settings = { REDIS = " +
			"\"${var.x}-c.redis.cache.windows.net:6380,password=x\" }\n}", "azurerm_linux_web_app.w " + signs},
		{"a password in the same text", "output \"o\" {\n  value = \"${azurerm_redis_cache.c.hostname}:6380,password=${var.k},ssl=True\"\n}",
			"output.o " + signs},
		{"a password in the same object", "resource \"azurerm_linux_web_app\" \"w\" {\n  app_settings = {\n" +
			"    REDIS_HOST = azurerm_redis_cache.c.hostname\n    REDIS_PASSWORD = data.x.k.value\n  }\n}", "azurerm_linux_web_app.w " + signs},
		{"a password of a provider", "provider \"redis\" {\n  address = azurerm_redis_cache.c.hostname\n  password = ephemeral.x.k.value\n}",
			"provider.redis " + signs},
		{"a password beside a local", "locals {\n  host = azurerm_redis_cache.c.hostname\n  password = 1\n}\n" +
			"provider \"redis\" {\n  address = local.host\n  auth_token = var.x\n}", "provider.redis " + signs},
		{"a password beside a local of a local", "locals {\n  a = azurerm_redis_cache.c.hostname\n  b = local.a\n}\n" +
			"output \"o\" {\n  value = { host = local.b, password = var.x }\n}", "locals " + passes},
		{"a password in a module", "module \"m\" {\n  source = \"example/m/x\"\n  host = azurerm_redis_cache.c.hostname\n}\n" +
			"resource \"test_thing\" \"t\" {\n  redis_pw = var.x\n}", "module.m " + passes},
		{"no password in a module", "module \"m\" {\n  source = \"example/m/x\"\n  host = azurerm_redis_cache.c.hostname\n}", ""},
		{"a password in a URL", "output \"o\" {\n  value = \"rediss://:${var.x}@${azurerm_redis_cache.c.hostname}:6380\"\n}",
			"output.o " + signs},
		{"a URL without one", "output \"o\" {\n  value = \"rediss://${azurerm_redis_cache.c.hostname}:6380\"\n}", ""},
		{"a token", "output \"o\" {\n  value = { host = azurerm_redis_cache.c.hostname, REDIS_AUTH = var.x }\n}", "output.o " + signs},
		{"a password in a comment", "output \"o\" {\n  # needs no password\n  value = azurerm_redis_cache.c.hostname\n}", ""},
		{"several", "output \"a\" {\n  value = azurerm_redis_cache.c\n}\noutput \"b\" {\n  value = azurerm_redis_cache.c\n}",
			"output.a " + whole + " (and 1 more)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			taken(t, fmt.Sprintf(keyed, "")+tt.beside, "azurerm_redis_cache.c", tt.want)
		})
	}
	for _, tt := range []struct{ name, beside, want string }{
		{"each.value", "resource \"azurerm_private_endpoint\" \"p\" {\n  for_each = azurerm_redis_cache.each\n  name = each.value.id\n}", ""},
		{"a key of each.value", "resource \"azurerm_key_vault_secret\" \"s\" {\n  for_each = azurerm_redis_cache.each\n" +
			"  value = each.value.primary_access_key\n}", "azurerm_key_vault_secret.s takes primary_access_key " + isKey},
		{"each.value as a whole", "resource \"terraform_data\" \"s\" {\n  for_each = azurerm_redis_cache.each\n  input = each.value\n}",
			"terraform_data.s " + whole},
		{"a for", "output \"o\" {\n  value = { for k, c in azurerm_redis_cache.each : k => c.hostname }\n}", ""},
		{"a key in a for", "output \"o\" {\n  value = { for k, c in azurerm_redis_cache.each : k => c.primary_access_key }\n}",
			"output.o takes primary_access_key " + isKey},
		{"an object in a for", "output \"o\" {\n  value = [for c in azurerm_redis_cache.each : c]\n}", "output.o " + whole},
		{"how many", "output \"o\" {\n  value = length(azurerm_redis_cache.each)\n}", ""},
		{"one of them", "output \"o\" {\n  value = azurerm_redis_cache.each[\"a\"]\n}", "output.o " + whole},
		{"an attribute of one of them", "output \"o\" {\n  value = azurerm_redis_cache.each[\"a\"].hostname\n}", ""},
		{"all", "output \"o\" {\n  value = azurerm_redis_cache.each\n}", "output.o " + whole},
		{"values", "output \"o\" {\n  value = values(azurerm_redis_cache.each)[*].id\n}", "output.o " + whole},
	} {
		t.Run("of several "+tt.name, func(t *testing.T) {
			t.Parallel()
			taken(t, fmt.Sprintf(keyed, "")+tt.beside, `azurerm_redis_cache.each["a"]`, tt.want)
		})
	}
	for _, tt := range []struct{ name, inside, want string }{
		{"a provisioner", "\n  provisioner \"local-exec\" {\n    command = \"redis-cli -a ${self.primary_access_key} ping\"\n  }",
			"azurerm_redis_cache.c takes primary_access_key " + isKey},
		{"a provisioner with the host name", "\n  provisioner \"local-exec\" {\n    command = \"ping ${self.hostname}\"\n  }", ""},
		{"a provisioner with the name", "\n  provisioner \"local-exec\" {\n    command = \"./x ${self.name}\"\n  }",
			"azurerm_redis_cache.c gets the name of the cache, with which a provisioner may ask for its keys"},
		{"a postcondition", "\n  lifecycle {\n    postcondition {\n      condition     = self.primary_access_key != \"\"\n" +
			"      error_message = \"no\"\n    }\n  }", "azurerm_redis_cache.c takes primary_access_key " + isKey},
	} {
		t.Run("within it "+tt.name, func(t *testing.T) {
			t.Parallel()
			taken(t, fmt.Sprintf(keyed, tt.inside), "azurerm_redis_cache.c", tt.want)
		})
	}
}

// taken mends a configuration, and wants it told who takes a key of a cache.
func taken(t *testing.T, text, address, want string) {
	t.Helper()
	dir := write(t, []txtar.File{
		{Name: "main.tf", Data: []byte(text)}, {Name: "x.tftpl", Data: []byte("")}, {Name: "arm.json", Data: []byte("{}")},
		{Name: "near/main.tf", Data: []byte("data \"azurerm_redis_cache\" \"d\" {\n  name = \"redis-c\"\n  resource_group_name = \"rg\"\n}\n" +
			"output \"o\" {\n  value = data.azurerm_redis_cache.d.primary_access_key\n}\n")},
	})
	result, err := run(dir)
	if err != nil {
		t.Fatal(err)
	}
	const before = "access_keys_authentication_enabled = false is not written: it may shut clients out: "
	got := "neither mended nor left"
	for _, m := range result.Mended {
		if m.Cache == address && strings.HasPrefix(m.Setting, "access_keys") {
			got = ""
		}
	}
	for _, l := range result.Left {
		if l.Cache == address && l.ID == "advisory/access-keys-disabled" {
			got = strings.TrimPrefix(l.Why, before)
		}
	}
	if got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
