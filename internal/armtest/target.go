package armtest

import (
	"strings"
)

// target is what the path of a request names.
type target struct {
	path  string // as sent, without a trailing slash
	key   string // path in lower case
	sub   string // subscription id, lower case
	group string // resource group, as sent
	// scope is what stands before the last /providers/, as sent.
	scope     string
	namespace string   // of the last /providers/, as sent
	types     []string // type segments after it
	names     []string // name segments after it
}

func parseTarget(path string) target {
	t := target{path: strings.TrimRight(path, "/")}
	t.key = strings.ToLower(t.path)
	parts := strings.Split(strings.TrimPrefix(t.path, "/"), "/")
	if len(parts) >= 2 && strings.EqualFold(parts[0], "subscriptions") {
		t.sub = strings.ToLower(parts[1])
	}
	if len(parts) >= 4 && strings.EqualFold(parts[2], "resourceGroups") {
		t.group = parts[3]
	}
	at := strings.LastIndex(t.key, "/providers/")
	if at < 0 {
		t.scope = t.path
		return t
	}
	t.scope = t.path[:at]
	rest := strings.Split(t.path[at+len("/providers/"):], "/")
	t.namespace = rest[0]
	for i, segment := range rest[1:] {
		if i%2 == 0 {
			t.types = append(t.types, segment)
		} else {
			t.names = append(t.names, segment)
		}
	}
	return t
}

// item reports whether the path names one object, not a list or an action.
func (t target) item() bool { return len(t.types) > 0 && len(t.types) == len(t.names) }

// typeKey is the resource type in lower case, for example
// microsoft.cache/redis/firewallrules.
func (t target) typeKey() string { return strings.ToLower(t.namespaceType()) }

func (t target) namespaceType() string {
	if t.namespace == "" {
		return ""
	}
	return strings.Join(append([]string{t.namespace}, t.types...), "/")
}

func (t target) lastName() string {
	if len(t.names) == 0 {
		return ""
	}
	return t.names[len(t.names)-1]
}

func (t target) lastType() string {
	if len(t.types) == 0 {
		return ""
	}
	return t.types[len(t.types)-1]
}

// collection is the key of the list that holds the object.
func (t target) collection() string { return parentPath(t.key) }

// parent is the key of the object that the last segments belong to: the outer
// resource of a child, else the scope.
func (t target) parent() string {
	if len(t.types) > 1 {
		return parentPath(parentPath(t.key))
	}
	return strings.ToLower(t.scope)
}

func parentPath(path string) string {
	at := strings.LastIndexByte(path, '/')
	if at < 0 {
		return ""
	}
	return path[:at]
}

// cacheKey is the key of the cache that the path is about, or empty.
func (t target) cacheKey() string {
	const marker = "/providers/microsoft.cache/"
	scope, rest, _ := strings.Cut(t.key, marker)
	parts := strings.SplitN(rest, "/", 3)
	if len(parts) < 2 || resourceTypes["microsoft.cache/"+parts[0]].cache == nil {
		return ""
	}
	return scope + marker + parts[0] + "/" + parts[1]
}
