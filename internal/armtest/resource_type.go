package armtest

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// resourceType is a resource type that the fake knows. The types of a service stand
// together in one file, which adds them by [addTypes].
type resourceType struct {
	name     string   // the type in the casing of answers
	action   string   // the type in the casing of names of actions; empty for that of name
	versions []string // api-versions that the type has; nil for any that is well formed

	longRunning    bool   // creating and deleting are long-running operations
	extension      bool   // an extension resource, which may stand on any scope
	listsInherited bool   // a list also shows the resources on the scopes above
	showsState     bool   // answers have properties.provisioningState
	ofCache        bool   // belongs to a cache, so that StaleReads and LoseConcurrentChildren apply
	parentInName   bool   // the name in answers is parent/child
	inline         string // segment of children that also stand in the body of their parent

	cache       *cacheType   // nil for types that are no cache
	diagnostics *diagnostics // nil for types whose logs and metrics the fake does not know

	// put and patch answer requests for a type with a way of its own.
	put   func(s *Server, r *http.Request, t target, version string, body object) response
	patch func(s *Server, r *http.Request, existing *resource, version string, body object) response
	// check returns the service's refusal of a new or changed object; it adds the
	// defaults that depend on the api-version.
	check func(*Server, change) response
	// complete adds the properties that the service sets.
	complete func(r *resource, cache Cache)
	// checkDelete returns the service's refusal to delete an object.
	checkDelete func(*Server, *resource) response
	// render makes a body that of an api-version.
	render func(s *Server, r *resource, body object, version string)
	// elements are those of a list that are not stored.
	elements func(list target) []any
	// written and deleted make the changes elsewhere that follow from a change.
	written, deleted func(*Server, *resource)
	// actions are the actions that POST calls, by name in lower case.
	actions map[string]action
}

// cacheType are the traits of the type of a service's caches.
type cacheType struct {
	subresource string // group id of private endpoints
	// busy are the collections within the cache whose operations keep it busy.
	busy []string
}

// change is an object as it is to be stored.
type change struct {
	*resource
	existing *resource // the object before; nil for a new one
	version  string    // api-version of the request
	patch    bool      // the request was PATCH, so that what it left out is in the body too
}

// action answers a POST to an object.
type action func(s *Server, r *http.Request, on *resource, version string, body object) response

// resourceTypes are the types, by name in lower case.
var resourceTypes = map[string]resourceType{}

func addTypes(all ...resourceType) {
	for _, k := range all {
		resourceTypes[strings.ToLower(k.name)] = k
	}
}

// Types of which only the existence matters.
func init() {
	addTypes(
		resourceType{name: "Microsoft.OperationalInsights/workspaces", showsState: true},
		resourceType{name: "Microsoft.Storage/storageAccounts", showsState: true},
		resourceType{name: "Microsoft.ManagedIdentity/userAssignedIdentities"},
	)
}

func (k resourceType) actionName() string {
	if k.action != "" {
		return k.action
	}
	return k.name
}

var wellFormedVersion = regexp.MustCompile(`^20\d\d-\d\d-\d\d(-preview|-alpha|-beta)?$`)

func (k resourceType) knows(version string) bool {
	if k.versions != nil {
		return slices.Contains(k.versions, strings.ToLower(version))
	}
	return wellFormedVersion.MatchString(version)
}
