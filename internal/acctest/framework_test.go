package acctest

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/provider"
)

// providers are both providers, in the process of the test.
func providers(g azurermtest.Generation) map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"redisbaseline": func() (tfprotov6.ProviderServer, error) { return provider.Server("test", baseline.Published())(), nil },
		"azurerm":       azurermtest.Server(g),
	}
}

// stub is a provider block of azurerm. The framework declares the providers itself.
const stub = `provider "azurerm" {
  features {}
}
`

func TestAccFunctions(t *testing.T) {
	needTerraform(t)
	t.Parallel()
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)},
		ProtoV6ProviderFactories: providers(azurermtest.V4),
		Steps: []resource.TestStep{{
			Config: stub + cacheOf("orders", "subnet_id = azurerm_user_assigned_identity.a.principal_id") + `
resource "azurerm_user_assigned_identity" "a" {
  name                = "id"
  resource_group_name = "rg"
  location            = "westeurope"
}
output "violations" { value = provider::redisbaseline::violations(azurerm_redis_cache.orders)[*].id }
output "compliant" { value = provider::redisbaseline::evaluate(azurerm_redis_cache.orders).compliant }
output "undecided" { value = provider::redisbaseline::snapshot(azurerm_redis_cache.orders).undecided }
output "literal" {
  value = provider::redisbaseline::violations({ sku_name = "Standard", public_network_access_enabled = true })[*].severity
}
`,
			ExpectNonEmptyPlan: true, // what was undecided is known after apply
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectKnownOutputValue("violations", knownvalue.ListExact(nil)),
				plancheck.ExpectUnknownOutputValue("compliant"),
				plancheck.ExpectKnownOutputValue("undecided", knownvalue.ListExact([]knownvalue.Check{
					knownvalue.StringExact("redis_configuration"), knownvalue.StringExact("subnet_id"),
				})),
				plancheck.ExpectKnownOutputValue("literal", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("high")})),
			}},
		}},
	})
}

func TestAccEvaluationDataSource(t *testing.T) {
	needTerraform(t)
	t.Parallel()
	const name = "data.redisbaseline_evaluation.orders"
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)},
		ProtoV6ProviderFactories: providers(azurermtest.V5),
		Steps: []resource.TestStep{{
			Config: stub + cacheOf("orders", "") + evaluation,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(name, tfjsonpath.New("compliant"), knownvalue.Bool(false)),
				statecheck.ExpectKnownValue(name, tfjsonpath.New("summary").AtMapKey("non_compliant"), knownvalue.Int64Exact(1)),
				statecheck.ExpectKnownValue(name, tfjsonpath.New("features").AtSliceIndex(3).AtMapKey("status"),
					knownvalue.StringExact("non_compliant")),
				statecheck.ExpectKnownValue(name, tfjsonpath.New("features"), knownvalue.ListSizeExact(25)),
			},
		}, {
			Config:   stub + cacheOf("orders", "") + evaluation,
			PlanOnly: true, // nothing to do the second time
		}},
	})
}

func TestAccGuard(t *testing.T) {
	needTerraform(t)
	t.Parallel()
	guard := `
resource "redisbaseline_guard" "orders" {
  cache  = azurerm_redis_cache.orders
  effect = "Deny"
}
`
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_11_0)},
		ProtoV6ProviderFactories: providers(azurermtest.V5),
		Steps: []resource.TestStep{{
			Config:      stub + cacheOf("orders", "") + guard,
			ExpectError: regexp.MustCompile(`NS-2 Disable Public Network Access: redis-orders is reachable`),
		}, {
			Config: stub + cacheOf("orders", "public_network_access_enabled = false") + guard,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("redisbaseline_guard.orders", plancheck.ResourceActionCreate),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("redisbaseline_guard.orders", tfjsonpath.New("cache"), knownvalue.Null()),
			},
		}, {
			Config:      stub + cacheOf("orders", "public_network_access_enabled = true") + guard,
			ExpectError: regexp.MustCompile(`NS-2 Disable Public Network Access: redis-orders is reachable`),
		}},
	})
}
