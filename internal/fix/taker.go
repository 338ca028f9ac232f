package fix

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// taker is a place of the configuration that takes a key of a cache, or may take one.
//
// The rule goes by the text alone. An expression that refers to a cache, or to a data source
// of the type of one, takes no key if it names an attribute of which the schema of the
// provider says that it holds none. Everything else counts: an attribute that holds a key,
// one that the schema does not know, a whole object. The id or the name counts too where
// something unseen gets it: a script, a template, a deployment, a module that is not there.
// And so does what asks Azure for keys, of whichever cache that may be.
type taker struct {
	at   tfconfig.Position
	who  string // output.name, or the address of a resource without keys
	what string // what it does
	name string // of the only cache that a data source reads; empty where that is not known
}

// takers are the takers of all caches.
type takers struct {
	of  map[string][]taker // by the address of the resource of a cache, without keys
	any []taker            // of a cache that is not settled
}

// takerOf is the first place that takes a key of a cache, or may take one; nil for none.
// more counts the others. The addresses are those of its resources, without keys: its own,
// and that of its database.
func (r *run) takerOf(c *posture.Cache, addresses ...string) (first *taker, more int) {
	if r.takers == nil {
		r.takers = findTakers(r.Config.Modules())
	}
	var own, other []taker
	for _, address := range addresses {
		own = append(own, r.takers.of[address]...)
	}
	for _, t := range r.takers.any {
		if name, ok := c.Name.Get(); t.name == "" || !ok || strings.EqualFold(name, t.name) {
			other = append(other, t)
		}
	}
	found := append(inOrder(own), inOrder(other)...)
	if len(found) == 0 {
		return nil, 0
	}
	return &found[0], len(found) - 1
}

// inOrder sorts takers by their places, those of the root module first, and keeps one of each
// line.
func inOrder(list []taker) []taker {
	slices.SortStableFunc(list, func(a, b taker) int {
		return cmp.Or(cmp.Compare(strings.Count(a.at.File, "/"), strings.Count(b.at.File, "/")), cmp.Compare(a.at.File, b.at.File),
			cmp.Compare(a.at.Line, b.at.Line), cmp.Compare(a.what, b.what))
	})
	return slices.CompactFunc(list, func(a, b taker) bool { return a.at == b.at })
}

// cacheTypes are the types of resources that are a cache which the fix edits.
var cacheTypes = []string{"azurerm_redis_cache", "azurerm_managed_redis", "azapi_resource", "azapi_update_resource", "redisbaseline_cache"}

// readerTypes are the types of data sources that may read a cache, with the argument that
// names it.
var readerTypes = map[string]string{
	"azurerm_redis_cache": "name", "azurerm_managed_redis": "name", "azurerm_redis_enterprise_database": "", "azapi_resource": "",
}

// schemas are the schemas of these types, with all that any version of their provider has.
func schemas() map[string]*providerschema.Resource {
	out := providerschema.Common(providerschema.Newest)
	for _, other := range []map[string]*providerschema.Resource{providerschema.Azapi(), providerschema.Own()} {
		for name, r := range other {
			out[name] = r
		}
	}
	return out
}

// isNoKey reports whether what stands at a path of attributes of a resource is known to
// hold no key. An empty name stands for a number or a key in brackets.
func isNoKey(b *providerschema.Block, steps []string) bool {
	if len(steps) == 0 {
		return false
	}
	if nested := b.Nested(steps[0]); nested != nil {
		rest := steps[1:]
		for len(rest) > 0 && rest[0] == "" {
			rest = rest[1:]
		}
		return isNoKey(nested, rest)
	}
	i := slices.IndexFunc(b.Attributes, func(a *providerschema.Attribute) bool { return a.Name == steps[0] })
	switch {
	case i < 0:
		return false
	case steps[0] == "output": // of azapi: what Azure answers, which may be all of the object
		return len(steps) > 2 && steps[1] == "properties" && steps[2] != "" && !strings.EqualFold(steps[2], "accessKeys")
	default:
		return !b.Attributes[i].Is("S")
	}
}

// identifies reports whether what stands at a path says which cache it is, so that whoever
// has it can ask Azure for the keys.
func identifies(steps []string) bool {
	return len(steps) > 0 && slices.Contains([]string{"id", "name"}, steps[len(steps)-1])
}

// told says which place takes a key of a cache, or may.
func (t *taker) told(more int) string {
	others := ""
	if more > 0 {
		others = fmt.Sprintf(" (and %d more)", more)
	}
	return "it may shut clients out: " + t.who + " " + t.what + others
}
