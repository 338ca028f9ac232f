package tfconfig_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// TestReplaced finds what a change of an argument of a cache replaces.
func TestReplaced(t *testing.T) {
	const by = "resource \"azurerm_redis_cache\" \"d\" {\n  lifecycle {\n    replace_triggered_by = [%s]\n  }\n}\n"
	const replaced = "azurerm_redis_cache.d main.tf:10"
	data := func(arguments string) string {
		return "resource \"terraform_data\" \"t\" {\n" + arguments + "\n}\n"
	}
	for _, tt := range []struct{ name, by, beside, path, want string }{
		{"the argument", "azurerm_redis_cache.c.minimum_tls_version", "", "minimum_tls_version", replaced},
		{"another argument", "azurerm_redis_cache.c.capacity", "", "minimum_tls_version", ""},
		{"the resource", "azurerm_redis_cache.c", "", "minimum_tls_version", replaced},
		{"an instance", "azurerm_redis_cache.c[0]", "", "minimum_tls_version", replaced},
		{"an argument of an instance", "azurerm_redis_cache.c[count.index].minimum_tls_version", "", "minimum_tls_version", replaced},
		{"the block around", "azurerm_redis_cache.c.redis_configuration", "", "redis_configuration.a", replaced},
		{"in the block", "azurerm_redis_cache.c.redis_configuration[0].a", "", "redis_configuration.a", replaced},
		{"another in the block", "azurerm_redis_cache.c.redis_configuration[0].b", "", "redis_configuration.a", ""},
		{"in a block that is made", "azurerm_redis_cache.c.redis_configuration[0].b", "", "redis_configuration", replaced},
		{"terraform_data", "terraform_data.t", data("  input = azurerm_redis_cache.c.minimum_tls_version"), "minimum_tls_version", replaced},
		{"terraform_data with its id", "terraform_data.t.id", data("  triggers_replace = [local.x]") +
			"locals {\n  x = azurerm_redis_cache.c.minimum_tls_version\n}\n", "minimum_tls_version", replaced},
		{"terraform_data of a module", "terraform_data.t", data("  input = module.m.out"), "minimum_tls_version", replaced},
		{"terraform_data of a module with another", "terraform_data.t", data("  input = module.m.name"), "minimum_tls_version", ""},
		{"terraform_data behind it", "terraform_data.t", data("  depends_on = [azurerm_redis_cache.c]\n  input = azurerm_redis_cache.c.id"),
			"minimum_tls_version", ""},
		{"an endpoint", "azurerm_private_endpoint.p", "resource \"azurerm_private_endpoint\" \"p\" {\n  private_service_connection {\n" +
			"    id = azurerm_redis_cache.c.id\n  }\n}\n", "minimum_tls_version", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			files := map[string]string{
				"main.tf": "resource \"azurerm_redis_cache\" \"c\" {\n}\nmodule \"m\" {\n  source = \"./m\"\n" +
					"  tls = azurerm_redis_cache.c.minimum_tls_version\n}\n\n" + fmt.Sprintf(by, tt.by) + tt.beside,
				"m/main.tf": "variable \"tls\" {}\noutput \"out\" {\n  value = var.tls\n}\noutput \"name\" {\n  value = \"m\"\n}\n",
			}
			for name, text := range files {
				name = filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			config, err := tfconfig.LoadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			d, _ := config.Declaration("azurerm_redis_cache.c")
			got := ""
			if who, at, ok := d.Replaced(strings.Split(tt.path, ".")); ok {
				got = fmt.Sprintf("%s %s:%d", who, at.File, at.Line)
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
