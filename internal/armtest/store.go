package armtest

import (
	"cmp"
	"slices"
	"strings"
)

// resource is one ARM object. A generated cache has no body until somebody
// writes to it: build makes it anew for each read.
type resource struct {
	target
	id   string // as returned
	kind resourceType
	body object // what the answers hold beside id, name and type
	// build makes a generated cache.
	build func() Cache

	op *operation // the operation that keeps it busy
	// settle is how many reads after an operation still show lastState.
	settle    int
	lastState string

	// stale is how many reads still show before, nil for absent.
	stale  int
	before object
	gone   bool // deleted, and kept only while stale

	keyGeneration int
}

// written and deleted make the changes elsewhere that follow from a change.
func (r *resource) written(s *Server) {
	if r.kind.written != nil {
		r.kind.written(s, r)
	}
}

func (r *resource) deleted(s *Server) {
	if r.kind.deleted != nil {
		r.kind.deleted(s, r)
	}
}

func (r *resource) content() object {
	if r.body == nil && r.build != nil {
		return r.build().body()
	}
	return r.body
}

type store struct {
	subscriptions map[string]*Subscription
	order         []string // subscription ids, lower case, sorted
	groups        map[string]object
	resources     map[string]*resource
	collections   map[string][]*resource // by key of the list, sorted
	bySub         map[string][]*resource // by subscription and type, sorted
	cacheNames    map[string]string      // lower-case name to key
}

func newStore() store {
	return store{
		subscriptions: map[string]*Subscription{},
		groups:        map[string]object{},
		resources:     map[string]*resource{},
		collections:   map[string][]*resource{},
		bySub:         map[string][]*resource{},
		cacheNames:    map[string]string{},
	}
}

func byKey(r *resource, key string) int { return cmp.Compare(r.key, key) }

func insert(list []*resource, r *resource) []*resource {
	at, found := slices.BinarySearchFunc(list, r.key, byKey)
	if found {
		list[at] = r
		return list
	}
	return slices.Insert(list, at, r)
}

func remove(list []*resource, key string) []*resource {
	at, found := slices.BinarySearchFunc(list, key, byKey)
	if !found {
		return list
	}
	return slices.Delete(list, at, at+1)
}

// newResource is an object with its path and the id that answers show.
func newResource(id string, body object) *resource {
	t := parseTarget(id)
	k, known := resourceTypes[t.typeKey()]
	if !known {
		panic("armtest: no such resource type: " + t.typeKey())
	}
	return &resource{target: t, id: canonicalID(t, k), kind: k, body: body}
}

// canonicalID is the id in the casing that ARM returns.
func canonicalID(t target, k resourceType) string {
	types := strings.Split(k.name, "/")
	path := t.scope + "/providers/" + types[0]
	for i, name := range t.names {
		path += "/" + types[i+1] + "/" + name
	}
	switch t.typeKey() {
	case "microsoft.insights/diagnosticsettings":
		// Azure Monitor lower-cases the scope.
		return strings.ToLower(t.scope) + "/providers/microsoft.insights/diagnosticSettings/" + t.lastName()
	case redisType + "/patchschedules":
		return strings.Replace(path, "/PatchSchedules/", "/patchSchedules/", 1)
	}
	return path
}

func (s *store) add(r *resource) {
	s.resources[r.key] = r
	s.collections[r.collection()] = insert(s.collections[r.collection()], r)
	if r.group != "" && len(r.types) == 1 && !r.kind.extension {
		index := r.sub + " " + r.typeKey()
		s.bySub[index] = insert(s.bySub[index], r)
	}
	if r.typeKey() == redisType {
		s.cacheNames[strings.ToLower(r.lastName())] = r.key
	}
}

// drop removes an object with all objects in or on it.
func (s *store) drop(key string) {
	below := key + "/"
	for k, r := range s.resources {
		if k != key && !strings.HasPrefix(k, below) {
			continue
		}
		delete(s.resources, k)
		s.collections[r.collection()] = remove(s.collections[r.collection()], k)
		index := r.sub + " " + r.typeKey()
		s.bySub[index] = remove(s.bySub[index], k)
		if r.typeKey() == redisType {
			delete(s.cacheNames, strings.ToLower(r.lastName()))
		}
	}
}

// find returns the object, or nil.
func (s *store) find(t target) *resource {
	if r := s.resources[t.key]; r != nil {
		return r
	}
	if owner := s.generated(t); owner != nil {
		for _, child := range owner.build().children(t.key) {
			if child.key == t.key {
				return child
			}
		}
	}
	return nil
}

// in returns the objects of a list, sorted by key.
func (s *store) in(collection string) []*resource {
	if owner := s.generated(parseTarget(collection)); owner != nil && owner.key != collection {
		var found []*resource
		for _, child := range owner.build().children(collection) {
			if child.collection() == collection {
				found = insert(found, child)
			}
		}
		return found
	}
	return s.collections[collection]
}

// generated returns the cache of a fleet at a path; nil once it was written to.
func (s *store) generated(t target) *resource {
	owner := s.resources[t.cacheKey()]
	if owner == nil || owner.build == nil {
		return nil
	}
	return owner
}

// materialize turns a generated cache into a stored one, before a write.
func (s *store) materialize(t target) {
	owner := s.generated(t)
	if owner == nil {
		return
	}
	c := owner.build()
	owner.body, owner.build = c.body(), nil
	for _, child := range c.children("") {
		s.add(child)
	}
}

// clone copies a JSON value.
func clone[T any](v T) T {
	copied, _ := cloneAny(v).(T)
	return copied
}

func cloneAny(v any) any {
	switch v := v.(type) {
	case object:
		if v == nil {
			return object(nil)
		}
		m := make(object, len(v))
		for key, value := range v {
			m[key] = cloneAny(value)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, value := range v {
			l[i] = cloneAny(value)
		}
		return l
	}
	return v
}

// at follows keys into an object; nil where one is missing.
func at(v any, keys ...string) any {
	for _, key := range keys {
		m, isObject := v.(object)
		if !isObject {
			return nil
		}
		v = m[key]
	}
	return v
}

func textAt(v any, keys ...string) string {
	text, _ := at(v, keys...).(string)
	return text
}

func objectAt(v any, keys ...string) object {
	m, _ := at(v, keys...).(object)
	return m
}
