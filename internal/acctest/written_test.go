package acctest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/tfwrite"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// oldCache is a cache of a retiring service, with the objects around it, as a
// configuration of azurerm 4.
type oldCache struct{ name, config string }

// classicCache is a cache of Azure Cache for Redis.
func classicCache(name, tier string, capacity int, more string, objects ...string) oldCache {
	family := "C"
	if tier == "Premium" {
		family = "P"
	}
	return oldCache{name, fmt.Sprintf(`
resource "azurerm_redis_cache" %[1]q {
  name                = %[7]q
  resource_group_name = "rg-shop"
  location            = "westeurope"
  sku_name            = %[2]q
  family              = %[3]q
  capacity            = %[4]d
  %[5]s
}
%[6]s
`, name, tier, family, capacity, more, objectsOf(objects, name), nameOf(name))}
}

// enterpriseCache is a cache of the Enterprise tiers.
func enterpriseCache(name, sku, more string, objects ...string) oldCache {
	return oldCache{name, fmt.Sprintf(`
resource "azurerm_redis_enterprise_cluster" %[1]q {
  name                = %[5]q
  resource_group_name = "rg-shop"
  location            = "westeurope"
  sku_name            = %[2]q
}

resource "azurerm_redis_enterprise_database" %[1]q {
  cluster_id = azurerm_redis_enterprise_cluster.%[1]s.id
  %[3]s
}
%[4]s
`, name, sku, more, objectsOf(objects, name), nameOf(name))}
}

// azapiCache is a cache by azapi.
func azapiCache(name, typ, properties string) oldCache {
	sku, version := "", "2024-11-01"
	if typ != "redis" {
		sku, version = `sku = { name = "Enterprise_E10", capacity = 2 }`, "2024-10-01"
	}
	return oldCache{name, fmt.Sprintf(`
resource "azapi_resource" %[1]q {
  type      = "Microsoft.Cache/%[2]s@%[3]s"
  name      = %[4]q
  parent_id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-shop"
  location  = "westeurope"
  body = {
    %[5]s
    properties = {
      %[6]s
    }
  }
}
`, name, typ, version, nameOf(name), sku, properties)}
}

// nameOf is the name of a cache by the label of its resource.
func nameOf(label string) string { return "redis-" + strings.ReplaceAll(label, "_", "-") }

// objectsOf are the objects around a cache.
func objectsOf(objects []string, label string) string {
	return strings.ReplaceAll(strings.Join(objects, "\n"), "NAME", label)
}

const (
	oldEndpoint = `
resource "azurerm_private_endpoint" "NAME" {
  name                = "NAME-pe"
  resource_group_name = "rg-shop"
  location            = "westeurope"
  subnet_id           = azurerm_subnet.endpoints.id
  private_service_connection {
    name                           = "redis"
    private_connection_resource_id = azurerm_redis_cache.NAME.id
    subresource_names              = ["redisCache"]
    is_manual_connection           = false
  }
}`
	oldLogs = `
resource "azurerm_monitor_diagnostic_setting" "NAME" {
  name                       = "NAME-logs"
  target_resource_id         = azurerm_redis_cache.NAME.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.logs.id
  storage_account_id         = azurerm_storage_account.logs.id
  enabled_log {
    category = "ConnectedClientList"
  }
}`
	oldGrant = `
resource "azurerm_redis_cache_access_policy_assignment" "NAME" {
  name               = "app"
  redis_cache_id     = azurerm_redis_cache.NAME.id
  access_policy_name = "Data Contributor"
  object_id          = azurerm_user_assigned_identity.app.principal_id
  object_id_alias    = "app"
}
resource "azurerm_redis_cache_access_policy_assignment" "NAME_person" {
  name               = "person"
  redis_cache_id     = azurerm_redis_cache.NAME.id
  access_policy_name = "Data Reader"
  object_id          = "11111111-2222-4333-8444-555555555555"
  object_id_alias    = "person"
}`
	oldCustomPolicy = `
resource "azurerm_redis_cache_access_policy" "NAME" {
  name           = "app"
  redis_cache_id = azurerm_redis_cache.NAME.id
  permissions    = "+@read allkeys"
}
resource "azurerm_redis_cache_access_policy_assignment" "NAME" {
  name               = "app"
  redis_cache_id     = azurerm_redis_cache.NAME.id
  access_policy_name = azurerm_redis_cache_access_policy.NAME.name
  object_id          = "11111111-2222-4333-8444-666666666666"
  object_id_alias    = "app"
}`
	oldRule = `
resource "azurerm_redis_firewall_rule" "NAME" {
  name                = "office"
  redis_cache_name    = azurerm_redis_cache.NAME.name
  resource_group_name = "rg-shop"
  start_ip            = "203.0.113.1"
  end_ip              = "203.0.113.9"
}`
	oldLink = `
resource "azurerm_redis_linked_server" "NAME" {
  target_redis_cache_name     = azurerm_redis_cache.NAME.name
  resource_group_name         = "rg-shop"
  linked_redis_cache_id       = azurerm_redis_cache.%s.id
  linked_redis_cache_location = "northeurope"
  server_role                 = "Secondary"
}`
	oldExport = `
resource "azurerm_key_vault_secret" "NAME" {
  name         = "redis"
  key_vault_id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-shop/providers/Microsoft.KeyVault/vaults/kv"
  value        = azurerm_redis_cache.NAME.primary_connection_string
}
output "NAME" {
  value = azurerm_redis_cache.NAME.hostname
}`
)

// linkedDatabases are the members of an active geo-replication group.
const linkedDatabases = `linked_database_group_nickname = "shop"
  linked_database_id = [
    "${azurerm_redis_enterprise_cluster.member.id}/databases/default",
    "${azurerm_redis_enterprise_cluster.other_member.id}/databases/default",
  ]`

// commonObjects are what the caches of the estate share.
const commonObjects = `
resource "azurerm_virtual_network" "main" {
  name                = "vnet"
  resource_group_name = "rg-shop"
  location            = "westeurope"
  address_space       = ["10.0.0.0/16"]
}
resource "azurerm_subnet" "endpoints" {
  name                 = "endpoints"
  resource_group_name  = "rg-shop"
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.1.0/24"]
}
resource "azurerm_subnet" "redis" {
  name                 = "redis"
  resource_group_name  = "rg-shop"
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.2.0/24"]
}
resource "azurerm_log_analytics_workspace" "logs" {
  name                = "logs"
  resource_group_name = "rg-shop"
  location            = "westeurope"
}
resource "azurerm_storage_account" "logs" {
  name                     = "logs"
  resource_group_name      = "rg-shop"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "LRS"
}
resource "azurerm_user_assigned_identity" "app" {
  name                = "app"
  resource_group_name = "rg-shop"
  location            = "westeurope"
}
`

// persistedTo is persistence to a storage account by its key.
const persistedTo = `redis_configuration {
    %s_backup_enabled = true
    %s = azurerm_storage_account.logs.primary_blob_connection_string
  }`

// oldCaches are caches of every tier and class of sizes, and with everything that stands
// in the way of a move.
func oldCaches() []oldCache {
	caches := []oldCache{}
	for _, tier := range []string{"Basic", "Standard"} {
		for capacity := range 7 {
			caches = append(caches, classicCache(fmt.Sprintf("%s_c%d", strings.ToLower(tier), capacity), tier, capacity, ""))
		}
	}
	for capacity := 1; capacity <= 5; capacity++ {
		caches = append(caches, classicCache(fmt.Sprintf("premium_p%d", capacity), "Premium", capacity, ""))
		for _, shards := range []int{1, 3, 10, 15} {
			caches = append(caches, classicCache(fmt.Sprintf("premium_p%d_of_%d", capacity, shards), "Premium", capacity,
				fmt.Sprintf("shard_count = %d", shards)))
		}
	}
	return append(caches,
		classicCache("injected", "Premium", 1, "subnet_id = azurerm_subnet.redis.id"),
		classicCache("firewalled", "Standard", 1, "", oldRule),
		classicCache("notifying", "Standard", 1, `redis_configuration { 
    notify_keyspace_events = "KEA"
  }`),
		classicCache("evicting", "Standard", 1, `redis_configuration { 
    maxmemory_policy = "allkeys-lru"
  }`),
		classicCache("plain", "Standard", 1, "non_ssl_port_enabled = true\n  minimum_tls_version = \"1.0\""),
		classicCache("snapshots", "Premium", 1, fmt.Sprintf(persistedTo, "rdb", "rdb_storage_connection_string")),
		classicCache("appended", "Premium", 2, fmt.Sprintf(persistedTo, "aof", "aof_storage_connection_string_0")),
		classicCache("replicated", "Premium", 1, "", fmt.Sprintf(oldLink, "replica")),
		classicCache("replica", "Premium", 1, ""),
		classicCache("reachable", "Standard", 2, "public_network_access_enabled = false", oldEndpoint, oldLogs, oldGrant),
		classicCache("restricted", "Standard", 2, "access_keys_authentication_enabled = false", oldCustomPolicy),
		classicCache("exported", "Standard", 1, "", oldExport),
		classicCache("scheduled", "Premium", 1, "patch_schedule {\n    day_of_week = \"Sunday\"\n  }"),
		classicCache("zoned", "Premium", 3, `zones = ["1", "2", "3"]`),
		classicCache("tagged", "Standard", 1, "tags = {\n    env = \"$${file(\\\"x\\\")}\"\n  }"),
		// One block with several caches.
		oldCache{"several", `
resource "azurerm_redis_cache" "several" {
  for_each            = toset(["eu-west", "eu.north"])
  name                = "redis-several-${replace(each.key, ".", "-")}"
  resource_group_name = "rg-shop"
  location            = "westeurope"
  sku_name            = "Standard"
  family              = "C"
  capacity            = 1
}
`},
		azapiCache("many_databases", "redis", `sku = { name = "Premium", family = "P", capacity = 1 }
      redisConfiguration = { databases = "32" }`),
		azapiCache("of_no_known_size", "redis", `sku = { name = "Premium", family = "P", capacity = azurerm_storage_account.logs.id }`),
		azapiCache("own_key", "redisEnterprise", `encryption = { customerManagedKeyEncryption = {
        keyEncryptionKeyUrl = "https://kv.vault.azure.net/keys/k/1"
        keyEncryptionKeyIdentity = { userAssignedIdentityResourceId = azurerm_user_assigned_identity.app.id }
      } }`),
		enterpriseCache("e1", "Enterprise_E1-2", ""),
		enterpriseCache("e5", "Enterprise_E5-4", `clustering_policy = "EnterpriseCluster"`),
		enterpriseCache("e10", "Enterprise_E10-2", "module {\n    name = \"RedisJSON\"\n  }"),
		enterpriseCache("e20", "Enterprise_E20-4", `eviction_policy = "NoEviction"`,
			strings.ReplaceAll(strings.ReplaceAll(oldEndpoint, "azurerm_redis_cache", "azurerm_redis_enterprise_cluster"),
				"redisCache", "redisEnterprise"),
			strings.ReplaceAll(strings.ReplaceAll(oldLogs, "azurerm_redis_cache", "azurerm_redis_enterprise_database"),
				"ConnectedClientList", "ConnectionEvents")),
		enterpriseCache("member", "Enterprise_E5-4", linkedDatabases),
		enterpriseCache("other_member", "Enterprise_E5-4", linkedDatabases),
		enterpriseCache("e100", "Enterprise_E100-2", ""),
		enterpriseCache("e200", "Enterprise_E200-2", ""),
		enterpriseCache("flash", "EnterpriseFlash_F300-3", ""),
	)
}

// postures are the caches of a plan of the workspace.
func (w *workspace) postures() []*posture.Cache {
	w.t.Helper()
	w.must("plan", "-no-color", "-input=false", "-out=plan.tfplan")
	plan, err := w.command("show", "-json", "plan.tfplan").Output()
	if err != nil {
		w.t.Fatal(err)
	}
	source, err := tfconfig.LoadDir(w.dir)
	if err != nil {
		w.t.Fatal(err)
	}
	read, err := tfplan.Read(w.t.Context(), bytes.NewReader(plan), tfplan.Options{Migration: true, Configuration: source})
	if err != nil {
		w.t.Fatal(err)
	}
	var out []*posture.Cache
	for c := range read.Caches() {
		out = append(out, c.After)
	}
	return out
}

// planned are the caches of a plan with the plans of their moves.
func (w *workspace) planned() []tfwrite.Cache {
	w.t.Helper()
	var out []tfwrite.Cache
	documents := baseline.Published()
	for _, c := range w.postures() {
		move := migrate.For(c, documents.Evaluate(c, baseline.Options{}), migrate.Options{Documents: documents})
		out = append(out, tfwrite.Cache{Move: &move, Old: c})
	}
	return out
}

// values are made-up values of the variables of a set.
func values(set *tfwrite.Set) string {
	var out strings.Builder
	for _, name := range set.Variables {
		fmt.Fprintf(&out, "%s = %s\n", name, madeUpValue(name))
	}
	return out.String()
}

func madeUpValue(name string) string {
	const group = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-shop"
	for ending, value := range map[string]string{
		"_principals": `["11111111-2222-4333-8444-777777777777"]`, "_sku_name": `"Balanced_B250"`, "_clustering_policy": `"EnterpriseCluster"`,
		"_snapshot_frequency": "null", "_eviction_policy": `"VolatileLRU"`, "_high_availability": "true",
		"_workspace_id":              `"` + group + `/providers/Microsoft.OperationalInsights/workspaces/logs"`,
		"_storage_account_id":        `"` + group + `/providers/Microsoft.Storage/storageAccounts/logs"`,
		"_resource_group_id_rg_shop": `"` + group + `"`,
	} {
		if strings.HasSuffix(name, ending) {
			return value
		}
	}
	if strings.Contains(name, "subnet_id") {
		return `"` + group + `/providers/Microsoft.Network/virtualNetworks/vnet/subnets/endpoints"`
	}
	return `"no value for ` + name + `"`
}

// expected are the advisories that a configuration as written may violate: whether to
// persist, to bring a key or to pay for a second node was decided for the old cache.
var expected = []string{"advisory/customer-managed-key", "advisory/persistence", "advisory/high-availability", "advisory/zone-redundancy",
	"advisory/least-privilege-access-policy"}

// open are the features that a plan of these does not decide: what lies outside of it, and
// whether a geo-replication group has further members, and who else takes keys that are off.
var open = []string{"AM-2/azure-policy-support", "BR-1/service-native-backup", "advisory/keys-in-state", "advisory/persistence"}

// assertCompliant judges the caches of Azure Managed Redis of a plan: none violates the
// baseline.
func assertCompliant(t *testing.T, caches []*posture.Cache, want int) {
	t.Helper()
	judged := 0
	for _, c := range caches {
		if service.OfCache(c) != service.ManagedRedis || c.Dialect == posture.DialectEnterprise {
			continue
		}
		judged++
		verdicts := baseline.Published().Evaluate(c, baseline.Options{})
		for _, f := range slices.Concat(verdicts.Features, verdicts.Advisories) {
			switch {
			case f.Status == report.NonCompliant && !slices.Contains(expected, f.ID):
				t.Errorf("%s: %s: %s", c.Address, f.ID, f.Message)
			case f.Status == report.Unknown && !slices.Contains(open, f.ID):
				t.Errorf("%s: %s: not known: %s", c.Address, f.ID, f.Message)
			}
		}
	}
	if judged != want {
		t.Errorf("%d caches judged, want %d", judged, want)
	}
}

// What is written for caches of every tier and size, and with everything that stands in
// the way, is formatted, is planned, and violates nothing: each alone, and all together
// beside the old caches.
func TestWrittenConfigurations(t *testing.T) {
	needTerraform(t)
	estate := commonObjects
	for _, c := range oldCaches() {
		estate += c.config
	}
	estate += "module \"shop\" {\n  source   = \"./shop\"\n  for_each = toset([\"de\", \"fr\"])\n  name     = each.key\n}\n"
	inShop := classicCache("this", "Standard", 1, "", oldEndpoint, oldLogs, oldGrant)
	shop := "variable \"name\" {}\n" + commonObjects + strings.ReplaceAll(inShop.config, `"redis-this"`, "\"redis-${var.name}\"")
	old := newWorkspaceIn(t, azurermtest.V4, t.TempDir())
	old.write("main.tf", bothProviders+estate)
	old.write("shop/main.tf", shop)
	old.must("get")
	planned := old.planned()
	if want := len(oldCaches()) + 3; len(planned) != want { // one block has two, and two are in the module
		t.Fatalf("%d caches are planned, want %d", len(planned), want)
	}
	assertRefers(t, planned)
	for _, dialect := range []posture.Dialect{posture.DialectAzurerm, posture.DialectAzapi} {
		t.Run(string(dialect), func(t *testing.T) {
			alone := newWorkspaceIn(t, azurermtest.V5, t.TempDir())
			root := header
			for i, c := range planned {
				set := written(t, dialect, c)
				dir := fmt.Sprintf("cache%d", i)
				alone.write(filepath.Join(dir, "estate.tf"), strings.TrimSpace(requiredProviders+commonObjects)+"\n")
				writeSet(t, set, filepath.Join(alone.dir, dir))
				root += fmt.Sprintf("module %q {\n  source = \"./%s\"\n%s}\n", dir, dir, values(set))
			}
			alone.write("main.tf", string(hclwrite.Format([]byte(root))))
			alone.must("get")
			assertCompliant(t, alone.postures(), len(planned))
			alone.must("fmt", "-check", "-recursive", "-diff")

			beside := workspaceIn(t, azurermtest.V4, t.TempDir())
			set := written(t, dialect, planned...)
			beside.write("main.tf", bothProviders+estate)
			beside.write("shop/main.tf", shop)
			beside.must("get")
			writeSet(t, set, beside.dir)
			beside.write("terraform.tfvars", values(set))
			assertCompliant(t, beside.postures(), len(planned))
		})
	}
}

// assertRefers checks that what the estate holds is referred to by its address.
func assertRefers(t *testing.T, planned []tfwrite.Cache) {
	t.Helper()
	const address = "azurerm_redis_cache.reachable"
	i := slices.IndexFunc(planned, func(c tfwrite.Cache) bool { return c.Old.Address == address })
	if i < 0 {
		t.Fatal("no cache " + address)
	}
	for _, want := range []string{"azurerm_subnet.endpoints.id", "azurerm_log_analytics_workspace.logs.id", "azurerm_storage_account.logs.id",
		"azurerm_user_assigned_identity.app.principal_id"} {
		if !slices.ContainsFunc(written(t, posture.DialectAzurerm, planned[i]).Files, func(f tfwrite.File) bool {
			return bytes.Contains(f.Content, []byte("= "+want+"\n"))
		}) {
			t.Errorf("what is written for %s does not refer to %s", address, want)
		}
	}
}

// requiredProviders is what a module needs of the header.
const requiredProviders = `
terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm" }
    azapi   = { source = "azure/azapi" }
  }
}
`

// bothProviders is the header of a configuration of azurerm and azapi.
const bothProviders = requiredProviders + `
provider "azurerm" {
  features {}
}
`

func written(t *testing.T, dialect posture.Dialect, caches ...tfwrite.Cache) *tfwrite.Set {
	t.Helper()
	set, err := tfwrite.New(caches, tfwrite.Options{Dialect: dialect, Tags: []string{"env"}})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func writeSet(t *testing.T, set *tfwrite.Set, dir string) {
	t.Helper()
	if err := set.Write(dir, tfwrite.Refuse); err != nil {
		t.Fatal(err)
	}
	for _, f := range set.Files {
		if _, err := os.Stat(filepath.Join(dir, f.Name)); err != nil {
			t.Fatal(err)
		}
	}
}

// What is written as a comment for the move in place forgets the old cluster and imports
// the new one by the same id.
func TestWrittenInPlace(t *testing.T) {
	search := enterpriseCache("search", "Enterprise_E10-2", "")
	w := newWorkspaceIn(t, azurermtest.V4, t.TempDir())
	w.write("main.tf", header+commonObjects+search.config)
	w.must("apply", "-no-color", "-input=false", "-auto-approve")
	set := written(t, posture.DialectAzurerm, w.planned()...)
	comment := regexp.MustCompile(`(?m)^# (import \{|removed \{|  .*|\})$`)
	for i, f := range set.Files {
		if f.Name != "managed_redis_search.tf" {
			continue
		}
		set.Files[i].Content = comment.ReplaceAll(f.Content, []byte("$1"))
		set.Files[i].Content = bytes.ReplaceAll(set.Files[i].Content, []byte(`"redis-search-amr"`), []byte(`"redis-search"`))
	}
	writeSet(t, set, w.dir)
	w.write("main.tf", header+commonObjects+`
removed {
  from = azurerm_redis_enterprise_database.search
  lifecycle {
    destroy = false
  }
}
`)
	w.write("terraform.tfvars", values(set))
	plan := w.must("plan", "-no-color", "-input=false")
	for _, want := range []string{
		"azurerm_redis_enterprise_cluster.search will no longer be managed by Terraform", "azurerm_managed_redis.search_amr will be",
		"1 to import",
	} {
		if !strings.Contains(plan, want) {
			t.Errorf("the plan does not say %q:\n%s", want, plan)
		}
	}
	if strings.Contains(plan, "must be replaced") || !strings.Contains(plan, "0 to destroy") {
		t.Errorf("the plan destroys something:\n%s", plan)
	}
}
