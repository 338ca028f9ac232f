package vocabulary

import (
	"regexp"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// migrations are, for each service, the facts of a cache that only its migration to another
// service depends on. No rule reads one, so that sources ask for them only where they are told to.
var migrations = map[string]Table[posture.Cache]{
	service.Redis.Type:        migrationOfRedis,
	service.ManagedRedis.Type: migrationOfManagedRedis,
}

// all are the tables of caches with the facts of a migration behind the judged ones.
var all = map[string]Table[posture.Cache]{
	service.Redis.Type:        both(azureCacheForRedis, migrationOfRedis),
	service.ManagedRedis.Type: both(azureManagedRedis, migrationOfManagedRedis),
}

// both joins the rows of two tables, with those of the database last.
func both(judged, migration Table[posture.Cache]) Table[posture.Cache] {
	cache, database := judged.Parts()
	moreOfCache, moreOfDatabase := migration.Parts()
	return slices.Concat(cache, moreOfCache, database, moreOfDatabase)
}

// Migration returns the table of what only a migration of a service's caches depends on.
func Migration(s *service.Service) Table[posture.Cache] { return migrations[s.Type] }

// All returns the table of the caches of a service, judged facts and those of a migration.
func All(s *service.Service) Table[posture.Cache] { return all[s.Type] }

var migrationOfRedis = Table[posture.Cache]{
	{
		Field:   func(c *posture.Cache) any { return &c.Replicas },
		Doc:     "Replicas of each primary of a Premium cache.",
		Azurerm: Term{Path: "replicas_per_primary", Alias: "replicas_per_master", Computed: true},
		ARM:     Term{Path: "properties.replicasPerPrimary", Alias: "properties.replicasPerMaster", NoDefault: true},
		Own:     Term{Path: "replicas_per_primary", Computed: true},
	},
	{
		Field:   func(c *posture.Cache) any { return &c.Databases },
		Azurerm: Term{Path: "databases", CannotSet: "azurerm has no argument for it"},
		ARM:     Term{Path: "properties.redisConfiguration.databases", Form: Quoted, NoDefault: true},
		Own:     Term{Path: "redis_configuration.databases"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.EvictionPolicy },
		Doc:   "What is evicted when memory is full: `volatile-lru`.", Values: posture.EvictionPolicies,
		Azurerm: Term{Path: "redis_configuration.maxmemory_policy"},
		ARM:     Term{Path: "properties.redisConfiguration.maxmemory-policy"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.KeyspaceNotifications },
		Doc:   "Events that Redis publishes, as in its configuration: `KEA`.", Format: regexp.MustCompile(`^[KEg$lshzxetdmnA]{1,16}$`),
		Azurerm: Term{Path: "redis_configuration.notify_keyspace_events"},
		ARM:     Term{Path: "properties.redisConfiguration.notify-keyspace-events"},
	},
	{
		Field:   func(c *posture.Cache) any { return &c.SnapshotMinutes },
		Doc:     "Minutes between snapshots.",
		Azurerm: Term{Path: "redis_configuration.rdb_backup_frequency"},
		ARM:     Term{Path: "properties.redisConfiguration.rdb-backup-frequency", Form: Quoted, NoDefault: true},
	},
	{
		Field:   func(c *posture.Cache) any { return &c.StaticIP },
		Doc:     "Address of the cache in its subnet.",
		Azurerm: Term{Path: "private_static_ip_address", Form: NotEmpty, Computed: true},
		ARM:     Term{Path: "properties.staticIP", Form: NotEmpty},
	},
	{
		Field: func(c *posture.Cache) any { return &c.Identities }, Link: true, Common: true,
		Doc:     "Ids of the user-assigned identities.",
		Azurerm: Term{Path: "identity.identity_ids"},
		ARM:     Term{Path: "identity.userAssignedIdentities", Form: Keys},
	},
	{
		Field: func(c *posture.Cache) any { return &c.SystemIdentity }, Common: true,
		Doc:     "`SystemAssigned`, `UserAssigned` or both, joined by a comma.",
		Azurerm: Term{Path: "identity.type", Form: SystemAssigned},
		ARM:     Term{Path: "identity.type", Form: SystemAssigned},
	},
	{
		Field: func(c *posture.Cache) any { return &c.Tags }, Common: true,
		Doc:     "Tags of the cache.",
		Azurerm: Term{Path: "tags"},
		ARM:     Term{Path: "tags"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.MaintenanceDays },
		Doc:   "Maintenance windows.",
		Azurerm: Term{Path: "patch_schedule", Form: DaysAndHours, Column: "day_of_week,start_hour_utc",
			ColumnDoc: "Day of the maintenance window."},
		ARM: Term{Path: "patchSchedules/default", OfOtherResource: "a child of the cache"},
		Own: Term{Path: "patch_schedule", Form: DaysAndHours, Column: "day_of_week,start_hour_utc", Unmanaged: true},
	},
}

var migrationOfManagedRedis = Table[posture.Cache]{
	{
		// The name of an Enterprise SKU that azurerm writes holds it: Enterprise_E10-4.
		Field:      func(c *posture.Cache) any { return &c.Capacity },
		Azurerm:    Term{Path: "capacity", AlwaysDefault: "the SKU of Azure Managed Redis tells its size"},
		Enterprise: Term{Path: "sku_name", Form: Suffix},
		ARM:        Term{Path: "sku.capacity"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.SystemIdentity }, Common: true,
		Doc:        "`SystemAssigned`, `UserAssigned` or both, joined by a comma.",
		Azurerm:    Term{Path: "identity.type", Form: SystemAssigned},
		Enterprise: Term{Path: "identity.type", AlwaysDefault: "azurerm has no argument for it"},
		ARM:        Term{Path: "identity.type", Form: SystemAssigned, Since: "2022-11-01-preview", Lacking: gap2023},
	},
	{
		Field: func(c *posture.Cache) any { return &c.Tags }, Common: true,
		Doc:     "Tags of the cache.",
		Azurerm: Term{Path: "tags"},
		ARM:     Term{Path: "tags"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.EvictionPolicy }, Database: true,
		Doc: "What is evicted when memory is full: `VolatileLRU`.", Values: posture.ManagedEvictionPolicies,
		Azurerm:    Term{Path: "default_database.eviction_policy"},
		Enterprise: Term{Path: "eviction_policy"},
		ARM:        Term{Path: "properties.evictionPolicy"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.ModulesWithArguments }, Database: true,
		Doc:        "Modules of the database.",
		Azurerm:    Term{Path: "default_database.module", Form: Filled, Column: "name,args", ColumnDoc: "Name of the module."},
		Enterprise: Term{Path: "module", Form: Filled, Column: "name,args"},
		ARM:        Term{Path: "properties.modules", Form: Filled, Column: "name,args"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.LinkedDatabases }, Database: true, Link: true,
		Azurerm:    Term{Path: "geo_replication", OfOtherResource: "azurerm_managed_redis_geo_replication has the links"},
		Enterprise: Term{Path: "linked_database_id"},
		ARM: Term{Path: "properties.geoReplication.linkedDatabases", Column: "id",
			Since: "2021-02-01-preview", Lacking: gap2021},
	},
}
