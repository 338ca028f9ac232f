package azure

import (
	"sync"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// cacheModel is a cache as Azure Resource Manager answers.
type cacheModel struct{ value }

// forms are where answers have the facts of caches.
type forms struct {
	// caches are, for each service, where an answer has the facts of a cache, and
	// databases where that of its database has them.
	caches, databases map[*service.Service]*vocabulary.Dialect[posture.Cache]
	// names are the members that are kept of a cache, whatever its service: those of
	// its table, and what stands around the cache. Access keys and connection strings
	// are not among them.
	names vocabulary.Names
}

var answers = sync.OnceValue(func() forms {
	f := forms{map[*service.Service]*vocabulary.Dialect[posture.Cache]{}, map[*service.Service]*vocabulary.Dialect[posture.Cache]{},
		vocabulary.Names{"tags": nil, "properties": {service.EndpointConnections: nil}}} // nil: all of it
	for _, s := range service.All {
		cache, database := vocabulary.Of(s).Parts()
		f.caches[s], f.databases[s] = cache.ARM(""), database.ARM(databaseAt(s)+".")
		addNames(f.names, f.caches[s].Names())
	}
	f.names["identity"] = nil // the ids of user-assigned identities are names of members
	return f
})

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
	m.value, err = decodeObject(raw, answers().names)
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
