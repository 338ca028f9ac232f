package tfplan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posturetest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// forMigration asks for every fact.
var forMigration = tfplan.Options{Migration: true}

// property is how a fact of the cache stands in a body of ARM and in azurerm, with
// two values: was, which violates nothing, and is.
type property struct {
	arm     string // path in the body
	armWas  any
	armIs   any
	azurerm string // path in azurerm; empty where it has no such argument
	was, is any    // in azurerm's words, which are the posture's
}

// properties are all facts that a body of azapi can set.
var properties = map[string]property{
	"Tier":       {arm: "properties.sku.name", armWas: "Premium", armIs: "Standard", azurerm: "sku_name", was: "Premium", is: "Standard"},
	"Family":     {arm: "properties.sku.family", armWas: "P", armIs: "C", azurerm: "family", was: "P", is: "C"},
	"Capacity":   {arm: "properties.sku.capacity", armWas: 2, armIs: 1, azurerm: "capacity", was: 2, is: 1},
	"ShardCount": {arm: "properties.shardCount", armWas: 2, armIs: 3, azurerm: "shard_count", was: 2, is: 3},
	"SubnetID":   {arm: "properties.subnetId", armWas: "/s/1", armIs: "/s/2", azurerm: "subnet_id", was: "/s/1", is: "/s/2"},
	"PublicNetworkAccess": {
		arm: "properties.publicNetworkAccess", armWas: "Disabled", armIs: "Enabled",
		azurerm: "public_network_access_enabled", was: false, is: true,
	},
	"NonTLSPort": {
		arm: "properties.enableNonSslPort", armWas: false, armIs: true,
		azurerm: "non_ssl_port_enabled", was: false, is: true,
	},
	"MinimumTLSVersion": {
		arm: "properties.minimumTlsVersion", armWas: "1.2", armIs: "1.0",
		azurerm: "minimum_tls_version", was: "1.2", is: "1.0",
	},
	"AccessKeyAuthentication": {
		arm: "properties.disableAccessKeyAuthentication", armWas: true, armIs: false,
		azurerm: "access_keys_authentication_enabled", was: false, is: true,
	},
	"Replicas": {
		arm: "properties.replicasPerPrimary", armWas: 1, armIs: 2, azurerm: "replicas_per_primary", was: 1, is: 2,
	},
	"Databases": {arm: "properties.redisConfiguration.databases", armWas: "16", armIs: "32", was: 16, is: 32},
	"EvictionPolicy": {
		arm: "properties.redisConfiguration.maxmemory-policy", armWas: "allkeys-lru", armIs: "noeviction",
		azurerm: "redis_configuration.maxmemory_policy", was: "allkeys-lru", is: "noeviction",
	},
	"KeyspaceNotifications": {
		arm: "properties.redisConfiguration.notify-keyspace-events", armWas: "KEA", armIs: "Kx",
		azurerm: "redis_configuration.notify_keyspace_events", was: "KEA", is: "Kx",
	},
	"SnapshotMinutes": {
		arm: "properties.redisConfiguration.rdb-backup-frequency", armWas: "60", armIs: "360",
		azurerm: "redis_configuration.rdb_backup_frequency", was: 60, is: 360,
	},
	"Tags": {
		arm: "tags", armWas: m{"env": "dev"}, armIs: m{"env": "prod"}, azurerm: "tags", was: m{"env": "dev"}, is: m{"env": "prod"},
	},
	"RedisVersion": {arm: "properties.redisVersion", armWas: "6", armIs: "4", azurerm: "redis_version", was: "6", is: "4"},
	"Zones": {
		arm: "zones", armWas: []any{"1", "2"}, armIs: []any{"1"}, azurerm: "zones", was: []any{"1", "2"}, is: []any{"1"},
	},
	"ZonalAllocationPolicy": {arm: "properties.zonalAllocationPolicy", armWas: "Automatic", armIs: "NoZones", was: "Automatic", is: "NoZones"},
	"UpdateChannel":         {arm: "properties.updateChannel", armWas: "Stable", armIs: "Preview", was: "Stable", is: "Preview"},
	"AuthenticationRequired": {
		arm: "properties.redisConfiguration.authnotrequired", armWas: "false", armIs: "true",
		azurerm: "redis_configuration.authentication_enabled", was: true, is: false,
	},
	"EntraAuthentication": {
		arm: "properties.redisConfiguration.aad-enabled", armWas: "true", armIs: "false",
		azurerm: "redis_configuration.active_directory_authentication_enabled", was: true, is: false,
	},
	"RDBBackup": {
		arm: "properties.redisConfiguration.rdb-backup-enabled", armWas: "true", armIs: "false",
		azurerm: "redis_configuration.rdb_backup_enabled", was: true, is: false,
	},
	"AOFBackup": {
		arm: "properties.redisConfiguration.aof-backup-enabled", armWas: "true", armIs: "false",
		azurerm: "redis_configuration.aof_backup_enabled", was: true, is: false,
	},
	"PersistenceAuthentication": {
		arm: "properties.redisConfiguration.preferred-data-persistence-auth-method", armWas: "ManagedIdentity", armIs: "SAS",
		azurerm: "redis_configuration.data_persistence_authentication_method", was: "ManagedIdentity", is: "SAS",
	},
	"MaxmemoryReserved": {
		arm: "properties.redisConfiguration.maxmemory-reserved", armWas: "900", armIs: "10",
		azurerm: "redis_configuration.maxmemory_reserved", was: 900, is: 10,
	},
	"MaxfragmentationmemoryReserved": {
		arm: "properties.redisConfiguration.maxfragmentationmemory-reserved", armWas: "900", armIs: "10",
		azurerm: "redis_configuration.maxfragmentationmemory_reserved", was: 900, is: 10,
	},
}

// noProperty says why another fact of the cache itself is none of these.
var noProperty = map[string]string{
	"Address": "identity", "Label": "identity", "Name": "identity", "ResourceID": "identity", "ResourceGroup": "identity", "Type": "identity",
	"Change":             "what the plan does",
	"Dialect":            "what declares the cache",
	"Location":           "identity: no body changes it",
	"MaintenanceWindows": "a child resource, patchSchedules/default",
	"MaintenanceDays":    "the same",
	"StaticIP":           "see TestMigrationFacts", "SystemIdentity": "the same", "Identities": "the same",
	"ModulesWithArguments": "a fact of Azure Managed Redis", "LinkedDatabases": "the same",
}

// Every fact of the cache is a property that the tests below try, or says why not.
// Companions are linked as wholes: what changes one of them is no overlay.
func TestEveryFactIsAProperty(t *testing.T) {
	for name := range posturetest.Facts(&posture.Cache{}) {
		_, is := properties[name]
		_, isNot := noProperty[name]
		if companion := strings.Contains(name, ".") || slices.Contains(companionSets, name); !companion && is == isNot {
			t.Errorf("%s: say how a body sets it, or why none does", name)
		}
	}
}

var companionSets = []string{
	"AccessPolicyAssignments", "DiagnosticSettings", "FirewallRules",
	"KeyConsumers", "PolicyAssignments", "PrivateEndpoints", "AccessPolicies", "Links", "RoleAssignments", "References",
}

// setAt puts a value at a path of an object; redis_configuration is a block.
func setAt(object m, path string, value any) {
	name, rest, nested := strings.Cut(path, ".")
	switch {
	case !nested:
		object[name] = value
	case name == "redis_configuration":
		if object[name] == nil {
			object[name] = []any{m{}}
		}
		setAt(object[name].([]any)[0].(m), rest, value)
	default:
		if object[name] == nil {
			object[name] = m{}
		}
		setAt(object[name].(m), rest, value)
	}
}

// bodyWith is a body in which every property has one of its values, but those that
// are named, which have the other.
func bodyWith(others ...string) m {
	body := m{}
	for name, p := range properties {
		value := p.armWas
		if slices.Contains(others, name) {
			value = p.armIs
		}
		setAt(body, p.arm, value)
	}
	return body
}

func azurermWith(others ...string) m {
	cache := m{"id": cacheA, "name": "a", "resource_group_name": "rg", "location": "westeurope"}
	for name, p := range properties {
		value := p.was
		if slices.Contains(others, name) {
			value = p.is
		}
		if p.azurerm != "" {
			setAt(cache, p.azurerm, value)
		}
	}
	return cache
}

func azapiWith(others ...string) m {
	return m{"type": "Microsoft.Cache/redis@2024-11-01", "id": cacheA, "name": "a", "location": "westeurope",
		"parent_id": "/subscriptions/" + subscription + "/resourceGroups/rg", "body": bodyWith(others...)}
}

// dialect is azurerm or azapi as a way of writing a cache.
type dialect struct {
	address string
	cache   func(others ...string) m
	path    func(property) string
}

var cacheDialects = []dialect{
	{a, azurermWith, func(p property) string { return p.azurerm }},
	{azapiA, azapiWith, func(p property) string { return "body." + p.arm }},
}

// eachProperty runs a test for each property and dialect that has it.
func eachProperty(t *testing.T, test func(t *testing.T, name string, p property, d dialect)) {
	t.Helper()
	for name, p := range properties {
		for _, d := range cacheDialects {
			if d.address == azapiA || p.azurerm != "" {
				t.Run(d.address+"/"+name, func(t *testing.T) { test(t, name, p, d) })
			}
		}
	}
}

// assertFact fails unless a fact is known to be a value.
func assertFact(t *testing.T, c *posture.Cache, name string, want any) {
	t.Helper()
	if f := posturetest.Facts(c)[name]; f.State != posture.StateKnown || fmt.Sprint(f.Value) != fmt.Sprint(want) {
		t.Errorf("%s is %+v, want %v", name, f, want)
	}
}

// A plan says a property before and after a change.
func TestPropertiesAreCompared(t *testing.T) {
	eachProperty(t, func(t *testing.T, name string, p property, d dialect) {
		s := newSynth().change(d.address, "update", d.cache(), d.cache(name), m{})
		c := cacheAt(t, s.readWith(t, forMigration), d.address)
		assertFact(t, c.Before, name, p.was)
		assertFact(t, c.After, name, p.is)
	})
}

// What only apply tells of a property is unknown.
func TestPropertiesAreKnownAfterApply(t *testing.T) {
	eachProperty(t, func(t *testing.T, name string, p property, d dialect) {
		after, unknown := d.cache(), m{}
		setAt(after, d.path(p), nil)
		setAt(unknown, d.path(p), true)
		c := cacheAt(t, newSynth().change(d.address, "update", d.cache(), after, unknown).readWith(t, forMigration), d.address)
		if f := posturetest.Facts(c.After)[name]; f.State != posture.StateUnknown || f.Reason != posture.ReasonKnownAfterApply {
			t.Errorf("got %+v", f)
		}
	})
}

// An azapi_update_resource after the cache lays its value over that of the cache.
func TestPropertiesAreOverlaid(t *testing.T) {
	for name, p := range properties {
		for _, d := range cacheDialects {
			t.Run(d.address+"/"+name, func(t *testing.T) {
				c := cacheAt(t, updatedBy(d, p, cacheA).readWith(t, forMigration), d.address)
				assertFact(t, c.After, name, p.is)
			})
		}
	}
}

// updatedBy plans a cache, and after it an update of one property.
func updatedBy(d dialect, p property, id any) *synth {
	const update = "azapi_update_resource.u"
	body := m{}
	setAt(body, p.arm, p.armIs)
	s := newSynth().change(d.address, "update", d.cache(), d.cache(), m{}).
		change(update, "create", nil, m{"type": "Microsoft.Cache/redis@2024-11-01", "resource_id": id, "body": body}, m{"resource_id": id == nil})
	s.root.resource(d.address, m{})
	s.root.resource(update, m{"resource_id": refs("local.id")}, after(d.address))
	return s
}

// An azapi_update_resource that may be for the cache makes a property unknown.
func TestPropertiesAreDoubted(t *testing.T) {
	for name, p := range properties {
		for _, d := range cacheDialects {
			t.Run(d.address+"/"+name, func(t *testing.T) {
				c := cacheAt(t, updatedBy(d, p, nil).readWith(t, forMigration), d.address)
				if f := posturetest.Facts(c.After)[name]; f.Filled() {
					t.Errorf("got %+v", f)
				}
			})
		}
	}
}

// A sensitive_body may set every property, so that none is known.
func TestPropertiesAreHiddenBehindSensitiveBody(t *testing.T) {
	for _, actions := range []string{"create", "update"} {
		s := newSynth().changeBy(azapiA, actions, azapiWith(), azapiWith(), m{})
		s.root.resource(azapiA, m{"sensitive_body": refs("var.x")})
		facts := posturetest.Facts(cacheAt(t, s.readWith(t, forMigration), azapiA).After)
		for name := range properties {
			if f := facts[name]; f.State != posture.StateUnknown || f.Reason != posture.ReasonWriteOnly {
				t.Errorf("%s: %s is %+v", actions, name, f)
			}
		}
	}
}

// countsAgainst are the facts of which a value that counts against the cache is
// known behind a sensitive_body too.
var countsAgainst = []string{"PublicNetworkAccess", "NonTLSPort", "MinimumTLSVersion", "AccessKeyAuthentication",
	"AuthenticationRequired", "EntraAuthentication"}

// What already counts against the cache stays known behind a sensitive_body, and
// nothing else does.
func TestViolationsShowBeforeSensitiveBody(t *testing.T) {
	for name, p := range properties {
		s := newSynth().change(azapiA, "update", azapiWith(name), azapiWith(name), m{})
		s.root.resource(azapiA, m{"sensitive_body": refs("var.x")})
		c := cacheAt(t, s.readWith(t, forMigration), azapiA).After
		if slices.Contains(countsAgainst, name) {
			assertFact(t, c, name, p.is)
		} else if f := posturetest.Facts(c)[name]; f.Reason != posture.ReasonWriteOnly {
			t.Errorf("%s is %+v", name, f)
		}
	}
}

// What a body of a cache that exists leaves out may have been set elsewhere.
func TestPropertiesLeftOutAreNotObserved(t *testing.T) {
	empty := with(azapiWith(), m{"body": m{"properties": m{}}})
	facts := posturetest.Facts(cacheAt(t, newSynth().change(azapiA, "update", empty, empty, m{}).readWith(t, forMigration), azapiA).After)
	for name := range properties {
		if f := facts[name]; f.State != posture.StateUnknown || f.Reason != posture.ReasonNotObserved {
			t.Errorf("%s is %+v", name, f)
		}
	}
}

// What somebody changed outside Terraform is named.
func TestPropertiesDrift(t *testing.T) {
	eachProperty(t, func(t *testing.T, name string, p property, d dialect) {
		s := newSynth().change(d.address, "update", d.cache(name), d.cache(), m{})
		typ, _, _ := strings.Cut(d.address, ".")
		s.plan["resource_drift"] = []any{m{"address": d.address, "mode": "managed", "type": typ, "name": "a",
			"change": m{"actions": []any{"update"}, "before": d.cache(), "after": d.cache(name), "after_unknown": m{}}}}
		want := []string{"changed outside Terraform since the last run: " + d.path(p)}
		if c := cacheAt(t, s.readWith(t, forMigration), d.address); !slices.Equal(c.Notes, want) {
			t.Errorf("notes %q, want %q", c.Notes, want)
		}
	})
}
