package azure

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// cacheModel is a cache as Azure Resource Manager answers.
type cacheModel struct{ value }

var (
	// dialects are, for each service, where an answer has the facts of a cache, and
	// databases where that of its database has them.
	dialects  = map[*service.Service]*vocabulary.Dialect[posture.Cache]{}
	databases = map[*service.Service]*vocabulary.Dialect[posture.Cache]{}
	// cacheNames are the members that are kept of a cache, whatever its service:
	// those of its table, and what stands around the cache. Access keys and
	// connection strings are not among them.
	cacheNames = vocabulary.Names{"tags": nil, "properties": {service.EndpointConnections: nil}} // nil: all of it
)

func init() {
	for _, s := range service.All {
		cache, database := vocabulary.Of(s).Parts()
		dialects[s], databases[s] = cache.ARM(""), database.ARM(databaseAt(s)+".")
		addNames(cacheNames, dialects[s].Names())
	}
	cacheNames["identity"] = nil // the ids of user-assigned identities are names of members
}

func addNames(to, from vocabulary.Names) {
	for name, inside := range from {
		if to[name] == nil {
			to[name] = vocabulary.Names{}
		}
		addNames(to[name], inside)
	}
}

// UnmarshalJSON decodes what is kept of a cache.
func (m *cacheModel) UnmarshalJSON(raw []byte) (err error) {
	m.value, err = decodeObject(raw, cacheNames)
	return err
}

// tags are those of the cache.
func (m *cacheModel) tags() map[string]string {
	out := map[string]string{}
	for _, tag := range m.Get("tags").members {
		out[tag.name] = tag.value.text
	}
	return out
}
