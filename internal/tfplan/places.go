package tfplan

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// places finds where caches and companions stand in the configuration. All
// instances of a resource stand in the same place, which is looked up once. It
// is nil without the configuration.
type places struct {
	config     *tfconfig.Configuration
	base       string
	caches     map[string]*posture.Places // by address in the configuration
	companions map[string]posture.Position
}

func newPlaces(p *linker) *places {
	if p.options.Configuration == nil {
		return nil
	}
	l := &places{
		config: p.options.Configuration, base: p.options.Base,
		caches: map[string]*posture.Places{}, companions: map[string]posture.Position{},
	}
	headers := map[string]posture.Position{}
	add := func(address, cfg string) {
		at, ok := headers[cfg]
		if !ok {
			if d, found := l.config.Declaration(cfg); found {
				at = l.position(d.Position())
			}
			headers[cfg] = at
		}
		if at.File != "" {
			l.companions[address] = at
		}
	}
	for address, in := range p.instances {
		if p.cacheAt[address] == nil {
			add(address, in.cfg)
		}
	}
	for _, c := range p.caches {
		for _, consumer := range c.keys {
			add(consumer, consumer)
		}
	}
	return l
}

// of returns the places of one cache with its facts; nil where its declaration is not found.
func (l *places) of(c *cacheEntry, facts *posture.Cache) *posture.Places {
	if l == nil {
		return nil
	}
	own, database := l.declared(c.in), l.database(c)
	if own == nil || len(c.overlays) == 0 && database == nil {
		return own
	}
	out := &posture.Places{Cache: own.Cache, Facts: maps.Clone(own.Facts), Companions: own.Companions}
	if database != nil {
		out.Facts[databasePath] = database.Cache
		databaseOf(facts).Each(facts, facts, func(x vocabulary.Property) {
			path := x.Now().Source.Path
			out.Facts[path] = cmp.Or(database.Facts[path], database.Cache)
		})
	}
	// What an azapi_update_resource sets of the cache is written there.
	for _, in := range c.overlays {
		patch := l.declared(in)
		if patch == nil {
			continue
		}
		v := in.view()
		for _, name := range azapiPaths() {
			if set := v.at(strings.Split(name, ".")...); set.isAbsent() || set.val.null() && !set.isUnknown() {
				continue
			}
			out.Facts[name] = patch.Cache
			if at, ok := patch.Facts[name]; ok {
				out.Facts[name] = at
			}
		}
	}
	return out
}

// database returns the places of the database of a cache, where a resource of its own
// makes it; nil where none does.
func (l *places) database(c *cacheEntry) *posture.Places {
	for _, link := range c.links {
		if link.in.typ.kind == kindDatabase && link.after {
			return l.declared(link.in)
		}
	}
	return nil
}

// declared looks a resource up with every fact that is read of it.
func (l *places) declared(in *instance) *posture.Places {
	if out, ok := l.caches[in.cfg]; ok {
		return out
	}
	var out *posture.Places
	if d, ok := l.config.Declaration(in.cfg); ok {
		out = &posture.Places{Cache: l.position(d.Position()), Facts: map[string]posture.Position{}, Companions: l.companions}
		names, others := azapiPaths(), map[string]string{}
		facts := in.typ.facts
		if in.typ.kind == kindDatabase && !in.typ.arm {
			facts = enterpriseDatabase()
		}
		if facts != nil {
			names, others = pathsOf(keep().withNames(facts.Names()), ""), facts.Aliases()
		}
		for _, name := range names {
			if at, ok := d.Argument(strings.Split(name, ".")...); ok {
				out.Facts[name] = l.position(at)
			}
		}
		for name, other := range others {
			at, ok := out.Facts[name]
			if _, both := out.Facts[other]; ok && !both {
				out.Facts[other] = at
			}
		}
	}
	l.caches[in.cfg] = out
	return out
}

// azapiPaths are the paths of the facts that are read of a cache by azapi, among others.
var azapiPaths = sync.OnceValue(func() []string { return pathsOf(azapiSpec, "") })

func pathsOf(s *spec, prefix string) []string {
	var out []string
	for name, f := range s.fields {
		out = append(out, prefix+name)
		if f.spec != nil {
			out = append(out, pathsOf(f.spec, prefix+name+".")...)
		}
	}
	slices.Sort(out)
	return out
}

func (l *places) position(at tfconfig.Position) posture.Position { return positionIn(l.base, at) }

// positionIn is a position as reports name it, where base is the directory of the
// root module; a position without a file stays that.
func positionIn(base string, at tfconfig.Position) posture.Position {
	if at.File == "" {
		return posture.Position{}
	}
	return posture.Position{File: path.Join(base, at.File), Line: at.Line}
}
