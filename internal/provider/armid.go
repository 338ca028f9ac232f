package provider

import "strings"

// identity is what is known about where a cache is; empty means not known.
type identity struct {
	id, subscription, group, name string
	subnet                        string
}

func identityOf(cache node) identity {
	who := identity{
		id:     cache.get("id").link(),
		group:  cache.get("resource_group_name").link(),
		name:   cache.get("name").link(),
		subnet: cache.get("subnet_id").link(),
	}
	if id, ok := parseID(who.id); ok {
		who.subscription, who.group, who.name = id.subscription, id.group, id.name
	}
	return who
}

// armID is the id of a resource, a resource group or a subscription; the parts
// that it does not have are empty.
type armID struct{ subscription, group, kind, name string }

// parseID splits an ARM id. Names in it compare without regard to case.
func parseID(id string) (armID, bool) {
	parts := strings.Split(strings.Trim(id, "/"), "/")
	if len(parts) < 2 || !strings.EqualFold(parts[0], "subscriptions") {
		return armID{}, false
	}
	out := armID{subscription: parts[1]}
	if len(parts) >= 4 && strings.EqualFold(parts[2], "resourceGroups") {
		out.group = parts[3]
	}
	if len(parts) >= 8 && strings.EqualFold(parts[4], "providers") {
		out.kind = strings.ToLower(parts[5] + "/" + strings.Join(everySecond(parts[6:]), "/"))
		out.name = parts[len(parts)-1]
	}
	return out, true
}

func everySecond(parts []string) []string {
	var out []string
	for i := 0; i < len(parts); i += 2 {
		out = append(out, parts[i])
	}
	return out
}

// match is how an id relates to a cache.
type match int

const (
	matchUnknown match = iota // nothing known speaks for or against
	matchSame                 // the ids are equal
	matchOther                // a known part differs
)

// differs reports whether two known names differ.
func differs(a, b string) bool { return a != "" && b != "" && !strings.EqualFold(a, b) }

// targeted compares the id that a companion names with the cache.
func (who identity) targeted(target string) match {
	if target == "" {
		return matchUnknown
	}
	if who.id != "" {
		if strings.EqualFold(strings.Trim(target, "/"), strings.Trim(who.id, "/")) {
			return matchSame
		}
		return matchOther
	}
	id, ok := parseID(target)
	if !ok || id.kind != "microsoft.cache/redis" ||
		differs(id.subscription, who.subscription) || differs(id.group, who.group) || differs(id.name, who.name) {
		return matchOther
	}
	return matchUnknown
}

// holds reports whether the cache lies in a scope: a subscription, a resource
// group, a resource, or a management group, which ids cannot tell.
func (who identity) holds(scope string) match {
	id, ok := parseID(scope)
	switch {
	case !ok:
		return matchUnknown
	case differs(id.subscription, who.subscription), differs(id.group, who.group):
		return matchOther
	case id.kind != "" && (id.kind != "microsoft.cache/redis" || differs(id.name, who.name)):
		return matchOther
	case who.subscription == "", id.group != "" && who.group == "", id.kind != "" && who.name == "":
		return matchUnknown
	default:
		return matchSame
	}
}
