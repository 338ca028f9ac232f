package arm

import "strings"

// ResourceKind is a type of resource that is read or written: how messages call
// one, its resource type and the api-version.
type ResourceKind struct{ What, Type, Version string }

// Action is what a role must hold to read, write or delete such a resource.
func (k ResourceKind) Action(verb string) string { return k.Type + "/" + verb }

func (k ResourceKind) endpoint(verb string) endpoint {
	return endpoint{k.What, k.Version, k.Action(verb)}
}

// endpoint is one kind of request: how messages call what is asked for, the
// api-version, and the action that a role must hold.
type endpoint struct{ what, version, action string }

// subscriptionOf returns the subscription in a path, in lower case; empty when
// the path is not below one.
func subscriptionOf(path string) string {
	const prefix = "/subscriptions/"
	if len(path) < len(prefix) || !strings.EqualFold(path[:len(prefix)], prefix) {
		return ""
	}
	id, _, _ := strings.Cut(path[len(prefix):], "/")
	return strings.ToLower(id)
}
