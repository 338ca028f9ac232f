package armtest

import (
	"net/http"
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

// since is an action that began with an api-version.
func since(first string, act action) action {
	return func(s *Server, r *http.Request, on *resource, version string, body object) response {
		if !(availability{first: first}).in(version) {
			return methodNotAllowed(r)
		}
		return act(s, r, on, version, body)
	}
}

// readCluster leaves of the body of a cluster what its api-version has; a patch holds what
// the cluster had.
func readCluster(cluster change, properties object) response {
	access := clusterProperties["publicNetworkAccess"].in(cluster.version)
	switch sent := properties["publicNetworkAccess"] != nil; {
	case cluster.patch:
		return response{}
	case sent && !access:
		return invalid("api-version %s has no property 'publicNetworkAccess'", cluster.version)
	case !sent && access:
		return invalid("properties.publicNetworkAccess is required")
	}
	keepProperties(properties, clusterProperties, cluster.version)
	keepProperties(cluster.body, clusterTopLevel, cluster.version)
	return response{}
}

// readDatabase leaves of the body of a database what its api-version has, and sets whether
// there are access keys, whose default depends on the api-version.
func readDatabase(database change, properties object, of size) {
	if database.patch {
		return
	}
	keepProperties(properties, databaseProperties, database.version)
	keys := "Enabled"
	if !of.enterprise() && !slices.Contains(enterpriseVersions[:len(enterpriseVersions)-1], strings.ToLower(database.version)) {
		keys = "Disabled" // the default from 2025-07-01 on
	}
	setDefault(properties, "accessKeysAuthentication", keys)
}
