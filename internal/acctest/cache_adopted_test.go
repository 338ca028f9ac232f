package acctest

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

const bus = group + "/providers/Microsoft.ServiceBus/namespaces/old/authorizationRules/send"

// TestCacheAdoptedIsNotRefused: children that Azure has and the configuration omits are
// not validated, and stay as they are.
func TestCacheAdoptedIsNotRefused(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{})
	c.PutCache(armtest.Cache{Name: "redis-old"})
	id := cacheIDOf("redis-old")
	window := func(day string) map[string]any {
		return map[string]any{"dayOfWeek": day, "startHourUtc": 2, "maintenanceWindow": "PT5H"}
	}
	c.PutChild(id, "patchSchedules/default", map[string]any{"scheduleEntries": []any{window("Sunday"), window("Wednesday"),
		window("Everyday")}})
	c.PutChild(id, "providers/Microsoft.Insights/diagnosticSettings/old", map[string]any{
		"serviceBusRuleId": bus, "logs": []any{map[string]any{"category": "ConnectedClientList", "enabled": true}}})
	c.PutChild(id, "firewallRules/odd", map[string]any{"startIP": "20.0.0.9", "endIP": "20.0.0.1"})
	c.PutChild(id, "accessPolicyAssignments/app",
		map[string]any{"accessPolicyName": "elsewhere", "objectId": armtest.DefaultTenant, "objectIdAlias": "app"})
	before := c.objects()
	delete(before, strings.ToLower(id))

	k := newFakeCore(t, c)
	k.adopt(id)
	if diags := k.refresh(); failed(diags) {
		t.Fatal(diagnosticDetails(diags))
	}
	for _, config := range []string{"", "tags = { a = \"1\" }", "access_policies = {}"} {
		p := k.plan(k.config("redis-old", config))
		if failed(p.diags) {
			t.Fatalf("%s\n%s", config, diagnosticDetails(p.diags))
		}
		// The setting has a destination, so that the logs go somewhere.
		if got := diagnosticDetails(p.diags); strings.Contains(got, "LT-4") {
			t.Error(got)
		}
	}
	k.mustConverge("redis-old", "tags = { a = \"1\" }")
	is := c.objects()
	delete(is, strings.ToLower(id))
	if diff := cmp.Diff(before, is); diff != "" {
		t.Errorf("what is not managed was touched (-want +got):\n%s", diff)
	}
	// A configuration with the same values is no change. Values in it are validated.
	written := "tags = { a = \"1\" }\n diagnostic_settings = { old = { servicebus_rule_id = \"" + bus +
		"\", log_categories = [\"ConnectedClientList\"] } }"
	c.ClearRequests()
	k.mustConverge("redis-old", written)
	if n := len(c.Changes()); n != 0 {
		t.Errorf("%d changes", n)
	}
	k.mustRefuse("redis-old", `diagnostic_settings = { old = { log_categories = ["ConnectedClientList"] } }`,
		"diagnostic_settings: redis-old: a diagnostic setting has no destination")
	k.mustRefuse("redis-old", `firewall_rules = { odd = { start_ip = "20.0.0.9", end_ip = "20.0.0.1" } }`,
		"firewall_rules: redis-old: a firewall rule admits nobody")
}

// TestCacheElementsKnownAfterApply: an element of a map or list may be an object that is
// unknown as a whole. Validation asks only known elements for what they must have.
func TestCacheElementsKnownAfterApply(t *testing.T) {
	k := newFakeCore(t, newFakeAzure(t, armtest.Options{}))
	valid := func(config string) bool {
		resp, err := k.server.ValidateResourceConfig(t.Context(),
			&tfprotov6.ValidateResourceConfigRequest{TypeName: cacheType, Config: k.dynamic(k.config("redis-a", config))})
		k.must(err)
		return !failed(resp.Diagnostics)
	}
	for config, element := range map[string]string{
		"firewall_rules = { a = ELEMENT }": `{ start_ip = "1.1.1.1", end_ip = "1.1.1.1" }`,
		"access_policy_assignments = { a = ELEMENT }": `{ access_policy_name = "Data Reader", object_id = "` + armtest.DefaultTenant +
			`", object_id_alias = "a" }`,
		"diagnostic_settings = { a = ELEMENT }": `{ storage_account_id = "` + group + `/providers/Microsoft.Storage/storageAccounts/st" }`,
		"patch_schedule = [ELEMENT]":            `{ day_of_week = "Monday" }`,
	} {
		before, then := strings.Replace(config, "ELEMENT", `"`+after+`"`, 1), strings.Replace(config, "ELEMENT", element, 1)
		if !valid(before) {
			t.Errorf("%s is refused", before)
		}
		open, final := k.plan(k.config("redis-a", before)), k.plan(k.config("redis-a", then))
		if failed(open.diags) || failed(final.diags) {
			t.Errorf("%s\n%s\n%s", config, diagText(open.diags), diagText(final.diags))
		}
		diffs, _ := open.state.Diff(final.state)
		for _, d := range diffs {
			if d.Value1 != nil && d.Value1.IsFullyKnown() {
				t.Errorf("%s\ninconsistent final plan: %s", then, d)
			}
		}
	}
	for _, config := range []string{
		`firewall_rules = { a = { start_ip = "1.1.1.1" } }`, `firewall_rules = { a = { end_ip = "1.1.1.1" } }`, `firewall_rules = { a = null }`,
		`access_policy_assignments = { a = { object_id = "` + armtest.DefaultTenant + `", object_id_alias = "a" } }`,
		`access_policy_assignments = { a = { access_policy_name = "Data Reader", object_id_alias = "a" } }`,
		`access_policy_assignments = { a = { access_policy_name = "Data Reader", object_id = "` + armtest.DefaultTenant + `" } }`,
		`patch_schedule = [{ start_hour_utc = 1 }]`, `patch_schedule = [null]`, `diagnostic_settings = { a = null }`,
	} {
		if valid(config) {
			t.Errorf("%s is valid", config)
		}
	}
}

// TestAccCacheElementsKnownAfterApply is the same with the real Terraform.
func TestAccCacheElementsKnownAfterApply(t *testing.T) {
	t.Parallel()
	c := newFakeAzure(t, armtest.Options{})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: c.providers(),
		Steps: []resource.TestStep{{Config: `
resource "terraform_data" "rule" {
  input = { start_ip = "1.1.1.1", end_ip = "1.1.1.1" }
}

resource "terraform_data" "window" {
  input = { day_of_week = "Monday" }
}
` + secure("a", "redis-a", "  firewall_rules = { a = terraform_data.rule.output }\n  patch_schedule = [terraform_data.window.output]")}},
	})
}

// TestCacheSaysWhatToWriteHere: remedies name the arguments of redisbaseline_cache, and
// not resources of azurerm.
func TestCacheSaysWhatToWriteHere(t *testing.T) {
	k := newFakeCore(t, newFakeAzure(t, armtest.Options{}))
	const noLogs = "diagnostic_settings = { a = { log_analytics_workspace_id = \"" + logs + "\", log_categories = [] } }\n"
	for config, want := range map[string]string{
		noLogs: "  Write:    diagnostic_settings = { logs = {",
		"private_endpoint = {}\n advisories = true":                          "  Write:    private_endpoint = { subnet_id =",
		premium + "private_endpoint = {}":                                    "NS-1 Virtual Network Integration",
		"public_network_access_enabled = true\n non_ssl_port_enabled = true": "  Write:    set non_ssl_port_enabled = false\n",
		"access_keys_authentication_enabled = true\n advisories = true\n private_endpoint = {}\n" +
			noLogs: "  Write:    set access_keys_authentication_enabled = false",
	} {
		findings := slices.DeleteFunc(k.plan(k.config("redis-a", config)).diags, func(d *tfprotov6.Diagnostic) bool {
			return strings.Contains(d.Summary, "no client can reach this cache") // no finding, and its example is of a subnet beside the cache
		})
		got := diagnosticDetails(findings)
		if !strings.Contains(got, want) || regexp.MustCompile(`azurerm_|azapi|Diagnostic_settings`).MatchString(got) {
			t.Errorf("%s\ngot\n%s\nwant %s", config, got, want)
		}
	}
}

// TestCacheExistsAlready: the import block in the error is a valid one for a
// redisbaseline_cache.
func TestCacheExistsAlready(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{})
	c.PutCache(armtest.Cache{Name: "redis-a"})
	k := newFakeCore(t, c)
	diags := k.run(t.Context(), k.config("redis-a", ""))
	text := diagnosticDetails(diags)
	block := importBlock.FindString(text)
	if _, problems := hclsyntax.ParseConfig([]byte(block), "import.tf", hcl.InitialPos); problems.HasErrors() ||
		!strings.Contains(block, `"`+cacheIDOf("redis-a")+`"`) {
		t.Errorf("%s\n%v", text, problems)
	}
	if !strings.Contains(text, "create_before_destroy") {
		t.Error(text)
	}
}
