package provider

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// cacheKind is the caches that one resource type of azurerm makes.
type cacheKind struct {
	service *service.Service
	table   vocabulary.Table[posture.Cache]
	azurerm *vocabulary.Dialect[posture.Cache]
	// database is the part of the table that the database of a cache has.
	database *vocabulary.Dialect[posture.Cache]
	shape    *shape
	// ownAttributes are the attributes that neither other resources nor other kinds have,
	// commonAttributes those that all kinds have, and no other resource.
	ownAttributes, commonAttributes []string
}

// cacheKinds are the caches that a function takes in one parameter.
type cacheKinds []cacheKind

// judgedKinds are the caches that are judged.
var judgedKinds = sync.OnceValue(func() cacheKinds {
	return cacheKindsOf(append(slices.Clone(service.All), service.Enterprise), vocabulary.Of)
})

// movingKinds are the caches whose move to Azure Managed Redis is planned: the judged ones,
// with what only a move depends on.
var movingKinds = sync.OnceValue(func() cacheKinds {
	return cacheKindsOf(append(slices.Clone(service.All), service.Enterprise), vocabulary.All)
})

func cacheKindsOf(services []*service.Service, tableOf func(*service.Service) vocabulary.Table[posture.Cache]) cacheKinds {
	kinds := make(cacheKinds, len(services))
	owners := map[string]int{}
	for i, s := range services {
		table := tableOf(s)
		cluster, database := table.Parts()
		if s == service.Enterprise {
			table = cluster.AsEnterprise()
		}
		kinds[i] = cacheKind{service: s, table: table, azurerm: table.Azurerm(), database: database.Azurerm(), shape: shapeOf(table)}
		for name := range kinds[i].shape.attrs {
			owners[name]++
		}
	}
	for i := range kinds {
		k := &kinds[i]
		for _, name := range k.shape.names() {
			switch {
			case slices.ContainsFunc(k.table, func(f vocabulary.Fact[posture.Cache]) bool {
				block, _, _ := strings.Cut(f.Azurerm.Path, ".")
				return block == name && (f.Identity || f.Common)
			}):
			case owners[name] == 1:
				k.ownAttributes = append(k.ownAttributes, name)
			case owners[name] == len(kinds):
				k.commonAttributes = append(k.commonAttributes, name)
			}
		}
	}
	return kinds
}

// shape is an object with the attributes of all kinds.
func (kinds cacheKinds) shape() *shape {
	out := object(map[string]*shape{})
	for _, k := range kinds {
		out = out.union(k.shape)
	}
	return out
}

// identify returns the kind of an object, or an error for an object that is certainly no
// cache, that has attributes of several kinds, or that may be of several kinds.
func (kinds cacheKinds) identify(n node) (*cacheKind, error) {
	var found *cacheKind
	var all, set strings.Builder
	several := false
	for i := range kinds {
		k := &kinds[i]
		if len(k.ownAttributes) == 0 {
			continue
		}
		fmt.Fprintf(&all, "\n  %s\n  - %s", k.service.Azurerm[0], strings.Join(k.ownAttributes, "\n  - "))
		for _, name := range k.ownAttributes {
			if n.Get(name).null() {
				continue
			}
			fmt.Fprintf(&set, "\n  - %s of %s", name, k.service.Azurerm[0])
			several = several || found != nil && found != k
			found = k
		}
	}
	if found == nil {
		found = kinds.byCommonValues(n)
	}
	switch {
	case several:
		return nil, errors.New("this cannot be one cache: it has attributes that different types have:\n" + set.String())
	case found == nil:
		return nil, fmt.Errorf("this is no %s: none of the attributes that tell one is set; they are:\n%s\n\n"+
			"A documented value of %s tells one too. Terraform drops attributes of other names",
			service.AzurermTypes(), all.String(), strings.Join(kinds[0].commonAttributes, " or "))
	}
	return found, nil
}

// byCommonValues returns the only kind that can have the values of the attributes that
// all kinds have; nil where that is none, or several.
func (kinds cacheKinds) byCommonValues(n node) (found *cacheKind) {
	for i := range kinds {
		k := &kinds[i]
		switch {
		case !k.canHaveValues(n):
		case found != nil:
			return nil
		default:
			found = k
		}
	}
	return found
}

// canHaveValues reports whether a value of an attribute that all kinds have is known, and
// every one that is known is one that caches of this kind can have.
func (k *cacheKind) canHaveValues(n node) bool {
	known := false
	for _, f := range k.table {
		if !slices.Contains(k.commonAttributes, f.Azurerm.Path) {
			continue
		}
		if value, ok := n.Get(f.Azurerm.Path).text().Get(); ok {
			if !f.Printable(value) {
				return false
			}
			known = true
		}
	}
	// Azure Managed Redis and the Enterprise tiers are one type with different SKUs.
	s := service.OfCache(k.read(n))
	return known && (s == k.service || s.Type != k.service.Type)
}

// toPosture is the posture of a cache that is judged.
func toPosture(cache node, companions []node) (*posture.Cache, error) {
	return judgedKinds().posture(cache, companions)
}

// posture is the posture of a cache of azurerm's shape and its companions. It
// fails for an object that is no cache, and for a companion of no known kind.
func (kinds cacheKinds) posture(cache node, companions []node) (*posture.Cache, error) {
	kind, err := kinds.identify(cache)
	if err != nil {
		return nil, err
	}
	c := kind.read(cache)
	if err := readCompanions(companions, identityOf(kind.service, cache), c); err != nil {
		return nil, err
	}
	return c, nil
}

// refuseUndocumented returns an error for an attribute with a value that the service
// does not document, since a list of violations cannot show it. The value is not in the
// error: it may be anything, a secret included.
func refuseUndocumented(c *posture.Cache) error {
	odd := c.Undocumented()
	if len(odd) == 0 {
		return nil
	}
	return errors.New(undocumentedText(odd) + ": the rules that rest on such a value are unknown, and an empty list would pass them")
}

func (k *cacheKind) read(n node) *posture.Cache {
	c := &posture.Cache{Type: k.service.Type, Dialect: vocabulary.AzurermOf(k.table, n)}
	if k.service == service.Enterprise {
		c.Dialect = posture.DialectEnterprise
	}
	vocabulary.Read(k.azurerm, c, n, vocabulary.Reading[node]{
		Inside: func(path []string) node {
			inside := n
			for _, block := range path {
				inside = inside.Get(block).first()
			}
			return inside
		},
		New: true, // the object is judged as if azurerm had made all of it
	})
	if k.service.Database != "" {
		k.readDatabase(n, c)
	}
	if !c.ResourceGroup.IsKnown() {
		// A snapshot does not tell a missing group from one that is not known yet,
		// and no rule uses it.
		c.ResourceGroup = posture.Value[string]{}
	}
	if c.ResourceID.IsUnset() { // a cache always gets an id
		c.ResourceID = posture.Unknown[string](posture.ReasonKnownAfterApply, c.ResourceID.Source.Path)
	}
	k.table.HideUnprintable(c)
	return c
}

// readDatabase says what is known of a database that is another resource, or whose block
// is missing. azurerm writes an empty list for a cluster without a database, and never null.
func (k *cacheKind) readDatabase(n node, c *posture.Cache) {
	const block = "default_database"
	notObserved := func(path, detail string) {
		c.HasDatabase = posture.Unknown[bool](posture.ReasonNotObserved, path).WithDetail(detail)
		k.database.Lose(c, posture.ReasonNotObserved, detail)
	}
	switch {
	case k.service == service.Enterprise:
		notObserved("databases/default", "the database is an azurerm_redis_enterprise_database, which is not passed here")
	case n.Get(block).null():
		notObserved(block, "the object has no "+block)
	case c.HasDatabase.IsUnset():
		k.database.Lose(c, posture.ReasonNotObserved, "the cluster has no database")
	}
}
