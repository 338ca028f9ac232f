package acctest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
)

// wrongValues are configurations with values that are refused, by the phase in which
// Terraform stops: a comment behind a value has a part of what is said of it.
var wrongValues = map[string]string{
	"provider": `
provider "redisbaseline" {
  environment = "mars" # environment "mars" from the configuration is none of
  exemption {
    feature     = "NS-9" # feature "NS-9" is neither
    cache       = "*"
    category    = "Waver" # category "Waver" is neither
    description = "x"
    expires_on  = "tomorrow" # expires_on "tomorrow" is not a date
    approved_by = "" # approved_by is empty
  }
}
resource "redisbaseline_guard" "a" {
  cache = { name = "redis-a" }
}
`,
	"endpoint": `
provider "redisbaseline" {
  resource_manager_endpoint = "http://example.com" # begins with http://
}
resource "redisbaseline_guard" "a" {
  cache = { name = "redis-a" }
}
`,
	"types": `
resource "redisbaseline_guard" "text" {
  label = "a"
  cache = "redis-a" # "cache": object required
}
resource "redisbaseline_guard" "nested" {
  label = "a"
  cache = { name = "a", public_network_access_enabled = "maybe" } # a bool is required
}
resource "redisbaseline_guard" "rest" {
  cache      = { name = "a" }
  companions = ["x"] # element 0: object required
  label      = [] # "label": string required
  advisories = "often" # "advisories": a bool is required
}
data "redisbaseline_evaluation" "raw" {
  label = "a"
  cache = { name = "a" } # attribute "undecided" is required
}
data "redisbaseline_evaluation" "exemption" {
  resource_id = "a"
  exemption {
    feature     = "NS-2/azure-private-link"
    cache       = ["*"] # "cache": string required
    category    = "Waiver"
    description = "x"
  }
}
data "redisbaseline_fleet" "a" {
  report               = false
  subscription_ids     = "x" # set of string required
  management_group_ids = [[]] # element 0: string required
}
resource "redisbaseline_cache" "a" {
  name                       = "redis-a"
  resource_group_name        = "rg"
  location                   = "westeurope"
  sku_name                   = "Standard"
  capacity                   = 1
  redis_configuration        = [{ maxmemory_reserved = 30 }] # object required
  zones                      = "1" # set of string required
  tags                       = { a = [1] } # element "a": string required
  access_policies            = { a = [] } # element "a": string required
  private_endpoint           = "x" # object required
  storage_connection_strings = "x" # object required
  advisories                 = "x" # a bool is required
}
`,
	"values": `
resource "redisbaseline_guard" "null" {
  label = "a"
  cache = null # configuration value for the cache attribute
}
resource "redisbaseline_guard" "effect" {
  cache  = { name = "a" }
  effect = "deny" # did you mean Deny?
}
data "redisbaseline_evaluation" "id" {
  label       = "a"
  resource_id = "none" # "none" is not the id of a resource
}
data "redisbaseline_evaluation" "exemption" {
  resource_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Cache/redis/a"
  exemption {
    feature     = "NS-2/azure-private-link"
    cache       = "*"
    category    = "waiver" # did you mean Waiver?
    description = "x"
    approved_by = " " # approved_by is empty
  }
}
ephemeral "redisbaseline_access_keys" "a" {
  resource_id = "x" # "x" is not the id of a resource
}
resource "redisbaseline_cache" "a" {
  name                = "redis-a"
  resource_group_name = "rg"
  location            = "westeurope"
  sku_name            = "Standard"
  capacity            = 1
  minimum_tls_version = 1.3 # cannot be "1.3": use 1.0, 1.1 or 1.2
  patch_schedule      = [{ day_of_week = 3 }] # patch_schedule[0].day_of_week cannot be "3"
  identity            = { type = "x" } # use SystemAssigned, UserAssigned or "SystemAssigned, UserAssigned"
  firewall_rules      = { a = { start_ip = "192.0.2.1" } } # firewall_rules["a"] must have end_ip
  diagnostic_settings = { a = null } # diagnostic_settings["a"] must not be null
  timeouts            = { create = 3 } # "3" must be a string
}
`,
	"functions": `
locals {
  empty   = provider::redisbaseline::violations({}) # none of the attributes that tell one is set
  text    = provider::redisbaseline::evaluate("x") # object required
  nested  = provider::redisbaseline::snapshot({ public_network_access_enabled = "maybe" }) # a bool is required
  unknown = provider::redisbaseline::violations(
    { name = "redis-a", sku_name = "Basic" },
    null,
    { foo = 1 }, # companion 2 is of no known kind
  )
  listed = provider::redisbaseline::migration(
    { name = "redis-a", sku_name = "Basic" },
    ["x"], # object required
  )
}
`,
	"plan": `
resource "azurerm_redis_cache" "a" {
  name                = "redis-a"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Standard"
  family              = "C"
  capacity            = 1
}
resource "redisbaseline_guard" "empty" {
  label = "a"
  cache = {} # none of the attributes that tell one is set
}
resource "redisbaseline_guard" "kind" {
  cache      = azurerm_redis_cache.a
  companions = [azurerm_redis_cache.a] # companion 1 is of no known kind
}
resource "redisbaseline_guard" "effect" {
  cache  = azurerm_redis_cache.a
  effect = azurerm_redis_cache.a.id # must be known while Terraform plans
}
data "redisbaseline_evaluation" "plan" {
  label     = "a"
  plan_file = "none.json" # open none.json
}
data "redisbaseline_evaluation" "path" {
  label = "a"
  cache = { name = "a", undecided = ["nonsense"] } # undecided names what a snapshot does not have
}
`,
}

// TestWrongValuesHaveTheirLine: each value that is refused is refused at its line, and
// nothing else is.
func TestWrongValuesHaveTheirLine(t *testing.T) {
	for phase, config := range wrongValues {
		t.Run(phase, func(t *testing.T) {
			w := newWorkspace(t, azurermtest.V5, config)
			refused := w.refusals()
			for i, line := range strings.Split(header+config, "\n") {
				_, want, marked := strings.Cut(line, " # ")
				said := ""
				for _, r := range refused[i+1] {
					said += strings.Join(strings.Fields(r), " ") + "\n"
				}
				if marked != (len(refused[i+1]) == 1) || !strings.Contains(strings.ToLower(said), strings.ToLower(want)) {
					t.Errorf("line %d, %s\nis refused with %q", i+1, line, said)
				}
			}
			if none := refused[0]; len(none) > 0 {
				t.Errorf("refused at no line: %q", none)
			}
		})
	}
}

// refusals are the errors of a plan by their line, 0 where they have none.
func (w *workspace) refusals() map[int][]string {
	w.t.Helper()
	out := map[int][]string{}
	text, _ := w.run("plan", "-json", "-no-color")
	for _, line := range strings.Split(text, "\n") {
		var message struct {
			Diagnostic struct {
				Severity, Summary, Detail string
				Range                     struct{ Start struct{ Line int } }
			}
		}
		if d := &message.Diagnostic; json.Unmarshal([]byte(line), &message) == nil && d.Severity == "error" {
			out[d.Range.Start.Line] = append(out[d.Range.Start.Line], d.Summary+": "+d.Detail)
		}
	}
	return out
}
