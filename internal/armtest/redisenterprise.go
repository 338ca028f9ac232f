package armtest

import (
	"slices"
	"strconv"
	"strings"
)

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

// setIfThere copies a property that is not set.
func setIfThere(to, from object, name string) {
	if value, set := from[name]; set {
		setDefault(to, name, value)
	}
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
