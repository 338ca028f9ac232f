package armtest

import (
	"strings"
)

// checkLinked returns the service's refusal of an update of a cache that is linked for
// geo-replication: another size, shards, replicas, persistence, and another way
// to sign in.
func (s *Server) checkLinked(cache *resource, sent object) response {
	links := s.store.in(cache.key + "/linkedservers")
	if len(links) == 0 {
		return response{}
	}
	current := objectAt(cache.body, "properties")
	for _, name := range []string{"sku", "shardCount", "replicasPerPrimary", "disableAccessKeyAuthentication"} {
		if changed(current, sent, name) {
			return badRequest("The property '%s' cannot be updated while the cache is linked for geo-replication.", name)
		}
	}
	for _, name := range sortedKeys(objectAt(sent, "redisConfiguration")) {
		if strings.HasPrefix(name, "rdb-") || strings.HasPrefix(name, "aof-") {
			return badRequest("The setting '%s' is not supported while the cache is linked for geo-replication.", name)
		}
	}
	return response{}
}

// zoneless reports whether a region has no availability zones.
func (s *Server) zoneless(location string) bool {
	for _, r := range s.opts.ZonelessRegions {
		if region(r) == region(location) {
			return true
		}
	}
	return false
}
