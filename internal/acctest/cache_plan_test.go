package acctest

import (
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// TestCacheRefusals: settings that Azure would refuse during the create are errors of the
// plan.
func TestCacheRefusals(t *testing.T) {
	k := newFakeCore(t, newFakeAzure(t, armtest.Options{}))
	const premium = "sku_name = \"Premium\"\n capacity = 1\n"
	const classic = "/subscriptions/x/resourceGroups/g/providers/Microsoft.ClassicNetwork/virtualNetworks/n/subnets/s"
	for _, c := range []struct{ name, config, want string }{
		{"size of Premium", `sku_name = "Premium"
 capacity = 6`, "capacity: redis-a: this tier has no such size"},
		{"shards", `shard_count = 2`, "shard_count: redis-a: only Premium can be clustered"},
		{"replicas", `replicas_per_primary = 2`, "replicas_per_primary: redis-a: only Premium has a number of replicas"},
		{"VNet outside Premium", `subnet_id = "` + subnet + `"`, "subnet_id: redis-a: only Premium can be injected into a subnet"},
		{"classic VNet", premium + `subnet_id = "` + classic + `"`, "subnet_id: redis-a: the subnet is in a classic network"},
		{"VNet and private endpoint", premium + `subnet_id = "` + subnet + `"
 private_endpoint = { subnet_id = "` + subnet + `" }`, "private_endpoint: redis-a: an injected cache has no private endpoint"},
		{"endpoint without subnet", `private_endpoint = { name = "pe" }`, "private_endpoint: redis-a: the private endpoint has no subnet"},
		{"static address without subnet", premium + `private_static_ip_address = "10.0.0.4"`,
			"private_static_ip_address: redis-a: a static address needs a subnet"},
		{"authentication off without VNet", `redis_configuration = { authentication_enabled = false }`,
			"redis_configuration: redis-a: authentication can be switched off only in a virtual network"},
		{"keys off without Entra", `redis_configuration = { active_directory_authentication_enabled = false }`,
			"access_keys_authentication_enabled: redis-a: without access keys clients need Microsoft Entra"},
		{"persistence outside Premium", `identity = { type = "SystemAssigned" }
 redis_configuration = { rdb_backup_enabled = true }`, "redis_configuration: redis-a: only Premium has persistence"},
		{"RDB and AOF", premium + `identity = { type = "SystemAssigned" }
 redis_configuration = { rdb_backup_enabled = true, aof_backup_enabled = true }`,
			"redis_configuration: redis-a: snapshots and an append-only file exclude each other"},
		{"reservations on Basic", `sku_name = "Basic"
 capacity = 1
 redis_configuration = { maxmemory_reserved = 10 }`, "redis_configuration: redis-a: Basic has no memory reservations"},
		{"managed identity without identity", premium + `redis_configuration = { rdb_backup_enabled = true }`,
			"redis_configuration: redis-a: the cache has no identity for its storage account"},
		{"persistence without connection string",
			premium + `redis_configuration = { rdb_backup_enabled = true, data_persistence_authentication_method = "SAS" }`,
			"redis_configuration: redis-a: persistence needs a connection string"},
		{"user identity without ids", `identity = { type = "UserAssigned" }`, "identity: redis-a: the kind of identity and its ids do not fit"},
		{"TLS 1.0", `minimum_tls_version = "1.0"`, "minimum_tls_version: redis-a: TLS below 1.2 can no longer be set"},
		{"Redis 4", `redis_version = "4"`, "redis_version: redis-a: this version of Redis is no longer offered"},
		{"zones on Basic", `sku_name = "Basic"
 capacity = 1
 zones = ["1"]`, "zones: redis-a: Basic has no zones"},
		{"UserDefined without zones", `zonal_allocation_policy = "UserDefined"`,
			"zonal_allocation_policy: redis-a: zones and how they are chosen do not fit"},
		{"reversed range", `firewall_rules = { a = { start_ip = "20.0.0.9", end_ip = "20.0.0.1" } }`,
			"firewall_rules: redis-a: a firewall rule admits nobody"},
		{"no address", `firewall_rules = { a = { start_ip = "::1", end_ip = "::1" } }`, "firewall_rules: redis-a: a firewall rule admits nobody"},
		{"no destination", `diagnostic_settings = { a = {} }`, "diagnostic_settings: redis-a: a diagnostic setting has no destination"},
		{"policy that is not there", `access_policies = {}
 access_policy_assignments = { a = { access_policy_name = "x", object_id = "` + armtest.DefaultTenant + `", object_id_alias = "z" } }`,
			"access_policy_assignments: redis-a: an access policy is assigned that does not exist"},
		{"a day twice", `patch_schedule = [{ day_of_week = "Monday" }, { day_of_week = "Monday" }]`,
			"patch_schedule: redis-a: a day stands twice in the maintenance windows"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := k.plan(k.config("redis-a", c.config))
			if got := diagText(p.diags); !strings.Contains(got, "error: "+c.want) {
				t.Errorf("got\n%s\nwant %s", got, c.want)
			}
		})
	}
}

// TestCacheUnknownIsNotRefused: a value that is known after apply is neither an error nor
// a violation.
func TestCacheUnknownIsNotRefused(t *testing.T) {
	k := newFakeCore(t, newFakeAzure(t, armtest.Options{}))
	for _, name := range []string{
		"redis_configuration", "private_endpoint", "firewall_rules", "diagnostic_settings", "access_policies", "access_policy_assignments",
		"patch_schedule",
		"subnet_id", "private_static_ip_address", "identity", "zones", "zonal_allocation_policy", "public_network_access_enabled",
		"minimum_tls_version",
		"non_ssl_port_enabled", "access_keys_authentication_enabled", "redis_version", "tags", "location",
	} {
		p := k.plan(k.config("redis-a", name+" = \""+after+"\""))
		if failed(p.diags) || strings.Contains(diagText(p.diags), "NS-2 Disable") {
			t.Errorf("%s unknown:\n%s", name, diagText(p.diags))
		}
	}
	p := k.plan(k.config("", "name = \""+after+"\"\n resource_group_name = \""+after+"\""))
	if failed(p.diags) {
		t.Error(diagText(p.diags))
	}
}
