package azure

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// graphRow is a cache as Resource Graph knows it. Its properties are not asked
// for: the index lags behind, and leaves out what is newer than itself.
type graphRow struct {
	ID   string            `json:"id"`
	Type string            `json:"type"`
	Tags map[string]string `json:"tags"`
}

// cachesQuery finds the caches of all services, judged or not.
var cachesQuery = "resources | where type in~ ('" + strings.ToLower(strings.Join(trackedTypes(), "', '")) +
	"') | project id, type, tags | order by id asc"

// trackedTypes are the types that Resource Graph knows: no type within another.
func trackedTypes() []string {
	var types []string
	for _, s := range service.All {
		types = append(types, s.Type)
	}
	types = append(types, service.UnjudgedTypes...)
	return slices.DeleteFunc(types, func(name string) bool { return strings.Count(name, "/") > 1 })
}

// mostSubscriptions is how many subscriptions one query names.
const mostSubscriptions = 1000
