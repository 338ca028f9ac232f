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

// match is the result of comparing a scope with a cache.
type match int

const (
	matchUnknown match = iota // no known part decides
	matchSame                 // the cache is in it
	matchOther                // a known part differs
)

// differs reports whether two known names differ.
func differs(a, b string) bool { return a != "" && b != "" && !strings.EqualFold(a, b) }

// mayBe reports whether the id in a companion may be that of the cache, or of what
// lies at a path below it: no known part differs.
func (who identity) mayBe(target, below string) bool {
	if target == "" {
		return true
	}
	target = strings.Trim(target, "/")
	n := max(len(target)-len(below), 0)
	if !strings.EqualFold(target[n:], below) {
		return false
	}
	if target = target[:n]; who.id != "" {
		return strings.EqualFold(target, strings.Trim(who.id, "/"))
	}
	id, ok := armid.Parse(target)
	return ok && strings.EqualFold(id.Type, who.service.Type) &&
		!differs(id.Subscription, who.subscription) && !differs(id.Group, who.group) && !differs(id.Name(), who.name)
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
