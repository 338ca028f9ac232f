package provider

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// identity is the service, subscription, resource group and name of a cache; empty
// where they are not known.
type identity struct {
	service                       *service.Service
	id, subscription, group, name string
	subnet                        string
}

func identityOf(s *service.Service, cache node) identity {
	who := identity{
		service: s,
		id:      cache.Get("id").link(),
		group:   cache.Get("resource_group_name").link(),
		name:    cache.Get("name").link(),
		subnet:  cache.Get("subnet_id").link(),
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

// targeted compares the id in a companion with the cache, or with what lies at a
// path below it.
func (who identity) targeted(target, below string) match {
	if target == "" {
		return matchUnknown
	}
	target = strings.Trim(target, "/")
	n := max(len(target)-len(below), 0)
	if !strings.EqualFold(target[n:], below) {
		return matchOther
	}
	target = target[:n]
	if who.id != "" {
		if strings.EqualFold(target, strings.Trim(who.id, "/")) {
			return matchSame
		}
		return matchOther
	}
	id, ok := armid.Parse(target)
	if !ok || !strings.EqualFold(id.Type, who.service.Type) ||
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
	case id.Type != "" && (!strings.EqualFold(id.Type, who.service.Type) || differs(id.Name(), who.name)):
		return matchOther
	case who.subscription == "", id.Group != "" && who.group == "", id.Type != "" && who.name == "":
		return matchUnknown
	default:
		return matchSame
	}
}
