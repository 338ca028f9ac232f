package acctest

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// TestCacheBecomes: after each change of one setting the plan has no changes, and Azure
// has the new value.
func TestCacheBecomes(t *testing.T) {
	linked := func(more string) string { return `private_endpoint = { subnet_id = "` + subnet + `"` + more + " }" }
	const sas = "\n  identity = { type = \"SystemAssigned\" }\n  storage_connection_strings = { rdb_storage_connection_string = " +
		"\"BlobEndpoint=https://st.blob.core.windows.net/\" }\n  "
	for _, c := range []struct {
		name  string
		steps []string
		check func(c *fakeAzure) string // empty: as it should be
	}{
		{"settings of snapshots that are off", []string{
			premium + sas + `redis_configuration = { rdb_backup_enabled = true, rdb_backup_frequency = 60, rdb_backup_max_snapshot_count = 2,` +
				` storage_account_subscription_id = "` + armtest.DefaultSubscription + `" }`,
			premium + sas + `redis_configuration = { rdb_backup_enabled = false, rdb_backup_frequency = 30, rdb_backup_max_snapshot_count = 3,` +
				` storage_account_subscription_id = "` + armtest.DefaultTenant + `" }`,
			premium + sas + `redis_configuration = { rdb_backup_enabled = true, rdb_backup_frequency = 30 }`,
		}, func(c *fakeAzure) string {
			if is := at(c.properties("redis-a"), "redisConfiguration"); is["rdb-backup-frequency"] != "30" || is["rdb-backup-enabled"] != "true" {
				return fmt.Sprint(is)
			}
			return ""
		}},
		{"tenant settings are left alone", []string{`tenant_settings = { a = "1" }`, ``, `tenant_settings = {}`}, func(c *fakeAzure) string {
			if is := at(c.properties("redis-a"), "tenantSettings"); len(is) > 0 {
				return fmt.Sprint(is)
			}
			return ""
		}},
		{"the region of a private endpoint", []string{linked(""), linked(`, location = "northeurope"`) + "\n  location = \"westeurope\""},
			endpointHas("location", "northeurope")},
		{"the message of a connection that waits", []string{linked(`, is_manual_connection = true, request_message = "a"`),
			linked(`, is_manual_connection = true, request_message = "b"`), linked(`, is_manual_connection = true`)}, nil},
		{"DNS zones are taken away", []string{linked(`, private_dns_zone_ids = ["` + zone + `"]`), linked(``),
			linked(`, private_dns_zone_ids = []`)}, func(c *fakeAzure) string {
			return strings.Join(c.IDs("Microsoft.Network/privateEndpoints/privateDnsZoneGroups"), " ")
		}},
		{"the case of names", []string{
			`firewall_rules = { office = { start_ip = "1.1.1.1", end_ip = "1.1.1.1" } }
  access_policies = { app = "+get" }`,
			`firewall_rules = { Office = { start_ip = "1.1.1.1", end_ip = "1.1.1.1" } }
  access_policies = { App = "+get" }`,
		}, nil},
		{"no private endpoint, whatever its name", []string{linked(`, name = "pe-1"`), `private_endpoint = {}`}, func(c *fakeAzure) string {
			return strings.Join(c.IDs("Microsoft.Network/privateEndpoints"), " ")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fakeAzure := newFakeAzure(t, armtest.Options{})
			k := newFakeCore(t, fakeAzure)
			for _, step := range c.steps {
				k.mustConverge("redis-a", step)
			}
			if c.check != nil {
				if wrong := c.check(fakeAzure); wrong != "" {
					t.Error(wrong)
				}
			}
		})
	}
}

func endpointHas(name, want string) func(*fakeAzure) string {
	return func(c *fakeAzure) string {
		ids := c.IDs("Microsoft.Network/privateEndpoints")
		if len(ids) == 1 && c.Object(ids[0])[name] == want {
			return ""
		}
		return fmt.Sprint(ids)
	}
}

// TestCacheRefusesMore: settings of which Azure would accept only a part, so that every
// apply failed, are errors of the plan.
func TestCacheRefusesMore(t *testing.T) {
	k := newFakeCore(t, newFakeAzure(t, armtest.Options{}))
	for config, want := range map[string]string{
		`firewall_rules = { a = { start_ip = "1.1.1.1", end_ip = "1.1.1.1" }, ` +
			`A = { start_ip = "2.1.1.1", end_ip = "2.1.1.1" } }`: "firewall_rules: redis-a: two names differ only in letter case",
		`access_policies = { "data owner" = "+get" }`: "access_policies: redis-a: a built-in " +
			"access policy cannot be changed",
		`patch_schedule = [{ day_of_week = "Everyday" }, { day_of_week = "Monday" }]`: "patch_schedule: redis-a: a day stands twice",
		`diagnostic_settings = { a = { log_analytics_workspace_id = "` + logs +
			`", eventhub_name = "x" } }`: "diagnostic_settings: redis-a: an event hub has no authorization rule",
		premium + `subnet_id = "` + subnet +
			"\"\n private_static_ip_address = \"999.1.1.1\"": "private_static_ip_address: redis-a: this is no address",
		"sku_name = \"Basic\"\n capacity = 1\n zonal_allocation_policy = \"Automatic\"": "zonal_allocation_policy: " +
			"redis-a: Basic has no zones",
		premium + "identity = { type = \"SystemAssigned\" }\n redis_configuration = { rdb_backup_enabled = true }": "redis_configuration: " +
			"redis-a: persistence needs a connection string",
		`timeouts = { create = "0s" }`:                  "timeouts: redis-a: a timeout leaves no time",
		`timeouts = { delete = "-1m", update = "30m" }`: "timeouts: redis-a: a timeout leaves no time",
	} {
		k.mustRefuse("redis-a", config, want)
	}
	// Errors of validation, before the plan.
	for _, config := range []string{
		premium + `subnet_id = ""`, `private_endpoint = { subnet_id = "" }`, `private_endpoint = { subnet_id = "foo" }`,
		`diagnostic_settings = { a = { log_analytics_workspace_id = "" } }`,
		`tags = { a = null }`, `tenant_settings = { a = null }`, `access_policies = { p = "" }`,
		`patch_schedule = [{ day_of_week = "Monday", maintenance_window = "PT1H" }]`,
		`zones = ["9"]`, `identity = { type = "UserAssigned", identity_ids = ["foo"] }`,
		`private_endpoint = { subnet_id = "` + subnet + `", name = "` + strings.Repeat("p", 65) + `" }`,
		`access_policy_assignments = { a = { access_policy_name = "Data Reader", object_id = "x", object_id_alias = "a" } }`,
	} {
		resp, err := k.server.ValidateResourceConfig(t.Context(),
			&tfprotov6.ValidateResourceConfigRequest{TypeName: cacheType, Config: k.dynamic(k.config("redis-a", config))})
		k.must(err)
		if !failed(resp.Diagnostics) {
			t.Errorf("%s is valid", config)
		}
		for _, d := range resp.Diagnostics {
			// Terraform before 1.15 shows no line for a path into an attribute.
			if d.Attribute == nil || len(d.Attribute.Steps()) != 1 {
				t.Errorf("%s is refused at %v, which is no attribute of the resource", config, d.Attribute)
			}
		}
	}
}

// TestCacheRefusalsSayWhatToWrite: the detail of a refusal names the change that mends it.
func TestCacheRefusalsSayWhatToWrite(t *testing.T) {
	k := newFakeCore(t, newFakeAzure(t, armtest.Options{}))
	for config, want := range map[string]string{
		`subnet_id = "` + subnet + `"`: `remove subnet_id, or set sku_name = "Premium"`,
		`redis_configuration = { active_directory_authentication_enabled = false }`: `remove that argument, or set ` +
			`access_keys_authentication_enabled = true`,
		`firewall_rules = { a = { start_ip = "10.0.0.9", end_ip = "10.0.0.1" } }`: `The rule "a": 10.0.0.9 lies after 10.0.0.1: exchange`,
		`firewall_rules = { a = { start_ip = "x", end_ip = "10.0.0.1" } }`:        `write IPv4 addresses as start_ip and end_ip`,
		`redis_version = "4"`:                                         "remove redis_version",
		`access_policies = { ab = "+get", Ab = "+get" }`:              `"Ab" and "ab" are the same: remove or rename one`,
		`zones = ["1"]` + "\nzonal_allocation_policy = \"Automatic\"": "remove zonal_allocation_policy, or zones",
		`access_policies = {}` + "\naccess_policy_assignments = { a = { access_policy_name = \"Raeder\", object_id = \"" + armtest.DefaultTenant +
			"\", object_id_alias = \"a\" } }": "use one that is built in: Data Owner, Data Contributor, Data Reader",
	} {
		if got := diagnosticDetails(k.plan(k.config("redis-a", config)).diags); !strings.Contains(got, want) {
			t.Errorf("%s\ngot\n%s\nwant %s", config, got, want)
		}
	}
}

// TestCacheUnknownBecomesKnown: a value that was unknown in the plan may have any value
// in the apply.
func TestCacheUnknownBecomesKnown(t *testing.T) {
	const identity = "identity = { type = \"SystemAssigned\" }\n storage_connection_strings = { rdb_storage_connection_string = " +
		"\"BlobEndpoint=https://st/\" }\n "
	for before, becomes := range map[string][]string{
		premium + identity + `redis_configuration = { rdb_backup_enabled = "` + after + `" }`: {
			premium + identity + `redis_configuration = { rdb_backup_enabled = true }`,
			premium + identity + `redis_configuration = { rdb_backup_enabled = false }`,
		},
		`private_endpoint = { subnet_id = "` + after +
			`" }`: {`private_endpoint = { subnet_id = "` + subnet + `" }`, `private_endpoint = { subnet_id = null }`},
	} {
		for _, then := range becomes {
			k := newFakeCore(t, newFakeAzure(t, armtest.Options{}))
			open := k.plan(k.config("redis-a", before))
			final := k.plan(k.config("redis-a", then))
			diffs, _ := open.state.Diff(final.state)
			for _, d := range diffs {
				if d.Value1 != nil && d.Value1.IsFullyKnown() {
					t.Errorf("%s\ninconsistent final plan: %s", then, d)
				}
			}
		}
	}
}

// TestCacheSecretsStayHidden: errors of a resumed operation, and of an operation that
// sends no secrets, show none.
func TestCacheSecretsStayHidden(t *testing.T) {
	const secret = "CANARYx9SECRETaccountkey1234567890=="
	config := premium + `redis_configuration = { rdb_backup_enabled = true, data_persistence_authentication_method = "SAS" }
  storage_connection_strings = { rdb_storage_connection_string = "DefaultEndpointsProtocol=https;AccountKey=` + secret +
		`", aof_storage_connection_string_0 = "AccountKey=` + secret + `" }`
	c := newFakeAzure(t, armtest.Options{KeepBodies: true})
	k := newFakeCore(t, c)
	c.FailOperation(regexp.MustCompile("/redis-a$"), "StorageBad", "cannot use AccountKey="+secret)
	var texts []string
	for _, tags := range []string{"", "\n tags = { a = \"1\" }"} {
		diags := k.run(t.Context(), k.config("redis-a", config+tags))
		texts = append(texts, diagnosticDetails(diags))
	}
	if !strings.Contains(texts[0], "was accepted and then failed: it is in the state Failed") {
		t.Error(texts[0])
	}
	if all := strings.Join(texts, ""); strings.Contains(all, secret) || !strings.Contains(all, "StorageBad") {
		t.Error(all)
	}
	for _, body := range historyOf(c, "redis-a").bodies() {
		if strings.Contains(body, "aof-storage-connection-string") {
			t.Error("what is off needs no connection string")
		}
	}
	// An update that sends no secret, and an error of Azure that quotes one.
	c = newFakeAzure(t, armtest.Options{})
	k = newFakeCore(t, c)
	k.mustConverge("redis-a", config)
	c.Inject(armtest.Fault{Method: "PATCH", Status: 400, Code: "BadRequest", Message: "the stored AccountKey=" + secret + " is wrong"})
	if text := diagnosticDetails(k.run(t.Context(), k.config("redis-a", config+"\n tags = { a = \"2\" }"))); strings.Contains(text, secret) ||
		!strings.Contains(text, "(hidden)") {
		t.Error(text)
	}
}

// TestCacheThatFailed: after a failed create one more apply creates the cache, and does
// not poll the failed operation.
func TestCacheThatFailed(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{})
	k := newFakeCore(t, c)
	c.FailOperation(regexp.MustCompile("/redis-a$"), "AllocationFailed", "no capacity")
	if diags := k.run(t.Context(), k.config("redis-a", "")); !strings.Contains(diagText(diags), "is in the state Failed") || failed(diags) {
		t.Fatal(diagnosticDetails(diags))
	}
	k.mustConverge("redis-a", "")
	c.FailOperation(regexp.MustCompile("/redis-a$"), "ScaleFailed", "try later")
	if diags := k.run(t.Context(), k.config("redis-a", "update_channel = \"Preview\"")); !failed(diags) {
		t.Fatal(diagnosticDetails(diags))
	}
	k.mustConverge("redis-a", "update_channel = \"Preview\"")
}

// TestCacheNamesOfAzure: Azure may return a name in another letter case.
func TestCacheNamesOfAzure(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{})
	k := newFakeCore(t, c)
	config := `firewall_rules = { office = { start_ip = "1.1.1.1", end_ip = "1.1.1.1" } }`
	k.mustConverge("redis-a", config)
	id := cacheIDOf("redis-a") + "/firewallRules/"
	c.Remove(id + "office")
	c.PutChild(cacheIDOf("redis-a"), "firewallRules/OFFICE", map[string]any{"startIP": "1.1.1.1", "endIP": "1.1.1.1"})
	k.noChanges(k.config("redis-a", config))
}

// TestCacheReplacementIsNoSmallThing: the plan of a replacement warns of the loss of
// data.
func TestCacheReplacementIsNoSmallThing(t *testing.T) {
	k := newFakeCore(t, newFakeAzure(t, armtest.Options{}))
	k.mustConverge("redis-a", premium)
	p := k.plan(k.config("redis-a", "allow_replacement = true"))
	for _, want := range []string{"redis-a is destroyed and created anew", "Retirement of the service"} {
		if !strings.Contains(diagText(p.diags), want) {
			t.Errorf("%q is not in %s", want, diagText(p.diags))
		}
	}
}

// TestAccCacheDeletedElsewhere: with the real Terraform, a cache that was deleted
// elsewhere is created again.
func TestAccCacheDeletedElsewhere(t *testing.T) {
	t.Parallel()
	c := newFakeAzure(t, armtest.Options{})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: c.providers(),
		Steps: []resource.TestStep{
			{Config: secure("a", "redis-a", "")},
			{PreConfig: func() { c.Remove(cacheIDOf("redis-a")) }, Config: secure("a", "redis-a", ""), ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction("redisbaseline_cache.a", plancheck.ResourceActionCreate)}}},
		},
	})
}
