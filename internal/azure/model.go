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
	// cacheMigrations and databaseMigrations are the same for what only a migration depends on.
	cacheMigrations, databaseMigrations map[*service.Service]*vocabulary.Dialect[posture.Cache]
	// names are the members that are kept of a cache, whatever its service: those of
	// its table, and what stands around the cache. Access keys and connection strings
	// are not among them.
	names vocabulary.Names
}

var answers = sync.OnceValue(func() forms {
	none := func() map[*service.Service]*vocabulary.Dialect[posture.Cache] {
		return map[*service.Service]*vocabulary.Dialect[posture.Cache]{}
	}
	f := forms{none(), none(), none(), none(),
		vocabulary.Names{"properties": {service.EndpointConnections: nil, service.LinkedServers: nil}}} // nil: all of it
	for _, s := range service.All {
		cache, database := vocabulary.Of(s).Parts()
		f.caches[s], f.databases[s] = cache.ARM(""), database.ARM(databaseAt(s)+".")
		moreOfCache, moreOfDatabase := vocabulary.Migration(s).Parts()
		f.cacheMigrations[s], f.databaseMigrations[s] = moreOfCache.ARM(""), moreOfDatabase.ARM(databaseAt(s)+".")
		addNames(f.names, f.caches[s].Names())
		addNames(f.names, f.cacheMigrations[s].Names())
	}
	// Tags and the ids of user-assigned identities are names of members.
	f.names["identity"], f.names["tags"] = nil, nil
	return f
})

// lose makes unknown what is asked of a cache, or of its database.
func (f forms) lose(c *posture.Cache, s *service.Service, database bool, reason posture.Reason, detail string) {
	judged, migration := f.caches[s], f.cacheMigrations[s]
	if database {
		judged, migration = f.databases[s], f.databaseMigrations[s]
	}
	judged.Lose(c, reason, detail)
	if c.MigrationAsked {
		migration.Lose(c, reason, detail)
	}
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
