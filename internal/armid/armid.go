// Package armid reads ids of Azure Resource Manager, whoever wrote them: in any
// case, with or without slashes around them, and of any scope.
//
// No id is refused here with a message; who needs a certain one checks what Parse
// found. Nothing else of Azure may be in here.
package armid

import (
	"slices"
	"strings"
)

// ID is an ARM id taken apart, in the case in which it was given.
type ID struct {
	Subscription, Group string   // Group is empty at the level of a subscription
	Type                string   // resource type with its provider: Microsoft.Network/virtualNetworks; empty for a group or a subscription
	Names               []string // one for each part of the type after the provider
}

// Parse takes an id apart; ok is false for what is not the whole id of a
// subscription, or of something within one.
func Parse(text string) (id ID, ok bool) {
	parts := strings.Split(strings.Trim(text, "/"), "/")
	take := func(word string) string {
		if len(parts) < 2 || !strings.EqualFold(parts[0], word) {
			return ""
		}
		name := parts[1]
		parts = parts[2:]
		return name
	}
	if id.Subscription = take("subscriptions"); id.Subscription == "" {
		return ID{}, false
	}
	id.Group = take("resourceGroups")
	if len(parts) == 0 {
		return id, true
	}
	id.Type = take("providers")
	if id.Type == "" || len(parts)%2 != 0 {
		return id, false
	}
	for ; len(parts) > 0; parts = parts[2:] {
		id.Type += "/" + parts[0]
		id.Names = append(id.Names, parts[1])
	}
	return id, true
}

// Name is the last of the names; empty for a group or a subscription.
func (id ID) Name() string {
	if len(id.Names) == 0 {
		return ""
	}
	return id.Names[len(id.Names)-1]
}

// Last returns what stands after the last slash: the name in an id, and in a
// name such as cache/rule, by which ARM has called resources within others.
func Last(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// Key is the form of an id in which equal ids are equal strings.
func Key(id string) string { return strings.ToLower(strings.TrimRight(id, "/")) }

// Same reports whether two ids are equal, as ARM compares them.
func Same(a, b string) bool {
	return strings.EqualFold(strings.TrimRight(a, "/"), strings.TrimRight(b, "/"))
}

// Set returns ids or names in lower case, sorted, each once.
func Set(list []string) []string {
	out := make([]string, 0, len(list))
	for _, s := range list {
		out = append(out, strings.ToLower(s))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// SameSet reports whether two lists hold the same ids or names, as ARM compares
// them, in any order.
func SameSet(a, b []string) bool { return slices.Equal(Set(a), Set(b)) }

// Holds reports whether a resource is at a scope or below it.
func Holds(scope, id string) bool {
	scope, id = Key(scope), Key(id)
	return scope != "" && (id == scope || strings.HasPrefix(id, scope+"/"))
}
