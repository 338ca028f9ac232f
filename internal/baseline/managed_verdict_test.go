package baseline_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// plainManaged is an azurerm_managed_redis that a complete plan creates in the public
// cloud, with nothing set and nothing around it.
func plainManaged() *posture.Cache {
	c := &posture.Cache{
		Address: "azurerm_managed_redis.orders", Dialect: posture.DialectAzurerm, Type: service.ManagedRedis.Type,
		Name: posture.Known("redis-orders", "name"), Location: posture.Known("westeurope", "location"), Change: posture.ChangeCreate,

		ResourceID:              posture.Unknown[string](posture.ReasonKnownAfterApply, "id"),
		PublicNetworkAccess:     posture.Unset[bool]("public_network_access"),
		MinimumTLSVersion:       posture.Unset[string]("minimumTlsVersion"),
		AccessKeyAuthentication: posture.Unset[bool]("default_database[0].access_keys_authentication_enabled"),
		RDBBackup:               posture.Unset[bool]("default_database[0].persistence_redis_database_backup_frequency"),
		AOFBackup:               posture.Unset[bool]("default_database[0].persistence_append_only_file_backup_frequency"),
		Zones:                   posture.Unset[[]string]("zones"),
		ManagedRedis: posture.ManagedRedis{
			SKU:                 posture.Known("Balanced_B5", "sku_name"),
			HighAvailability:    posture.Unset[bool]("high_availability_enabled"),
			CustomerManagedKey:  posture.Unset[bool]("customer_managed_key"),
			KeyIdentity:         posture.Unset[string]("customer_managed_key[0].user_assigned_identity_id"),
			Identities:          posture.Unset[[]string]("identity[0].identity_ids"),
			HasDatabase:         posture.Known(true, "default_database"),
			ClientProtocol:      posture.Unset[string]("default_database[0].client_protocol"),
			GeoReplicationGroup: posture.Unset[string]("default_database[0].geo_replication_group_name"),
			GeoReplicas:         posture.Unset[int]("geo_replication"),
			ClusteringPolicy:    posture.Unset[string]("default_database[0].clustering_policy"),
			Modules:             posture.Unset[[]string]("default_database[0].module"),
			DeferUpgrade:        posture.Unset[string]("deferUpgrade"),
			Recreated:           posture.Unset[[]string]("default_database"),
		},
		PrivateEndpoints:        posture.Set[posture.PrivateEndpoint]{Observed: true},
		DiagnosticSettings:      posture.Set[posture.DiagnosticSetting]{Observed: true},
		AccessPolicyAssignments: posture.Set[posture.AccessPolicyAssignment]{Observed: true},
		KeyConsumers:            posture.Set[string]{Observed: true},
	}
	return c
}

// Edits of the posture of a cluster.
func sku(name string) func(*posture.Cache) {
	return func(c *posture.Cache) { c.Dialect, c.SKU = posture.DialectAzapi, known(name) }
}

func skuUnknown(c *posture.Cache) { c.Dialect, c.SKU = posture.DialectAzapi, later[string]() }

func enterprise(c *posture.Cache) {
	c.Dialect, c.SKU = posture.DialectEnterprise, known("Enterprise_E10-2")
	c.HighAvailability = unset[bool]()
}

func accessKeys(v posture.Value[bool]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.AccessKeyAuthentication = v }
}

func assign(c *posture.Cache) {
	c.AccessPolicyAssignments.Items = append(c.AccessPolicyAssignments.Items, posture.AccessPolicyAssignment{
		Address: "azurerm_managed_redis_access_policy_assignment.app", PolicyName: known("default"), Permissions: unset[string](),
	})
}

func grantOf(name, acl posture.Value[string]) func(*posture.Cache) {
	return func(c *posture.Cache) {
		c.AccessPolicyAssignments.Items = []posture.AccessPolicyAssignment{{Address: "assignment.app", PolicyName: name, Permissions: acl}}
	}
}

func grantDoubt(c *posture.Cache) {
	c.AccessPolicyAssignments.Doubts = []posture.Doubt{{Address: "assignment.maybe", Reason: posture.ReasonUnresolvedReference}}
}

// databaseless is a cluster that is known to have no database.
func databaseless(c *posture.Cache) {
	databaseUnseen(c)
	c.HasDatabase = posture.Unset[bool]("databases/default")
}

// databaseUnseen is a cluster whose database is not in sight.
func databaseUnseen(c *posture.Cache) {
	hidden := posture.ReasonNotObserved
	c.HasDatabase = unknown[bool](hidden)
	c.AccessKeyAuthentication, c.RDBBackup, c.AOFBackup = unknown[bool](hidden), unknown[bool](hidden), unknown[bool](hidden)
	c.ClientProtocol, c.GeoReplicationGroup, c.ClusteringPolicy = unknown[string](hidden), unknown[string](hidden), unknown[string](hidden)
	c.DeferUpgrade, c.GeoReplicas, c.Modules = unknown[string](hidden), unknown[int](hidden), unknown[[]string](hidden)
}

func protocol(v posture.Value[string]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.ClientProtocol = v }
}

func managedTLS(v posture.Value[string]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.MinimumTLSVersion = v }
}

func publicUnknown(why posture.Reason, detail string) func(*posture.Cache) {
	return func(c *posture.Cache) { c.PublicNetworkAccess = unknown[bool](why).WithDetail(detail) }
}

const identityID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u1"

func ownKey(reader posture.Value[string], identities posture.Value[[]string]) func(*posture.Cache) {
	return func(c *posture.Cache) {
		c.CustomerManagedKey, c.KeyIdentity, c.Identities = known(true), reader, identities
	}
}

func keyUnknown(c *posture.Cache) { c.CustomerManagedKey = later[bool]() }

func geo(group posture.Value[string], replicas posture.Value[int]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.GeoReplicationGroup, c.GeoReplicas = group, replicas }
}

func rdb(v posture.Value[bool]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.RDBBackup = v }
}
func aof(v posture.Value[bool]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.AOFBackup = v }
}

func available(v posture.Value[bool]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.HighAvailability = v }
}

func onCluster(c *posture.Cache) {
	setting(allLogs, toWorkspace)(c)
	c.DiagnosticSettings.Items[len(c.DiagnosticSettings.Items)-1].OnCluster = true
}

func recreated(v posture.Value[[]string]) func(*posture.Cache) {
	return func(c *posture.Cache) { c.Change, c.Recreated = posture.ChangeUpdate, v }
}

func through(d posture.Dialect) func(*posture.Cache) {
	return func(c *posture.Cache) { c.Dialect = d }
}

const (
	notObserved = posture.ReasonNotObserved
	afterApply  = posture.ReasonKnownAfterApply
	unresolved  = posture.ReasonUnresolvedReference

	managedLinkPolicy = "/providers/Microsoft.Authorization/policyDefinitions/960e650e-9ce3-4316-9590-8ee2c016ca2f"
	managedZone       = "privatelink.redis.azure.net"
	enterpriseZone    = "privatelink.redisenterprise.cache.azure.net"
)

var managedIdentityRows = []row{
	{cell: "an assignment names an identity", edit: assign, status: report.Compliant, says: []string{"does not tell the kind"}},
	{cell: "with keys on", edit: all(accessKeys(known(true)), assign), status: report.Compliant},
	{cell: "Enterprise tiers", edit: enterprise, status: report.NotSupported},
	{cell: "Enterprise Flash, in any case", edit: sku("enterpriseflash_F300"), status: report.NotSupported},
	{cell: "no database", edit: databaseless, status: report.NotApplicable},
	{cell: "none in sight, in a complete plan", edit: nothing, status: report.Unknown, reason: notObserved},
	{cell: "none in sight", edit: grantsUnseen, status: report.Unknown, reason: notObserved},
	{cell: "one that may be its own", edit: grantDoubt, status: report.Unknown, reason: unresolved, says: []string{"assignment.maybe"}},
	{cell: "tier not known", edit: all(skuUnknown, assign), status: report.Unknown, reason: afterApply, says: []string{"tier"}},
	{cell: "a SKU of no known tier", edit: all(sku("Huge_H1"), assign), status: report.Unknown, reason: afterApply},
}

var managedKeyRows = []row{
	{cell: "a user-assigned identity of the cluster", edit: ownKey(known(identityID), known([]string{identityID})), status: report.Compliant},
	{cell: "in another case", edit: ownKey(known(strings.ToUpper(identityID)), known([]string{"/other", identityID})),
		status: report.Compliant},
	{cell: "no user-assigned identity", edit: ownKey(known(identityID), unset[[]string]()), status: report.NonCompliant,
		says: []string{"no user-assigned identity"}},
	{cell: "no user-assigned identity, the key's not known", edit: ownKey(later[string](), known([]string{})), status: report.NonCompliant},
	{cell: "another identity", edit: ownKey(known(identityID), known([]string{"/other"})), status: report.NonCompliant},
	{cell: "another identity, named by a reference", edit: ownKey(known("azurerm_user_assigned_identity.u.id"), known([]string{"/other"})),
		status: report.Unknown, reason: afterApply},
	{cell: "other identities, named by references", edit: ownKey(known(identityID), known([]string{"azurerm_user_assigned_identity.u.id"})),
		status: report.Unknown, reason: afterApply},
	{cell: "the same reference", edit: ownKey(known("azurerm_user_assigned_identity.u.id"),
		known([]string{"azurerm_user_assigned_identity.u.id"})), status: report.Compliant},
	{cell: "the key names no identity", edit: ownKey(unset[string](), known([]string{identityID})), status: report.NonCompliant,
		says: []string{"is named to read it"}},
	{cell: "without a key", edit: nothing, status: report.NotApplicable},
	{cell: "whether there is a key is not known", edit: keyUnknown, status: report.Unknown, reason: afterApply},
	{cell: "the key's identity not known", edit: ownKey(later[string](), known([]string{identityID})),
		status: report.Unknown, reason: afterApply},
	{cell: "the cluster's not known", edit: ownKey(known(identityID), later[[]string]()), status: report.Unknown, reason: afterApply},
}

// survivalRows are those of BR-1 and of its advisory, which differ in one verdict.
func survivalRows(none report.Status) []row {
	return []row{
		{cell: "RDB", edit: rdb(known(true)), status: report.Compliant},
		{cell: "AOF", edit: aof(known(true)), status: report.Compliant},
		{cell: "RDB while AOF is not known", edit: all(rdb(known(true)), aof(later[bool]())), status: report.Compliant},
		{cell: "geo-replication with a second member", edit: geo(known("g"), known(2)), status: report.Compliant},
		{cell: "a second member on an Enterprise tier", edit: all(enterprise, geo(known("g"), known(2))), status: report.Compliant},
		{cell: "neither", edit: nothing, status: none},
		{cell: "neither: an empty group", edit: geo(known(""), unset[int]()), status: none},
		{cell: "neither: no group, members not observed", edit: geo(unset[string](), unknown[int](notObserved)), status: none},
		{cell: "no database", edit: databaseless, status: report.NotApplicable},
		{cell: "a group name alone", edit: geo(known("g"), unset[int]()), status: report.Unknown, reason: notObserved,
			says: []string{"no second member"}},
		{cell: "a group of one", edit: geo(known("g"), known(1)), status: report.Unknown, reason: notObserved},
		{cell: "a group, members not known", edit: geo(known("g"), later[int]()), status: report.Unknown, reason: notObserved},
		{cell: "the group is not known", edit: geo(later[string](), unset[int]()), status: report.Unknown, reason: afterApply},
		{cell: "RDB not known", edit: rdb(later[bool]()), status: report.Unknown, reason: afterApply},
		{cell: "AOF not known", edit: aof(later[bool]()), status: report.Unknown, reason: afterApply},
		{cell: "database not in sight", edit: databaseUnseen, status: report.Unknown, reason: notObserved},
	}
}

// managedRows are the cells of the table of Azure Managed Redis that decide something.
var managedRows = map[string][]row{
	"NS-2/azure-private-link": {
		{cell: "an automatically approved endpoint", edit: endpoint(posture.ApprovalApproved), status: report.Compliant},
		{cell: "existing: Approved beside Rejected", edit: all(endpoint(posture.ApprovalRejected), endpoint(posture.ApprovalApproved)),
			status: report.Compliant},
		{cell: "on an Enterprise tier", edit: all(enterprise, endpoint(posture.ApprovalApproved)), status: report.Compliant},
		{cell: "none", edit: nothing, status: report.NonCompliant},
		{cell: "none, no database", edit: databaseless, status: report.NonCompliant},
		{cell: "none, tier not known", edit: skuUnknown, status: report.NonCompliant},
		{cell: "existing: only Rejected", edit: endpoint(posture.ApprovalRejected), status: report.NonCompliant, says: []string{"rejected"}},
		{cell: "Pending", edit: endpoint(posture.ApprovalPending), status: report.Unknown, reason: posture.ReasonPendingApproval},
		{cell: "a target that cannot be resolved", edit: endpointDoubt(unresolved), status: report.Unknown, reason: unresolved},
		{cell: "no companion passed", edit: linkUnseen, status: report.Unknown, reason: notObserved},
	},
	"NS-2/disable-public-network-access": {
		{cell: "Disabled", edit: private, status: report.Compliant},
		{cell: "Disabled on an Enterprise tier", edit: all(sku("EnterpriseFlash_F300"), private), status: report.Compliant},
		{cell: "Enabled", edit: public, status: report.NonCompliant},
		{cell: "Enabled, with an endpoint", edit: all(public, endpoint(posture.ApprovalApproved)), status: report.NonCompliant},
		{cell: "null without an endpoint", edit: nothing, status: report.NonCompliant, says: []string{"not set", "public"}},
		{cell: "null, the only endpoint rejected", edit: endpoint(posture.ApprovalRejected), status: report.NonCompliant},
		{cell: "an Enterprise cluster without an endpoint", edit: enterprise, status: report.NonCompliant},
		{cell: "null with an endpoint", edit: endpoint(posture.ApprovalApproved), status: report.Unknown, reason: notObserved,
			says: []string{"private traffic only"}},
		{cell: "null, an endpoint may exist", edit: linkUnseen, status: report.Unknown, reason: notObserved,
			says: []string{"private traffic only", "visible here"}},
		{cell: "null, an endpoint waits", edit: endpoint(posture.ApprovalPending), status: report.Unknown, reason: posture.ReasonPendingApproval},
		{cell: "omitted on an update", edit: publicUnknown(notObserved, ""), status: report.Unknown, reason: notObserved},
		{cell: "omitted by azapi on create from 2025-07-01 on",
			edit:   publicUnknown(afterApply, "api-version 2025-07-01 requires it, and Azure Resource Manager refuses a body without it"),
			status: report.Unknown, reason: afterApply, says: []string{"Azure Resource Manager refuses"}},
	},
	"IM-1/azure-ad-authentication": {
		{cell: "keys off", edit: accessKeys(known(false)), status: report.Compliant},
		{cell: "keys off by azurerm's default", edit: nothing, status: report.Compliant},
		{cell: "keys on, an assignment", edit: all(accessKeys(known(true)), assign), status: report.Compliant},
		{cell: "keys not known, an assignment", edit: all(accessKeys(later[bool]()), assign), status: report.Compliant},
		{cell: "Enterprise tiers", edit: enterprise, status: report.NotSupported},
		{cell: "Enterprise tiers without a database", edit: all(databaseless, enterprise), status: report.NotSupported},
		{cell: "no database", edit: databaseless, status: report.NotApplicable},
		{cell: "keys on, no assignment in sight", edit: accessKeys(known(true)), status: report.Unknown, reason: notObserved,
			says: []string{"no access policy assignment yet"}},
		{cell: "keys on, assignments not visible", edit: all(accessKeys(known(true)), grantsUnseen), status: report.Unknown,
			reason: notObserved, says: []string{"visible here"}},
		{cell: "keys on, one that may be its own", edit: all(accessKeys(known(true)), grantDoubt), status: report.Unknown, reason: unresolved},
		{cell: "keys not known", edit: accessKeys(later[bool]()), status: report.Unknown, reason: afterApply},
		{cell: "tier not known", edit: all(skuUnknown, accessKeys(known(false))), status: report.Unknown, reason: afterApply},
		{cell: "database not in sight", edit: databaseUnseen, status: report.Unknown, reason: notObserved},
	},
	"IM-1/local-authentication-methods": {
		{cell: "off", edit: accessKeys(known(false)), status: report.Compliant},
		{cell: "off by azurerm's default", edit: nothing, status: report.Compliant},
		{cell: "off by the default of api-version 2025-07-01", edit: all(sku("Balanced_B5"), accessKeys(unset[bool]().OrDefault(false))),
			status: report.Compliant},
		{cell: "Enterprise tiers, said Disabled in the body", edit: all(sku("Enterprise_E10"), accessKeys(known(false))),
			status: report.Compliant},
		{cell: "off, tier not known", edit: all(skuUnknown, accessKeys(known(false))), status: report.Compliant},
		{cell: "on", edit: accessKeys(known(true)), status: report.NonCompliant},
		{cell: "on by the default of an older api-version", edit: all(sku("Balanced_B5"), accessKeys(unset[bool]().OrDefault(true))),
			status: report.NonCompliant},
		{cell: "Enterprise tiers", edit: enterprise, status: report.NonCompliant, says: []string{"move to Azure Managed Redis"}},
		{cell: "Enterprise tiers, a version's default", edit: all(sku("ENTERPRISE_E10"), accessKeys(unset[bool]().OrDefault(false))),
			status: report.NonCompliant, says: []string{"move to Azure Managed Redis"}},
		{cell: "Enterprise tiers, an answer without it", edit: all(sku("Enterprise_E10"), accessKeys(unknown[bool](notObserved))),
			status: report.NonCompliant},
		{cell: "on, tier not known", edit: all(skuUnknown, accessKeys(known(true))), status: report.NonCompliant},
		{cell: "no database", edit: databaseless, status: report.NotApplicable},
		{cell: "omitted by azapi on an update", edit: all(sku("Balanced_B5"), accessKeys(unknown[bool](notObserved))), status: report.Unknown,
			reason: notObserved},
		{cell: "omitted by azapi, the version not known", edit: accessKeys(later[bool]().WithDetail("the api-version is not known")),
			status: report.Unknown, reason: afterApply, says: []string{"api-version"}},
		{cell: "Enterprise tiers, not known", edit: all(enterprise, accessKeys(later[bool]())), status: report.Unknown, reason: afterApply},
		{cell: "off by a version's default, tier not known", edit: all(skuUnknown, accessKeys(unset[bool]().OrDefault(false))),
			status: report.Unknown, reason: afterApply, says: []string{"tier"}},
		{cell: "database not in sight", edit: databaseUnseen, status: report.Unknown, reason: notObserved},
		{cell: "database not in sight, Enterprise", edit: all(databaseUnseen, enterprise), status: report.Unknown, reason: notObserved},
	},
	"IM-3/managed-identities": managedIdentityRows,
	"IM-3/service-principals": managedIdentityRows,
	"DP-3/data-in-transit-encryption": {
		{cell: "Encrypted by default, minimum unset", edit: nothing, status: report.Compliant},
		{cell: "Encrypted in another case, 1.2", edit: all(protocol(known("ENCRYPTED")), managedTLS(known("1.2"))), status: report.Compliant},
		{cell: "1.3", edit: managedTLS(known("1.3")), status: report.Compliant, says: []string{"TLS 1.0 and 1.1 are refused"}},
		{cell: "Plaintext", edit: protocol(known("Plaintext")), status: report.NonCompliant, says: []string{"plaintext"}},
		{cell: "Plaintext, minimum not known", edit: all(protocol(known("plaintext")), managedTLS(later[string]())), status: report.NonCompliant},
		{cell: "minimum 1.0", edit: all(enterprise, managedTLS(known("1.0"))), status: report.NonCompliant, says: []string{"1.0"}},
		{cell: "minimum 1.1, protocol not known", edit: all(protocol(later[string]()), managedTLS(known("1.1"))), status: report.NonCompliant},
		{cell: "minimum 1.1, no database", edit: all(databaseless, managedTLS(known("1.1"))), status: report.NonCompliant},
		{cell: "no database", edit: databaseless, status: report.NotApplicable},
		{cell: "no database, minimum not observed", edit: all(databaseless, managedTLS(unknown[string](notObserved))),
			status: report.NotApplicable},
		{cell: "no database, minimum not known", edit: all(databaseless, managedTLS(later[string]())), status: report.NotApplicable},
		{cell: "protocol not known", edit: protocol(later[string]()), status: report.Unknown, reason: afterApply},
		{cell: "minimum not known", edit: managedTLS(later[string]()), status: report.Unknown, reason: afterApply},
		{cell: "a protocol of no known meaning", edit: protocol(known("PLAIN")), status: report.Unknown, reason: afterApply},
		{cell: "a minimum of no known meaning", edit: managedTLS(known("9")), status: report.Unknown, reason: afterApply},
		{cell: "database not in sight", edit: databaseUnseen, status: report.Unknown, reason: notObserved},
	},
	"DP-4/platform-key-encryption": {
		{cell: "always", edit: nothing, status: report.Compliant},
		{cell: "always: nothing known", edit: func(c *posture.Cache) { *c = posture.Cache{Type: c.Type} }, status: report.Compliant},
	},
	"DP-5/customer-managed-key-encryption": {
		{cell: "a key", edit: ownKey(later[string](), later[[]string]()), status: report.Compliant},
		{cell: "without one", edit: nothing, status: report.NotApplicable, says: []string{"choice"}},
		{cell: "an empty one", edit: func(c *posture.Cache) { c.CustomerManagedKey = known(false) }, status: report.NotApplicable},
		{cell: "the block is not known", edit: keyUnknown, status: report.Unknown, reason: afterApply},
	},
	"DP-6/key-vault-key-management": managedKeyRows,
	"AM-2/azure-policy-support": {
		{cell: "a definition for redisEnterprise", edit: assigned(managedLinkPolicy), status: report.Compliant},
		{cell: "MCSB v2", edit: assigned(mcsb2), status: report.Compliant},
		{cell: "MCSB v2 on an Enterprise tier", edit: all(enterprise, assigned(mcsb2)), status: report.Compliant},
		{cell: "the logs of databases", edit: assigned(logSet), status: report.Compliant},
		{cell: "existing: MCSB v1 holds none", edit: all(allRead, assigned(mcsb1)), status: report.NonCompliant},
		{cell: "existing: a definition for Azure Cache for Redis", edit: all(allRead, assigned(privateLinkPolicy)), status: report.NonCompliant},
		{cell: "existing: MCSB v2, not enforced", edit: all(allRead, assigned(mcsb2, enforced(known(false)))), status: report.NonCompliant},
		{cell: "existing: none", edit: allRead, status: report.NonCompliant},
		{cell: "MCSB v1 in a plan", edit: assigned(mcsb1), status: report.Unknown, reason: notObserved},
		{cell: "none seen", edit: nothing, status: report.Unknown, reason: notObserved},
		{cell: "a custom definition", edit: all(allRead, assigned(customPolicy)), status: report.Unknown, reason: notObserved},
	},
	"LT-4/azure-resource-logs": {
		{cell: "on the database", edit: setting(allLogs, toWorkspace), status: report.Compliant},
		{cell: "ConnectionEvents", edit: setting(category("ConnectionEvents", known(true)), toWorkspace), status: report.Compliant},
		{cell: "on the database beside one on the cluster", edit: all(onCluster, setting(allLogs, toWorkspace)), status: report.Compliant},
		{cell: "none", edit: nothing, status: report.NonCompliant},
		{cell: "metrics only", edit: setting(metricsOnly, toWorkspace), status: report.NonCompliant, says: []string{"metrics"}},
		{cell: "no destination", edit: setting(allLogs), status: report.NonCompliant},
		{cell: "only the cluster has one", edit: onCluster, status: report.NonCompliant, says: []string{"on the cluster", "database"}},
		{cell: "no database", edit: databaseless, status: report.NotApplicable},
		{cell: "target unresolvable", edit: func(c *posture.Cache) {
			c.DiagnosticSettings.Doubts = []posture.Doubt{{Address: "setting.maybe", Reason: unresolved}}
		}, status: report.Unknown, reason: unresolved},
		{cell: "no companion passed", edit: logsUnseen, status: report.Unknown, reason: notObserved},
		{cell: "the cluster has one, others not observed", edit: all(onCluster, logsUnseen), status: report.Unknown, reason: notObserved},
		{cell: "none, database not in sight", edit: databaseUnseen, status: report.Unknown, reason: notObserved},
	},
	"BR-1/service-native-backup": survivalRows(report.NotApplicable),

	"advisory/persistence": survivalRows(report.NonCompliant),
	"advisory/private-dns-zone": {
		{cell: "the zone", edit: zones(known([]string{managedZone})), status: report.Compliant},
		{cell: "the zone of the Enterprise tiers", edit: all(enterprise, zones(known([]string{enterpriseZone}))), status: report.Compliant},
		{cell: "China's zone", edit: all(in("chinanorth3"), zones(known([]string{"privatelink.redis.chinacloudapi.cn"}))),
			status: report.Compliant},
		{cell: "no zone group", edit: endpoint(posture.ApprovalApproved), status: report.NonCompliant, level: report.Info,
			says: []string{managedZone}},
		{cell: "no zone group, tier not known", edit: all(skuUnknown, endpoint(posture.ApprovalApproved)), status: report.NonCompliant},
		{cell: "the zone of the other tiers", edit: zones(known([]string{enterpriseZone})), status: report.NonCompliant},
		{cell: "the other way around", edit: all(enterprise, zones(known([]string{managedZone}))), status: report.NonCompliant,
			says: []string{enterpriseZone}},
		{cell: "the classic zone", edit: zones(known([]string{publicZone})), status: report.NonCompliant},
		{cell: "linked to no network", edit: zonesLinked(known(false), known([]string{managedZone})), status: report.NonCompliant},
		{cell: "no private endpoint", edit: nothing, status: report.NotApplicable},
		{cell: "tier not known", edit: all(skuUnknown, zones(known([]string{managedZone}))), status: report.Unknown, reason: afterApply},
		{cell: "an Enterprise tier in another cloud", edit: all(enterprise, in("chinaeast2"), zones(known([]string{managedZone}))),
			status: report.Unknown, reason: afterApply, says: []string{"not documented"}},
		{cell: "not observed", edit: linkUnseen, status: report.Unknown, reason: notObserved},
	},
	"advisory/unreachable": {
		{cell: "disabled without an endpoint", edit: private, status: report.NonCompliant, level: report.Warning},
		{cell: "disabled with an endpoint", edit: all(private, endpoint(posture.ApprovalApproved)), status: report.Compliant},
		{cell: "enabled", edit: public, status: report.Compliant},
		{cell: "unset", edit: nothing, status: report.Compliant},
		{cell: "disabled, link not decided", edit: all(private, linkUnseen), status: report.Unknown, reason: notObserved},
		{cell: "access not known", edit: publicUnknown(afterApply, ""), status: report.Unknown, reason: afterApply},
	},
	"advisory/keys-in-state": {
		{cell: "an output", edit: func(c *posture.Cache) { c.KeyConsumers.Items = []string{"output.redis"} }, status: report.NonCompliant,
			level: report.Warning, says: []string{"output.redis"}},
		{cell: "nothing", edit: nothing, status: report.Compliant},
		{cell: "not observed", edit: func(c *posture.Cache) { c.KeyConsumers.Observed = false }, status: report.Unknown, reason: notObserved},
	},
	"advisory/customer-managed-key": {
		{cell: "none", edit: nothing, status: report.NonCompliant, level: report.Info},
		{cell: "one", edit: ownKey(known(identityID), known([]string{identityID})), status: report.Compliant},
		{cell: "not known", edit: keyUnknown, status: report.Unknown, reason: afterApply},
	},
	"advisory/high-availability": {
		{cell: "off", edit: available(known(false)), status: report.NonCompliant, level: report.Warning,
			says: []string{"no service level agreement"}},
		{cell: "on", edit: available(known(true)), status: report.Compliant},
		{cell: "unset", edit: nothing, status: report.Compliant},
		{cell: "not known", edit: available(later[bool]()), status: report.Unknown, reason: afterApply},
	},
	"advisory/zone-redundancy": {
		{cell: "high availability off", edit: available(known(false)), status: report.NonCompliant, level: report.Info},
		{cell: "off, three zones", edit: all(available(known(false)), inZones(known([]string{"1", "2", "3"}))), status: report.NonCompliant},
		{cell: "Enterprise without zones", edit: enterprise, status: report.NonCompliant},
		{cell: "Enterprise with two", edit: all(enterprise, inZones(known([]string{"1", "2"}))), status: report.NonCompliant},
		{cell: "Enterprise with three", edit: all(enterprise, inZones(known([]string{"1", "2", "3"}))), status: report.Compliant},
		{cell: "Managed Redis never needs zones", edit: nothing, status: report.Compliant},
		{cell: "Managed Redis, zones not known", edit: inZones(later[[]string]()), status: report.Compliant},
		{cell: "three zones, tier not known", edit: all(skuUnknown, inZones(known([]string{"1", "2", "3"}))), status: report.Compliant},
		{cell: "no zones, tier not known", edit: skuUnknown, status: report.Unknown, reason: afterApply},
		{cell: "Enterprise, zones not known", edit: all(enterprise, inZones(later[[]string]())), status: report.Unknown, reason: afterApply},
		{cell: "high availability not known", edit: available(later[bool]()), status: report.Unknown, reason: afterApply},
	},
	"advisory/geo-replication-persistence": {
		{cell: "both", edit: all(rdb(known(true)), geo(known("g"), unset[int]())), status: report.NonCompliant, level: report.Warning},
		{cell: "persistence only", edit: rdb(known(true)), status: report.Compliant},
		{cell: "a group only", edit: geo(known("g"), unset[int]()), status: report.Compliant},
		{cell: "no database", edit: databaseless, status: report.NotApplicable},
		{cell: "persistence, the group not known", edit: all(aof(known(true)), geo(later[string](), unset[int]())), status: report.Unknown,
			reason: afterApply},
		{cell: "a group, persistence not known", edit: all(aof(later[bool]()), geo(known("g"), unset[int]())), status: report.Unknown,
			reason: afterApply},
	},
	"advisory/pending-upgrade": {
		{cell: "Deferred", edit: func(c *posture.Cache) { c.DeferUpgrade = known("deferred") }, status: report.NonCompliant, level: report.Info},
		{cell: "NotDeferred", edit: func(c *posture.Cache) { c.DeferUpgrade = known("NotDeferred") }, status: report.Compliant},
		{cell: "unset", edit: nothing, status: report.Compliant},
		{cell: "no database", edit: databaseless, status: report.NotApplicable},
		{cell: "not known", edit: func(c *posture.Cache) { c.DeferUpgrade = later[string]() }, status: report.Unknown, reason: afterApply},
	},
	"advisory/legacy-resource": {
		{cell: "azurerm_redis_enterprise_cluster", edit: enterprise, status: report.NonCompliant, level: report.Warning,
			says: []string{"azurerm 5 removed"}},
		{cell: "its SKU not known", edit: all(skuUnknown, through(posture.DialectEnterprise)), status: report.NonCompliant},
		{cell: "azurerm_managed_redis", edit: nothing, status: report.Compliant},
		{cell: "an Enterprise tier by azapi", edit: sku("Enterprise_E10"), status: report.Compliant},
		{cell: "what makes it is not known", edit: through(""), status: report.Unknown, reason: notObserved},
	},
	"advisory/database-recreated": {
		{cell: "a change of clustering_policy", edit: recreated(known([]string{"clustering_policy"})), status: report.NonCompliant,
			level: report.Warning, says: []string{"clustering_policy", "data is lost"}},
		{cell: "a removed default_database", edit: all(databaseless, recreated(known([]string{"default_database"}))),
			status: report.NonCompliant, says: []string{"default_database"}},
		{cell: "an update that keeps it", edit: recreated(unset[[]string]()), status: report.Compliant},
		{cell: "no update", edit: nothing, status: report.NotApplicable},
		{cell: "a replacement", edit: all(recreated(known([]string{"module"})), change(posture.ChangeReplace)), status: report.NotApplicable},
		{cell: "not known", edit: recreated(later[[]string]()), status: report.Unknown, reason: afterApply},
	},
	"advisory/least-privilege-access-policy": {
		{cell: "everything on all keys", edit: grantOf(unset[string](), known("+@all ~*")), status: report.NonCompliant,
			level: report.Warning, says: []string{"assignment.app"}},
		{cell: "never for default", edit: assign, status: report.Compliant},
		{cell: "never for default, whatever its string", edit: grantOf(known("Default"), known("+@all ~*")), status: report.Compliant},
		{cell: "a narrow one", edit: grantOf(unset[string](), known("+@read ~app:*")), status: report.Compliant},
		{cell: "none", edit: nothing, status: report.Compliant},
		{cell: "no database", edit: databaseless, status: report.NotApplicable},
		{cell: "not known", edit: grantOf(unset[string](), later[string]()), status: report.Unknown, reason: afterApply},
		{cell: "the policy not known", edit: grantOf(later[string](), known("+@all ~*")), status: report.Unknown, reason: afterApply},
		{cell: "not observed", edit: grantsUnseen, status: report.Unknown, reason: notObserved},
	},
	"advisory/no-login": {
		{cell: "Plaintext with keys off", edit: all(assign, protocol(known("Plaintext"))), status: report.NonCompliant, level: report.Warning,
			says: []string{"TLS"}},
		{cell: "keys off, no assignment", edit: nothing, status: report.NonCompliant, says: []string{"no access policy assignment"}},
		{cell: "on replacement", edit: change(posture.ChangeReplace), status: report.NonCompliant},
		{cell: "keys off, an assignment", edit: assign, status: report.Compliant},
		{cell: "keys on, Plaintext", edit: all(accessKeys(known(true)), protocol(known("Plaintext"))), status: report.Compliant},
		{cell: "an Enterprise tier", edit: enterprise, status: report.Compliant},
		{cell: "no database", edit: databaseless, status: report.NotApplicable},
		{cell: "keys off, no assignment, on update", edit: change(posture.ChangeUpdate), status: report.Unknown, reason: notObserved},
		{cell: "keys off, no assignment, without a plan", edit: func(c *posture.Cache) { c.Change, c.AsNew = posture.ChangeNone, true },
			status: report.NonCompliant},
		{cell: "keys off, no assignment, existing", edit: change(posture.ChangeNone), status: report.Unknown, reason: notObserved},
		{cell: "keys off, not observed", edit: grantsUnseen, status: report.Unknown, reason: notObserved},
		{cell: "keys not known", edit: accessKeys(later[bool]()), status: report.Unknown, reason: afterApply},
		{cell: "protocol not known", edit: all(assign, protocol(later[string]())), status: report.Unknown, reason: afterApply},
	},
	"advisory/retirement": {
		{cell: "Enterprise, on create", edit: enterprise, status: report.NonCompliant, level: report.Warning,
			says: []string{"2027-03-31", "2026-04-01", "refused", "Balanced_B20"}},
		{cell: "Enterprise, existing", edit: all(sku("EnterpriseFlash_F300"), change(posture.ChangeNone)), status: report.NonCompliant,
			level: report.Info, says: []string{"2027-03-31", "Azure Managed Redis"}},
		{cell: "Managed Redis", edit: nothing, status: report.Compliant},
		{cell: "azurerm_managed_redis of an unknown SKU", edit: func(c *posture.Cache) { c.SKU = later[string]() }, status: report.Compliant},
		{cell: "an unknown tier", edit: sku("Huge_H1"), status: report.Unknown, reason: afterApply},
		{cell: "tier not known", edit: skuUnknown, status: report.Unknown, reason: afterApply},
	},
}

// managedAbsent are the features that the service lacks.
var managedAbsent = []string{
	"NS-1/virtual-network-integration", "NS-1/network-security-group-support", "IM-7/conditional-access", "IM-8/key-vault-credentials",
	"PA-1/local-admin-accounts", "PA-7/azure-rbac", "PA-8/customer-lockbox", "DP-1/sensitive-data-discovery",
	"DP-2/data-leakage-prevention", "DP-7/key-vault-certificate-management", "LT-1/microsoft-defender", "BR-1/azure-backup",
}

// managedColumns are the non-empty cells of the table, with not_applicable where a
// cluster has no database.
var managedColumns = map[string][]report.Status{
	"NS-2/azure-private-link":              {report.Compliant, report.NonCompliant, report.Unknown},
	"NS-2/disable-public-network-access":   {report.Compliant, report.NonCompliant, report.Unknown},
	"IM-1/azure-ad-authentication":         {report.Compliant, report.NotSupported, report.NotApplicable, report.Unknown},
	"IM-1/local-authentication-methods":    {report.Compliant, report.NonCompliant, report.NotApplicable, report.Unknown},
	"IM-3/managed-identities":              {report.Compliant, report.NotSupported, report.NotApplicable, report.Unknown},
	"IM-3/service-principals":              {report.Compliant, report.NotSupported, report.NotApplicable, report.Unknown},
	"DP-3/data-in-transit-encryption":      {report.Compliant, report.NonCompliant, report.NotApplicable, report.Unknown},
	"DP-4/platform-key-encryption":         {report.Compliant},
	"DP-5/customer-managed-key-encryption": {report.Compliant, report.NotApplicable, report.Unknown},
	"DP-6/key-vault-key-management":        {report.Compliant, report.NonCompliant, report.NotApplicable, report.Unknown},
	"AM-2/azure-policy-support":            {report.Compliant, report.NonCompliant, report.Unknown},
	"LT-4/azure-resource-logs":             {report.Compliant, report.NonCompliant, report.NotApplicable, report.Unknown},
	"BR-1/service-native-backup":           {report.Compliant, report.NotApplicable, report.Unknown},
}

func allManagedRows() map[string][]row {
	rows := maps.Clone(managedRows)
	for _, id := range managedAbsent {
		rows[id] = []row{
			{cell: "always", edit: nothing, status: report.NotSupported},
			{cell: "always: Enterprise", edit: enterprise, status: report.NotSupported},
			{cell: "always: nothing known", edit: func(c *posture.Cache) { *c = posture.Cache{Type: c.Type} }, status: report.NotSupported},
		}
	}
	return rows
}

func TestManagedVerdicts(t *testing.T) {
	for id, rows := range allManagedRows() {
		t.Run(id, func(t *testing.T) {
			for _, r := range rows {
				t.Run(string(r.status)+": "+r.cell, func(t *testing.T) { r.runOn(t, plainManaged(), id) })
			}
		})
	}
}

// TestManagedCells: every cell of the table has a row, and no row is outside it.
func TestManagedCells(t *testing.T) {
	rows := allManagedRows()
	n := 0
	for _, e := range slices.Concat(managedRedis.Features, managedRedis.Advisories) {
		want := managedColumns[e.ID]
		switch {
		case slices.Contains(managedAbsent, e.ID):
			want = []report.Status{report.NotSupported}
		case e.IsAdvisory():
			want = []report.Status{report.Compliant, report.NonCompliant, report.Unknown}
		}
		if len(want) == 0 {
			t.Errorf("%s is not in the table", e.ID)
		}
		for _, status := range want {
			if !slices.ContainsFunc(rows[e.ID], func(r row) bool { return r.status == status }) {
				t.Errorf("%s: no row for %s", e.ID, status)
			}
		}
		for _, r := range rows[e.ID] {
			n++
			if !slices.Contains(want, r.status) && !(e.IsAdvisory() && r.status == report.NotApplicable) {
				t.Errorf("%s: the table has no column %s", e.ID, r.status)
			}
		}
		delete(rows, e.ID)
	}
	if len(rows) > 0 || len(managedRedis.Features) != 25 || len(managedRedis.Advisories) != 14 {
		t.Errorf("%d features, %d advisories; rows of no entry: %v", len(managedRedis.Features), len(managedRedis.Advisories), rows)
	}
	t.Logf("%d rows", n)
}

// TestManagedCatalogue: the document names itself as the article does, says that the
// controls are ours, and has the ids of Azure Cache for Redis, in its order.
func TestManagedCatalogue(t *testing.T) {
	d := managedRedis
	if d.ID != "azure-managed-redis" || d.Title != "Secure your Azure Managed Redis deployment" || d.Published != "2026-03-30" ||
		d.Benchmark != "MCSB v2" || d.Guide != "baseline-azure-managed-redis.md" {
		t.Errorf("%+v", *d)
	}
	for i := range d.Features {
		f := &d.Features[i]
		t.Run(f.ID, func(t *testing.T) {
			documented(t, f)
			if f.ID != azureCache.Features[i].ID || f.Controls != azureCache.Features[i].Controls {
				t.Errorf("is not %s with its controls", azureCache.Features[i].ID)
			}
			if f.Control != f.Controls.V2 || f.ControlTitle == "" || !strings.Contains(f.Why, "this project's") {
				t.Errorf("control %s %q, because %q", f.Control, f.ControlTitle, f.Why)
			}
			if f.Supported == slices.Contains(managedAbsent, f.ID) || f.Title == "" {
				t.Errorf("supported: %v", f.Supported)
			}
		})
	}
	for i := range d.Advisories {
		a := &d.Advisories[i]
		t.Run(a.ID, func(t *testing.T) { documented(t, a) })
	}
	for id, policy := range map[string]string{
		"NS-2/azure-private-link":              "960e650e-9ce3-4316-9590-8ee2c016ca2f",
		"DP-5/customer-managed-key-encryption": "09aa11bb-87ec-409f-bf0b-49b7c1561a87",
		"advisory/customer-managed-key":        "09aa11bb-87ec-409f-bf0b-49b7c1561a87",
		"advisory/private-dns-zone":            "7473e756-98d9-4d10-9a22-8101ef32cd74",
		"advisory/zone-redundancy":             "408934a8-941a-4c1e-ba88-dd035d9688f4",
		"LT-4/azure-resource-logs":             "fa570aa1-acca-4eea-8e5a-233cf2c5e4c2",
	} {
		if !slices.ContainsFunc(d.Entry(id).Policies, func(p baseline.Policy) bool { return p.ID == policy }) {
			t.Errorf("%s does not name %s", id, policy)
		}
	}
}

// TestManagedRemedies: what a rule says to write is in the words of the source, and
// names the cluster or its database.
func TestManagedRemedies(t *testing.T) {
	const id = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Cache/redisEnterprise/shop"
	addresses := map[posture.Dialect]string{
		posture.DialectAzurerm: "module.a.azurerm_managed_redis.shop", posture.DialectAzapi: "azapi_resource.shop",
		posture.DialectEnterprise: "azurerm_redis_enterprise_cluster.shop",
	}
	const logs, keys, link = "LT-4/azure-resource-logs", "IM-1/local-authentication-methods", "NS-2/azure-private-link"
	want := map[posture.Dialect]map[string]string{
		posture.DialectAzurerm: {
			logs: "target_resource_id = azurerm_managed_redis.shop.default_database[0].id,", link: "= azurerm_managed_redis.shop.id,",
			keys: "access_keys_authentication_enabled = false inside default_database",
		},
		posture.DialectEnterprise: {
			logs: "target_resource_id = azurerm_redis_enterprise_database.example.id,", link: "= azurerm_redis_enterprise_cluster.shop.id,",
			keys: "move to azurerm_managed_redis",
		},
		posture.DialectAzapi: {
			logs: `parent_id = "${azapi_resource.shop.id}/databases/default"`, link: "privateLinkServiceId = azapi_resource.shop.id,",
			keys: "inside body of the database",
		},
		posture.DialectAz: {
			logs: "--resource " + id + "/databases/default ", link: "--private-connection-resource-id " + id + " ",
			keys: "--ids " + id + `/databases/default --properties '{"accessKeysAuthentication":"Disabled"}'`,
		},
	}
	for _, d := range service.ManagedRedis.Dialects {
		c := plainManaged()
		c.Dialect, c.Address, c.ResourceID, c.Name, c.AccessKeyAuthentication = d, addresses[d], known(id), known("shop"), known(true)
		judged := documents.Evaluate(c, baseline.Options{})
		for rule, text := range want[d] {
			if f := lookup(t, judged, rule); !strings.Contains(f.Remediation, text) {
				t.Errorf("%s, in the words of %s: %q has no %q", rule, d, f.Remediation, text)
			}
		}
		for rule, rows := range allManagedRows() {
			for _, r := range rows {
				c := plainManaged()
				r.edit(c)
				c.Dialect, c.Address, c.ResourceID, c.Name = d, addresses[d], known(id), known("shop")
				f := lookup(t, documents.Evaluate(c, baseline.Options{}), rule)
				if f.Status == report.NonCompliant || f.Status == report.Unknown {
					dialectFaults(t, d, rule, f.Remediation)
				} else if f.Remediation != "" {
					t.Errorf("%s is %s and says to write %q", rule, f.Status, f.Remediation)
				}
			}
		}
	}
}

// TestManagedRemedyByTier: the Enterprise tiers are told to move, and no cluster that is
// known not to belong to them.
func TestManagedRemedyByTier(t *testing.T) {
	const remark = "on the Enterprise tiers, move to Azure Managed Redis first"
	for _, d := range []posture.Dialect{posture.DialectAz, posture.DialectAzapi} {
		for name, test := range map[string]struct {
			sku    posture.Value[string]
			remark bool
		}{
			"Azure Managed Redis": {known("Balanced_B5"), false},
			"an Enterprise tier":  {known("Enterprise_E10"), true},
			"no tier known":       {later[string](), true},
		} {
			c := plainManaged()
			c.Dialect, c.SKU, c.AccessKeyAuthentication = d, test.sku, known(true)
			f := lookup(t, documents.Evaluate(c, baseline.Options{}), "IM-1/local-authentication-methods")
			if strings.HasSuffix(f.Remediation, remark) != test.remark || strings.Contains(f.Remediation, "{move}") {
				t.Errorf("%s in the words of %s: %s", name, d, f.Remediation)
			}
		}
	}
}

// TestManagedSensitive: a sensitive value is judged and never shown.
func TestManagedSensitive(t *testing.T) {
	for id, edit := range map[string]func(*posture.Cache){
		"DP-6/key-vault-key-management": ownKey(known("/canary").Sensitive(), known([]string{"/canary2"}).Sensitive()),
		"advisory/database-recreated":   recreated(known([]string{"canary"}).Sensitive()),
		"advisory/retirement": func(c *posture.Cache) {
			c.Dialect, c.SKU = posture.DialectAzapi, known("Enterprise_canary").Sensitive()
		},
		"advisory/persistence": geo(known("").Sensitive(), unset[int]()),
	} {
		c := plainManaged()
		edit(c)
		f := lookup(t, documents.Evaluate(c, baseline.Options{}), id)
		text := f.Message + f.Headline + f.Remediation
		for _, e := range f.Evidence {
			text += string(e.Value)
		}
		if f.Status != report.NonCompliant || strings.Contains(text, "canary") {
			t.Errorf("%s is %s: %s", id, f.Status, text)
		}
	}
}

// The message of an open cluster does not say what the reason of the rule says behind it.
func TestManagedPublicAccessSaysItOnce(t *testing.T) {
	c := plainManaged()
	c.PublicNetworkAccess = known(true)
	f := findingOf(t, documents.Evaluate(c, baseline.Options{}), "NS-2/disable-public-network-access")
	if f.Status != report.NonCompliant || strings.Contains(f.Message, "firewall rules") {
		t.Errorf("%s: %s", f.Status, f.Message)
	}
}
