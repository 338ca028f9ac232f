package azure

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// graphRow is a cache as Resource Graph knows it. Its properties are not asked
// for: the index lags behind, and leaves out what is newer than itself.
type graphRow struct {
	ID string `json:"id"`
}

// cachesQuery finds the caches of all services.
var cachesQuery = "resources | where type in~ ('" + strings.ToLower(strings.Join(cacheTypes(), "', '")) +
	"') | project id | order by id asc"

func cacheTypes() []string {
	var types []string
	for _, s := range service.All {
		types = append(types, s.Type)
	}
	return types
}

// mostSubscriptions is how many subscriptions one query names.
const mostSubscriptions = 1000
