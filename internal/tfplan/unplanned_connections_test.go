package tfplan

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// TestConnectionsWithoutPlan: a private endpoint by azapi may be for each cache to which one
// of its connections leads, in whichever list, and for no other. The cache a is before b.
func TestConnectionsWithoutPlan(t *testing.T) {
	const a, b, blob = `{ properties = { privateLinkServiceId = azurerm_redis_cache.a.id, groupIds = ["redisCache"] } }`,
		`{ properties = { privateLinkServiceId = azurerm_redis_cache.b.id, groupIds = ["redisCache"] } }`,
		`{ properties = { privateLinkServiceId = azurerm_redis_cache.a.id, groupIds = ["blob"] } }`
	for name, test := range map[string]struct{ body, is, maybe, open string }{
		"one":         {"privateLinkServiceConnections = [" + b + "]", "b", "", ""},
		"two":         {"privateLinkServiceConnections = [" + a + ", " + b + "]", "", "a b", ""},
		"two by hand": {"manualPrivateLinkServiceConnections = [" + a + ", " + b + "]", "", "a b", ""},
		"one in each list": {"privateLinkServiceConnections = [" + a + "], " +
			"manualPrivateLinkServiceConnections = [" + b + "]", "", "a b", ""},
		"behind another service": {"privateLinkServiceConnections = [" + blob + ", " + b + "]", "", "b", "a b"},
		"three to one":           {"privateLinkServiceConnections = [" + b + ", " + b + ", " + b + "]", "", "b", ""},
		"none":                   {"privateLinkServiceConnections = []", "", "", "a b"},
		"an unknown list behind one": {"privateLinkServiceConnections = [" + a + "], manualPrivateLinkServiceConnections = var.v",
			"", "a b", ""},
		"made by for": {`privateLinkServiceConnections = [for c in [azurerm_redis_cache.a, azurerm_redis_cache.b] :
      { properties = { privateLinkServiceId = c.id, groupIds = ["redisCache"] } }]`, "", "a b", ""},
	} {
		for form, written := range map[string]string{
			"object":            "body = { properties = { " + test.body + " } }",
			"text":              "body = jsonencode({ properties = { " + test.body + " } })",
			"of unknown number": "count = var.n\n  body = { properties = { " + test.body + " } }",
		} {
			t.Run(name+", "+form, func(t *testing.T) {
				dir := t.TempDir()
				config := `
variable "n" { type = number }
variable "v" { type = any }
resource "azurerm_redis_cache" "a" {
  name                = "redis-a"
  resource_group_name = "rg"
}
resource "azurerm_redis_cache" "b" {
  name                = "redis-b"
  resource_group_name = "rg"
}
resource "azapi_resource" "e" {
  type      = "Microsoft.Network/privateEndpoints@2024-05-01"
  name      = "e"
  parent_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg"
  ` + written + "\n}\n"
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
				is, maybe := map[string]bool{}, map[string]bool{}
				for c := range plan.Caches() {
					name := strings.TrimPrefix(c.After.Address, "azurerm_redis_cache.")
					if len(c.After.PrivateEndpoints.Items) > 0 {
						is[name] = true
					}
					if len(c.After.PrivateEndpoints.Doubts) > 0 {
						maybe[name] = true
					}
				}
				wantIs, wantMaybe := test.is, test.maybe
				if form == "of unknown number" { // of which sub-resources and empty lists do not decide
					wantIs, wantMaybe = "", cmp.Or(test.open, test.maybe, test.is)
				}
				said := func(m map[string]bool) string { return strings.Join(slices.Sorted(maps.Keys(m)), " ") }
				if said(is) != wantIs || said(maybe) != wantMaybe {
					t.Errorf("for %q, perhaps for %q; want %q and %q", said(is), said(maybe), wantIs, wantMaybe)
				}
			})
		}
	}
}
