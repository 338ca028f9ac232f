package vocabulary

import (
	"regexp"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// azureManagedRedis is the table of a cache of Azure Managed Redis or of the
// Enterprise tiers, which is a cluster with its database: azurerm_managed_redis of
// azurerm 4.50 to 5, azurerm_redis_enterprise_cluster and _database of azurerm 3 and
// 4, and Microsoft.Cache/redisEnterprise and its databases 2022-01-01 to 2025-07-01.
var azureManagedRedis = slices.Concat(identity, Table[posture.Cache]{
	{
		Field: func(c *posture.Cache) any { return &c.SKU },
		Doc:   "Name of the SKU: `Balanced_B5`.", Format: skuNames,
		Azurerm: Term{Path: "sku_name"},
		ARM:     Term{Path: "sku.name", NoDefault: true},
	},
	{
		Field: func(c *posture.Cache) any { return &c.Zones }, Common: true,
		Azurerm:    Term{Path: "zones", AlwaysDefault: "the service spreads a cluster over zones by itself"},
		Enterprise: Term{Path: "zones"},
		ARM:        Term{Path: "zones"},
	},
	{
		// Versions before 2025-07-01 lack it: then a private endpoint closes the
		// public one, which the check decides.
		Field: func(c *posture.Cache) any { return &c.PublicNetworkAccess }, Violating: []any{true},
		Doc:        "Whether the public endpoint is on: `Enabled` or `Disabled`.",
		Azurerm:    Term{Path: "public_network_access", Form: EnabledDisabled},
		Enterprise: Term{Path: "publicNetworkAccess", AlwaysDefault: "azurerm has no argument for it"},
		ARM: Term{Path: "properties.publicNetworkAccess", Form: EnabledDisabled,
			Since: "2025-07-01", Omitted: []Omitted{{From: "2025-07-01"}}},
	},
	{
		Field: func(c *posture.Cache) any { return &c.MinimumTLSVersion }, Violating: []any{"1.0", "1.1"},
		Values:     posture.TLSVersions,
		Azurerm:    Term{Path: "minimumTlsVersion", AlwaysDefault: "azurerm always sends 1.2"},
		Enterprise: Term{Path: "minimum_tls_version"},
		ARM:        Term{Path: "properties.minimumTlsVersion"},
	},
	{
		Field:      func(c *posture.Cache) any { return &c.HighAvailability },
		Doc:        "Whether data is replicated to a second node.",
		Azurerm:    Term{Path: "high_availability_enabled"},
		Enterprise: Term{Path: "highAvailability", AlwaysDefault: "the Enterprise tiers always have it"},
		ARM:        Term{Path: "properties.highAvailability", Form: EnabledDisabled, Since: "2024-09-01-preview", Lacking: gap2024},
	},
	{
		Field:      func(c *posture.Cache) any { return &c.CustomerManagedKey },
		Doc:        "The key of the customer that encrypts the disks.",
		Azurerm:    Term{Path: "customer_managed_key", Form: Block},
		Enterprise: Term{Path: "customerManagedKeyEncryption", AlwaysDefault: "azurerm has no argument for it"},
		ARM: Term{Path: "properties.encryption.customerManagedKeyEncryption", Form: Block, Column: "keyEncryptionKeyUrl",
			Since: "2022-11-01-preview", Lacking: gap2023},
	},
	{
		Field: func(c *posture.Cache) any { return &c.KeyIdentity }, Link: true,
		Doc:        "Id of the user-assigned identity that reads the key.",
		Azurerm:    Term{Path: "customer_managed_key.user_assigned_identity_id"},
		Enterprise: Term{Path: "keyEncryptionKeyIdentity", AlwaysDefault: "azurerm has no argument for it"},
		ARM: Term{Path: "properties.encryption.customerManagedKeyEncryption.keyEncryptionKeyIdentity.userAssignedIdentityResourceId",
			Since: "2022-11-01-preview", Lacking: gap2023},
	},
	{
		Field: func(c *posture.Cache) any { return &c.Identities }, Link: true, Common: true,
		Doc:        "Ids of the user-assigned identities.",
		Azurerm:    Term{Path: "identity.identity_ids"},
		Enterprise: Term{Path: "identity", AlwaysDefault: "azurerm has no argument for it"},
		ARM:        Term{Path: "identity.userAssignedIdentities", Form: Keys, Since: "2022-11-01-preview", Lacking: gap2023},
	},
	{
		Field:      func(c *posture.Cache) any { return &c.HasDatabase },
		Doc:        "The database, which holds the data.",
		Azurerm:    Term{Path: "default_database", Form: Block},
		Enterprise: Term{Path: "databases/default", OfOtherResource: "the database is a resource of its own"},
		ARM:        Term{Path: "databases/default", OfOtherResource: "the database is a resource of its own"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.ClientProtocol }, Database: true, Violating: []any{"Plaintext"},
		Doc: "`Encrypted` or `Plaintext`.", Values: posture.ClientProtocols,
		Azurerm:    Term{Path: "default_database.client_protocol"},
		Enterprise: Term{Path: "client_protocol"},
		ARM:        Term{Path: "properties.clientProtocol"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.AccessKeyAuthentication }, Database: true, Violating: []any{true},
		Doc:        "Whether access keys authenticate.",
		Azurerm:    Term{Path: "default_database.access_keys_authentication_enabled"},
		Enterprise: Term{Path: "accessKeysAuthentication", CannotSet: "the Enterprise tiers have access keys only"},
		// Source: defaults of the swagger files; hashicorp/terraform issue 37842.
		ARM: Term{Path: "properties.accessKeysAuthentication", Form: EnabledDisabled, NoDefault: true,
			Since: "2024-09-01-preview", Lacking: gap2024, Omitted: []Omitted{{Value: on}, {From: "2025-07-01", Value: off}}},
	},
	{
		Field: func(c *posture.Cache) any { return &c.RDBBackup }, Database: true,
		Doc:        "How often a snapshot is persisted; empty for never.",
		Azurerm:    Term{Path: "default_database.persistence_redis_database_backup_frequency", Form: NotEmpty},
		Enterprise: Term{Path: "persistence.rdbEnabled", AlwaysDefault: "azurerm has no argument for it"},
		ARM:        Term{Path: "properties.persistence.rdbEnabled", Since: "2021-02-01-preview"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.AOFBackup }, Database: true,
		Doc:        "How often the append-only file is persisted; empty for never.",
		Azurerm:    Term{Path: "default_database.persistence_append_only_file_backup_frequency", Form: NotEmpty},
		Enterprise: Term{Path: "persistence.aofEnabled", AlwaysDefault: "azurerm has no argument for it"},
		ARM:        Term{Path: "properties.persistence.aofEnabled", Since: "2021-02-01-preview"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.GeoReplicationGroup }, Database: true, Recreates: true,
		Doc:        "Name of the group of active geo-replication.",
		Azurerm:    Term{Path: "default_database.geo_replication_group_name"},
		Enterprise: Term{Path: "linked_database_group_nickname"},
		ARM:        Term{Path: "properties.geoReplication.groupNickname", Since: "2021-02-01-preview", Lacking: gap2021},
	},
	{
		Field: func(c *posture.Cache) any { return &c.GeoReplicas }, Database: true,
		Azurerm:    Term{Path: "geo_replication", OfOtherResource: "azurerm_managed_redis_geo_replication has the links"},
		Enterprise: Term{Path: "linked_database_id", Form: Count},
		ARM: Term{Path: "properties.geoReplication.linkedDatabases", Form: Count, Column: "id",
			Since: "2021-02-01-preview", Lacking: gap2021},
	},
	{
		Field: func(c *posture.Cache) any { return &c.ClusteringPolicy }, Database: true, Recreates: true,
		Doc: "`OSSCluster`, `EnterpriseCluster` or `NoCluster`.", Values: posture.ClusteringPolicies,
		Azurerm:    Term{Path: "default_database.clustering_policy"},
		Enterprise: Term{Path: "clustering_policy"},
		ARM:        Term{Path: "properties.clusteringPolicy"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.Modules }, Database: true, Recreates: true,
		Doc:        "Modules of the database.",
		Azurerm:    Term{Path: "default_database.module", Column: "name,args", ColumnDoc: "Name of the module."},
		Enterprise: Term{Path: "module", Column: "name,args"},
		ARM:        Term{Path: "properties.modules", Column: "name,args"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.DeferUpgrade }, Database: true, Values: posture.DeferredUpgrades,
		Azurerm:    Term{Path: "deferUpgrade", CannotSet: "azurerm has no argument for it"},
		Enterprise: Term{Path: "deferUpgrade", CannotSet: "azurerm has no argument for it"},
		ARM:        Term{Path: "properties.deferUpgrade", Since: "2024-03-01-preview", Lacking: gap2024},
	},
})

// The api-versions that lack properties which earlier previews have. Source:
// azapi, internal/azure/generated/redisenterprise, types.json of each version.
var (
	gap2021 = []string{"2021-03-01", "2021-08-01"}
	gap2023 = []string{"2023-07-01"}
	gap2024 = []string{"2024-10-01"}
)

// skuNames are names of SKUs; azurerm writes the capacity of an Enterprise tier behind
// the name.
var skuNames = regexp.MustCompile(`(?i)^((Balanced_B|MemoryOptimized_M|ComputeOptimized_X|FlashOptimized_A)\d{1,4}|` +
	`Enterprise(_E|Flash_F)\d{1,4}(-\d{1,2})?)$`)

// on and off are the values of a fact that is not written.
var on, off = ref(true), ref(false)

func ref(b bool) *bool { return &b }
