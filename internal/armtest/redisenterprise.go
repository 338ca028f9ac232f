package armtest

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// size is a SKU taken apart.
type size struct {
	family string // with the first letter of the size: Balanced_B
	number int
}

func sizeOf(cluster object) (size, bool) {
	name := textAt(cluster, "sku", "name")
	at := strings.IndexByte(name, '_') + 2
	if at < 2 || at > len(name) {
		return size{}, false
	}
	number, err := strconv.Atoi(name[at:])
	return size{name[:at], number}, err == nil && slices.Contains(memory[name[:at]], number)
}

// enterprise reports whether the size is of the Enterprise tiers, which retire.
func (s size) enterprise() bool { return strings.HasPrefix(s.family, "Enterprise") }

func (s size) flash() bool { return strings.Contains(s.family, "Flash") }

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
	switch sent := properties["publicNetworkAccess"] != nil; {
	case cluster.patch: // the body holds what the cluster had
	case sent && !clusterProperties["publicNetworkAccess"].in(cluster.version):
		return invalid("api-version %s has no property 'publicNetworkAccess'", cluster.version)
	case !sent && clusterProperties["publicNetworkAccess"].in(cluster.version):
		return invalid("properties.publicNetworkAccess is required")
	}
	if !cluster.patch {
		keepProperties(properties, clusterProperties, cluster.version)
		keepProperties(cluster.body, clusterTopLevel, cluster.version)
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

// setIfThere copies a property that is not set.
func setIfThere(to, from object, name string) {
	if value, set := from[name]; set {
		setDefault(to, name, value)
	}
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

func completeCluster(cluster *resource, _ Cache) {
	setDefault(cluster.body, "sku", object{"name": "Balanced_B1"})
	setDefault(cluster.body, "tags", object{})
	of, _ := sizeOf(cluster.body)
	suffix, version, kind := ".redis.azure.net", "7.4", "v2"
	if of.enterprise() {
		suffix, version, kind = ".redisenterprise.cache.azure.net", "7.2", "v1"
	}
	cluster.body["kind"] = kind
	properties := objectAt(cluster.body, "properties")
	setDefault(properties, "minimumTlsVersion", "1.2")
	setDefault(properties, "highAvailability", "Enabled")
	setDefault(properties, "redisVersion", version)
	setDefault(properties, "hostName", strings.ToLower(cluster.lastName())+"."+region(textAt(cluster.body, "location"))+suffix)
	zones, _ := cluster.body["zones"].([]any)
	switch {
	case properties["highAvailability"] == "Disabled":
		properties["redundancyMode"] = "None"
	case of.enterprise() && len(zones) == 0:
		properties["redundancyMode"] = "LR"
	default:
		properties["redundancyMode"] = "ZR"
	}
}

func (s *Server) renderCluster(cluster *resource, body object, version string) {
	properties := objectAt(body, "properties")
	showResourceState(cluster, properties)
	keepProperties(properties, clusterProperties, version)
	keepProperties(body, clusterTopLevel, version)
	var connections []any
	for _, child := range s.store.in(cluster.key + "/privateendpointconnections") {
		if !child.gone {
			connections = append(connections, s.render(child, version))
		}
	}
	if connections != nil {
		properties["privateEndpointConnections"] = connections
	}
}

// showResourceState adds resourceState, which ends later than provisioningState.
func showResourceState(r *resource, properties object) {
	switch {
	case r.op != nil:
		properties["resourceState"] = r.op.state()
	case r.settle > 0:
		properties["resourceState"] = r.lastState
	case properties["provisioningState"] == "Failed":
		properties["resourceState"] = "UpdateFailed"
	default:
		properties["resourceState"] = "Running"
	}
}

func (s *Server) renderDatabase(database *resource, body object, version string) {
	properties := objectAt(body, "properties")
	showResourceState(database, properties)
	keepProperties(properties, databaseProperties, version)
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
	if !database.patch {
		keepProperties(properties, databaseProperties, database.version)
		keys := "Enabled"
		if !of.enterprise() && !slices.Contains(enterpriseVersions[:len(enterpriseVersions)-1], strings.ToLower(database.version)) {
			keys = "Disabled" // the default from 2025-07-01 on
		}
		setDefault(properties, "accessKeysAuthentication", keys)
	}
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

// linkedIDs are the ids of the databases in a group.
func linkedIDs(properties object) []string {
	list, _ := at(properties, "geoReplication", "linkedDatabases").([]any)
	var ids []string
	for _, one := range list {
		ids = append(ids, textAt(one, "id"))
	}
	return ids
}

// linked are the databases with these ids that the fake has, but for one.
func (s *Server) linked(but string, ids []string) []*resource {
	var found []*resource
	for _, id := range ids {
		if r := s.store.resources[strings.ToLower(id)]; r != nil && !strings.EqualFold(id, but) {
			found = append(found, r)
		}
	}
	return found
}

func setLinks(database *resource, ids []string) {
	links := []any{}
	for _, id := range ids {
		links = append(links, object{"id": id, "state": "Linked"})
	}
	objectAt(database.body, "properties", "geoReplication")["linkedDatabases"] = links
}

// linkDatabases makes every member of a geo-replication group know all others.
func (s *Server) linkDatabases(database *resource) {
	properties := objectAt(database.body, "properties")
	if properties["geoReplication"] == nil {
		return
	}
	ids := linkedIDs(properties)
	setLinks(database, ids)
	for _, other := range s.linked(database.id, ids) {
		theirs := objectAt(other.body, "properties")
		setDefault(theirs, "geoReplication", object{"groupNickname": textAt(properties, "geoReplication", "groupNickname")})
		setLinks(other, ids)
	}
}

// unlinkDatabase takes a database out of the groups of the others.
func (s *Server) unlinkDatabase(database *resource) {
	for _, other := range s.linked(database.id, linkedIDs(objectAt(database.body, "properties"))) {
		unlink(other, database.id)
	}
}

func unlink(database *resource, ids ...string) {
	if objectAt(database.body, "properties", "geoReplication") == nil {
		return
	}
	setLinks(database, slices.DeleteFunc(linkedIDs(objectAt(database.body, "properties")), func(id string) bool {
		return slices.ContainsFunc(ids, func(one string) bool { return strings.EqualFold(one, id) })
	}))
}

func completeDatabase(database *resource, _ Cache) {
	properties := objectAt(database.body, "properties")
	for name, value := range map[string]any{"clientProtocol": "Encrypted", "clusteringPolicy": "OSSCluster", "evictionPolicy": "VolatileLRU",
		"port": float64(10000), "accessKeysAuthentication": "Disabled", "deferUpgrade": "NotDeferred", "redisVersion": "7.4"} {
		setDefault(properties, name, value)
	}
	modules, _ := properties["modules"].([]any)
	for _, module := range modules {
		if one, isObject := module.(object); isObject {
			setDefault(one, "args", "")
			setDefault(one, "version", "1.0.0")
		}
	}
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

// since is an action that began with an api-version.
func since(first string, act action) action {
	return func(s *Server, r *http.Request, on *resource, version string, body object) response {
		if !(availability{first: first}).in(version) {
			return methodNotAllowed(r)
		}
		return act(s, r, on, version, body)
	}
}

func listSKUsForScaling(_ *Server, _ *http.Request, cluster *resource, _ string, _ object) response {
	from, _ := sizeOf(cluster.body)
	skus := []any{}
	for family, numbers := range memory {
		to := size{family, 0}
		if to.enterprise() != from.enterprise() || to.flash() != from.flash() {
			continue
		}
		for _, number := range numbers {
			if number >= from.number {
				skus = append(skus, object{"name": family + strconv.Itoa(number), "sizeInGB": number})
			}
		}
	}
	slices.SortFunc(skus, func(a, b any) int { return cmp.Compare(textAt(a, "name"), textAt(b, "name")) })
	return ok(object{"skus": skus})
}

func listDatabaseKeys(_ *Server, _ *http.Request, database *resource, _ string, _ object) response {
	if textAt(database.body, "properties", "accessKeysAuthentication") != "Enabled" {
		return badRequest("Access keys authentication is disabled on the database '%s'.", database.lastName())
	}
	return ok(databaseKeys(database))
}

func databaseKeys(database *resource) object {
	name := database.names[0]
	return object{"primaryKey": fmt.Sprintf("%sprimary-%d-%s", Canary, database.keyGeneration, name),
		"secondaryKey": fmt.Sprintf("%ssecondary-%d-%s", Canary, database.keyGeneration, name)}
}

func regenerateDatabaseKey(s *Server, r *http.Request, database *resource, version string, body object) response {
	if answer := allowed(body, map[string][]string{"keyType": {"Primary", "Secondary"}}); answer.failed() || body["keyType"] == nil {
		return invalid("keyType must be Primary or Secondary")
	}
	database.keyGeneration++
	return s.run(r, database, version, func(database *resource, _ string) object { return databaseKeys(database) })
}

// run starts an operation of an action.
func (s *Server) run(r *http.Request, on *resource, version string, result func(*resource, string) object) response {
	if on.op != nil {
		return busy(on.lastName())
	}
	return s.begin(r, on, &operation{states: []string{"Updating"}, before: on.body, result: result}, version,
		response{status: http.StatusAccepted})
}

func nothing(*resource, string) object { return object{} }

// nothingChanges is an action that leaves no trace in what the fake holds: data is
// flushed, a version is upgraded.
func nothingChanges(s *Server, r *http.Request, database *resource, version string, _ object) response {
	return s.run(r, database, version, nothing)
}

// forceLink links a database again to the group that it was in.
func forceLink(s *Server, r *http.Request, database *resource, version string, body object) response {
	if linkedIDs(body) == nil {
		return invalid("geoReplication.linkedDatabases is required")
	}
	properties := object{"geoReplication": clone(objectAt(body, "geoReplication"))}
	for name, value := range objectAt(database.body, "properties") {
		setDefault(properties, name, value)
	}
	if answer := s.checkGeoReplication(database.id, properties, s.store.resources[database.cacheKey()]); answer.failed() {
		return answer
	}
	answer := s.run(r, database, version, nothing)
	if !answer.failed() {
		database.body = object{"properties": properties}
		s.linkDatabases(database)
	}
	return answer
}

// transfer is an import or an export, which names a storage account in a property.
func transfer(property string) action {
	return func(s *Server, r *http.Request, database *resource, version string, body object) response {
		if body[property] == nil {
			return invalid("%s is required", property)
		}
		return s.run(r, database, version, nothing)
	}
}

func forceUnlink(s *Server, r *http.Request, database *resource, version string, body object) response {
	list, _ := body["ids"].([]any)
	var ids []string
	for _, id := range list {
		text, _ := id.(string)
		ids = append(ids, text)
	}
	if len(ids) == 0 {
		return invalid("ids is required")
	}
	for _, other := range s.linked(database.id, ids) {
		unlink(other, database.id)
	}
	unlink(database, ids...)
	return s.run(r, database, version, nothing)
}
