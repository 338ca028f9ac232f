package vocabulary

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// caches are the tables of caches, one for each service.
var caches = map[*service.Service]Table[posture.Cache]{
	service.Redis: azureCacheForRedis,
}

// Of returns the table of the caches of a service.
func Of(s *service.Service) Table[posture.Cache] { return caches[s] }

// OfCache returns the table of a cache.
func OfCache(c *posture.Cache) Table[posture.Cache] { return Of(service.OfCache(c)) }
