package azurermtest

import (
	"os/exec"
	"strings"
	"testing"
)

// Attributes that azurerm renamed or added, by its changelogs, are in the generations
// that have them.
func TestGenerations(t *testing.T) {
	for g, want := range map[Generation]map[string]bool{
		V3: {"enable_non_ssl_port": true, "non_ssl_port_enabled": true, "access_keys_authentication_enabled": false},
		V4: {"enable_non_ssl_port": false, "non_ssl_port_enabled": true, "access_keys_authentication_enabled": true},
		V5: {"enable_non_ssl_port": false, "non_ssl_port_enabled": true, "access_keys_authentication_enabled": true},
	} {
		cache := resources(g)["azurerm_redis_cache"].block.typ().AttributeTypes
		for name, there := range want {
			if _, ok := cache[name]; ok != there {
				t.Errorf("azurerm %d, %s: %v", g, name, ok)
			}
		}
		if len(cache) < 25 || len(resources(g)) < 20 {
			t.Errorf("azurerm %d: the table is not whole", g)
		}
	}
}

// Blocks that azurerm renamed are in the generations that have them.
func TestBlocksOfOneGeneration(t *testing.T) {
	has := func(g Generation, name string) bool {
		_, ok := resources(g)["azurerm_monitor_diagnostic_setting"].block.typ().AttributeTypes[name]
		return ok
	}
	if !has(V3, "log") || has(V4, "log") || has(V5, "metric") || !has(V5, "enabled_metric") || !has(V5, "enabled_log") {
		t.Error("a block is in the wrong generation")
	}
}

// The program does not import the stub.
func TestNothingShippedImportsTheStub(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "../..").CombinedOutput()
	if err != nil {
		t.Skipf("go list: %s", out)
	}
	if strings.Contains(string(out), "internal/azurermtest") {
		t.Error("the program imports the stub")
	}
}
