package page

import (
	"context"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

var today = time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC)

const inGroup = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-shop/providers/Microsoft.Cache/"

// classic is a cache of Azure Cache for Redis of which everything is known.
func classic(name, tier string, capacity int, edit ...func(*posture.Cache)) *posture.Cache {
	family := "C"
	if tier == "Premium" {
		family = "P"
	}
	c := &posture.Cache{
		Address: "azurerm_redis_cache." + name, Label: "redis-" + name, Dialect: posture.DialectAzurerm, Type: service.Redis.Type,
		Name: posture.Known("redis-"+name, "name"), ResourceID: posture.Known(inGroup+"redis/redis-"+name, "id"),
		Location: posture.Known("westeurope", "location"), ResourceGroup: posture.Known("rg-shop", "resource_group_name"),
		Tier: posture.Known(tier, "sku_name"), Family: posture.Known(family, "family"), Capacity: posture.Known(capacity, "capacity"),
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
			MigrationAsked: true,
			Replicas:       posture.Unset[int]("replicas_per_primary"), Databases: posture.Known(16, "databases"),
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
	for _, e := range edit {
		e(c)
	}
	return c
}

// cluster is a cluster with its database: of the Enterprise tiers, or of Azure Managed Redis.
func cluster(name, sku string, dialect posture.Dialect, edit ...func(*posture.Cache)) *posture.Cache {
	c := classic(name, "", 0)
	c.Address, c.Dialect, c.Type = "azurerm_redis_enterprise_cluster."+name, dialect, service.ManagedRedis.Type
	if dialect == posture.DialectAzurerm {
		c.Address = "azurerm_managed_redis." + name
	}
	c.ResourceID = posture.Known(inGroup+"redisEnterprise/redis-"+name, "id")
	c.SKU = posture.Known(sku, "sku_name")
	c.Tier, c.Family, c.Capacity = posture.Unset[string]("x"), posture.Unset[string]("x"), posture.Known(2, "capacity")
	c.ManagedRedis = posture.ManagedRedis{
		SKU: c.SKU, HighAvailability: posture.Known(true, "high_availability"), CustomerManagedKey: posture.Known(false, "customer_managed_key"),
		HasDatabase: posture.Known(true, "default_database"), ClientProtocol: posture.Known("Encrypted", "client_protocol"),
		GeoReplicationGroup: posture.Unset[string]("geo_replication_group"), GeoReplicas: posture.Unset[int]("linked_database_id"),
		ClusteringPolicy: posture.Known("EnterpriseCluster", "clustering_policy"), Modules: posture.Known([]string{"RediSearch"}, "module"),
		DeferUpgrade: posture.Unset[string]("defer_upgrade"), Recreated: posture.Unset[[]string]("module"),
	}
	for _, e := range edit {
		e(c)
	}
	return c
}

func clustered(c *posture.Cache) {
	c.ShardCount = posture.Known(3, "shard_count")
	const network = "/subscriptions/s/resourceGroups/rg-shop/providers/Microsoft.Network/virtualNetworks/vnet"
	c.SubnetID = posture.Known(network+"/subnets/redis", "subnet_id")
	c.RDBBackup = posture.Known(true, "rdb_backup_enabled")
	c.FirewallRules.Items = []posture.FirewallRule{{Address: "azurerm_redis_firewall_rule.office"}}
	c.References.Items = []posture.Reference{
		{Consumer: "output.host", Attribute: "hostname", Position: posture.Position{File: "outputs.tf", Line: 12}},
		{Consumer: "azurerm_linux_web_app.shop", Argument: "app_settings", Attribute: "primary_access_key",
			Position: posture.Position{File: "modules/shop/main.tf", Line: 40}},
	}
}

func linked(other string) func(*posture.Cache) {
	return func(c *posture.Cache) {
		c.Links.Items = []posture.GeoLink{{Address: "azurerm_redis_linked_server.pair", OtherAddress: "azurerm_redis_cache." + other,
			Other: posture.Known(inGroup+"redis/redis-"+other, "linked_redis_cache_id"), Primary: posture.Known(other == "backup", "server_role")}}
	}
}

// estate has a cache of each kind; it is planned as the command does.
func estate() *migrate.Report {
	return planned([]*posture.Cache{
		classic("dev", "Basic", 0),
		classic("orders", "Standard", 2, func(c *posture.Cache) {
			c.PrivateEndpoints.Items = []posture.PrivateEndpoint{{Address: "azurerm_private_endpoint.orders",
				Approval: posture.Known(posture.ApprovalApproved, "is_manual_connection")}}
		}),
		classic("sessions", "Premium", 1, clustered),
		classic("main", "Premium", 2, linked("backup")),
		classic("backup", "Premium", 2, linked("main")),
		classic("odd", "Standard", 9),
		cluster("search", "Enterprise_E10", posture.DialectEnterprise),
		cluster("new", "Balanced_B5", posture.DialectAzurerm),
	}, 3)
}

// planned is the report on caches, in waves.
func planned(caches []*posture.Cache, waves int) *migrate.Report {
	documents := baseline.Published()
	options := migrate.Options{Documents: documents, Today: today}
	r := &migrate.Report{
		FormatVersion: migrate.FormatVersion, Tool: report.Tool{Name: "redisbaseline", Version: "1.2.3"}, GeneratedAt: today,
		Source: report.Source{Kind: report.SourcePlan, Inputs: []string{"plan.json"}}, Tables: sizing.Compared, Catalogue: migrate.Texts(),
		Caches: []migrate.Move{},
	}
	job := judge.Job{Documents: documents, Inputs: []judge.Input{{Caches: func(yield func(posture.Planned) bool) {
		for _, c := range caches {
			if !yield(posture.Planned{After: c}) {
				return
			}
		}
	}}}, Now: today, Each: func(c *posture.Cache, judged report.Cache) error {
		r.Caches = append(r.Caches, migrate.For(c, judged, options))
		return nil
	}}
	if _, err := job.Run(context.Background()); err != nil {
		panic(err)
	}
	migrate.Waves(r, waves, nil)
	r.Summary = migrate.Summarize(r.Caches)
	return r
}
