package armtest

const (
	clusterType  = "microsoft.cache/redisenterprise"
	databaseType = clusterType + "/databases"
)

// The types of Azure Managed Redis and of the Enterprise tiers of Azure Cache for
// Redis: a cache is a cluster with one database.
func init() {
	addTypes(
		resourceType{name: "Microsoft.Cache/redisEnterprise", versions: enterpriseVersions, longRunning: true, showsState: true,
			cache:       &cacheType{subresource: "redisEnterprise", busy: []string{"/databases", "/databases/default/accesspolicyassignments"}},
			diagnostics: &diagnostics{metrics: true}, check: checkCluster, complete: completeCluster, render: (*Server).renderCluster,
			actions: map[string]action{"listskusforscaling": since("2025-05-01-preview", listSKUsForScaling)}},
		resourceType{name: "Microsoft.Cache/redisEnterprise/databases", versions: enterpriseVersions, longRunning: true, showsState: true,
			parentInName: true, diagnostics: &diagnostics{logs: []string{"ConnectionEvents"}, groups: []string{"allLogs", "audit"}},
			check: checkDatabase, complete: completeDatabase, render: (*Server).renderDatabase, written: (*Server).linkDatabases,
			deleted: (*Server).unlinkDatabase,
			actions: map[string]action{
				"listkeys": listDatabaseKeys, "regeneratekey": regenerateDatabaseKey, "export": transfer("sasUri"), "import": transfer("sasUris"),
				"flush": since("2023-03-01-preview", nothingChanges), "forceunlink": forceUnlink,
				"forcelinktoreplicationgroup": since("2024-03-01-preview", forceLink),
				"upgradedbredisversion":       since("2024-03-01-preview", nothingChanges),
			}},
		resourceType{name: "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments", ofCache: true, longRunning: true,
			showsState: true, versions: from2024.among(enterpriseVersions), check: checkDatabaseAssignment},
		resourceType{name: "Microsoft.Cache/redisEnterprise/privateEndpointConnections", versions: enterpriseVersions, ofCache: true,
			showsState: true, complete: completeConnection},
		resourceType{name: "Microsoft.Cache/redisEnterprise/privateLinkResources", versions: enterpriseVersions,
			elements: func(list target) []any {
				return []any{privateLinkResource(list, "Microsoft.Cache/redisEnterprise", "redisEnterprise", "privatelink.redis.azure.net")}
			}},
	)
}
