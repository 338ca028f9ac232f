package conformance

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"

// The features that only Azure Managed Redis supports.
const (
	entraFeature      = "IM-1/azure-ad-authentication"
	managedIdentities = "IM-3/managed-identities"
	servicePrincipals = "IM-3/service-principals"
	customerKeys      = "DP-5/customer-managed-key-encryption"
	keyVault          = "DP-6/key-vault-key-management"
	nativeBackup      = "BR-1/service-native-backup"
)

const (
	enterprise = "Enterprise_E10-2"
	reader     = identities + "reader"

	mcsb2      = policySets + "e3ec7e09-768c-4b64-882c-fcada3772047"
	linkPolicy = policyDefinitions + "960e650e-9ce3-4316-9590-8ee2c016ca2f"
)

// ofManaged are the facts of a cache of Azure Managed Redis.
func ofManaged(f facts) facts {
	if f.Managed == nil {
		f.Managed = &managed{}
	}
	return f
}

// ofEnterprise are the facts of a cache of the Enterprise tiers.
func ofEnterprise(f facts) facts {
	f.Size = enterprise
	return ofManaged(f)
}

var (
	// notSent: azapi leaves out what Azure Resource Manager requires, and the plan does not
	// tell what the service makes of it.
	notSent = map[door]verdict{azapi: afterApply(publicAccess)}
	// absenceSeen: Azure Resource Manager shows everything around a cache.
	linkAbsent = map[door]verdict{arm: no(onEndpoint)}
	logsAbsent = map[door]verdict{arm: no(onDiagnostic)}
	// databaseNotPassed: a function is passed a cluster of the Enterprise tiers without
	// its database.
	databaseNotPassed = map[door]verdict{functions: unseen("")}
	// requiresDatabase: azurerm refuses to create a cache without a database.
	requiresDatabase = map[door]verdict{
		azurerm: cannot("azurerm requires a database on create"), functions: cannot("azurerm requires a database on create"),
	}
)

var allLogs = []string{"allLogs"}

var managedTable = []situation{
	{name: "managed_injection", facts: ofManaged(facts{}), rule: injection, want: lacking()},
	{name: "managed_endpoint", facts: ofManaged(facts{Endpoints: []endpoint{{}}}), rule: privateLink, want: yes(onEndpoint)},
	{name: "managed_endpoint_none", facts: ofManaged(facts{}), rule: privateLink, want: no(onEndpoint), but: linkNotPassed},
	{
		name: "managed_endpoint_manual", facts: ofManaged(facts{Endpoints: []endpoint{{Manual: true}}}), rule: privateLink,
		want: unknown(posture.ReasonPendingApproval, onEndpoint),
	},
	{
		name: "managed_endpoint_rejected", facts: ofManaged(facts{Endpoints: []endpoint{{State: "Rejected"}}}), rule: privateLink,
		want: no(onEndpoint),
	},
	{
		name: "managed_endpoint_of_wrong_subresource", facts: ofManaged(facts{Endpoints: []endpoint{{Service: "redisCache"}}}),
		rule: privateLink, want: no(onEndpoint), but: linkNotPassed,
	},
	{
		name: "managed_endpoint_of_no_subresource", facts: ofManaged(facts{Endpoints: []endpoint{{NoService: true}}}),
		rule: privateLink, want: afterApply(onEndpoint),
		but: map[door]verdict{arm: cannot("ARM refuses an endpoint without a sub-resource")},
	},
	{
		name: "managed_endpoint_behind_other_connection", facts: ofManaged(facts{Endpoints: []endpoint{{Second: true}}}), rule: privateLink,
		want: unknown(posture.ReasonUnresolvedReference, onEndpoint), but: map[door]verdict{arm: yes(onEndpoint)},
	},
	{
		name: "managed_endpoint_of_other_cache", facts: ofManaged(facts{Endpoints: []endpoint{{Other: true}}}), rule: privateLink,
		want: no(onEndpoint), but: linkNotPassed,
	},
	{
		name: "managed_endpoint_of_data_factory", facts: ofManaged(facts{ManagedEndpoint: true}), rule: privateLink,
		want: unknown(posture.ReasonPendingApproval, onEndpoint), but: linkNotPassed,
	},
	{
		name: "managed_existing_endpoint_none", facts: ofManaged(facts{Before: &facts{Managed: &managed{}}}), rule: privateLink,
		want: unseen(onEndpoint), but: linkAbsent,
	},
	{
		name:  "managed_existing_endpoint_destroyed",
		facts: ofManaged(facts{Before: &facts{Managed: &managed{}, Endpoints: []endpoint{{}}}}), rule: privateLink,
		want: no(onEndpoint), but: linkNotPassed,
	},

	{name: "managed_public_off", facts: ofManaged(facts{PublicAccess: false}), rule: publicNetwork, want: yes(publicAccess)},
	{name: "managed_public_on", facts: ofManaged(facts{PublicAccess: true}), rule: publicNetwork, want: no(publicAccess)},
	{
		name: "managed_public_on_with_endpoint", facts: ofManaged(facts{PublicAccess: true, Endpoints: []endpoint{{}}}),
		rule: publicNetwork, want: no(publicAccess),
	},
	{name: "managed_public_unset", facts: ofManaged(facts{}), rule: publicNetwork, want: no(publicAccess), but: notSent},
	{
		// ARM returns null, as for a cluster of an older api-version.
		name: "managed_public_unset_with_endpoint", facts: ofManaged(facts{Endpoints: []endpoint{{}}}), rule: publicNetwork,
		want: no(publicAccess), but: map[door]verdict{azapi: afterApply(publicAccess), arm: unseen(publicAccess)},
	},
	{name: "managed_public_later", facts: ofManaged(facts{PublicAccess: later}), rule: publicNetwork, want: afterApply(publicAccess)},
	{
		name: "managed_public_of_old_version", facts: facts{Managed: &managed{APIVersion: "2025-04-01"}}, rule: publicNetwork,
		want: no(publicAccess),
	},
	{
		name:  "managed_public_of_old_version_with_endpoint",
		facts: facts{Managed: &managed{APIVersion: "2025-04-01"}, Endpoints: []endpoint{{}}}, rule: publicNetwork,
		want: unseen(publicAccess),
	},
	{
		name: "managed_public_opened_by_action", facts: ofManaged(facts{PublicAccess: false, Action: object{"publicNetworkAccess": "Enabled"}}),
		rule: publicNetwork, want: afterApply(publicAccess),
	},
	{
		name: "managed_public_opened_by_update", facts: ofManaged(facts{PublicAccess: false, Update: object{"publicNetworkAccess": "Enabled"}}),
		rule: publicNetwork, want: no(publicAccess),
	},

	{
		name: "managed_entra_granted", facts: ofManaged(facts{AccessKeys: true, Grants: []grant{{Policy: "default"}}}), rule: entraFeature,
		want: yes(onGrant),
	},
	{name: "managed_entra_keys_off", facts: ofManaged(facts{AccessKeys: false}), rule: entraFeature, want: yes(accessKeys)},
	{name: "managed_entra_keys_on", facts: ofManaged(facts{AccessKeys: true}), rule: entraFeature, want: unseen(accessKeys)},

	{name: "managed_keys_off", facts: ofManaged(facts{AccessKeys: false}), rule: localMethods, want: yes(accessKeys)},
	{name: "managed_keys_on", facts: ofManaged(facts{AccessKeys: true}), rule: localMethods, want: no(accessKeys)},
	{name: "managed_keys_unset", facts: ofManaged(facts{}), rule: localMethods, want: yes(accessKeys)},
	{name: "managed_keys_later", facts: ofManaged(facts{AccessKeys: later}), rule: localMethods, want: afterApply(accessKeys)},
	{
		name: "managed_keys_of_old_version", facts: facts{Managed: &managed{APIVersion: "2025-04-01"}}, rule: localMethods,
		want: no(accessKeys),
	},

	{
		name: "managed_identity_granted", facts: ofManaged(facts{Grants: []grant{{Policy: "default"}}}), rule: managedIdentities,
		want: yes(onGrant),
	},
	{name: "managed_identity_none", facts: ofManaged(facts{}), rule: managedIdentities, want: unseen(onGrant)},
	{
		name: "managed_principal_granted", facts: ofManaged(facts{Grants: []grant{{Policy: "default"}}}), rule: servicePrincipals,
		want: yes(onGrant),
	},
	{name: "managed_principal_none", facts: ofManaged(facts{}), rule: servicePrincipals, want: unseen(onGrant)},

	{name: "managed_transit_unset", facts: ofManaged(facts{}), rule: transit, want: yes(protocol)},
	{name: "managed_transit_encrypted", facts: facts{Managed: &managed{Protocol: "Encrypted"}}, rule: transit, want: yes(protocol)},
	{name: "managed_transit_plaintext", facts: facts{Managed: &managed{Protocol: "Plaintext"}}, rule: transit, want: no(protocol)},
	{name: "managed_transit_later", facts: facts{Managed: &managed{Protocol: later}}, rule: transit, want: afterApply(protocol)},
	{
		name: "managed_transit_opened_by_update", rule: transit, want: no(protocol),
		facts: facts{Managed: &managed{Protocol: "Encrypted", OnDatabase: true}, Update: object{"clientProtocol": "Plaintext"}},
	},
	{
		name: "managed_transit_opened_by_action", rule: transit, want: afterApply(protocol),
		facts: facts{Managed: &managed{Protocol: "Encrypted", OnDatabase: true}, Action: object{"clientProtocol": "Plaintext"}},
	},
	{
		name: "managed_transit_of_no_database", facts: facts{Managed: &managed{NoDatabase: true}}, rule: transit, want: na(database),
		but: requiresDatabase,
	},
	{
		// A plan of azapi destroys the database, which is a resource of its own.
		name: "managed_keys_of_database_removed", facts: facts{Managed: &managed{NoDatabase: true}, Before: &facts{Managed: &managed{}}},
		rule: localMethods, want: na(database),
	},

	{name: "managed_platform_keys", facts: ofManaged(facts{}), rule: platformKeys, want: yes("")},
	{
		name: "managed_customer_key", facts: facts{Managed: &managed{Key: true, KeyIdentity: reader, Identities: []string{reader}}},
		rule: customerKeys, want: yes(ownKey),
	},
	{name: "managed_customer_key_none", facts: ofManaged(facts{}), rule: customerKeys, want: na(ownKey)},
	{
		name: "managed_customer_key_later", facts: facts{Managed: &managed{Key: later, KeyIdentity: reader, Identities: []string{reader}}},
		rule: customerKeys, want: afterApply(ownKey),
	},
	{
		name: "managed_key_read", facts: facts{Managed: &managed{Key: true, KeyIdentity: reader, Identities: []string{reader}}},
		rule: keyVault, want: yes(keyReaderID),
	},
	{
		name:  "managed_key_of_another_identity",
		facts: facts{Managed: &managed{Key: true, KeyIdentity: reader, Identities: []string{identities + "other"}}},
		rule:  keyVault, want: no(keyReaderID),
	},
	{
		name: "managed_key_without_identity", facts: facts{Managed: &managed{Key: true, KeyIdentity: reader}}, rule: keyVault,
		want: no(keyReaderID),
	},
	{
		name: "managed_key_reader_later", facts: facts{Managed: &managed{Key: true, KeyIdentity: later, Identities: []string{reader}}},
		rule: keyVault, want: afterApply(keyReaderID),
	},
	{name: "managed_key_none", facts: ofManaged(facts{}), rule: keyVault, want: na(ownKey)},

	{
		name: "managed_policy_definition", facts: ofManaged(assigned(policyAssignment{Definition: linkPolicy})), rule: azurePolicy,
		want: yes(onPolicy),
	},
	{
		name: "managed_policy_at_cache", facts: ofManaged(assigned(policyAssignment{Definition: linkPolicy, Cache: true})), rule: azurePolicy,
		want: yes(onPolicy),
	},
	{
		name: "managed_policy_mcsb_v2", facts: ofManaged(assigned(policyAssignment{Definition: mcsb2})), rule: azurePolicy,
		want: yes(onPolicy),
	},
	{
		name: "managed_policy_mcsb_v1", facts: ofManaged(assigned(policyAssignment{Definition: mcsb1})), rule: azurePolicy,
		want: unseen(onPolicy), but: allRead,
	},
	{
		name: "managed_policy_of_other_service", facts: ofManaged(assigned(policyAssignment{Definition: publicPolicy})), rule: azurePolicy,
		want: unseen(onPolicy), but: allRead,
	},

	{name: "managed_logs", facts: ofManaged(facts{Diagnostics: []diagnostic{{Groups: allLogs}}}), rule: resourceLogs, want: yes(onDiagnostic)},
	{
		name: "managed_logs_of_a_category", facts: ofManaged(facts{Diagnostics: []diagnostic{{Categories: []string{"ConnectionEvents"}}}}),
		rule: resourceLogs, want: yes(onDiagnostic),
	},
	{name: "managed_logs_none", facts: ofManaged(facts{}), rule: resourceLogs, want: no(onDiagnostic), but: logsNotPassed},
	{
		name: "managed_logs_metrics_of_cluster", facts: ofManaged(facts{Diagnostics: []diagnostic{{Metrics: true, OnCluster: true}}}),
		rule: resourceLogs, want: no(onDiagnostic),
	},
	{
		name:  "managed_logs_beside_metrics",
		facts: ofManaged(facts{Diagnostics: []diagnostic{{Metrics: true, OnCluster: true}, {Groups: allLogs}}}),
		rule:  resourceLogs, want: yes(onDiagnostic),
	},
	{
		// In plan JSON the id of a cluster and that with a path behind it look alike. A
		// function takes a setting with an unknown target for one of the database.
		name: "managed_logs_on_cluster", facts: ofManaged(facts{Diagnostics: []diagnostic{{Groups: allLogs, OnCluster: true}}}),
		rule: resourceLogs, want: no(onDiagnostic),
		but: map[door]verdict{
			azurerm4: afterApply(onDiagnostic), azurerm5: afterApply(onDiagnostic), azapi: afterApply(onDiagnostic),
			functions: yes(onDiagnostic), arm: cannot("ARM refuses logs of a cluster"),
		},
	},
	{
		name:  "managed_logs_on_cluster_by_id",
		facts: ofManaged(facts{Diagnostics: []diagnostic{{Groups: allLogs, OnCluster: true, Literal: true}}}),
		rule:  resourceLogs, want: no(onDiagnostic), but: map[door]verdict{arm: cannot("ARM refuses logs of a cluster")},
	},
	{
		name: "managed_logs_by_composed_id", facts: ofManaged(facts{Diagnostics: []diagnostic{{Groups: allLogs, Composed: true}}}),
		rule: resourceLogs, want: yes(onDiagnostic),
		but: map[door]verdict{azurerm4: afterApply(onDiagnostic), azurerm5: afterApply(onDiagnostic), azapi: afterApply(onDiagnostic)},
	},
	{
		name: "managed_logs_target_later", facts: ofManaged(facts{Diagnostics: []diagnostic{{Groups: allLogs, Later: true}}}),
		rule: resourceLogs, want: unknown(posture.ReasonUnresolvedReference, onDiagnostic),
		but: map[door]verdict{functions: yes(onDiagnostic)},
	},
	{
		name: "managed_existing_logs_none", facts: ofManaged(facts{Before: &facts{Managed: &managed{}}}), rule: resourceLogs,
		want: unseen(onDiagnostic), but: logsAbsent,
	},

	{name: "managed_backup_rdb", facts: ofManaged(facts{RDB: true}), rule: nativeBackup, want: yes(rdb)},
	{name: "managed_backup_aof", facts: ofManaged(facts{AOF: true}), rule: nativeBackup, want: yes(aof)},
	{name: "managed_backup_none", facts: ofManaged(facts{}), rule: nativeBackup, want: na(rdb)},
	{name: "managed_backup_later", facts: ofManaged(facts{RDB: later}), rule: nativeBackup, want: afterApply(rdb)},
	{
		name: "managed_backup_geo_replicated", facts: facts{Managed: &managed{GeoGroup: "group", GeoLinked: true}}, rule: nativeBackup,
		want: yes(geoReplication), but: map[door]verdict{functions: unseen(geoReplication)},
	},
	{
		name: "managed_backup_geo_group_alone", facts: facts{Managed: &managed{GeoGroup: "group"}}, rule: nativeBackup,
		want: unseen(geoReplication),
	},
}

var enterpriseTable = []situation{
	{name: "enterprise_endpoint", facts: ofEnterprise(facts{Endpoints: []endpoint{{}}}), rule: privateLink, want: yes(onEndpoint)},
	{
		name: "enterprise_public", facts: ofEnterprise(facts{}), rule: publicNetwork, want: no(publicAccess),
		but: map[door]verdict{azapi: afterApply(publicAccess), functions: unseen(publicAccess)},
	},
	{
		name: "enterprise_public_with_endpoint", facts: ofEnterprise(facts{Endpoints: []endpoint{{}}}), rule: publicNetwork,
		want: unseen(publicAccess), but: notSent,
	},
	{name: "enterprise_entra", facts: ofEnterprise(facts{}), rule: entraFeature, want: lacking()},
	{name: "enterprise_identities", facts: ofEnterprise(facts{}), rule: managedIdentities, want: lacking()},
	{name: "enterprise_principals", facts: ofEnterprise(facts{}), rule: servicePrincipals, want: lacking()},
	{
		// Azure Resource Manager, as of 2025-07-01, switches the keys off where nothing is said.
		name: "enterprise_keys", facts: ofEnterprise(facts{}), rule: localMethods, want: no(""),
		but: map[door]verdict{functions: unseen(""), arm: yes(accessKeys)},
	},
	{name: "enterprise_keys_off", facts: ofEnterprise(facts{AccessKeys: false}), rule: localMethods, want: yes(accessKeys)},
	{name: "enterprise_transit", facts: ofEnterprise(facts{}), rule: transit, want: yes(protocol), but: databaseNotPassed},
	{
		name: "enterprise_transit_plaintext", facts: facts{Size: enterprise, Managed: &managed{Protocol: "Plaintext"}}, rule: transit,
		want: no(protocol), but: databaseNotPassed,
	},
	{name: "enterprise_transit_tls_11", facts: ofEnterprise(facts{MinimumTLS: "1.1"}), rule: transit, want: no(minimumTLS)},
	{
		// The database of azurerm is a resource of its own, which another plan may make.
		name: "enterprise_transit_of_no_database", facts: facts{Size: enterprise, Managed: &managed{NoDatabase: true}}, rule: transit,
		want: na(database), but: map[door]verdict{azurerm: unseen(""), functions: unseen("")},
	},
	{
		name: "enterprise_transit_of_database_elsewhere", rule: transit, want: unseen(""), but: map[door]verdict{arm: na(database)},
		facts: facts{Size: enterprise, Managed: &managed{NoDatabase: true},
			Before: &facts{Size: enterprise, Managed: &managed{NoDatabase: true}}},
	},
	{
		name: "enterprise_logs", facts: ofEnterprise(facts{Diagnostics: []diagnostic{{Groups: allLogs}}}), rule: resourceLogs,
		want: yes(onDiagnostic),
	},
	{
		name: "enterprise_backup_geo_replicated", facts: facts{Size: enterprise, Managed: &managed{GeoGroup: "group", GeoLinked: true}},
		rule: nativeBackup, want: yes(geoReplication), but: databaseNotPassed,
	},
	{name: "enterprise_customer_key", facts: ofEnterprise(facts{}), rule: customerKeys, want: na(ownKey)},
	{name: "enterprise_retirement", facts: ofEnterprise(facts{}), rule: "advisory/retirement", want: no(tier)},
	{
		name: "enterprise_legacy", facts: ofEnterprise(facts{}), rule: "advisory/legacy-resource", want: no(""),
		but: map[door]verdict{azapi: yes(""), arm: yes("")},
	},
	{
		name: "enterprise_zones_three", facts: ofEnterprise(facts{Zones: []string{"1", "2", "3"}}), rule: "advisory/zone-redundancy",
		want: yes(zones),
	},
	{name: "enterprise_zones_two", facts: ofEnterprise(facts{Zones: []string{"1", "2"}}), rule: "advisory/zone-redundancy", want: no(zones)},
	{
		name: "enterprise_dns_zone", facts: ofEnterprise(facts{Endpoints: []endpoint{{Zone: "privatelink.redisenterprise.cache.azure.net"}}}),
		rule: "advisory/private-dns-zone", want: yes(onZoneGroup), but: zoneUnseen,
	},
	{
		name: "enterprise_dns_zone_of_managed", facts: ofEnterprise(facts{Endpoints: []endpoint{{Zone: "privatelink.redis.azure.net"}}}),
		rule: "advisory/private-dns-zone", want: no(onZoneGroup), but: zoneUnseen,
	},
}

// recreated are the facts of a database whose clustering policy or group changes from
// that of the first database to that of the second.
func recreated(before, after managed) facts {
	return facts{Managed: &after, Before: &facts{Managed: &before}}
}

// onlyAzurerm: azurerm, and no other provider, deletes a database and creates it anew.
var onlyAzurerm = map[door]verdict{azapi: na(""), functions: onlyPlans[functions], arm: cannot(resultOnly)}

var managedAdvisoryTable = []situation{
	{
		name: "managed_grant_default", facts: ofManaged(facts{Grants: []grant{{Policy: "default"}}}),
		rule: "advisory/least-privilege-access-policy", want: yes(onGrant),
	},
	{
		name:  "managed_grant_of_all",
		facts: facts{Managed: &managed{APIVersion: "2026-05-01-preview"}, Grants: []grant{{Permissions: "+@all ~*"}}},
		rule:  "advisory/least-privilege-access-policy", want: no(onGrant),
	},
	{
		name:  "managed_grant_of_reading",
		facts: facts{Managed: &managed{APIVersion: "2026-05-01-preview"}, Grants: []grant{{Permissions: "+@read ~*"}}},
		rule:  "advisory/least-privilege-access-policy", want: yes(onGrant),
	},
	{
		name: "managed_login_in_plaintext", facts: facts{AccessKeys: false, Managed: &managed{Protocol: "Plaintext"}},
		rule: "advisory/no-login", want: no(protocol),
	},
	{
		name: "managed_login_of_nobody", facts: ofManaged(facts{AccessKeys: false}), rule: "advisory/no-login", want: no(onGrant),
		but: map[door]verdict{functions: unseen(onGrant), arm: unseen(onGrant)}, // only a plan shows that nobody is meant to log in
	},
	{
		name: "managed_login_granted", facts: ofManaged(facts{AccessKeys: false, Grants: []grant{{Policy: "default"}}}),
		rule: "advisory/no-login", want: yes(onGrant),
	},
	{name: "managed_login_by_key", facts: ofManaged(facts{AccessKeys: true}), rule: "advisory/no-login", want: yes(accessKeys)},
	{
		name: "managed_dns_zone", facts: ofManaged(facts{Endpoints: []endpoint{{Zone: "privatelink.redis.azure.net"}}}),
		rule: "advisory/private-dns-zone", want: yes(onZoneGroup), but: zoneUnseen,
	},
	{
		name: "managed_dns_zone_of_other_service", facts: ofManaged(facts{Endpoints: []endpoint{{Zone: "privatelink.redis.cache.windows.net"}}}),
		rule: "advisory/private-dns-zone", want: no(onZoneGroup), but: zoneUnseen,
	},
	{
		name: "managed_unreachable", facts: ofManaged(facts{PublicAccess: false}), rule: "advisory/unreachable", want: no(onEndpoint),
		but: linkNotPassed,
	},
	{
		name: "managed_reachable_by_endpoint", facts: ofManaged(facts{PublicAccess: false, Endpoints: []endpoint{{}}}),
		rule: "advisory/unreachable", want: yes(onEndpoint),
	},
	{
		name: "managed_key_in_secret", facts: ofManaged(facts{AccessKeys: true, KeyConsumer: keyVaultSecret}), rule: "advisory/keys-in-state",
		want: no(keyConsumer),
	},
	{
		name: "managed_own_key", facts: facts{Managed: &managed{Key: true, KeyIdentity: reader, Identities: []string{reader}}},
		rule: "advisory/customer-managed-key", want: yes(ownKey),
	},
	{name: "managed_own_key_none", facts: ofManaged(facts{}), rule: "advisory/customer-managed-key", want: no(ownKey)},
	{
		name: "managed_one_node", facts: facts{Managed: &managed{HighAvailability: false}}, rule: "advisory/high-availability",
		want: no(availability),
	},
	{name: "managed_two_nodes", facts: ofManaged(facts{}), rule: "advisory/high-availability", want: yes(availability)},
	{
		name: "managed_zones_of_one_node", facts: facts{Managed: &managed{HighAvailability: false}}, rule: "advisory/zone-redundancy",
		want: no(availability),
	},
	{name: "managed_zones", facts: ofManaged(facts{}), rule: "advisory/zone-redundancy", want: yes(availability)},
	{name: "managed_persisted", facts: ofManaged(facts{RDB: true}), rule: "advisory/persistence", want: yes(rdb)},
	{name: "managed_persisted_not", facts: ofManaged(facts{}), rule: "advisory/persistence", want: no(rdb)},
	{
		name: "managed_geo_replicated_persisted", facts: facts{RDB: true, Managed: &managed{GeoGroup: "group"}},
		rule: "advisory/geo-replication-persistence", want: no(rdb), but: map[door]verdict{arm: cannot("ARM refuses it")},
	},
	{
		name: "managed_geo_replicated_not_persisted", facts: facts{Managed: &managed{GeoGroup: "group"}},
		rule: "advisory/geo-replication-persistence", want: yes(rdb),
	},
	{
		name: "managed_upgrade_deferred", facts: facts{Managed: &managed{DeferUpgrade: "Deferred"}}, rule: "advisory/pending-upgrade",
		want: no(upgrade),
	},
	{
		name: "managed_upgrade_not_deferred", facts: facts{Managed: &managed{DeferUpgrade: "NotDeferred"}}, rule: "advisory/pending-upgrade",
		want: yes(upgrade),
	},
	{name: "managed_legacy", facts: ofManaged(facts{}), rule: "advisory/legacy-resource", want: yes("")},
	{
		name: "managed_retirement_of_flash", facts: ofManaged(facts{Size: "FlashOptimized_A250"}), rule: "advisory/retirement", want: yes(""),
	},
	{
		name: "managed_retirement_of_memory_optimized", facts: ofManaged(facts{Size: "MemoryOptimized_M10"}), rule: "advisory/retirement",
		want: yes(""),
	},
	{
		name: "managed_retirement_of_compute_optimized", facts: ofManaged(facts{Size: "ComputeOptimized_X3"}), rule: "advisory/retirement",
		want: yes(""),
	},
	{name: "managed_retirement", facts: ofManaged(facts{}), rule: "advisory/retirement", want: yes("")},
	{
		name: "managed_recreated", facts: recreated(managed{Clustering: "OSSCluster"}, managed{Clustering: "EnterpriseCluster"}),
		rule: "advisory/database-recreated", want: no(database), but: onlyAzurerm,
	},
	{
		name: "managed_recreated_by_group", facts: recreated(managed{}, managed{GeoGroup: "group"}), rule: "advisory/database-recreated",
		want: no(database), but: onlyAzurerm,
	},
	{
		name:  "managed_recreated_by_module",
		facts: recreated(managed{Modules: []string{"RedisJSON"}}, managed{Modules: []string{"RedisJSON", "RedisBloom"}}),
		rule:  "advisory/database-recreated", want: no(database), but: onlyAzurerm,
	},
	{
		name: "managed_recreated_not_by_same_module",
		facts: recreated(managed{Modules: []string{"RedisJSON"}, Protocol: "Plaintext"},
			managed{Modules: []string{"RedisJSON"}, Protocol: "Encrypted"}),
		rule: "advisory/database-recreated", want: yes(""), but: onlyAzurerm,
	},
	{
		name: "managed_recreated_not", facts: recreated(managed{Protocol: "Plaintext"}, managed{Protocol: "Encrypted"}),
		rule: "advisory/database-recreated", want: yes(""), but: onlyAzurerm,
	},
	{
		name: "managed_recreated_later", facts: recreated(managed{}, managed{Clustering: later}), rule: "advisory/database-recreated",
		want: afterApply(clustering), but: onlyAzurerm,
	},
	{
		name: "managed_database_removed", facts: recreated(managed{}, managed{NoDatabase: true}), rule: "advisory/database-recreated",
		want: no(database), but: onlyAzurerm,
	},
}
