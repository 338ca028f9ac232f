package vocabulary

import (
	"regexp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// caches are the tables of caches, one for each service.
var caches = map[string]Table[posture.Cache]{
	service.Redis.Type:        azureCacheForRedis,
	service.ManagedRedis.Type: azureManagedRedis,
}

// Of returns the table of the caches of a service.
func Of(s *service.Service) Table[posture.Cache] { return caches[s.Type] }

// OfCache returns the table of the facts that the source of a cache was asked for.
func OfCache(c *posture.Cache) Table[posture.Cache] {
	if c.MigrationAsked {
		return All(service.OfCache(c))
	}
	return Of(service.OfCache(c))
}

// identity is what tells which cache it is, alike for every service.
var identity = Table[posture.Cache]{
	{
		Field: func(c *posture.Cache) any { return &c.Name }, Identity: true,
		Doc:     "Name of the cache.",
		Azurerm: Term{Path: "name"},
		ARM:     Term{Path: "name"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.ResourceID }, Identity: true, Link: true,
		Doc:     "ARM id; tells which companions belong elsewhere.",
		Azurerm: Term{Path: "id"},
		ARM:     Term{Path: "id"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.ResourceGroup }, Identity: true, Link: true,
		Doc:     "Resource group; tells which companions belong elsewhere.",
		Azurerm: Term{Path: "resource_group_name"},
		ARM:     Term{OfOtherResource: "a part of the id"},
	},
	{
		Field: func(c *posture.Cache) any { return &c.Location }, Identity: true,
		Doc: "Azure region.", Format: regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 ]{2,40}$`),
		Azurerm: Term{Path: "location"},
		ARM:     Term{Path: "location", NoDefault: true},
	},
}
