package tfplan

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// A root variable without a value may be the id of a cache that the configuration makes,
// whose name somebody knows beforehand; a flag, or a variable with a default, is not.
func TestTargetWithoutValue(t *testing.T) {
	for name, test := range map[string]struct {
		variable, target string
		open             bool
	}{
		"no value":  {"", "var.v", true},
		"text":      {"type = string", "var.v", true},
		"an object": {"type = object({ id = string })", "var.v.id", true},
		"a default": {`default = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/redis/redis-b"`, "var.v", false},
		"a flag":    {"type = bool", "var.v ? azurerm_virtual_network.n.id : null", false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			config := "variable \"v\" {\n  " + test.variable + "\n}\n" + `
resource "azurerm_redis_cache" "a" {
  name                = "redis-a"
  resource_group_name = "rg"
}
resource "azurerm_virtual_network" "n" {}
resource "azurerm_monitor_diagnostic_setting" "d" {
  target_resource_id = ` + test.target + "\n}\n"
			if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
				t.Fatal(err)
			}
			c, err := tfconfig.LoadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := ReadUnplanned(t.Context(), c, UnplannedOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for c := range plan.Caches() {
				if got := len(c.After.DiagnosticSettings.Doubts) > 0; got != test.open {
					t.Errorf("in doubt: %t, want %t", got, test.open)
				}
			}
		})
	}
}
