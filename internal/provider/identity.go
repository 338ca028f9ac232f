package provider

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// identity is the subscription, resource group and name of a cache; empty where
// they are not known.
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
	if id, ok := armid.Parse(who.id); ok {
		who.subscription, who.group, who.name = id.Subscription, id.Group, id.Name()
	}
	return who
}

// match is the result of comparing an id with a cache.
type match int

const (
	matchUnknown match = iota // no known part decides
	matchSame                 // the ids are equal
	matchOther                // a known part differs
)

// differs reports whether two known names differ.
func differs(a, b string) bool { return a != "" && b != "" && !strings.EqualFold(a, b) }

// targeted compares the id in a companion with the cache.
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
	id, ok := armid.Parse(target)
	if !ok || !strings.EqualFold(id.Type, service.Redis.Type) ||
		differs(id.Subscription, who.subscription) || differs(id.Group, who.group) || differs(id.Name(), who.name) {
		return matchOther
	}
	return matchUnknown
}

// holds reports whether the cache is in a scope: a subscription, a resource group,
// a resource, or a management group, which ids cannot decide.
func (who identity) holds(scope string) match {
	id, ok := armid.Parse(scope)
	switch {
	case !ok:
		return matchUnknown
	case differs(id.Subscription, who.subscription), differs(id.Group, who.group):
		return matchOther
	case id.Type != "" && (!strings.EqualFold(id.Type, service.Redis.Type) || differs(id.Name(), who.name)):
		return matchOther
	case who.subscription == "", id.Group != "" && who.group == "", id.Type != "" && who.name == "":
		return matchUnknown
	default:
		return matchSame
	}
}
