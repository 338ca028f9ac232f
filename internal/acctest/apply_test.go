package acctest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
)

const guarded = `
resource "redisbaseline_guard" "orders" {
  cache      = azurerm_redis_cache.orders
  companions = [azurerm_private_endpoint.orders, azurerm_monitor_diagnostic_setting.orders, null]
}
locals {
  everything = provider::redisbaseline::snapshot(azurerm_redis_cache.orders, azurerm_private_endpoint.orders,
    azurerm_monitor_diagnostic_setting.orders)
}
data "redisbaseline_evaluation" "all" {
  cache = local.everything
}
output "report" {
  value = provider::redisbaseline::evaluate(azurerm_redis_cache.orders, azurerm_private_endpoint.orders,
    azurerm_monitor_diagnostic_setting.orders)
}
`

// A cache of azurerm is created, planned again, changed and destroyed. Its access keys,
// which start with CANARY, stand in no part of the state that this provider wrote.
func TestLife(t *testing.T) {
	w := newWorkspace(t, azurermtest.V5, cacheOf("orders", "")+around+guarded)
	log := filepath.Join(t.TempDir(), "trace.log")
	w.env = append(w.env, "TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH="+log)

	outputs := w.must("apply", "-auto-approve", "-no-color")
	again := w.must("plan", "-no-color", "-out=plan.bin")
	if !strings.Contains(again, "No changes.") || !strings.Contains(again, "Warning: "+isPublic) {
		t.Errorf("a second plan has nothing to do, and says the same:\n%s", again)
	}
	outputs += again
	shown := w.must("show", "-json", "plan.bin")
	outputs += ourParts(t, shown)
	state, err := os.ReadFile(filepath.Join(w.dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(state), "CANARY") {
		t.Fatal("the stub has no secret: this test tests nothing")
	}
	ours := ourState(t, state)
	if !strings.Contains(ours, `"redisbaseline_guard"`) {
		t.Fatal("the guard is not in the state")
	}
	traced, err := os.ReadFile(log) //nolint:gosec // written above
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(traced), "redisbaseline") {
		t.Fatal("nothing was logged: this test tests nothing")
	}
	for name, text := range map[string]string{"output": outputs, "our state": ours, "log": string(traced)} {
		if at := strings.Index(text, "CANARY"); at >= 0 {
			t.Errorf("%s holds a secret: %s", name, text[max(0, at-200):at])
		}
	}

	if out := w.must("destroy", "-auto-approve", "-no-color"); !strings.Contains(out, "Destroy complete!") {
		t.Errorf("got %s", out)
	}
}

// A guard that denies a violation stops a destroy, too: for it Terraform first makes a plan
// of the whole configuration, and the guard cannot tell it from another plan. A cache
// that it denies can exist only where it was created before the guard was added.
func TestDestroyWhileDenying(t *testing.T) {
	const guard = `
resource "redisbaseline_guard" "orders" { cache = azurerm_redis_cache.orders }
`
	t.Run("guard, nothing violated", func(t *testing.T) {
		w := newWorkspace(t, azurermtest.V5, `provider "redisbaseline" { effect = "Deny" }`+
			cacheOf("orders", "public_network_access_enabled = false")+guard+evaluation)
		w.must("apply", "-auto-approve", "-no-color")
		w.must("destroy", "-auto-approve", "-no-color")
	})
	t.Run("guard, violated", func(t *testing.T) {
		w := newWorkspace(t, azurermtest.V5, cacheOf("orders", "")+guard)
		w.must("apply", "-auto-approve", "-no-color")
		w.write("deny.tf", `provider "redisbaseline" { effect = "Deny" }`)
		if out, ok := w.run("destroy", "-auto-approve", "-no-color"); ok {
			t.Errorf("the documentation says that this needs -refresh=false:\n%s", out)
		}
		w.must("destroy", "-auto-approve", "-no-color", "-refresh=false")
	})
	t.Run("postcondition, violated", func(t *testing.T) {
		w := newWorkspace(t, azurermtest.V5, cacheOf("orders", ""))
		w.must("apply", "-auto-approve", "-no-color")
		w.write("main.tf", header+cacheOf("orders", `lifecycle {
    postcondition {
      condition     = length(provider::redisbaseline::violations(self)) == 0
      error_message = "The cache violates the baseline."
    }
  }`))
		w.must("destroy", "-auto-approve", "-no-color")
	})
}

// ourState is the part of a state that this provider wrote. It checks that the guard
// stores an id and nothing else.
func ourState(t *testing.T, raw []byte) string {
	t.Helper()
	var state struct {
		Outputs   json.RawMessage
		Resources []struct {
			Type      string
			Instances []struct{ Attributes map[string]any }
		}
	}
	if err := json.Unmarshal(raw, &state); err != nil {
		t.Fatal(err)
	}
	out := string(state.Outputs)
	for _, r := range state.Resources {
		if !strings.HasPrefix(r.Type, "redisbaseline_") {
			continue
		}
		text, _ := json.Marshal(r)
		out += string(text)
		for _, instance := range r.Instances {
			for name, v := range instance.Attributes {
				if r.Type == "redisbaseline_guard" && name != "id" && v != nil {
					t.Errorf("the guard stores %s = %v", name, v)
				}
			}
		}
	}
	return strings.ReplaceAll(out, `"Type":"redisbaseline_guard"`, `"redisbaseline_guard"`)
}

// ourParts is the part of a plan in JSON that comes from this provider.
func ourParts(t *testing.T, plan string) string {
	t.Helper()
	var p struct {
		ResourceChanges []map[string]any `json:"resource_changes"`
		OutputChanges   json.RawMessage  `json:"output_changes"`
	}
	if err := json.Unmarshal([]byte(plan[strings.Index(plan, "{"):]), &p); err != nil {
		t.Fatal(err)
	}
	out := string(p.OutputChanges)
	for _, r := range p.ResourceChanges {
		if kind, _ := r["type"].(string); strings.HasPrefix(kind, "redisbaseline_") {
			text, _ := json.Marshal(r)
			out += string(text)
		}
	}
	return out
}
