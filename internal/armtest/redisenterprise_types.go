package armtest

import (
	"slices"
	"strings"
)

// enterpriseVersions are the api-versions of Microsoft.Cache/redisEnterprise.
// Source: the schemas of azapi 2.12.0.
var enterpriseVersions = []string{
	"2022-01-01", "2022-11-01-preview", "2023-03-01-preview", "2023-07-01", "2023-08-01-preview", "2023-10-01-preview", "2023-11-01",
	"2024-02-01", "2024-03-01-preview", "2024-06-01-preview", "2024-09-01-preview", "2024-10-01", "2025-04-01", "2025-05-01-preview",
	"2025-07-01",
}

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

// availability are the api-versions that have a property: all from the first, but
// for some.
type availability struct {
	first  string
	except []string
}

func (a availability) in(version string) bool {
	version = strings.ToLower(version)
	return slices.Index(enterpriseVersions, version) >= slices.Index(enterpriseVersions, a.first) && !slices.Contains(a.except, version)
}

func (a availability) among(versions []string) []string {
	return slices.DeleteFunc(slices.Clone(versions), func(version string) bool { return !a.in(version) })
}

// from2024 is the availability of properties that began in a preview and that the
// stable version after it lacks.
var from2024 = availability{"2024-09-01-preview", []string{"2024-10-01"}}

var (
	// The availability of properties; others are as old as the oldest version.
	clusterTopLevel = map[string]availability{
		"identity": {"2022-11-01-preview", []string{"2023-07-01"}},
		"kind":     from2024,
	}
	clusterProperties = map[string]availability{
		"encryption":          {"2022-11-01-preview", []string{"2023-07-01"}},
		"highAvailability":    from2024,
		"redundancyMode":      from2024,
		"publicNetworkAccess": {"2025-07-01", nil},
	}
	databaseProperties = map[string]availability{
		"deferUpgrade":             {"2024-03-01-preview", []string{"2024-10-01"}},
		"redisVersion":             {"2024-03-01-preview", []string{"2024-10-01"}},
		"accessKeysAuthentication": from2024,
	}
)

// keepProperties leaves in an object the properties that an api-version has.
func keepProperties(of object, properties map[string]availability, version string) {
	for name, a := range properties {
		if !a.in(version) {
			delete(of, name)
		}
	}
}

// memory are the sizes of SKUs, about in GB, by the prefix of the name. Source: the
// specification of 2025-07-01.
var memory = map[string][]int{
	"Balanced_B":         {0, 1, 3, 5, 10, 20, 50, 100, 150, 250, 350, 500, 700, 1000},
	"MemoryOptimized_M":  {10, 20, 50, 100, 150, 250, 350, 500, 700, 1000, 1500, 2000},
	"ComputeOptimized_X": {3, 5, 10, 20, 50, 100, 150, 250, 350, 500, 700},
	"FlashOptimized_A":   {250, 500, 700, 1000, 1500, 2000, 4500},
	"Enterprise_E":       {1, 5, 10, 20, 50, 100, 200, 400},
	"EnterpriseFlash_F":  {300, 700, 1500},
}
