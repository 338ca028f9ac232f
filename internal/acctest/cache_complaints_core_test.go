package acctest

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// mustConverge applies a configuration; the next plan must have no changes.
func (k *fakeCore) mustConverge(name, config string) {
	k.t.Helper()
	if diags := k.run(k.t.Context(), k.config(name, config)); failed(diags) {
		k.t.Fatal(diagnosticDetails(diags))
	}
	k.noChanges(k.config(name, config))
}

// mustRefuse plans a configuration, whose plan must have an error.
func (k *fakeCore) mustRefuse(name, config, want string) {
	k.t.Helper()
	if got := diagText(k.plan(k.config(name, config)).diags); !strings.Contains(got, "error: "+want) {
		k.t.Errorf("%s\ngot\n%s\nwant %s", config, got, want)
	}
}

func (c *fakeAzure) properties(name string) map[string]any {
	return at(c.Object(cacheIDOf(name)), "properties")
}

// basicHasNoReservations: a cache of tier Basic is sent no memory reservations, which only
// Standard and Premium have.
func basicHasNoReservations(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{KeepBodies: true})
	k := newFakeCore(t, c)
	k.mustConverge("redis-a", "sku_name = \"Basic\"\n capacity = 1")
	k.mustConverge("redis-a", "sku_name = \"Basic\"\n capacity = 1\n tags = { a = \"b\" }")
	historyOf(c, "redis-a").mustNotSend(t, "maxmemory-reserved", "maxmemory-delta", "maxfragmentationmemory-reserved")
	k.mustConverge("redis-a", "sku_name = \"Standard\"\n capacity = 1")
	k.mustRefuse("redis-a", "sku_name = \"Basic\"\n capacity = 1\n redis_configuration = { maxmemory_reserved = 100 }",
		"redis_configuration: redis-a: Basic has no memory reservations")
}

// conflictsAreWaitedFor: a 409, while another client changes the cache, is tried again.
func conflictsAreWaitedFor(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{})
	k := newFakeCore(t, c)
	c.Inject(armtest.Fault{Method: http.MethodPut, Path: regexp.MustCompile("(?i)/accessPolicyAssignments/"), Times: 5, Status: 409,
		Code:    "Conflict",
		Message: "The resource is busy processing a previous update request or is undergoing system maintenance."})
	k.mustConverge("redis-a", assignments(4))
	if n := len(c.IDs("Microsoft.Cache/redis/accessPolicyAssignments")); n != 4 {
		t.Errorf("%d assignments", n)
	}
}

// lostRulesAreWrittenAgain: firewall rules that the service accepts and does not store
// are sent again.
func lostRulesAreWrittenAgain(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{StaleReads: 2})
	k := newFakeCore(t, c)
	c.Inject(armtest.Fault{Method: http.MethodPut, Path: regexp.MustCompile("/firewallRules/r2$"), Times: 2, Status: 201, Body: []byte("{}")})
	k.mustConverge("redis-a", rules(5))
	if n := len(c.IDs("Microsoft.Cache/redis/firewallRules")); n != 5 {
		t.Errorf("%d rules", n)
	}
}

// regionsWithoutZones: where the default zonal allocation is not available, the plan
// has no change for it. A value in the configuration is an error.
func regionsWithoutZones(t *testing.T) {
	for _, hidden := range []bool{false, true} {
		c := newFakeAzure(t, armtest.Options{ZonelessRegions: []string{"westeurope"}, HideZonalAllocation: hidden})
		k := newFakeCore(t, c)
		k.mustConverge("redis-a", "")
		k.mustConverge("redis-a", "tags = { a = \"b\" }")
		k.mustConverge("redis-a", premium)
		c.PutCache(armtest.Cache{Name: "redis-old", SKU: "Standard C1", Properties: map[string]any{"zonalAllocationPolicy": "NoZones"}})
		other := newFakeCore(t, c)
		other.adopt(cacheIDOf("redis-old"))
		other.mustConverge("redis-old", "")
		if !hidden {
			// ARM accepts the value and does not apply it, which is an error at the attribute.
			diags := k.run(t.Context(), k.config("redis-a", premium+"zonal_allocation_policy = \"Automatic\""))
			if !strings.Contains(diagText(diags),
				"accepted but did not apply properties.zonalAllocationPolicy") {
				t.Error(diagnosticDetails(diags))
			}
		}
	}
	refusing := newFakeAzure(t, armtest.Options{})
	refusing.PutCache(armtest.Cache{Name: "redis-old", Properties: map[string]any{
		"zonalAllocationPolicy": "NoZones", "publicNetworkAccess": "Disabled", "disableAccessKeyAuthentication": true,
		"minimumTlsVersion": "1.2"},
		Configuration: map[string]string{"aad-enabled": "true"}})
	refusing.Inject(armtest.Fault{Method: http.MethodPatch, Status: 400, Code: "BadRequest",
		Message: "zones are not supported in this region"})
	k := newFakeCore(t, refusing)
	k.adopt(cacheIDOf("redis-old"))
	k.mustConverge("redis-old", "")
	// In a region with zones, a plan restores zonal allocation that was switched off in the
	// portal.
	c := newFakeAzure(t, armtest.Options{})
	k = newFakeCore(t, c)
	k.mustConverge("redis-a", "")
	c.Change(cacheIDOf("redis-a"), func(b map[string]any) { at(b, "properties")["zonalAllocationPolicy"] = "NoZones" })
	k.mustConverge("redis-a", "")
	if c.properties("redis-a")["zonalAllocationPolicy"] != "Automatic" {
		t.Error("the cache stays without zones")
	}
}

// tokenExpires: tokens expire several times during a create, and the provider requests
// new ones.
func tokenExpires(t *testing.T) {
	var c *fakeAzure
	var requests atomic.Int64
	c = newFakeAzure(t, armtest.Options{Operations: armtest.Operations{Polls: 20}, Before: func(*http.Request) {
		if requests.Add(1)%7 == 0 { // of any kind: a poll, a read or a write
			c.ExpireTokens()
		}
	}})
	k := newFakeCore(t, c)
	k.mustConverge("redis-a", rules(3))
	refused := 0
	for _, r := range c.Requests() {
		if r.Status == http.StatusUnauthorized {
			refused++
		}
	}
	if refused < 3 {
		t.Errorf("the token ran out %d times only", refused)
	}
}

// timeoutsKeepTheCache: the deadline is that of the timeouts argument, and an operation
// that was begun is not begun again.
func timeoutsKeepTheCache(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{Operations: armtest.Operations{Polls: 1 << 30}})
	k := newFakeCore(t, c)
	config := k.config("redis-a", "timeouts = { create = \"1s\", update = \"1s\" }\n tags = { a = \"1\" }")
	diags := k.run(t.Context(), config)
	if got := diagText(diags); failed(diags) || !strings.Contains(got, "redis-a is not finished: apply again") || k.state.IsNull() {
		t.Fatal(got)
	}
	c.Finish()
	// The next apply begins other operations, which the test must end, too.
	diags = c.withOperationsEnding(func() []*tfprotov6.Diagnostic { return k.run(t.Context(), config) })
	if failed(diags) {
		t.Fatal(diagnosticDetails(diags))
	}
	k.noChanges(config)
	if n := len(historyOf(c, "redis-a").creations()); n != 1 {
		t.Errorf("created %d times", n)
	}
	if n := len(c.IDs("Microsoft.Cache/redis/patchSchedules")); n != 1 || c.properties("redis-a")["provisioningState"] != "Succeeded" {
		t.Errorf("it is not finished: %d patch schedules, %v", n, c.properties("redis-a")["provisioningState"])
	}
	// An update that takes too long is an error, and the state has the values of Azure.
	config = k.config("redis-a", "timeouts = { create = \"1s\", update = \"1s\" }\n tags = { a = \"2\" }")
	if diags := k.run(t.Context(), config); !strings.Contains(diagText(diags), "error: redis-a could not be updated") || k.state.IsNull() {
		t.Error(diagnosticDetails(diags))
	}
	c.Finish()
	if diags := c.withOperationsEnding(func() []*tfprotov6.Diagnostic { return k.run(t.Context(), config) }); failed(diags) {
		t.Error(diagnosticDetails(diags))
	}
	k.noChanges(config)
}

// withOperationsEnding calls a function, and ends the operations that it begins.
func (c *fakeAzure) withOperationsEnding(do func() []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			c.Finish()
			runtime.Gosched()
		}
	}()
	diags := do()
	stop()
	<-ended
	return diags
}

func (l cacheHistory) creations() (all []string) {
	for _, r := range l.writes {
		if r.Type == "microsoft.cache/redis" && r.Method == http.MethodPut {
			all = append(all, r.Path)
		}
	}
	return all
}

// linkedCaches: of a cache that is linked for geo-replication, the settings that Azure
// lets change are changed; a warning of the plan and an error of the apply name the
// others, and the linked cache.
func linkedCaches(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{KeepBodies: true})
	k := newFakeCore(t, c)
	endpoint := "private_endpoint = { subnet_id = \"" + subnet + "\" }\n"
	k.mustConverge("redis-a", premium+endpoint+`access_keys_authentication_enabled = true`)
	c.PutChild(cacheIDOf("redis-a"), "linkedServers/redis-b", map[string]any{
		"linkedRedisCacheId": cacheIDOf("redis-b"), "linkedRedisCacheLocation": "North Europe", "serverRole": "Secondary"})
	c.ClearRequests()
	// A change that the link allows, and no request for the endpoint (20909).
	k.mustConverge("redis-a", premium+endpoint+
		"access_keys_authentication_enabled = true\n tags = { team = \"a\" }\n redis_configuration = { notify_keyspace_events = \"KEA\", "+
		"maxmemory_policy = \"allkeys-lru\" }")
	for _, r := range c.Changes() {
		if r.Type != "microsoft.cache/redis" {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
	// A change of all settings: a warning of the plan, and the allowed ones are changed.
	config := k.config("redis-a", `sku_name = "Premium"
  capacity = 2
  identity = { type = "SystemAssigned" }
  private_endpoint = { subnet_id = "`+subnet+`2" }
  redis_configuration = { rdb_backup_enabled = true, maxmemory_reserved = 700, maxmemory_policy = "noeviction" }
  storage_connection_strings = { rdb_storage_connection_string = "BlobEndpoint=https://st.blob.core.windows.net/" }
  tags = { team = "b" }
  firewall_rules = { a = { start_ip = "1.1.1.1", end_ip = "1.1.1.1" } }`)
	p := k.plan(config)
	if got := diagText(p.diags); failed(p.diags) ||
		!strings.Contains(got, "warning: redis-a is linked with redis-b: Azure will refuse part of this") {
		t.Fatal(got)
	}
	diags := k.apply(t.Context(), p)
	text := diagnosticDetails(diags)
	for _, want := range []string{"redis-a is linked for geo-replication: Azure refuses part of the update", "is linked with redis-b",
		"scale to Premium P2", "access key authentication",
		"persistence", "private endpoint", "Unlink the caches first"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	is := c.properties("redis-a")
	if at(is, "redisConfiguration")["maxmemory-policy"] != "noeviction" || at(is, "sku")["capacity"] != 1.0 ||
		at(c.Object(cacheIDOf("redis-a")), "tags")["team"] != "b" ||
		len(c.IDs("Microsoft.Cache/redis/firewallRules")) != 1 || len(c.IDs("Microsoft.Network/privateEndpoints")) != 1 {
		t.Errorf("%v", is)
	}
	// The cache is not deleted, nor are its companions.
	diags = k.destroy(t.Context())
	if !strings.Contains(diagText(diags), "redis-a cannot be deleted while it is linked for geo-replication") ||
		len(c.IDs("Microsoft.Network/privateEndpoints")) != 1 {
		t.Error(diagnosticDetails(diags))
	}
	// After the link was removed, the next apply finishes.
	c.Remove(cacheIDOf("redis-a") + "/linkedServers/redis-b")
	if diags := k.run(t.Context(), config); failed(diags) {
		t.Fatal(diagnosticDetails(diags))
	}
	k.noChanges(config)
}

// refusedInThePlan: settings that Azure refuses together are errors of the plan, and no
// request is sent.
func refusedInThePlan(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{})
	k := newFakeCore(t, c)
	for config, want := range map[string]string{
		premium + `private_static_ip_address = "10.0.0.4"`: "private_static_ip_address: redis-a: a static address needs a subnet",
		`subnet_id = "` + subnet + `"`:                     "subnet_id: redis-a: only Premium can be injected into a subnet",
		"sku_name = \"Premium\"\n capacity = 6":            "capacity: redis-a: this tier has no such size",
		`shard_count = 2`:                                  "shard_count: redis-a: only Premium can be clustered",
	} {
		k.mustRefuse("redis-a", config, want)
	}
	k.mustConverge("redis-a", premium)
	k.mustRefuse("redis-a", "sku_name = \"Standard\"\n capacity = 1", "sku_name: redis-a: sku_name cannot be changed in place")
	if n := len(c.Changes()); n != 2 { // the cache and its patch schedule
		t.Errorf("%d changes", n)
	}
}

// noScheduleIsNone: a cache without a patch schedule can be read and imported.
func noScheduleIsNone(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{})
	c.PutCache(armtest.Cache{Name: "redis-old"})
	k := newFakeCore(t, c)
	k.adopt(cacheIDOf("redis-old"))
	k.mustConverge("redis-old", "")
	k.mustConverge("redis-old", "patch_schedule = []")
	if len(c.IDs("Microsoft.Cache/redis/patchSchedules")) != 0 || c.properties("redis-old")["provisioningState"] != "Succeeded" {
		t.Error("a schedule was made")
	}
	k.mustRefuse("redis-old", `patch_schedule = [{ day_of_week = "Monday" }, { day_of_week = "Everyday" }]`,
		"patch_schedule: redis-old: a day stands twice")
}

// databasesAreFixed: the number of databases is set at creation; a change is an error of
// the plan.
func databasesAreFixed(t *testing.T) {
	c := newFakeAzure(t, armtest.Options{})
	k := newFakeCore(t, c)
	k.mustConverge("redis-a", premium+"redis_configuration = { databases = 32 }")
	k.mustRefuse("redis-a", premium+"redis_configuration = { databases = 48 }",
		"redis_configuration: redis-a: redis_configuration cannot be changed in place")
	if p := k.plan(k.config("redis-a", premium+"allow_replacement = true\n redis_configuration = { databases = 48 }")); failed(p.diags) ||
		len(p.replace) != 1 {
		t.Error(diagText(p.diags), p.replace)
	}
	// Azure does not return the number: the value of the configuration is kept.
	c.Change(cacheIDOf("redis-a"), func(b map[string]any) { delete(at(at(b, "properties"), "redisConfiguration"), "databases") })
	other := newFakeCore(t, c)
	other.adopt(cacheIDOf("redis-a"))
	other.mustConverge("redis-a", premium+"redis_configuration = { databases = 32 }")
}

// unheardOfStates: provisioning states that are not documented are waited for, in create,
// update and delete.
func unheardOfStates(t *testing.T) {
	for _, state := range []string{"UpgradingRedisServerVersion", "UpdatingManagedIdentity", "SomethingOfTomorrow"} {
		c := newFakeAzure(t, armtest.Options{Operations: armtest.Operations{Style: armtest.LocationOnly, Polls: 2, SettleReads: 3,
			States: []string{state}}})
		k := newFakeCore(t, c)
		k.mustConverge("redis-a", `tags = { a = "1" }`)
		k.mustConverge("redis-a", `tags = { a = "2" }`)
		if diags := k.destroy(t.Context()); failed(diags) || c.Object(cacheIDOf("redis-a")) != nil {
			t.Error(state, diagnosticDetails(diags))
		}
	}
}

// gatewayTimeouts: another subnet is an error of the plan. After a 504 the provider reads
// the cache, and sends the update again where it had no effect.
func gatewayTimeouts(t *testing.T) {
	for _, arrived := range []bool{false, true} {
		c := newFakeAzure(t, armtest.Options{})
		k := newFakeCore(t, c)
		injected := premium + "subnet_id = \"" + subnet + "\"\n"
		k.mustConverge("redis-a", injected)
		k.mustRefuse("redis-a", strings.Replace(injected, subnet, subnet+"2", 1), "subnet_id: redis-a: subnet_id cannot be changed in place")
		timeout := armtest.Fault{Method: http.MethodPatch, Status: 504, Code: "GatewayTimeout", Times: 2, After: arrived,
			Message: "The gateway did not receive a response from 'Microsoft.Cache' within the specified time period."}
		if arrived {
			timeout.Times = 1
		}
		c.Inject(timeout)
		k.mustConverge("redis-a", injected+"redis_configuration = { maxmemory_policy = \"noeviction\" }")
		if is := at(c.properties("redis-a"), "redisConfiguration")["maxmemory-policy"]; is != "noeviction" {
			t.Error(fmt.Sprint(arrived, is))
		}
	}
}
