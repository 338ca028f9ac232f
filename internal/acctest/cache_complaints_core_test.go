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

// apply applies a configuration and plans again: there must be nothing left.
func (k *core) arrive(name, config string) {
	k.t.Helper()
	if diags := k.run(k.t.Context(), k.config(name, config)); failed(diags) {
		k.t.Fatal(saidInDetail(diags))
	}
	k.steady(k.config(name, config))
}

// refused plans a configuration and wants an error.
func (k *core) refused(name, config, want string) {
	k.t.Helper()
	if got := said(k.plan(k.config(name, config)).diags); !strings.Contains(got, "error: "+want) {
		k.t.Errorf("%s\ngot\n%s\nwant %s", config, got, want)
	}
}

func (c *cloud) properties(name string) map[string]any {
	return at(c.Object(cacheIDOf(name)), "properties")
}

// basicHasNoReservations: they come with Standard, and are not wanted before.
func basicHasNoReservations(t *testing.T) {
	c := newCloud(t, armtest.Options{KeepBodies: true})
	k := newCore(t, c)
	k.arrive("redis-a", "sku_name = \"Basic\"\n capacity = 1")
	k.arrive("redis-a", "sku_name = \"Basic\"\n capacity = 1\n tags = { a = \"b\" }")
	lifeOf(c, "redis-a").mustNotSend(t, "maxmemory-reserved", "maxmemory-delta", "maxfragmentationmemory-reserved")
	k.arrive("redis-a", "sku_name = \"Standard\"\n capacity = 1")
	k.refused("redis-a", "sku_name = \"Basic\"\n capacity = 1\n redis_configuration = { maxmemory_reserved = 100 }",
		"redis_configuration: redis-a: Basic has no memory reservations")
}

// conflictsAreWaitedFor: while somebody else changes the cache.
func conflictsAreWaitedFor(t *testing.T) {
	c := newCloud(t, armtest.Options{})
	k := newCore(t, c)
	c.Inject(armtest.Fault{Method: http.MethodPut, Path: regexp.MustCompile("(?i)/accessPolicyAssignments/"), Times: 5, Status: 409,
		Code:    "Conflict",
		Message: "The resource is busy processing a previous update request or is undergoing system maintenance."})
	k.arrive("redis-a", assignments(4))
	if n := len(c.IDs("Microsoft.Cache/redis/accessPolicyAssignments")); n != 4 {
		t.Errorf("%d assignments", n)
	}
}

// lostRulesAreWrittenAgain: the service says yes and forgets.
func lostRulesAreWrittenAgain(t *testing.T) {
	c := newCloud(t, armtest.Options{StaleReads: 2})
	k := newCore(t, c)
	c.Inject(armtest.Fault{Method: http.MethodPut, Path: regexp.MustCompile("/firewallRules/r2$"), Times: 2, Status: 201, Body: []byte("{}")})
	k.arrive("redis-a", rules(5))
	if n := len(c.IDs("Microsoft.Cache/redis/firewallRules")); n != 5 {
		t.Errorf("%d rules", n)
	}
}

// regionsWithoutZones: what is asked for by default and not to be had is no
// change of any plan. What is written is.
func regionsWithoutZones(t *testing.T) {
	for _, hidden := range []bool{false, true} {
		c := newCloud(t, armtest.Options{ZonelessRegions: []string{"westeurope"}, HideZonalAllocation: hidden})
		k := newCore(t, c)
		k.arrive("redis-a", "")
		k.arrive("redis-a", "tags = { a = \"b\" }")
		k.arrive("redis-a", premium)
		c.PutCache(armtest.Cache{Name: "redis-old", SKU: "Standard C1", Properties: map[string]any{"zonalAllocationPolicy": "NoZones"}})
		other := newCore(t, c)
		other.adopt(cacheIDOf("redis-old"))
		other.arrive("redis-old", "")
		if !hidden {
			// ARM refuses, or takes it and does nothing: both are said where it was written.
			if diags := k.run(t.Context(), k.config("redis-a", premium+"zonal_allocation_policy = \"Automatic\"")); !strings.Contains(said(diags),
				"accepted but did not apply properties.zonalAllocationPolicy") {
				t.Error(saidInDetail(diags))
			}
		}
	}
	refusing := newCloud(t, armtest.Options{})
	refusing.PutCache(armtest.Cache{Name: "redis-old", Properties: map[string]any{
		"zonalAllocationPolicy": "NoZones", "publicNetworkAccess": "Disabled", "disableAccessKeyAuthentication": true,
		"minimumTlsVersion": "1.2"},
		Configuration: map[string]string{"aad-enabled": "true"}})
	refusing.Inject(armtest.Fault{Method: http.MethodPatch, Status: 400, Code: "BadRequest",
		Message: "zones are not supported in this region"})
	k := newCore(t, refusing)
	k.adopt(cacheIDOf("redis-old"))
	k.arrive("redis-old", "")
	// Where there are zones, what somebody switched off in the portal comes back.
	c := newCloud(t, armtest.Options{})
	k = newCore(t, c)
	k.arrive("redis-a", "")
	c.Change(cacheIDOf("redis-a"), func(b map[string]any) { at(b, "properties")["zonalAllocationPolicy"] = "NoZones" })
	k.arrive("redis-a", "")
	if c.properties("redis-a")["zonalAllocationPolicy"] != "Automatic" {
		t.Error("the cache stays without zones")
	}
}

// tokenExpires: the token that the create began with is refused in the middle of
// it, more than once, and a new one is asked for.
func tokenExpires(t *testing.T) {
	var c *cloud
	var requests atomic.Int64
	c = newCloud(t, armtest.Options{Operations: armtest.Operations{Polls: 20}, Before: func(*http.Request) {
		if requests.Add(1)%7 == 0 { // asking after an operation, reading, writing: whatever comes
			c.ExpireTokens()
		}
	}})
	k := newCore(t, c)
	k.arrive("redis-a", rules(3))
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

// timeoutsKeepTheCache: the deadline is the user's, and what was begun is not
// begun again.
func timeoutsKeepTheCache(t *testing.T) {
	c := newCloud(t, armtest.Options{Operations: armtest.Operations{Polls: 1 << 30}})
	k := newCore(t, c)
	config := k.config("redis-a", "timeouts = { create = \"1s\", update = \"1s\" }\n tags = { a = \"1\" }")
	diags := k.run(t.Context(), config)
	if got := said(diags); failed(diags) || !strings.Contains(got, "redis-a is not finished: apply again") || k.state.IsNull() {
		t.Fatal(got)
	}
	c.Finish()
	// The rest makes operations of its own, which also need somebody to end them.
	diags = c.ending(func() []*tfprotov6.Diagnostic { return k.run(t.Context(), config) })
	if failed(diags) {
		t.Fatal(saidInDetail(diags))
	}
	k.steady(config)
	if n := len(lifeOf(c, "redis-a").creations()); n != 1 {
		t.Errorf("created %d times", n)
	}
	if n := len(c.IDs("Microsoft.Cache/redis/patchSchedules")); n != 1 || c.properties("redis-a")["provisioningState"] != "Succeeded" {
		t.Errorf("it is not finished: %d patch schedules, %v", n, c.properties("redis-a")["provisioningState"])
	}
	// An update that takes too long: an error, and the state says what is.
	config = k.config("redis-a", "timeouts = { create = \"1s\", update = \"1s\" }\n tags = { a = \"2\" }")
	if diags := k.run(t.Context(), config); !strings.Contains(said(diags), "error: redis-a could not be updated") || k.state.IsNull() {
		t.Error(saidInDetail(diags))
	}
	c.Finish()
	if diags := c.ending(func() []*tfprotov6.Diagnostic { return k.run(t.Context(), config) }); failed(diags) {
		t.Error(saidInDetail(diags))
	}
	k.steady(config)
}

// ending ends operations all the while something is done.
func (c *cloud) ending(do func() []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
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

func (l life) creations() (all []string) {
	for _, r := range l.writes {
		if r.Type == "microsoft.cache/redis" && r.Method == http.MethodPut {
			all = append(all, r.Path)
		}
	}
	return all
}

// linkedCaches: what Azure lets one change is changed, the rest is said, before
// and after, with the name of the other cache.
func linkedCaches(t *testing.T) {
	c := newCloud(t, armtest.Options{KeepBodies: true})
	k := newCore(t, c)
	endpoint := "private_endpoint = { subnet_id = \"" + subnet + "\" }\n"
	k.arrive("redis-a", premium+endpoint+`access_keys_authentication_enabled = true`)
	c.PutChild(cacheIDOf("redis-a"), "linkedServers/redis-b", map[string]any{
		"linkedRedisCacheId": cacheIDOf("redis-b"), "linkedRedisCacheLocation": "North Europe", "serverRole": "Secondary"})
	c.ClearRequests()
	// A change that has nothing to do with the link, and none of the endpoint (20909).
	k.arrive("redis-a", premium+endpoint+
		"access_keys_authentication_enabled = true\n tags = { team = \"a\" }\n redis_configuration = { notify_keyspace_events = \"KEA\", "+
		"maxmemory_policy = \"allkeys-lru\" }")
	for _, r := range c.Changes() {
		if r.Type != "microsoft.cache/redis" {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
	// A change of everything: a warning of the plan, then the rest is done.
	config := k.config("redis-a", `sku_name = "Premium"
  capacity = 2
  identity = { type = "SystemAssigned" }
  private_endpoint = { subnet_id = "`+subnet+`2" }
  redis_configuration = { rdb_backup_enabled = true, maxmemory_reserved = 700, maxmemory_policy = "noeviction" }
  storage_connection_strings = { rdb_storage_connection_string = "BlobEndpoint=https://st.blob.core.windows.net/" }
  tags = { team = "b" }
  firewall_rules = { a = { start_ip = "1.1.1.1", end_ip = "1.1.1.1" } }`)
	p := k.plan(config)
	if got := said(p.diags); failed(p.diags) ||
		!strings.Contains(got, "warning: redis-a is linked with redis-b: Azure will refuse part of this") {
		t.Fatal(got)
	}
	diags := k.apply(t.Context(), p)
	text := saidInDetail(diags)
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
	// Neither is it deleted, nor anything around it.
	if diags := k.destroy(t.Context()); !strings.Contains(said(diags), "redis-a cannot be deleted while it is linked for geo-replication") ||
		len(c.IDs("Microsoft.Network/privateEndpoints")) != 1 {
		t.Error(saidInDetail(diags))
	}
	// Unlinked, it goes on.
	c.Remove(cacheIDOf("redis-a") + "/linkedServers/redis-b")
	if diags := k.run(t.Context(), config); failed(diags) {
		t.Fatal(saidInDetail(diags))
	}
	k.steady(config)
}

// refusedInThePlan: not after half an hour, and nothing is sent.
func refusedInThePlan(t *testing.T) {
	c := newCloud(t, armtest.Options{})
	k := newCore(t, c)
	for config, want := range map[string]string{
		premium + `private_static_ip_address = "10.0.0.4"`: "private_static_ip_address: redis-a: a static address needs a subnet",
		`subnet_id = "` + subnet + `"`:                     "subnet_id: redis-a: only Premium can be injected into a subnet",
		"sku_name = \"Premium\"\n capacity = 6":            "capacity: redis-a: this tier has no such size",
		`shard_count = 2`:                                  "shard_count: redis-a: only Premium can be clustered",
	} {
		k.refused("redis-a", config, want)
	}
	k.arrive("redis-a", premium)
	k.refused("redis-a", "sku_name = \"Standard\"\n capacity = 1", "sku_name: redis-a: sku_name cannot be changed in place")
	if n := len(c.Changes()); n != 2 { // the cache and its patch schedule
		t.Errorf("%d changes", n)
	}
}

// noScheduleIsNone: of a cache that was never given one.
func noScheduleIsNone(t *testing.T) {
	c := newCloud(t, armtest.Options{})
	c.PutCache(armtest.Cache{Name: "redis-old"})
	k := newCore(t, c)
	k.adopt(cacheIDOf("redis-old"))
	k.arrive("redis-old", "")
	k.arrive("redis-old", "patch_schedule = []")
	if len(c.IDs("Microsoft.Cache/redis/patchSchedules")) != 0 || c.properties("redis-old")["provisioningState"] != "Succeeded" {
		t.Error("a schedule was made")
	}
	k.refused("redis-old", `patch_schedule = [{ day_of_week = "Monday" }, { day_of_week = "Everyday" }]`,
		"patch_schedule: redis-old: a day stands twice")
}

// databasesAreFixed: another number would be another cache.
func databasesAreFixed(t *testing.T) {
	c := newCloud(t, armtest.Options{})
	k := newCore(t, c)
	k.arrive("redis-a", premium+"redis_configuration = { databases = 32 }")
	k.refused("redis-a", premium+"redis_configuration = { databases = 48 }",
		"redis_configuration: redis-a: redis_configuration cannot be changed in place")
	if p := k.plan(k.config("redis-a", premium+"allow_replacement = true\n redis_configuration = { databases = 48 }")); failed(p.diags) ||
		len(p.replace) != 1 {
		t.Error(said(p.diags), p.replace)
	}
	// Azure does not say: what is written is believed.
	c.Change(cacheIDOf("redis-a"), func(b map[string]any) { delete(at(at(b, "properties"), "redisConfiguration"), "databases") })
	other := newCore(t, c)
	other.adopt(cacheIDOf("redis-a"))
	other.arrive("redis-a", premium+"redis_configuration = { databases = 32 }")
}

// unheardOfStates, while it is created, changed and deleted.
func unheardOfStates(t *testing.T) {
	for _, state := range []string{"UpgradingRedisServerVersion", "UpdatingManagedIdentity", "SomethingOfTomorrow"} {
		c := newCloud(t, armtest.Options{Operations: armtest.Operations{Style: armtest.LocationOnly, Polls: 2, SettleReads: 3,
			States: []string{state}}})
		k := newCore(t, c)
		k.arrive("redis-a", `tags = { a = "1" }`)
		k.arrive("redis-a", `tags = { a = "2" }`)
		if diags := k.destroy(t.Context()); failed(diags) || c.Object(cacheIDOf("redis-a")) != nil {
			t.Error(state, saidInDetail(diags))
		}
	}
}

// gatewayTimeouts: another subnet is refused in the plan, and an update that a
// gateway gives up on is asked after and, where it did not arrive, sent again.
func gatewayTimeouts(t *testing.T) {
	for _, arrived := range []bool{false, true} {
		c := newCloud(t, armtest.Options{})
		k := newCore(t, c)
		injected := premium + "subnet_id = \"" + subnet + "\"\n"
		k.arrive("redis-a", injected)
		k.refused("redis-a", strings.Replace(injected, subnet, subnet+"2", 1), "subnet_id: redis-a: subnet_id cannot be changed in place")
		timeout := armtest.Fault{Method: http.MethodPatch, Status: 504, Code: "GatewayTimeout", Times: 2, After: arrived,
			Message: "The gateway did not receive a response from 'Microsoft.Cache' within the specified time period."}
		if arrived {
			timeout.Times = 1
		}
		c.Inject(timeout)
		k.arrive("redis-a", injected+"redis_configuration = { maxmemory_policy = \"noeviction\" }")
		if is := at(c.properties("redis-a"), "redisConfiguration")["maxmemory-policy"]; is != "noeviction" {
			t.Error(fmt.Sprint(arrived, is))
		}
	}
}
