package tfconfig_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// TestActionReference follows arguments of action blocks.
func TestActionReference(t *testing.T) {
	const text = `
resource "azurerm_redis_cache" "a" {}
resource "azurerm_redis_cache" "b" {
  for_each = toset(["eu", "us"])
}
action "azapi_resource_action" "direct" {
  config {
    type        = "Microsoft.Cache/redis@2024-11-01"
    resource_id = azurerm_redis_cache.a.id
  }
}
action "azapi_resource_action" "each" {
  for_each = azurerm_redis_cache.b
  config {
    resource_id = each.value.id
  }
}
action "azapi_resource_action" "key" {
  for_each = toset(["eu", "us"])
  config {
    resource_id    = azurerm_redis_cache.b[each.key].id
    sensitive_body = { secret = 1 }
  }
}
action "azapi_resource_action" "caller" {
  config {
    resource_id = caller.id
  }
}
action "azapi_resource_action" "text" {
  config {
    resource_id = "${azurerm_redis_cache.a.id}/firewallRules/x"
  }
}
module "m" {
  source = "./m"
  id     = azurerm_redis_cache.a.id
}
-- m/main.tf --
variable "id" {}
action "azapi_resource_action" "x" {
  config {
    resource_id = var.id
  }
}
-- more.tf.json --
{"action": {"azapi_resource_action": {"json": {"config": {"resource_id": "${azurerm_redis_cache.a.id}"}}}}}
`
	for _, tt := range []struct{ action, caller, want string }{
		{"action.azapi_resource_action.direct", "", "azurerm_redis_cache.a.id"},
		{`action.azapi_resource_action.each["eu"]`, "", `azurerm_redis_cache.b["eu"].id`},
		{`action.azapi_resource_action.key["us"]`, "", `azurerm_redis_cache.b["us"].id`},
		{"action.azapi_resource_action.caller", "azurerm_redis_cache.a", "azurerm_redis_cache.a.id"},
		{"action.azapi_resource_action.caller", `azurerm_redis_cache.b["eu"]`, `azurerm_redis_cache.b["eu"].id`},
		{"action.azapi_resource_action.caller", "", "unresolved"},
		{"action.azapi_resource_action.caller", "azurerm_redis_cache.gone", "unresolved"},
		{"action.azapi_resource_action.text", "", "azurerm_redis_cache.a.id/firewallRules/x"},
		{"module.m.action.azapi_resource_action.x", "", "azurerm_redis_cache.a.id"},
		{"action.azapi_resource_action.json", "", "azurerm_redis_cache.a.id"},
		{"action.azapi_resource_action.gone", "", "unresolved"},
	} {
		e := load(t, text).NewEvaluator(&plan{instances: map[string][]tfconfig.Key{
			"azurerm_redis_cache.a": {{}}, "azurerm_redis_cache.b": {tfconfig.StringKey("eu"), tfconfig.StringKey("us")},
		}, attributes: map[string]cty.Value{}}, azure)
		if got := show(e.ActionReference(tt.action, tt.caller, "resource_id")); got != tt.want {
			t.Errorf("%s called by %q: %s, want %s", tt.action, tt.caller, got, tt.want)
		}
	}
	e := load(t, text).NewEvaluator(nil, azure)
	for action, want := range map[string]bool{`action.azapi_resource_action.key["eu"]`: true, "action.azapi_resource_action.direct": false} {
		if got, known := e.ActionSets(action, "sensitive_body"); got != want || !known {
			t.Errorf("%s sets a sensitive_body: %v, %v", action, got, known)
		}
	}
	if ref := e.ActionReference(`action.azapi_resource_action.key["eu"]`, "", "sensitive_body", "secret"); ref.Kind != tfconfig.Unresolved ||
		ref.Why != "write-only" {
		t.Errorf("a sensitive_body was read: %+v", ref)
	}
}
