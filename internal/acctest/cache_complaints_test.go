package acctest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// complaint is a defect of azurerm_redis_cache that an issue reports. The name has the
// number of the issue and the symptom; the test shows that redisbaseline_cache does not
// have it.
type complaint struct {
	name string
	// configs are configurations that the real Terraform applies to one cache, one
	// after the other. After each the plan must be empty.
	configs []string
	// check checks the requests that the configurations led to, and the cache.
	check func(*testing.T, cacheHistory)
	// checkInProcess is a test with a fake of its own, without Terraform.
	checkInProcess func(*testing.T)
}

// cacheHistory are the requests about one cache, and its last properties.
type cacheHistory struct {
	writes  []armtest.Request // of the cache itself and its children, in order
	last    map[string]any    // the cache at the end
	actions int               // calls such as listKeys
}

// bodies are the bodies of the writes to the cache itself.
func (l cacheHistory) bodies() []string {
	var all []string
	for _, r := range l.writes {
		if r.Type == "microsoft.cache/redis" {
			all = append(all, string(r.Body))
		}
	}
	return all
}

func (l cacheHistory) mustNotSend(t *testing.T, words ...string) {
	t.Helper()
	if len(l.bodies()) == 0 {
		t.Error("nothing was sent at all")
	}
	for _, body := range l.bodies() {
		for _, w := range words {
			if strings.Contains(body, w) {
				t.Errorf("%s was sent: %s", w, body)
			}
		}
	}
}

func (l cacheHistory) properties() map[string]any { return at(l.last, "properties") }

func (l cacheHistory) configuration() map[string]any { return at(l.properties(), "redisConfiguration") }

func at(m map[string]any, name string) map[string]any {
	inner, _ := m[name].(map[string]any)
	return inner
}

const (
	premium = "sku_name = \"Premium\"\n  capacity = 1\n  "
	sasRDB  = premium + `redis_configuration = { rdb_backup_enabled = true, data_persistence_authentication_method = "SAS" }
  storage_connection_strings = { rdb_storage_connection_string = "DefaultEndpointsProtocol=https;AccountKey=SECRET-CANARY-rdb" }`
	sasAOF = premium + `redis_configuration = { aof_backup_enabled = true, data_persistence_authentication_method = "SAS" }
  storage_connection_strings = { aof_storage_connection_string_0 = "AccountKey=SECRET-CANARY-0",
    aof_storage_connection_string_1 = "AccountKey=SECRET-CANARY-1" }`
)

var complaints = []complaint{
	{
		name:    "azurerm-31991 the plan fails without the permission to list keys",
		configs: []string{`tags = { n = "1" }`, `tags = { n = "2" }`},
		check: func(t *testing.T, l cacheHistory) {
			if l.actions != 0 || len(l.writes) == 0 {
				t.Error("an action was called, or nothing happened", l.actions, len(l.writes))
			}
		},
	},
	{
		name: "azurerm-26026 an update of several properties is refused",
		configs: []string{
			`public_network_access_enabled = true`,
			`capacity = 2
  sku_name = "Standard"
  identity = { type = "SystemAssigned" }
  update_channel = "Preview"
  access_keys_authentication_enabled = true
  redis_configuration = { maxmemory_policy = "allkeys-lru", maxmemory_reserved = 400 }
  tags = { changed = "all" }`,
		},
		check: func(t *testing.T, l cacheHistory) {
			mixed := []string{`"identity"`, `"publicNetworkAccess"`, `"redisVersion"`, `"sku"`} // what ARM wants alone
			updates := l.bodies()[1:]
			if len(updates) < 6 {
				t.Errorf("%d updates", len(updates))
			}
			for _, body := range updates {
				n := 0
				for _, m := range mixed {
					n += strings.Count(body, m)
				}
				if n > 1 {
					t.Errorf("mixed: %s", body)
				}
			}
			if p := l.properties(); p["publicNetworkAccess"] != "Disabled" || at(p, "sku")["capacity"] != 2.0 ||
				l.configuration()["maxmemory-reserved"] != "400" {
				t.Errorf("%v", p)
			}
		},
	},
	{
		name:    "azurerm-23906 azurerm-20228 switching persistence never converges",
		configs: []string{sasRDB, sasAOF, premium},
		check: func(t *testing.T, l cacheHistory) {
			c := l.configuration()
			if c["rdb-backup-enabled"] != "false" || c["aof-backup-enabled"] != "false" || c["aof-storage-connection-string-1"] == nil {
				t.Errorf("%v", c)
			}
		},
	},
	{
		name:    "azurerm-28179 connection strings of AOF differ for ever",
		configs: []string{sasAOF, sasAOF + "\n  tags = { a = \"b\" }"},
		check:   func(t *testing.T, l cacheHistory) { sentOnce(t, l, "SECRET-CANARY-0", "SECRET-CANARY-1") },
	},
	{
		name:    "rest-api-specs-3037 the connection string of RDB is never returned",
		configs: []string{sasRDB, sasRDB + "\n  tags = { a = \"b\" }"},
		check:   func(t *testing.T, l cacheHistory) { sentOnce(t, l, "SECRET-CANARY-rdb") },
	},
	{
		name:    "azurerm-26948 azurerm-27878 a default way to sign in to storage differs for ever",
		configs: []string{premium, premium + `redis_configuration = { maxmemory_policy = "noeviction" }`},
		check: func(t *testing.T, l cacheHistory) {
			l.mustNotSend(t, "preferred-data-persistence-auth-method", "SAS")
		},
	},
	{
		name: "azurerm-19892 azurerm-6592 redis_configuration is inconsistent after apply",
		configs: []string{
			`redis_configuration = { rdb_backup_enabled = false, rdb_backup_frequency = 15, aof_backup_enabled = false }`,
			`redis_configuration = { authentication_enabled = true, maxmemory_policy = "volatile-lru", notify_keyspace_events = "KEA" }`,
			`redis_configuration = {}`,
		},
		check: func(t *testing.T, l cacheHistory) {
			if c := l.configuration(); c["notify-keyspace-events"] != "" || c["maxclients"] == nil {
				t.Errorf("%v", c)
			}
		},
	},
	{
		name: "azurerm-21967 RDB settings are sent to a cache that is not Premium",
		configs: []string{
			"sku_name = \"Basic\"\n  capacity = 2\n  redis_configuration = { maxmemory_policy = \"allkeys-lru\" }",
			"sku_name = \"Basic\"\n  capacity = 2\n  redis_configuration = { maxmemory_policy = \"volatile-lru\" }",
		},
		check: func(t *testing.T, l cacheHistory) { l.mustNotSend(t, "rdb-", "aof-") },
	},
	{
		name:    "azurerm-PR12926 memory reservations are sent to Basic",
		configs: []string{"sku_name = \"Standard\"\n  capacity = 1", "sku_name = \"Standard\"\n  capacity = 3"},
		check: func(t *testing.T, l cacheHistory) {
			if l.configuration()["maxmemory-reserved"] != "1000" {
				t.Errorf("Standard has the reservations of its size: %v", l.configuration())
			}
		},
		checkInProcess: basicHasNoReservations,
	},
	{
		name:    "azurerm-27371 azurerm-25802 access policy assignments in a for_each conflict",
		configs: []string{assignments(6), assignments(3), assignments(8)},
		check: func(t *testing.T, l cacheHistory) {
			var names []string
			for _, r := range l.writes {
				if strings.HasSuffix(r.Type, "/accesspolicyassignments") && r.Status == 409 {
					t.Errorf("%s conflicted", r.Path)
				}
				if strings.HasSuffix(r.Type, "/accesspolicyassignments") && r.Method == "PUT" {
					names = append(names, r.Path[strings.LastIndex(r.Path, "/")+1:])
				}
			}
			if len(slices.Compact(slices.Sorted(slices.Values(names)))) != 8 || len(names) != 6+5 {
				t.Errorf("written: %s", names)
			}
		},
		checkInProcess: conflictsAreWaitedFor,
	},
	{
		name:    "azurerm-14775 azurerm-3731 firewall rules get lost",
		configs: []string{rules(12), rules(4), rules(9)},
		check: func(t *testing.T, l cacheHistory) {
			if n := len(l.last["rules"].([]string)); n != 9 {
				t.Errorf("%d rules", n)
			}
		},
		checkInProcess: lostRulesAreWrittenAgain,
	},
	{
		name:    "azurerm-28336 there is no zonal allocation policy",
		configs: []string{premium + `zonal_allocation_policy = "NoZones"`, premium + `zonal_allocation_policy = "Automatic"`},
		check: func(t *testing.T, l cacheHistory) {
			if len(l.bodies()) != 2 || !strings.Contains(l.bodies()[1], `"zonalAllocationPolicy":"Automatic"`) ||
				l.properties()["zonalAllocationPolicy"] != "Automatic" {
				t.Errorf("it is one change in place: %s", l.bodies())
			}
		},
		checkInProcess: regionsWithoutZones,
	},
	{
		name: "azurerm-10863 a cache in zones cannot be scaled or persisted",
		configs: []string{
			premium + `zones = ["1", "2"]`,
			`sku_name = "Premium"
  capacity = 2
  zones = ["2", "1"]
  identity = { type = "SystemAssigned" }
  redis_configuration = { rdb_backup_enabled = true }
  storage_connection_strings = { rdb_storage_connection_string = "BlobEndpoint=https://st.blob.core.windows.net/" }`,
		},
		check: func(t *testing.T, l cacheHistory) {
			if at(l.properties(), "sku")["capacity"] != 2.0 || fmt.Sprint(l.last["zones"]) != "[1 2]" ||
				l.configuration()["rdb-backup-enabled"] != "true" {
				t.Errorf("%v", l.last)
			}
		},
	},
	{name: "azurerm-28405 the token expires during a long create", checkInProcess: tokenExpires},
	{name: "azurerm-5355 azurerm-3015 creating times out and the cache is lost", checkInProcess: timeoutsKeepTheCache},
	{name: "azurerm-26312 azurerm-20909 a cache that is linked cannot be updated", checkInProcess: linkedCaches},
	{name: "azurerm-11430 impossible combinations fail only at apply", checkInProcess: refusedInThePlan},
	{
		name:           "azurerm-20488 a missing patch schedule is an error",
		configs:        []string{`patch_schedule = [{ day_of_week = "Monday" }]`, `patch_schedule = []`, ``},
		checkInProcess: noScheduleIsNone,
		check: func(t *testing.T, l cacheHistory) {
			if l.last["schedule"] != nil {
				t.Error("there still is a schedule")
			}
		},
	},
	{
		name: "azurerm-29330 the number of databases is not supported",
		configs: []string{premium + `redis_configuration = { databases = 32 }`,
			premium + `redis_configuration = { databases = 32, maxmemory_policy = "noeviction" }`, premium},
		check: func(t *testing.T, l cacheHistory) {
			if !strings.Contains(l.bodies()[0], `"databases":"32"`) || l.configuration()["databases"] != "32" {
				t.Errorf("%s", l.bodies())
			}
		},
		checkInProcess: databasesAreFixed,
	},
	{
		name:    "azurerm-2088 a provisioning state that is not documented is an error",
		configs: []string{premium}, // the fake of all live caches shows one
		check: func(t *testing.T, l cacheHistory) {
			if l.properties()["provisioningState"] != "Succeeded" {
				t.Errorf("%v", l.properties())
			}
		},
		checkInProcess: unheardOfStates,
	},
	{name: "azurerm-8169 a change of the network ends in 504", checkInProcess: gatewayTimeouts},
	{
		name: "azurerm-29495 an identity cannot be added on its own",
		configs: []string{
			premium,
			premium + `identity = { type = "UserAssigned", identity_ids = ["` + person + `"] }`,
			premium + `identity = { type = "SystemAssigned, UserAssigned", identity_ids = ["` + person + `"] }`,
		},
		check: func(t *testing.T, l cacheHistory) {
			updates := l.bodies()[1:]
			for _, body := range updates {
				var sent map[string]any
				if json.Unmarshal([]byte(body), &sent) != nil || !slices.Equal(slices.Collect(maps.Keys(sent)), []string{"identity"}) {
					t.Errorf("more than the identity was sent: %s", body)
				}
			}
			if len(updates) != 2 || at(l.last, "identity")["principalId"] == nil {
				t.Errorf("%d updates, %v", len(updates), l.last["identity"])
			}
		},
	},
}

// sentOnce checks that secrets, which Azure never returns, were each sent once.
func sentOnce(t *testing.T, l cacheHistory, secrets ...string) {
	t.Helper()
	all := strings.Join(l.bodies(), "\n")
	for _, s := range secrets {
		if strings.Count(all, s) != 1 {
			t.Errorf("%s was sent %d times", s, strings.Count(all, s))
		}
	}
}

func assignments(n int) string {
	var out strings.Builder
	out.WriteString("access_policy_assignments = {\n")
	for i := range n {
		fmt.Fprintf(&out, "    a%d = { access_policy_name = \"Data Reader\", object_id = \"%036d\", object_id_alias = \"a%d\" }\n", i, i, i)
	}
	return out.String() + "  }"
}

func rules(n int) string {
	var out strings.Builder
	out.WriteString("public_network_access_enabled = true\n  firewall_rules = {\n")
	for i := range n {
		fmt.Fprintf(&out, "    r%d = { start_ip = \"20.0.0.%d\", end_ip = \"20.0.0.%d\" }\n", i, i, i)
	}
	return out.String() + "  }"
}

// TestCacheComplaints has a sub-test for each complaint. The configurations of all are
// applied in one run of the real Terraform, each to a cache of its own.
func TestCacheComplaints(t *testing.T) {
	t.Parallel()
	histories := applyComplaints(t)
	for i, c := range complaints {
		t.Run(c.name, func(t *testing.T) {
			if c.configs != nil {
				if histories[i].last == nil {
					t.Fatal("the run of the real Terraform failed: see the sub-test of that name")
				}
				c.check(t, histories[i])
			}
			if c.checkInProcess != nil {
				c.checkInProcess(t)
			}
		})
	}
}

// applyComplaints applies the configurations of all complaints. In its fake, operations
// take several polls, reads are stale, states are not documented, concurrent writes of
// children are lost, and listing keys is forbidden.
func applyComplaints(t *testing.T) []cacheHistory {
	histories, steps := make([]cacheHistory, len(complaints)), 0
	t.Run("real Terraform", func(t *testing.T) {
		c := newFakeAzure(t, armtest.Options{KeepBodies: true, OddCasing: true, StaleReads: 1, LoseConcurrentChildren: true,
			Operations: armtest.Operations{
				States: []string{"Creating", "UpgradingTheUnheardOf"}, Polls: 2, SettleReads: 1,
			}})
		c.Deny(regexp.MustCompile("."), "Microsoft.Cache/redis/listKeys/action")
		for _, one := range complaints {
			steps = max(steps, len(one.configs))
		}
		var all []resource.TestStep
		for n := range steps {
			var config strings.Builder
			for i, one := range complaints {
				if len(one.configs) > 0 {
					config.WriteString(secure(fmt.Sprint("c", i), fmt.Sprint("redis-c", i), "  "+one.configs[min(n, len(one.configs)-1)]))
				}
			}
			all = append(all, resource.TestStep{
				Config:            config.String(),
				ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{noSecrets{}}},
				ConfigStateChecks: []statecheck.StateCheck{noSecrets{}},
			})
		}
		all[len(all)-1].Check = func(*terraform.State) error {
			for i, one := range complaints {
				if len(one.configs) > 0 {
					histories[i] = historyOf(c, fmt.Sprint("redis-c", i))
				}
			}
			return nil
		}
		resource.UnitTest(t, resource.TestCase{
			TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_11_0)},
			ProtoV6ProviderFactories: c.providers(), Steps: all,
		})
	})
	return histories
}

func historyOf(c *fakeAzure, name string) cacheHistory {
	id := strings.ToLower(cacheIDOf(name))
	l := cacheHistory{last: c.Object(id), actions: c.Count(armtest.KindAction, "")}
	for _, r := range c.Changes() {
		if path := strings.ToLower(r.Path); path == id || strings.HasPrefix(path, id+"/") {
			l.writes = append(l.writes, r)
		}
	}
	var found []string
	for _, rule := range c.IDs("Microsoft.Cache/redis/firewallRules") {
		if strings.HasPrefix(strings.ToLower(rule), id+"/") {
			found = append(found, rule)
		}
	}
	l.last["rules"] = found
	if schedule := c.Object(id + "/patchSchedules/default"); schedule != nil {
		l.last["schedule"] = schedule
	}
	return l
}

// noSecrets checks that plans and states have no keys and connection strings.
type noSecrets struct{}

func (noSecrets) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	// The plan's copy of the configuration has the literals of the test.
	resp.Error = searchSecrets(req.Plan.ResourceChanges, req.Plan.PlannedValues, req.Plan.PriorState)
}

func (noSecrets) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	resp.Error = searchSecrets(req.State)
}

func searchSecrets(parts ...any) error {
	raw, err := json.Marshal(parts)
	if err == nil && (strings.Contains(string(raw), "CANARY") || !strings.Contains(string(raw), "redis-")) {
		err = errors.New("there is a secret in it, or nothing at all")
	}
	return err
}
