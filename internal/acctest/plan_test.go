package acctest

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
)

// cacheOf is a cache of azurerm, with more arguments.
func cacheOf(name, more string) string {
	return fmt.Sprintf(`
resource "azurerm_redis_cache" "%[1]s" {
  name                          = "redis-%[1]s"
  resource_group_name           = "rg-shop"
  location                      = "westeurope"
  sku_name                      = "Standard"
  family                        = "C"
  capacity                      = 1
  %[2]s
}
`, name, more)
}

const evaluation = `
locals {
  snapshot = provider::redisbaseline::snapshot(azurerm_redis_cache.orders)
}
data "redisbaseline_evaluation" "orders" {
  cache      = local.snapshot
  advisories = false
}
`

const isPublic = "NS-2 Disable Public Network Access: redis-orders is reachable from the internet"

func assertPlan(t *testing.T, w *workspace, wantOK bool, want ...string) []diagnostic {
	t.Helper()
	diags, ok := w.plan()
	if ok != wantOK {
		t.Errorf("plan succeeded: %v, want %v", ok, wantOK)
	}
	got := lines(diags)
	sort.Strings(got)
	sort.Strings(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	return diags
}

// A violation is in the plan through every door, with every major version of azurerm.
func TestGenerations(t *testing.T) {
	port := map[azurermtest.Generation]string{azurermtest.V3: "enable_non_ssl_port", azurermtest.V4: "non_ssl_port_enabled",
		azurermtest.V5: "non_ssl_port_enabled"}
	const noTLS = "DP-3 Data in Transit Encryption: redis-orders accepts connections without TLS"
	for _, g := range generations {
		t.Run(fmt.Sprint(g), func(t *testing.T) {
			w := newWorkspace(t, g, cacheOf("orders", port[g]+" = true")+evaluation+`
resource "redisbaseline_guard" "orders" {
  cache = azurerm_redis_cache.orders
}
output "violations" {
  value = join(" ", provider::redisbaseline::violations(azurerm_redis_cache.orders)[*].id)
}
`)
			assertPlan(t, w, true,
				"warning data.redisbaseline_evaluation.orders: "+isPublic, "warning data.redisbaseline_evaluation.orders: "+noTLS,
				"warning redisbaseline_guard.orders: "+isPublic, "warning redisbaseline_guard.orders: "+noTLS)
			if out := w.must("plan", "-no-color"); !strings.Contains(out,
				`violations = "DP-3/data-in-transit-encryption NS-2/disable-public-network-access"`) {
				t.Errorf("the output must be known and not sensitive:\n%s", out)
			}
		})
	}
}

func TestPostcondition(t *testing.T) {
	condition := `lifecycle {
    postcondition {
      condition     = length(provider::redisbaseline::violations(self)) == 0
      error_message = join("; ", provider::redisbaseline::violations(self)[*].message)
    }
  }`
	t.Run("violated", func(t *testing.T) {
		w := newWorkspace(t, azurermtest.V5, cacheOf("orders", condition))
		diags := assertPlan(t, w, false, "error : Resource postcondition failed")
		if !strings.Contains(diags[0].Detail, "public network access is enabled") {
			t.Errorf("got %s", diags[0].Detail)
		}
	})
	t.Run("kept", func(t *testing.T) {
		assertPlan(t, newWorkspace(t, azurermtest.V5, cacheOf("orders", "public_network_access_enabled = false\n"+condition)), true)
	})
}

func TestCheck(t *testing.T) {
	w := newWorkspace(t, azurermtest.V4, cacheOf("orders", "")+`
check "baseline" {
  assert {
    condition     = length(provider::redisbaseline::violations(azurerm_redis_cache.orders)) == 0
    error_message = join("; ", provider::redisbaseline::violations(azurerm_redis_cache.orders)[*].message)
  }
}`)
	diags, ok := w.plan()
	if !ok || len(diags) != 1 || diags[0].Severity != "warning" || diags[0].Summary != "Check block assertion failed" {
		t.Fatalf("got %v", lines(diags))
	}
	if !strings.Contains(diags[0].Detail, "public network access is enabled") {
		t.Errorf("got %s", diags[0].Detail)
	}
}

func TestVariableValidation(t *testing.T) {
	w := newWorkspace(t, azurermtest.V5, `
variable "cache" {
  type    = any
  default = { name = "redis-orders", sku_name = "Standard", redis_configuration = [{ authentication_enabled = false }] }
  validation {
    condition     = length(provider::redisbaseline::violations(var.cache)) == 0
    error_message = "The cache violates the baseline."
  }
}
`)
	assertPlan(t, w, false, "error : Invalid value for variable")
}

func TestCountForEachAndModules(t *testing.T) {
	w := newWorkspace(t, azurermtest.V5, `
resource "azurerm_redis_cache" "each" {
  for_each            = toset(["eu", "us"])
  name                = "redis-${each.key}"
  resource_group_name = "rg"
  location            = "westeurope"
  sku_name            = "Standard"
  family              = "C"
  capacity            = 1
}
resource "azurerm_redis_cache" "counted" {
  count               = 2
  name                = "redis-${count.index}"
  resource_group_name = "rg"
  location            = "westeurope"
  sku_name            = "Standard"
  family              = "C"
  capacity            = 1
}
locals {
  snapshots = { for key, cache in azurerm_redis_cache.each : key => provider::redisbaseline::snapshot(cache) }
}
data "redisbaseline_evaluation" "each" {
  for_each   = local.snapshots
  cache      = each.value
  advisories = false
}
resource "redisbaseline_guard" "counted" {
  count = 2
  cache = azurerm_redis_cache.counted[count.index]
}
module "guarded" {
  source = "./guarded"
  cache  = azurerm_redis_cache.each["eu"]
}
`)
	w.write("guarded/main.tf", `
terraform {
  required_providers {
    redisbaseline = { source = "redisbaseline/redisbaseline" }
  }
}
variable "cache" { type = any }
data "redisbaseline_evaluation" "this" {
  cache      = provider::redisbaseline::snapshot(var.cache)
  advisories = false
}
`)
	w.must("get")
	const public = ": NS-2 Disable Public Network Access: redis-%s is reachable from the internet"
	assertPlan(t, w, true,
		`warning data.redisbaseline_evaluation.each["eu"]`+fmt.Sprintf(public, "eu"),
		`warning data.redisbaseline_evaluation.each["us"]`+fmt.Sprintf(public, "us"),
		`warning redisbaseline_guard.counted[0]`+fmt.Sprintf(public, "0"),
		`warning redisbaseline_guard.counted[1]`+fmt.Sprintf(public, "1"),
		`warning module.guarded.data.redisbaseline_evaluation.this`+fmt.Sprintf(public, "eu"),
	)
	// Nor does the output for people merge diagnostics.
	out := w.must("plan", "-no-color")
	for _, name := range []string{"eu", "us", "0", "1"} {
		if !strings.Contains(out, fmt.Sprintf("Warning"+public, name)) {
			t.Errorf("the plan does not show redis-%s:\n%s", name, out)
		}
	}
}

func TestDeny(t *testing.T) {
	t.Run("provider and guard", func(t *testing.T) {
		w := newWorkspace(t, azurermtest.V5, `provider "redisbaseline" { effect = "Deny" }`+cacheOf("orders", "")+evaluation+`
resource "redisbaseline_guard" "orders" { cache = azurerm_redis_cache.orders }`)
		assertPlan(t, w, false, "warning data.redisbaseline_evaluation.orders: "+isPublic, "error redisbaseline_guard.orders: "+isPublic)
	})
	t.Run("data source", func(t *testing.T) {
		w := newWorkspace(t, azurermtest.V5, cacheOf("orders", "")+strings.Replace(evaluation, "advisories = false",
			`effect = "Deny"`+"\nadvisories = false", 1))
		assertPlan(t, w, false, "error data.redisbaseline_evaluation.orders: "+isPublic)
	})
	t.Run("a wrong exemption names its place", func(t *testing.T) {
		w := newWorkspace(t, azurermtest.V5, `
provider "redisbaseline" {
  exemption {
    feature     = "NS-2/nonsense"
    cache       = "*"
    category    = "Waiver"
    description = "x"
  }
}
`+cacheOf("orders", "")+evaluation)
		diags, ok := w.plan()
		if ok || len(diags) != 1 || !strings.HasPrefix(diags[0].Summary, `exemption 1 is not valid: feature "NS-2/nonsense"`) {
			t.Errorf("got %v", lines(diags))
		}
		if out, _ := w.run("plan", "-no-color"); !strings.Contains(out, `    feature     = "NS-2/nonsense"`) {
			t.Errorf("the error does not show the line of the argument:\n%s", out)
		}
	})
}

const around = `
resource "azurerm_private_endpoint" "orders" {
  name                = "pe-orders"
  resource_group_name = "rg-shop"
  location            = "westeurope"
  subnet_id           = "/subscriptions/1/resourceGroups/rg-shop/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
  private_service_connection {
    name                           = "orders"
    is_manual_connection           = false
    private_connection_resource_id = azurerm_redis_cache.orders.id
    subresource_names              = ["redisCache"]
  }
}
resource "azurerm_monitor_diagnostic_setting" "orders" {
  name                       = "logs"
  target_resource_id         = azurerm_redis_cache.orders.id
  log_analytics_workspace_id = "/subscriptions/1/resourceGroups/rg-shop/providers/Microsoft.OperationalInsights/workspaces/w"
  enabled_log {
    category_group = "allLogs"
  }
}
`

func TestCompanions(t *testing.T) {
	statuses := func(companions string) string {
		return fmt.Sprintf(`
locals {
  with = provider::redisbaseline::snapshot(azurerm_redis_cache.orders%s)
}
data "redisbaseline_evaluation" "orders" {
  cache      = local.with
  advisories = false
}
output "link" {
  value = one([for f in data.redisbaseline_evaluation.orders.features :
    "${f.status} ${coalesce(f.reason, "-")}" if f.id == "NS-2/azure-private-link"])
}
output "logs" {
  value = one([for f in data.redisbaseline_evaluation.orders.features :
    "${f.status} ${coalesce(f.reason, "-")}" if f.id == "LT-4/azure-resource-logs"])
}
`, companions)
	}
	for _, test := range []struct{ name, companions, link, logs string }{
		{"passed", ", azurerm_private_endpoint.orders, azurerm_monitor_diagnostic_setting.orders", "compliant -", "compliant -"},
		{"null", ", null, azurerm_monitor_diagnostic_setting.orders", "unknown not_observed", "compliant -"},
		{
			"contradicted by known ids", `, merge(azurerm_private_endpoint.orders, { private_service_connection = [{
    is_manual_connection = false, subresource_names = ["redisCache"],
    private_connection_resource_id = "/subscriptions/1/resourceGroups/rg-shop/providers/Microsoft.Cache/redis/redis-other" }] })`,
			"unknown not_observed", "unknown not_observed",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorkspace(t, azurermtest.V5, cacheOf("orders", "public_network_access_enabled = false")+around+statuses(test.companions))
			out := w.must("plan", "-no-color")
			for name, want := range map[string]string{"link": test.link, "logs": test.logs} {
				if !strings.Contains(out, fmt.Sprintf("%s = %q", name, want)) {
					t.Errorf("want %s = %q:\n%s", name, want, out)
				}
			}
		})
	}
	// The result of try is unknown, its type too, while a part is unknown.
	t.Run("not known at all", func(t *testing.T) {
		w := newWorkspace(t, azurermtest.V5, cacheOf("orders", "")+around+statuses(", try(azurerm_private_endpoint.orders, null)"))
		assertPlan(t, w, true, "warning data.redisbaseline_evaluation.orders: "+isPublic)
	})
	t.Run("of no known kind", func(t *testing.T) {
		w := newWorkspace(t, azurermtest.V5, cacheOf("orders", "")+`
resource "azurerm_resource_group" "a" {
  name     = "rg"
  location = "westeurope"
}
output "x" { value = provider::redisbaseline::violations(azurerm_redis_cache.orders, azurerm_resource_group.a) }`)
		diags, ok := w.plan()
		if ok || len(diags) != 1 || !strings.Contains(diags[0].Detail, "azurerm_private_endpoint") {
			t.Errorf("want an error that lists the kinds, got %v", diags)
		}
	})
}

func TestNameNotKnownYet(t *testing.T) {
	w := newWorkspace(t, azurermtest.V5,
		strings.Replace(cacheOf("orders", ""), `"redis-orders"`, `"redis-${azurerm_user_assigned_identity.a.principal_id}"`, 1)+`
resource "azurerm_user_assigned_identity" "a" {
  name                = "id"
  resource_group_name = "rg"
  location            = "westeurope"
}
resource "redisbaseline_guard" "labelled" {
  cache = azurerm_redis_cache.orders
  label = "the orders cache"
}
resource "redisbaseline_guard" "plain" {
  cache = azurerm_redis_cache.orders
}`)
	diags, ok := w.plan()
	if !ok || len(diags) != 2 {
		t.Fatalf("got %v", lines(diags))
	}
	got := lines(diags)
	sort.Strings(got)
	if got[0] != "warning redisbaseline_guard.labelled: NS-2 Disable Public Network Access: the orders cache is reachable from the internet" {
		t.Errorf("got %s", got[0])
	}
	if !strings.HasPrefix(got[1], "warning redisbaseline_guard.plain: NS-2 Disable Public Network Access: a Standard cache in westeurope (") {
		t.Errorf("got %s", got[1])
	}
}

func TestRawResourceIsRefused(t *testing.T) {
	w := newWorkspace(t, azurermtest.V5, cacheOf("orders", "")+`
data "redisbaseline_evaluation" "orders" { cache = azurerm_redis_cache.orders }`)
	diags, ok := w.plan()
	if ok || len(diags) != 1 || !strings.Contains(diags[0].Detail, `"undecided" is required`) {
		t.Errorf("want a refusal while planning, got %v", diags)
	}
}

func TestSensitiveValues(t *testing.T) {
	w := newWorkspace(t, azurermtest.V3, `
variable "secret" {
  default   = "hunter2"
  sensitive = true
}
`+cacheOf("orders", `minimum_tls_version = var.secret
  tags = { owner = var.secret }`)+`
resource "redisbaseline_guard" "orders" {
  cache      = azurerm_redis_cache.orders
  advisories = true
}
`+evaluation)
	out, _ := w.run("plan", "-no-color")
	if strings.Contains(out, "hunter2") {
		t.Errorf("a sensitive value is printed:\n%s", out)
	}
	if !strings.Contains(out, isPublic) {
		t.Errorf("the rest must still be judged:\n%s", out)
	}
}

// TestOwnCacheIsNoArgument: a redisbaseline_cache is refused by the functions, the guard and
// the data source with the words that their documentation has for it.
func TestOwnCacheIsNoArgument(t *testing.T) {
	const cache = `
provider "redisbaseline" { subscription_id = "00000000-0000-0000-0000-000000000000" }
resource "redisbaseline_cache" "carts" {
  name                = "redis-carts"
  resource_group_name = "rg-shop"
  location            = "westeurope"
  sku_name            = "Standard"
  capacity            = 1
}
`
	for page, tt := range map[string]struct{ block, want string }{
		"docs/functions/violations.md": {`output "v" { value = provider::redisbaseline::violations(redisbaseline_cache.carts) }`,
			"list of object required"},
		"docs/resources/guard.md": {`resource "redisbaseline_guard" "g" { cache = redisbaseline_cache.carts }`,
			"list of object required"},
		"docs/data-sources/evaluation.md": {`data "redisbaseline_evaluation" "e" { cache = redisbaseline_cache.carts }`,
			`attribute "undecided" is required`},
	} {
		t.Run(page, func(t *testing.T) {
			out, ok := newWorkspace(t, azurermtest.V5, cache+tt.block).run("plan", "-no-color")
			said := strings.Join(strings.Fields(strings.ReplaceAll(out, "│", "")), " ")
			if ok || !strings.Contains(said, tt.want) {
				t.Errorf("got\n%s", out)
			}
			if !strings.Contains(read(t, page), tt.want) {
				t.Errorf("the page does not have %s", tt.want)
			}
		})
	}
}

// The function migration tells what a cache moves to, and stops a plan where something
// certainly blocks the move; what is open while planning is known after apply.
func TestMigrationFunction(t *testing.T) {
	const condition = `lifecycle {
    postcondition {
      condition     = length([for b in provider::redisbaseline::migration(self).blockers : b if b.certain]) == 0
      error_message = join("; ", [for b in provider::redisbaseline::migration(self).blockers : b.message if b.certain])
    }
  }`
	const output = `
output "move" {
  value = provider::redisbaseline::migration(azurerm_redis_cache.orders)
}`
	for _, g := range generations {
		t.Run(fmt.Sprint(g), func(t *testing.T) {
			w := newWorkspace(t, g, cacheOf("orders", condition)+output)
			w.must("apply", "-no-color", "-auto-approve")
			out := w.must("output", "-json", "move")
			for _, want := range []string{`"target_sku":"Balanced_B1"`, `"state":"to_move"`, `"retires":"2028-09-30"`, `"memory_gb":1,`} {
				if !strings.Contains(out, want) {
					t.Errorf("no %s in\n%s", want, out)
				}
			}
			if out := w.must("plan", "-no-color", "-detailed-exitcode"); !strings.Contains(out, "No changes") {
				t.Errorf("the result changes by itself:\n%s", out)
			}
		})
	}
	t.Run("blocked", func(t *testing.T) {
		w := newWorkspace(t, azurermtest.V5, `
resource "azurerm_redis_cache" "orders" {
  name                 = "redis-orders"
  resource_group_name  = "rg"
  location             = "westeurope"
  sku_name             = "Premium"
  family               = "P"
  capacity             = 1
  non_ssl_port_enabled = true
  `+condition+`
}`)
		if out, ok := w.run("apply", "-no-color", "-auto-approve"); ok || !strings.Contains(out, "port 6379 lets clients in without TLS") {
			t.Errorf("got\n%s", out)
		}
	})
}
