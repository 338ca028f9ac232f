package vocabulary

import (
	"regexp"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// azureCacheForRedis is the table of a cache of Azure Cache for Redis:
// azurerm_redis_cache of azurerm 3.114 to 5, Microsoft.Cache/redis 2024-11-01, and
// redisbaseline_cache.
var azureCacheForRedis = slices.Concat(identity, Table[posture.Cache]{
	{
		Field: func(c *posture.Cache) any { return &c.Tier },
		Doc:   "`Basic`, `Standard` or `Premium`.", Values: posture.Tiers,
		Azurerm: Term{Path: "sku_name"},
		ARM:     Term{Path: "properties.sku.name", NoDefault: true},
	},
	{
		Field: func(c *posture.Cache) any { return &c.Family },
		Doc:   "`C` or `P`.", Values: posture.Families,
		Azurerm: Term{Path: "family"},
		ARM:     Term{Path: "properties.sku.family", NoDefault: true},
	},
	{
		Field:   func(c *posture.Cache) any { return &c.Capacity },
		Doc:     "Size within the family.",
		Azurerm: Term{Path: "capacity"},
		ARM:     Term{Path: "properties.sku.capacity", NoDefault: true},
	},
	{
		// Azure Resource Manager returns it for clustered caches only: it is, says its
		// specification, the number of shards of a Premium cluster cache.
		Field: func(c *posture.Cache) any { return &c.ShardCount }, ZeroUnset: true,
		Doc:     "Number of shards of a clustered Premium cache.",
		Azurerm: Term{Path: "shard_count"},
		ARM:     Term{Path: "properties.shardCount"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.SubnetID }, Common: true,
		Doc:     "Subnet into which a Premium cache is injected.",
		Azurerm: Term{Path: "subnet_id"},
		ARM:     Term{Path: "properties.subnetId"},
	},
	{
		// The check decides what an answer without it means: with a private
		// endpoint the service may have switched it off.
		Field: func(c *posture.Cache) any { return &c.PublicNetworkAccess }, Violating: []any{true},
		Doc:     "Whether the public endpoint is on.",
		Azurerm: Term{Path: "public_network_access_enabled"},
		ARM:     Term{Path: "properties.publicNetworkAccess", Form: EnabledDisabled},
	},
	{
		Field: func(c *posture.Cache) any { return &c.NonTLSPort }, Violating: []any{true},
		Doc:     "Whether port 6379 without TLS is on.",
		Azurerm: Term{Path: "non_ssl_port_enabled", Alias: "enable_non_ssl_port", Decisive: true},
		ARM:     Term{Path: "properties.enableNonSslPort"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.MinimumTLSVersion }, Violating: []any{"1.0", "1.1"},
		Doc: "`1.0`, `1.1` or `1.2`.", Values: posture.TLSVersions,
		Azurerm: Term{Path: "minimum_tls_version"},
		ARM:     Term{Path: "properties.minimumTlsVersion"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.AccessKeyAuthentication }, Violating: []any{true},
		Doc:     "Whether access keys authenticate; absent in azurerm 3.",
		Azurerm: Term{Path: "access_keys_authentication_enabled", OnWithout: true},
		ARM:     Term{Path: "properties.disableAccessKeyAuthentication", Form: Negated},
	},
	{
		Field: func(c *posture.Cache) any { return &c.RedisVersion },
		Doc:   "Version of Redis.", Format: regexp.MustCompile(`^[0-9]{1,2}(\.[0-9]{1,3}){0,2}$`),
		Azurerm: Term{Path: "redis_version"},
		ARM:     Term{Path: "properties.redisVersion", NoDefault: true},
	},
	{
		Field: func(c *posture.Cache) any { return &c.Zones }, Common: true,
		Doc:     "Availability zones.",
		Azurerm: Term{Path: "zones"},
		ARM:     Term{Path: "zones"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.ZonalAllocationPolicy }, Values: posture.ZonalPolicies,
		Azurerm: Term{Path: "zonalAllocationPolicy", CannotSet: "azurerm has no argument for it"},
		ARM:     Term{Path: "properties.zonalAllocationPolicy", NoDefault: true},
		Own:     Term{Path: "zonal_allocation_policy"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.UpdateChannel }, Values: posture.UpdateChannels,
		Azurerm: Term{Path: "updateChannel", CannotSet: "azurerm has no argument for it"},
		ARM:     Term{Path: "properties.updateChannel"},
		Own:     Term{Path: "update_channel"},
	},
	{
		Field:   func(c *posture.Cache) any { return &c.MaintenanceWindows },
		Doc:     "Maintenance windows.",
		Azurerm: Term{Path: "patch_schedule", Form: Count, Column: "day_of_week", ColumnDoc: "Day of the maintenance window."},
		ARM:     Term{Path: "patchSchedules/default", OfOtherResource: "a child of the cache"},
		Own:     Term{Path: "patch_schedule", Form: Count, Column: "day_of_week", Unmanaged: true},
	},
	{
		Field: func(c *posture.Cache) any { return &c.AuthenticationRequired }, Violating: []any{false},
		Doc:     "Whether clients must authenticate.",
		Azurerm: Term{Path: "redis_configuration.authentication_enabled", Alias: "redis_configuration.enable_authentication"},
		ARM:     Term{Path: "properties.redisConfiguration.authnotrequired", Form: NotRequired},
	},
	{
		Field: func(c *posture.Cache) any { return &c.EntraAuthentication }, Violating: []any{false},
		Doc:     "Whether Microsoft Entra authentication is on.",
		Azurerm: Term{Path: "redis_configuration.active_directory_authentication_enabled"},
		ARM:     Term{Path: "properties.redisConfiguration.aad-enabled", Form: Quoted},
	},
	{
		Field:   func(c *posture.Cache) any { return &c.RDBBackup },
		Doc:     "Whether snapshots are persisted.",
		Azurerm: Term{Path: "redis_configuration.rdb_backup_enabled"},
		ARM:     Term{Path: "properties.redisConfiguration.rdb-backup-enabled", Form: Quoted},
	},
	{
		Field:   func(c *posture.Cache) any { return &c.AOFBackup },
		Doc:     "Whether the append-only file is persisted.",
		Azurerm: Term{Path: "redis_configuration.aof_backup_enabled"},
		ARM:     Term{Path: "properties.redisConfiguration.aof-backup-enabled", Form: Quoted},
	},
	{
		Field: func(c *posture.Cache) any { return &c.PersistenceAuthentication },
		Doc:   "`SAS` or `ManagedIdentity`.", Values: posture.PersistenceMethods,
		Azurerm: Term{Path: "redis_configuration.data_persistence_authentication_method"},
		ARM:     Term{Path: "properties.redisConfiguration.preferred-data-persistence-auth-method"},
	},
	{
		Field:   func(c *posture.Cache) any { return &c.MaxmemoryReserved },
		Doc:     "MB kept free for failover.",
		Azurerm: Term{Path: "redis_configuration.maxmemory_reserved"},
		ARM:     Term{Path: "properties.redisConfiguration.maxmemory-reserved", Form: Quoted, NoDefault: true},
	},
	{
		Field:   func(c *posture.Cache) any { return &c.MaxfragmentationmemoryReserved },
		Doc:     "MB kept free for fragmentation.",
		Azurerm: Term{Path: "redis_configuration.maxfragmentationmemory_reserved"},
		ARM:     Term{Path: "properties.redisConfiguration.maxfragmentationmemory-reserved", Form: Quoted, NoDefault: true},
	},
})
