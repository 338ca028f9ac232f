package armtest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

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
