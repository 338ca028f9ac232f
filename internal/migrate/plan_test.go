package migrate_test

import (
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

var today = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// plain is a Standard C2 of which everything is known and nothing stands in the way.
func plain() *posture.Cache {
	c := &posture.Cache{
		Address: "azurerm_redis_cache.orders", Dialect: posture.DialectAzurerm, Name: posture.Known("orders", "name"), Type: service.Redis.Type,
		ResourceID: posture.Known("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/redis/orders", "id"),
		Location:   posture.Known("westeurope", "location"),
		Tier:       posture.Known("Standard", "sku_name"), Family: posture.Known("C", "family"), Capacity: posture.Known(2, "capacity"),
		ShardCount: posture.Unset[int]("shard_count"), SubnetID: posture.Unset[string]("subnet_id"),
		PublicNetworkAccess: posture.Known(false, "public_network_access_enabled"), NonTLSPort: posture.Known(false, "non_ssl_port_enabled"),
		MinimumTLSVersion: posture.Known("1.2", "minimum_tls_version"), AuthenticationRequired: posture.Unset[bool]("authentication_enabled"),
		EntraAuthentication:     posture.Known(true, "active_directory_authentication_enabled"),
		AccessKeyAuthentication: posture.Known(false, "access_keys_authentication_enabled"),
		RDBBackup:               posture.Unset[bool]("rdb_backup_enabled"), AOFBackup: posture.Unset[bool]("aof_backup_enabled"),
		PersistenceAuthentication:      posture.Unset[string]("data_persistence_authentication_method"),
		MaxmemoryReserved:              posture.Unset[int]("maxmemory_reserved"),
		MaxfragmentationmemoryReserved: posture.Unset[int]("maxfragmentationmemory_reserved"),
		Zones:                          posture.Unset[[]string]("zones"), ZonalAllocationPolicy: posture.Unset[string]("zonal_allocation_policy"),
		RedisVersion: posture.Known("6", "redis_version"), UpdateChannel: posture.Unset[string]("update_channel"),
		MaintenanceWindows: posture.Known(0, "patch_schedule"),
		Migration: posture.Migration{
			Replicas: posture.Unset[int]("replicas_per_primary"), Databases: posture.Known(1, "databases"),
			EvictionPolicy: posture.Unset[string]("maxmemory_policy"), KeyspaceNotifications: posture.Unset[string]("notify_keyspace_events"),
			StaticIP: posture.Known(false, "staticIP"), SystemIdentity: posture.Known(false, "identity"),
			AccessPolicies: posture.Set[posture.AccessPolicy]{Observed: true}, Links: posture.Set[posture.GeoLink]{Observed: true},
			RoleAssignments: posture.Set[posture.RoleAssignment]{Observed: true}, References: posture.Set[posture.Reference]{Observed: true},
		},
		PrivateEndpoints:        posture.Set[posture.PrivateEndpoint]{Observed: true},
		DiagnosticSettings:      posture.Set[posture.DiagnosticSetting]{Observed: true},
		FirewallRules:           posture.Set[posture.FirewallRule]{Observed: true},
		PolicyAssignments:       posture.Set[posture.PolicyAssignment]{Observed: true},
		AccessPolicyAssignments: posture.Set[posture.AccessPolicyAssignment]{Observed: true},
		KeyConsumers:            posture.Set[string]{Observed: true},
	}
	c.Identities = posture.Unset[[]string]("identity_ids")
	return c
}

// planned plans the move of a cache.
func planned(c *posture.Cache) migrate.Move {
	documents := baseline.Published()
	return migrate.For(c, documents.Evaluate(c, baseline.Options{Today: today}), migrate.Options{Documents: documents, Today: today})
}

func TestFor(t *testing.T) {
	m := planned(plain())
	if m.State != migrate.ToMove || m.After == nil || len(m.After.Violations) > 0 || m.After.Compliant == nil || !*m.After.Compliant {
		t.Errorf("%+v", m.After)
	}
}

func BenchmarkFor(b *testing.B) {
	c, documents := plain(), baseline.Published()
	before := documents.Evaluate(c, baseline.Options{Today: today})
	b.ReportAllocs()
	for b.Loop() {
		migrate.For(c, before, migrate.Options{Documents: documents, Today: today})
	}
}

func BenchmarkEvaluateTarget(b *testing.B) {
	c, documents := plain(), baseline.Published()
	m := planned(c)
	target := migrate.TargetPosture(c, &m)
	b.ReportAllocs()
	for b.Loop() {
		documents.Evaluate(target, baseline.Options{Today: today})
	}
}

func BenchmarkSizing(b *testing.B) {
	c := plain()
	b.ReportAllocs()
	for b.Loop() {
		sizing.For(c, nil)
	}
}
