package tfplan_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posturetest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

const (
	endpointSubnet    = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
	keyReaderID       = "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u"
	enterpriseAddress = "azurerm_redis_enterprise_cluster.a"
	principalID       = "00000000-0000-0000-0000-000000000001"
)

// migratedClassic is a cache of azurerm with everything on which its migration depends; more is
// what a generation of azurerm has besides.
func migratedClassic(more m) m {
	return with(m{"name": "a", "resource_group_name": "rg", "location": "westeurope", "sku_name": "Premium", "family": "P", "capacity": 1,
		"replicas_per_primary": 2, "replicas_per_master": 2, "private_static_ip_address": "10.0.0.4", "tags": m{"env": "prod"},
		"identity":       []any{m{"type": "SystemAssigned, UserAssigned", "identity_ids": []any{keyReaderID}}},
		"patch_schedule": []any{m{"day_of_week": "Sunday", "start_hour_utc": 2}, m{"day_of_week": "Everyday", "start_hour_utc": nil}},
		"redis_configuration": []any{m{"maxmemory_policy": "allkeys-lru", "notify_keyspace_events": "KEA", "rdb_backup_frequency": 60,
			"rdb_storage_connection_string": "CANARY"}}}, more)
}

// aroundByAzurerm adds what stands around a cache by azurerm.
func aroundByAzurerm(s *synth) *synth {
	return s.change("azurerm_private_endpoint.e", "create", nil, m{"name": "e", "subnet_id": endpointSubnet,
		"private_service_connection": []any{m{"private_connection_resource_id": cacheA, "subresource_names": []any{"redisCache"},
			"is_manual_connection": false}}}, m{"id": true}).
		change("azurerm_redis_cache_access_policy.p", "create", nil, m{"name": "orders", "redis_cache_id": cacheA, "permissions": "+get ~o:*"},
			m{"id": true}).
		change("azurerm_redis_cache_access_policy_assignment.g", "create", nil, m{"name": "g", "redis_cache_id": cacheA,
			"access_policy_name": "orders", "object_id": principalID}, m{"id": true})
}

// aroundByAzapi is the same by azapi.
func aroundByAzapi(s *synth, text bool) *synth {
	of := func(typ, name string, properties m) m {
		return m{"type": typ, "name": name, "parent_id": cacheA, "body": bodyOf(text, m{"properties": properties})}
	}
	return s.change("azapi_resource.e", "create", nil, with(of("Microsoft.Network/privateEndpoints@2024-05-01", "e", m{
		"subnet": m{"id": endpointSubnet}, "privateLinkServiceConnections": []any{m{"properties": m{"privateLinkServiceId": cacheA,
			"groupIds": []any{"redisCache"}}}}}), m{"parent_id": "/subscriptions/" + subscription + "/resourceGroups/rg"}), m{"id": true}).
		change("azapi_resource.p", "create", nil, of("Microsoft.Cache/redis/accessPolicies@2024-11-01", "orders", m{"permissions": "+get ~o:*"}),
			m{"id": true}).
		change("azapi_resource.g", "create", nil, of("Microsoft.Cache/redis/accessPolicyAssignments@2024-11-01", "g",
			m{"accessPolicyName": "orders", "objectId": principalID}), m{"id": true}).
		change("azapi_resource.w", "create", nil, of("Microsoft.Cache/redis/patchSchedules@2024-11-01", "default", m{"scheduleEntries": []any{
			m{"dayOfWeek": "Sunday", "startHourUtc": 2}, m{"dayOfWeek": "Everyday", "startHourUtc": 0}}}), m{"id": true})
}

// bodyOf is a body as azapi 2 has it, or as text, as azapi 1 has it.
func bodyOf(text bool, body m) any {
	if !text {
		return body
	}
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// classicBody is what azapi sends of the same cache.
func classicBody() m {
	return m{"tags": m{"env": "prod"}, "identity": m{"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": m{keyReaderID: m{}}},
		"properties": m{"sku": m{"name": "Premium", "family": "P", "capacity": 1}, "replicasPerPrimary": 2, "staticIP": "10.0.0.4",
			"redisConfiguration": m{"maxmemory-policy": "allkeys-lru", "notify-keyspace-events": "KEA", "databases": "32",
				"rdb-backup-frequency": "60", "rdb-storage-connection-string": "CANARY"}}}
}

func classicByAzapi(text bool) m {
	return m{"type": "Microsoft.Cache/redis@2024-11-01", "id": cacheA, "name": "a", "location": "westeurope",
		"parent_id": "/subscriptions/" + subscription + "/resourceGroups/rg", "body": bodyOf(text, classicBody())}
}

// migrationFactsIn are the plans of the test below by their dialect, with the address of the
// cache and the facts that the dialect shows.
func migrationFactsIn() map[string]migrationPlan {
	classic := map[string]string{"Replicas": "2", "EvictionPolicy": "allkeys-lru", "KeyspaceNotifications": "KEA", "SnapshotMinutes": "60",
		"StaticIP":       "true",
		"SystemIdentity": "true", "Identities": "[" + keyReaderID + "]", "Tags": "map[env:prod]",
		"MaintenanceDays":     "[Sunday 02:00 Everyday 00:00]",
		"AccessPolicies.Name": "orders", "AccessPolicies.Permissions": "+get ~o:*", "PrivateEndpoints.SubnetID": endpointSubnet,
		"AccessPolicyAssignments.ObjectID": principalID}
	withDatabases := map[string]string{"Databases": "32"}
	for name, want := range classic {
		withDatabases[name] = want
	}
	managed := map[string]string{"SystemIdentity": "true", "Tags": "map[env:prod]", "EvictionPolicy": "NoEviction",
		"ModulesWithArguments": "[RedisBloom]"}
	enterprise := map[string]string{"Capacity": "4", "Tags": "map[env:prod]", "EvictionPolicy": "NoEviction",
		"ModulesWithArguments": "[RedisBloom]",
		"LinkedDatabases":      "[x y]"}
	byAzapi := map[string]string{"Capacity": "4", "SystemIdentity": "true", "Tags": "map[env:prod]", "EvictionPolicy": "NoEviction",
		"ModulesWithArguments": "[RedisBloom]", "LinkedDatabases": "[x y]"}
	modules := []any{m{"name": "RediSearch", "args": ""}, m{"name": "RedisBloom", "args": "CANARY"}}
	id := m{"id": cacheA}
	own := migratedClassic(m{"id": cacheA, "identity": m{"type": "SystemAssigned, UserAssigned", "identity_ids": []any{keyReaderID}},
		"redis_configuration": m{"maxmemory_policy": "allkeys-lru", "notify_keyspace_events": "KEA", "rdb_backup_frequency": 60,
			"databases": 32},
		"private_endpoint":          m{"subnet_id": endpointSubnet, "is_manual_connection": false},
		"access_policies":           m{"orders": "+get ~o:*"},
		"access_policy_assignments": m{"g": m{"access_policy_name": "orders", "object_id": principalID}}})
	cluster := with(clusterOf("2025-07-01", m{}), m{"tags": m{"env": "prod"}, "identity": []any{m{"type": "SystemAssigned"}},
		"body": m{"sku": m{"name": "Enterprise_E10", "capacity": 4}, "properties": m{}}})
	apartByAzapi := newSynth().change(clusterAt, "create", nil, cluster, m{"id": true}).
		change(databaseAt, "create", nil, databaseOf("2025-07-01", m{"evictionPolicy": "NoEviction", "modules": modules,
			"geoReplication": m{"linkedDatabases": []any{m{"id": "x"}, m{"id": "y"}}}}), m{"id": true, "parent_id": true})
	apartByAzapi.root.resource(clusterAt, m{})
	apartByAzapi.root.resource(databaseAt, m{"parent_id": refs(clusterAt + ".id")})
	return map[string]migrationPlan{
		"azurerm 3": {aroundByAzurerm(newSynth().change(a, "update", migratedClassic(id), migratedClassic(with(id,
			m{"enable_non_ssl_port": false})), m{})), a, classic},
		"azurerm 4 and 5": {aroundByAzurerm(newSynth().change(a, "update", migratedClassic(id), migratedClassic(with(id,
			m{"non_ssl_port_enabled": false})), m{})), a, classic},
		"azapi 1": {aroundByAzapi(newSynth().change(azapiA, "update", classicByAzapi(true), classicByAzapi(true), m{}), true), azapiA,
			withDatabases},
		"azapi 2": {aroundByAzapi(newSynth().change(azapiA, "update", classicByAzapi(false), classicByAzapi(false), m{}), false), azapiA,
			withDatabases},
		"redisbaseline": {newSynth().change("redisbaseline_cache.a", "update", own, own, m{}), "redisbaseline_cache.a", withDatabases},
		"azurerm, Azure Managed Redis": {newSynth().change(managedCache, "create", nil, with(newManaged("a",
			defaultDatabase(m{"eviction_policy": "NoEviction", "module": modules})), m{"tags": m{"env": "prod"},
			"identity": []any{m{"type": "SystemAssigned"}}}), m{"id": true}), managedCache, managed},
		"azurerm 3 and 4, Enterprise": {newSynth().change(enterpriseAddress, "update", enterpriseCluster(), enterpriseCluster(), m{}).
			change("azurerm_redis_enterprise_database.d", "create", nil, m{"name": "default", "cluster_id": managedA,
				"eviction_policy": "NoEviction",
				"module":          modules, "linked_database_id": []any{"x", "y"}}, m{"id": true}), enterpriseAddress, enterprise},
		"azapi, Enterprise": {apartByAzapi, clusterAt, byAzapi},
	}
}

func enterpriseCluster() m {
	return m{"id": managedA, "name": "a", "resource_group_name": "rg", "sku_name": "Enterprise_E10-4", "location": "westeurope",
		"minimum_tls_version": "1.2", "zones": nil, "tags": m{"env": "prod"}}
}

type migrationPlan struct {
	plan    *synth
	address string
	want    map[string]string
}

// Every dialect fills the facts on which only a migration depends, with equal values, and no
// secret; a gate, which does not ask for them, has none.
func TestMigrationFacts(t *testing.T) {
	filled := map[string]bool{}
	for name, tt := range migrationFactsIn() {
		t.Run(name, func(t *testing.T) {
			c := cacheAt(t, tt.plan.readWith(t, forMigration), tt.address).After
			facts := posturetest.Facts(c)
			for fact, want := range tt.want {
				filled[fact] = true
				if f := facts[fact]; fmt.Sprint(f.Value) != want {
					t.Errorf("%s is %+v, want %s", fact, f, want)
				}
			}
			judged := posturetest.Names(c)
			if text := fmt.Sprintf("%+v", c.Migration); strings.Contains(text, "CANARY") {
				t.Errorf("a secret in %s", text)
			}
			gate := posturetest.Facts(cacheAt(t, tt.plan.readWith(t, tfplan.Options{}), tt.address).After)
			for fact, f := range gate {
				if !slices.Contains(judged, fact) && f.Filled() {
					t.Errorf("%s is read for a gate: %+v", fact, f)
				}
			}
		})
	}
	for name := range posturetest.Facts(&posture.Cache{}) {
		other, _, _ := strings.Cut(name, ".")
		if !filled[name] && !slices.Contains(posturetest.Names(&posture.Cache{}), name) && !slices.Contains([]string{"AccessPolicies",
			"Links", "RoleAssignments", "References"}, other) && name != "Databases" {
			t.Errorf("no dialect shows %s", name)
		}
	}
}

// What an argument of azurerm is that the configuration does not write, and that only apply
// shows, is the default of the service; one that it writes is not known.
func TestComputedArgumentsAreDefaults(t *testing.T) {
	cache := migratedClassic(m{"replicas_per_primary": nil, "replicas_per_master": nil, "private_static_ip_address": nil})
	unknown := m{"id": true, "replicas_per_primary": true, "replicas_per_master": true, "private_static_ip_address": true}
	for argument, want := range map[string]posture.State{"name": posture.StateUnset, "replicas_per_master": posture.StateUnknown,
		"replicas_per_primary": posture.StateUnknown} {
		s := newSynth().change(a, "create", nil, cache, unknown)
		s.root.resource(a, m{argument: refs("var.x")})
		c := cacheAt(t, s.readWith(t, forMigration), a).After
		if c.Replicas.State != want || !c.StaticIP.IsUnset() {
			t.Errorf("%s is written: replicas %+v, address %+v", argument, c.Replicas, c.StaticIP)
		}
	}
	// azurerm keeps the other name as it was where one is changed.
	s := newSynth().change(a, "update", migratedClassic(m{"id": cacheA}), migratedClassic(m{"id": cacheA, "replicas_per_master": 3}), m{})
	s.root.resource(a, m{"replicas_per_master": refs("var.x")})
	if c := cacheAt(t, s.readWith(t, forMigration), a).After; c.Replicas.V != 3 {
		t.Errorf("replicas %+v", c.Replicas)
	}
}

// A subnet that the plan makes has no id yet: the address of its resource stands for it.
func TestSubnetOfNewEndpoint(t *testing.T) {
	s := newSynth().change(a, "no-op", migratedClassic(m{"id": cacheA}), migratedClassic(m{"id": cacheA}), m{}).
		change("azurerm_subnet.s", "create", nil, m{"name": "s", "virtual_network_name": "v", "resource_group_name": "rg"}, m{"id": true}).
		change("azurerm_private_endpoint.e", "create", nil, m{"name": "e", "private_service_connection": []any{m{
			"private_connection_resource_id": cacheA, "subresource_names": []any{"redisCache"}, "is_manual_connection": false}}},
			m{"id": true, "subnet_id": true})
	s.root.resource("azurerm_subnet.s", m{})
	s.root.resource("azurerm_private_endpoint.e", m{"subnet_id": refs("azurerm_subnet.s.id")})
	endpoints := cacheAt(t, s.readWith(t, forMigration), a).After.PrivateEndpoints.Items
	if len(endpoints) != 1 || endpoints[0].SubnetID.V != "azurerm_subnet.s.id" {
		t.Errorf("got %+v", endpoints)
	}
}
