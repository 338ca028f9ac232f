package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// TestAsNew: without a plan the absence of what stands around a cache counts as in a plan that
// creates everything; that the cache itself is created, nobody knows.
func TestAsNew(t *testing.T) {
	const cluster, classic = "azurerm_managed_redis.m", "azurerm_redis_cache.c"
	const grant = `
resource "azurerm_managed_redis_access_policy_assignment" "g" {
  managed_redis_id = azurerm_managed_redis.m.id
  object_id        = "00000000-0000-0000-0000-000000000000"
}
`
	for name, test := range map[string]struct {
		more  string
		login report.Status
	}{
		"nobody":      {"", report.NonCompliant},
		"an identity": {grant, report.Compliant},
		"perhaps one": {strings.Replace(grant, "{\n", "{\n  count = var.n\n", 1) + "variable \"n\" {}\n", report.Unknown},
		"what exists": {"import {\n  to = azurerm_managed_redis.m\n  id = \"/subscriptions/s/resourceGroups/rg/providers/" +
			"Microsoft.Cache/redisEnterprise/m\"\n}\n", report.Unknown},
		"a module that is not read": {"module \"x\" {\n  source = \"example.com/a/b/c\"\n}\n", report.Unknown},
	} {
		dir := t.TempDir()
		config := `
resource "azurerm_managed_redis" "m" {
  name                = "m"
  resource_group_name = "rg"
  location            = "westeurope"
  sku_name            = "Balanced_B3"
  default_database {}
}
resource "azurerm_redis_cache" "c" {
  name                = "c"
  resource_group_name = "rg"
  location            = "westeurope"
  sku_name            = "Standard"
  family              = "C"
  capacity            = 1
}
` + test.more
		if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		seen := 0
		for c := range withoutPlan(t, dir).Caches() {
			if c.After.Change != posture.ChangeNone {
				t.Errorf("%s: %s: change %q", name, c.After.Address, c.After.Change)
			}
			for _, a := range baseline.Published().Evaluate(c.After, baseline.Options{}).Advisories {
				switch {
				case a.ID == "advisory/no-login" && c.After.Address == cluster:
					seen++
					if a.Status != test.login {
						t.Errorf("%s: %s (%s), want %s", name, a.Status, a.Message, test.login)
					}
				case a.ID == "advisory/retirement" && c.After.Address == classic:
					seen++
					if a.Severity != report.Info || strings.Contains(a.Message, "refused") {
						t.Errorf("%s: %s: %s", name, a.Severity, a.Message)
					}
				}
			}
		}
		if seen != 2 {
			t.Errorf("%s: %d advisories, want 2", name, seen)
		}
	}
}
