package acctest

import (
	"maps"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// decidable is the shortest configuration for which no feature is unknown.
const decidable = `private_endpoint = { subnet_id = "` + subnet + `" }
diagnostic_settings = { logs = { log_analytics_workspace_id = "` + logs + `" } }`

// TestCacheIsCompliantWithNothingSet: the defaults violate no feature. With enforcement
// Deny a violation would be an error.
func TestCacheIsCompliantWithNothingSet(t *testing.T) {
	k := newFakeCore(t, newFakeAzure(t, armtest.Options{}))
	schema, err := k.server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	k.must(err)
	k.configure(schema.Provider.ValueType(), map[string]any{"effect": "Deny", "exemption": []any{}})
	for _, tier := range []string{"sku_name = \"Basic\"\n capacity = 0\n", "", "sku_name = \"Premium\"\n capacity = 1\n"} {
		p := k.plan(k.config("redis-a", tier+decidable))
		got := diagText(p.diags)
		if got != "warning: sku_name: Advisory Retirement of the service: redis-a belongs to a service that retires on "+
			"2028-09-30" {
			t.Errorf("%s%s", tier, got)
		}
	}
}

// TestCacheRetirementCanBeSilenced: the warning of a new cache is short and says what to
// write against it, which works.
func TestCacheRetirementCanBeSilenced(t *testing.T) {
	k := newFakeCore(t, newFakeAzure(t, armtest.Options{}))
	p := k.plan(k.config("redis-a", decidable))
	if len(p.diags) != 1 {
		t.Fatal(diagText(p.diags))
	}
	detail := p.diags[0].Detail
	const exemption = `  exemption {
    feature     = "advisory/retirement"
    cache       = "redis-a"
    category    = "Waiver"
    description = "moves to the successor later"
  }`
	if !strings.Contains(detail, exemption) || strings.Count(detail, "\n") > 12 {
		t.Errorf("the warning does not say shortly how to silence it:\n%s", detail)
	}
	schema, err := k.server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	k.must(err)
	k.configure(schema.Provider.ValueType(), map[string]any{"exemption": []any{map[string]any{
		"feature": "advisory/retirement", "cache": "redis-a", "category": "Waiver", "description": "moves to the successor later",
	}}})
	if got := diagText(k.plan(k.config("redis-a", decidable)).diags); got != "" {
		t.Error(got)
	}
}

// TestCacheWithoutName: the warnings of a new cache whose name is known after apply call it by one
// title, and what silences every cache is said to do so.
func TestCacheWithoutName(t *testing.T) {
	k := newFakeCore(t, newFakeAzure(t, armtest.Options{}))
	var values map[string]tftypes.Value
	k.must(k.config("redis-a", "").As(&values))
	values["name"] = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	diags := k.plan(tftypes.NewValue(k.typ, values)).diags
	titles := map[string]bool{}
	silenced := false
	for _, d := range diags {
		titles[regexp.MustCompile(`a Standard cache in westeurope \([0-9a-f]{6}\)`).FindString(d.Summary)] = true
		if strings.Contains(d.Detail, `cache       = "*"`) {
			silenced = strings.Contains(d.Detail, "that silences this warning for every other cache, too")
		}
	}
	if len(diags) < 2 || len(titles) != 1 || titles[""] || !silenced {
		t.Errorf("titles %v, silenced %v:\n%s", titles, silenced, diagText(diags))
	}
}

// TestRetirementIsSaidOncePerCache: Terraform shows one warning for each new cache, however
// many blocks judge it, and each door's warning has an exemption that ends it there.
func TestRetirementIsSaidOncePerCache(t *testing.T) {
	s := newAzureWorkspace(t, armtest.Options{}, "")
	const judged = `
resource "azurerm_redis_cache" "a" {
  name                = "redis-b"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Standard"
  family              = "C"
  capacity            = 1
}
resource "redisbaseline_guard" "a" {
  cache      = azurerm_redis_cache.a
  advisories = true
}
locals {
  snapshot = provider::redisbaseline::snapshot(azurerm_redis_cache.a)
}
data "redisbaseline_evaluation" "a" {
  cache = local.snapshot
}
`
	s.w.write("main.tf", header+judged+secure("a", "redis-a", ""))
	s.w.must("plan", "-out=plan.bin")
	s.w.write("plan.json", s.w.must("show", "-json", "plan.bin"))
	s.w.write("file.tf", "data \"redisbaseline_evaluation\" \"file\" {\n  plan_file = \"plan.json\"\n}\n")
	const says = "Warning: Advisory Retirement of the service: "
	out := s.w.must("plan", "-no-color")
	for _, name := range []string{"redis-a", "redis-b"} {
		if strings.Count(out, says+name+" belongs") != 1 {
			t.Errorf("%s is not told once:\n%s", name, out)
		}
	}
	diags, _ := s.w.plan()
	exemption := regexp.MustCompile(`(?s)  exemption \{\n.*?\n  \}`)
	written := map[string]bool{}
	for _, d := range diags {
		if strings.HasPrefix(d.Summary, strings.TrimPrefix(says, "Warning: ")) {
			written[exemption.FindString(d.Detail)] = true
			if own := strings.Contains(d.Detail, "in this block, or in the provider's configuration"); own != strings.HasPrefix(d.Address, "data.") {
				t.Errorf("%s: %s", d.Address, d.Detail)
			}
		}
	}
	if len(written) != 2 || written[""] {
		t.Error(written)
	}
	s.w.write("exempt.tf", "provider \"redisbaseline\" {\n"+strings.Join(slices.Sorted(maps.Keys(written)), "\n")+"\n}\n")
	if out := s.w.must("plan", "-no-color"); strings.Contains(out, says) {
		t.Error(out)
	}
}

// TestCacheThatNobodyReaches: a new cache without a way to it says so; one that has a way
// in the plan, or that is there, does not.
func TestCacheThatNobodyReaches(t *testing.T) {
	k := newFakeCore(t, newFakeAzure(t, armtest.Options{}))
	const says = "warning: public_network_access_enabled: redis-a: no client can reach this cache yet"
	for config, want := range map[string]bool{
		"":                                       true,
		"private_endpoint = {}":                  false, // NS-2 says it
		decidable:                                false,
		"public_network_access_enabled = true":   false,
		premium + `subnet_id = "` + subnet + `"`: false,
	} {
		if got := diagText(k.plan(k.config("redis-a", config)).diags); strings.Contains(got, says) != want {
			t.Errorf("%s\n%s", config, got)
		}
	}
	const snippet = "  private_endpoint = {\n    subnet_id            = azurerm_subnet.example.id\n" +
		"    private_dns_zone_ids = [azurerm_private_dns_zone.example.id]\n  }\n"
	if got := k.plan(k.config("redis-a", "")).diags[0].Detail; !strings.Contains(got, snippet) {
		t.Error(got)
	}
	written := strings.NewReplacer("azurerm_subnet.example.id", `"`+subnet+`"`, "azurerm_private_dns_zone.example.id", `"`+zone+`"`).
		Replace(snippet)
	if got := diagText(k.plan(k.config("redis-a", written)).diags); strings.Contains(got, says) {
		t.Errorf("what the warning says to write does not end it: %s", got)
	}
	k.mustConverge("redis-a", "")
	if got := diagText(k.plan(k.config("redis-a", `tags = { a = "b" }`)).diags); strings.Contains(got, "no client can reach") {
		t.Errorf("of a cache that is there: %s", got)
	}
}

// TestCacheThatNobodyReachesAnyMore: an update that takes away the only way to a cache
// says so; one with a private endpoint, whoever made it, does not.
func TestCacheThatNobodyReachesAnyMore(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{})
	for name, want := range map[string]bool{"redis-alone": true, "redis-linked": false} {
		c.PutCache(armtest.Cache{Name: name})
		if !want {
			c.PutChild(cacheIDOf(name), "privateEndpointConnections/pe", map[string]any{
				"privateEndpoint":                   map[string]any{"id": group + "/providers/Microsoft.Network/privateEndpoints/pe"},
				"privateLinkServiceConnectionState": map[string]any{"status": "Approved"}})
		}
		k := newFakeCore(t, c)
		k.adopt(cacheIDOf(name))
		if diags := k.refresh(); failed(diags) {
			t.Fatal(diagText(diags))
		}
		says := "warning: public_network_access_enabled: " + name + ": no client can reach this cache any more"
		if got := diagText(k.plan(k.config(name, "")).diags); strings.Contains(got, says) != want {
			t.Errorf("%s\n%s", name, got)
		}
	}
}

// TestCacheDepartures: each violation is a diagnostic on the attribute that causes it.
func TestCacheDepartures(t *testing.T) {
	k := newFakeCore(t, newFakeAzure(t, armtest.Options{}))
	for _, c := range []struct{ config, want string }{
		{decidable + "\npublic_network_access_enabled = true",
			"warning: public_network_access_enabled: NS-2 Disable Public Network Access: redis-a is reachable"},
		{decidable + "\nnon_ssl_port_enabled = true", "warning: non_ssl_port_enabled: DP-3"},
		{"private_endpoint = {}", "warning: private_endpoint: NS-2 Azure Private Link: redis-a has no private endpoint"},
		{"diagnostic_settings = {}", "warning: diagnostic_settings: LT-4"},
		{`diagnostic_settings = { m = { storage_account_id = "` + group +
			`/providers/Microsoft.Storage/storageAccounts/st", log_categories = [], metric_categories = ["AllMetrics"] } }`,
			"warning: diagnostic_settings: LT-4"},
		{"sku_name = \"Premium\"\n capacity = 1\n subnet_id = \"" + subnet + "\"\n redis_configuration = { authentication_enabled = false }",
			"warning: redis_configuration: IM-1"},
		{decidable + "\naccess_keys_authentication_enabled = true\nadvisories = true", "warning: access_keys_authentication_enabled: Advisory"},
		{"public_network_access_enabled = true\nadvisories = true\nfirewall_rules = { all = { start_ip = \"0.0.0.0\", end_ip = " +
			"\"255.255.255.255\" } }", "warning: firewall_rules: Advisory"},
	} {
		p := k.plan(k.config("redis-a", c.config))
		if got := diagText(p.diags); !strings.Contains(got, c.want) {
			t.Errorf("%s\ngot\n%s\nwant %s", c.config, got, c.want)
		}
	}
	// Advisories are silent by default, but for the retirement of a new cache.
	p := k.plan(k.config("redis-a", decidable+"\naccess_keys_authentication_enabled = true"))
	if got := diagText(p.diags); strings.Count(got, "Advisory") != 1 {
		t.Error(got)
	}
}

// TestCacheReplacement: the plan of every replacement has a warning.
func TestCacheReplacement(t *testing.T) {
	k := newFakeCore(t, newFakeAzure(t, armtest.Options{}))
	first := "sku_name = \"Premium\"\n capacity = 2\n zones = [\"1\"]\n"
	if diags := k.run(t.Context(), k.config("redis-a", first)); failed(diags) {
		t.Fatal(diagText(diags))
	}
	for _, c := range []struct{ name, config, want string }{
		{"tier goes down", "sku_name = \"Standard\"\n capacity = 2\n zones = [\"1\"]", "sku_name"},
		{"another region", first + "location = \"northeurope\"", "location"},
		{"another subnet", first + "subnet_id = \"" + subnet + "\"", "subnet_id"},
		{"other zones", strings.Replace(first, `"1"`, `"2"`, 1), "zones"},
		{"another name", "resource_group_name = \"rg\"\n name = \"redis-b\"\n" + first, "name"},
		{"another group", "resource_group_name = \"other\"\n name = \"redis-a\"\n" + first, "resource_group_name"},
	} {
		name := "redis-a"
		if strings.Contains(c.config, "name = \"redis") {
			name = ""
		}
		p := k.plan(k.config(name, c.config))
		if want := "error: " + c.want + ": redis-a: " + c.want + " cannot be changed in place"; !strings.Contains(diagText(p.diags), want) {
			t.Errorf("%s\n%s\nwant %s", c.name, diagText(p.diags), want)
		}
		p = k.plan(k.config(name, c.config+"\nallow_replacement = true"))
		if failed(p.diags) || len(p.replace) != 1 {
			t.Errorf("%s, allowed: %s, %v", c.name, diagText(p.diags), p.replace)
		}
	}
	// The words of Azure are no change.
	for _, config := range []string{first + `location = "West Europe"`, "name = \"Redis-A\"\n resource_group_name = \"RG\"\n" + first} {
		name := "redis-a"
		if strings.Contains(config, "name = \"Redis") {
			name = ""
		}
		k.noChanges(k.config(name, config))
	}
}

// TestCacheDisruptions: the plan warns of changes that disrupt clients.
func TestCacheDisruptions(t *testing.T) {
	k := newFakeCore(t, newFakeAzure(t, armtest.Options{}))
	basic := "sku_name = \"Basic\"\n capacity = 1\n access_keys_authentication_enabled = true\n redis_configuration = { " +
		"active_directory_authentication_enabled = false }\n"
	if diags := k.run(t.Context(), k.config("redis-a", basic)); failed(diags) {
		t.Fatal(diagText(diags))
	}
	p := k.plan(k.config("redis-a", "sku_name = \"Premium\"\n capacity = 2"))
	var got []string
	for _, line := range strings.Split(diagText(p.diags), "\n") {
		if _, what, ok := strings.Cut(line, "clients will notice: "); ok {
			got = append(got, what)
		}
	}
	sort.Strings(got)
	want := "Microsoft Entra authentication, access key authentication, scale to Premium P2, scale to Standard C1"
	if all := strings.Join(got, ", "); !strings.HasPrefix(all, want[:60]) || !strings.Contains(all, "Standard C1") {
		t.Errorf("got %s", all)
	}
	// In two applies the change is made.
	if diags := k.apply(t.Context(), p); failed(diags) {
		t.Fatal(diagText(diags))
	}
	k.noChanges(k.config("redis-a", "sku_name = \"Premium\"\n capacity = 2"))
}
