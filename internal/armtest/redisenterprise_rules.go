package armtest

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// The refusals of Azure Managed Redis and of the Enterprise tiers.

var clusterName = regexp.MustCompile(`^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$`)

func checkCluster(s *Server, cluster change) response {
	of, known := sizeOf(cluster.body)
	properties := objectAt(cluster.body, "properties")
	switch {
	case !clusterName.MatchString(cluster.lastName()) || len(cluster.lastName()) > 60:
		return invalid("'%s' is not a name of a cluster", cluster.lastName())
	case cluster.existing == nil && textAt(cluster.body, "location") == "":
		return failure(http.StatusBadRequest, "LocationRequired", "The location property is required for this definition.")
	case cluster.existing != nil && region(textAt(cluster.body, "location")) != region(textAt(cluster.existing.body, "location")):
		return failure(http.StatusConflict, "InvalidResourceLocation", "The resource '%s' already exists in location '%s'.",
			cluster.lastName(), textAt(cluster.existing.body, "location"))
	case !known:
		return invalid("'%s' is not a SKU", textAt(cluster.body, "sku", "name"))
	case of.enterprise() && cluster.existing == nil && s.opts.Retired:
		return badRequest("%s", RetirementMessage)
	case !of.enterprise() && at(cluster.body, "sku", "capacity") != nil:
		return invalid("sku.capacity is not supported with SKU '%s'", textAt(cluster.body, "sku", "name"))
	case !of.enterprise() && at(cluster.body, "zones") != nil:
		return badRequest("Zones are not supported with SKU '%s': zone redundancy is the default in regions with zones.",
			textAt(cluster.body, "sku", "name"))
	}
	if answer := allowed(properties, map[string][]string{"minimumTlsVersion": {"1.0", "1.1", "1.2"},
		"publicNetworkAccess": {"Enabled", "Disabled"}, "highAvailability": {"Enabled", "Disabled"}}); answer.failed() {
		return answer
	}
	if answer := readCluster(cluster, properties); answer.failed() {
		return answer
	}
	for _, name := range []string{"hostName", "redisVersion", "redundancyMode", "resourceState", "provisioningState",
		"privateEndpointConnections"} {
		delete(properties, name) // read-only
	}
	if answer := checkKey(cluster.body); answer.failed() {
		return answer
	}
	if wanted := objectAt(cluster.body, "identity"); wanted != nil {
		cluster.body["identity"] = identity(wanted, cluster.path)
	}
	if cluster.existing == nil {
		return response{}
	}
	before := objectAt(cluster.existing.body, "properties")
	if version := cluster.version; properties["publicNetworkAccess"] == nil && !clusterProperties["publicNetworkAccess"].in(version) {
		setIfThere(properties, before, "publicNetworkAccess")
	}
	setIfThere(properties, before, "highAvailability")
	from, _ := sizeOf(cluster.existing.body)
	switch {
	case textAt(before, "highAvailability") == "Enabled" && textAt(properties, "highAvailability") == "Disabled":
		return badRequest("High availability cannot be disabled once it is enabled.")
	case from.flash() != of.flash() || from.enterprise() != of.enterprise():
		return badRequest("Scaling from SKU '%s' to SKU '%s' is not supported.", textAt(cluster.existing.body, "sku", "name"),
			textAt(cluster.body, "sku", "name"))
	}
	return response{}
}

// allowed refuses words that are no values of an enumeration.
func allowed(properties object, values map[string][]string) response {
	for name, words := range values {
		if value, sent := properties[name]; sent && value != nil && !slices.Contains(words, textAt(properties, name)) {
			return invalid("'%v' is not a value of properties.%s", value, name)
		}
	}
	return response{}
}

// checkKey refuses a customer-managed key that no user-assigned identity of the
// cluster reads.
func checkKey(cluster object) response {
	key := objectAt(cluster, "properties", "encryption", "customerManagedKeyEncryption")
	if len(key) == 0 {
		return response{}
	}
	reader := textAt(key, "keyEncryptionKeyIdentity", "userAssignedIdentityResourceId")
	for id := range objectAt(cluster, "identity", "userAssignedIdentities") {
		if strings.EqualFold(id, reader) && textAt(key, "keyEncryptionKeyUrl") != "" &&
			textAt(key, "keyEncryptionKeyIdentity", "identityType") == "userAssignedIdentity" {
			return response{}
		}
	}
	return badRequest("A customer-managed key needs keyEncryptionKeyUrl, and a user-assigned identity that the cluster has.")
}

func checkDatabase(s *Server, database change) response {
	if database.lastName() != "default" {
		return invalid("the database of a cluster is named default, not '%s'", database.lastName())
	}
	cluster := s.store.resources[database.cacheKey()]
	of, _ := sizeOf(cluster.body)
	properties := objectAt(database.body, "properties")
	if properties == nil {
		properties = object{}
		database.body["properties"] = properties
	}
	if answer := allowed(properties, map[string][]string{
		"clientProtocol": {"Encrypted", "Plaintext"}, "clusteringPolicy": {"EnterpriseCluster", "OSSCluster", "NoCluster"},
		"evictionPolicy": {"AllKeysLFU", "AllKeysLRU", "AllKeysRandom", "VolatileLRU", "VolatileLFU", "VolatileTTL", "VolatileRandom",
			"NoEviction"},
		"accessKeysAuthentication": {"Enabled", "Disabled"}, "deferUpgrade": {"Deferred", "NotDeferred"},
	}); answer.failed() {
		return answer
	}
	for _, name := range []string{"redisVersion", "resourceState", "provisioningState"} {
		delete(properties, name) // read-only
	}
	readDatabase(database, properties, of)
	if database.existing != nil {
		if answer := checkDatabaseUpdate(properties, objectAt(database.existing.body, "properties")); answer.failed() {
			return answer
		}
	}
	completeDatabase(database.resource, Cache{})
	if answer := checkDatabaseSettings(properties, of); answer.failed() {
		return answer
	}
	return s.checkGeoReplication(database.id, properties, cluster)
}

// checkDatabaseUpdate refuses a change of what is set at creation, and keeps it where
// it is left out.
func checkDatabaseUpdate(properties, before object) response {
	for _, name := range []string{"port", "modules", "clusteringPolicy"} {
		setIfThere(properties, before, name)
	}
	for _, name := range []string{"port", "modules"} {
		if !sameJSON(bare(properties[name]), bare(before[name])) {
			return unchangeable("properties." + name)
		}
	}
	if was := textAt(before, "clusteringPolicy"); was != "NoCluster" && was != textAt(properties, "clusteringPolicy") {
		return unchangeable("properties.clusteringPolicy")
	}
	if was := textAt(before, "geoReplication", "groupNickname"); properties["geoReplication"] != nil &&
		was != textAt(properties, "geoReplication", "groupNickname") {
		return unchangeable("properties.geoReplication.groupNickname")
	}
	return response{}
}

// bare are modules without their versions, which the service sets.
func bare(modules any) any {
	list, isList := modules.([]any)
	if !isList {
		return modules
	}
	var names []any
	for _, module := range list {
		names = append(names, textAt(module, "name")+" "+textAt(module, "args"))
	}
	return names
}

// checkDatabaseSettings refuses settings that do not go together.
func checkDatabaseSettings(properties object, of size) response {
	clustering, persistence := textAt(properties, "clusteringPolicy"), objectAt(properties, "persistence")
	rdb, aof := persistence["rdbEnabled"] == true, persistence["aofEnabled"] == true
	switch {
	case !of.enterprise() && number(properties["port"]) != 10000:
		return badRequest("The port of a database is 10000.")
	case rdb && aof:
		return badRequest("RDB and AOF persistence cannot be enabled together.")
	case clustering == "NoCluster" && (of.flash() || of.number > 24):
		return badRequest("The clustering policy NoCluster is not supported with this SKU.")
	}
	frequencies := map[string][]string{"rdbFrequency": {"1h", "6h", "12h"}, "aofFrequency": {"1s", "always"}}
	if answer := allowed(persistence, frequencies); answer.failed() {
		return answer
	}
	modules, _ := properties["modules"].([]any)
	for _, module := range modules {
		if textAt(module, "name") == "RediSearch" &&
			(clustering != "EnterpriseCluster" || textAt(properties, "evictionPolicy") != "NoEviction" || of.flash()) {
			return badRequest("The module RediSearch needs the clustering policy EnterpriseCluster, the eviction policy NoEviction, and no Flash.")
		}
	}
	return response{}
}

// checkGeoReplication refuses a group that the database cannot join.
func (s *Server) checkGeoReplication(id string, properties object, cluster *resource) response {
	if properties["geoReplication"] == nil {
		return response{}
	}
	of, _ := sizeOf(cluster.body)
	modules, _ := properties["modules"].([]any)
	persistence := objectAt(properties, "persistence")
	switch {
	case persistence["rdbEnabled"] == true || persistence["aofEnabled"] == true:
		return badRequest("Persistence is not supported together with geo-replication.")
	case textAt(cluster.body, "properties", "highAvailability") == "Disabled", of.family == "Balanced_B" && of.number < 2:
		return badRequest("Geo-replication needs high availability, and is not supported with Balanced_B0 and Balanced_B1.")
	case slices.ContainsFunc(modules, func(m any) bool { return !slices.Contains([]string{"RediSearch", "RedisJSON"}, textAt(m, "name")) }):
		return badRequest("Only the modules RediSearch and RedisJSON are supported with geo-replication.")
	case textAt(properties, "geoReplication", "groupNickname") == "":
		return invalid("properties.geoReplication.groupNickname is required")
	}
	ids := linkedIDs(properties)
	if !slices.ContainsFunc(ids, func(one string) bool { return strings.EqualFold(one, id) }) {
		return badRequest("The linked databases must contain the database itself.")
	}
	for _, other := range s.linked(id, ids) {
		theirs := objectAt(other.body, "properties")
		same := textAt(s.store.resources[other.cacheKey()].body, "sku", "name") == textAt(cluster.body, "sku", "name")
		for _, name := range []string{"evictionPolicy", "clusteringPolicy", "clientProtocol", "modules"} {
			same = same && sameJSON(bare(properties[name]), bare(theirs[name]))
		}
		if !same {
			return badRequest("The databases of a geo-replication group must have the same SKU, eviction and clustering policy, client protocol " +
				"and modules.")
		}
	}
	return response{}
}

var databaseAssignmentName = regexp.MustCompile(`^[A-Za-z0-9-]{1,60}$`)

func checkDatabaseAssignment(s *Server, assignment change) response {
	of, _ := sizeOf(s.store.resources[assignment.cacheKey()].body)
	switch {
	case of.enterprise():
		return badRequest("Microsoft Entra authentication is not supported with this SKU.")
	case !databaseAssignmentName.MatchString(assignment.lastName()):
		return invalid("'%s' is not a name of an access policy assignment", assignment.lastName())
	case textAt(assignment.body, "properties", "accessPolicyName") != "default":
		return badRequest("The access policy '%s' does not exist.", textAt(assignment.body, "properties", "accessPolicyName"))
	case textAt(assignment.body, "properties", "user", "objectId") == "":
		return invalid("properties.user.objectId is required")
	}
	return response{}
}
