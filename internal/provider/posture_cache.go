package provider

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// cacheKind is the caches of one service, as azurerm has them.
type cacheKind struct {
	service *service.Service
	table   vocabulary.Table[posture.Cache]
	azurerm *vocabulary.Dialect[posture.Cache]
	// database is the part of the table that the database of a cache has.
	database *vocabulary.Dialect[posture.Cache]
	shape    *shape
	// telling are attributes that neither other resources nor the caches of other
	// services have, common those that the caches of other services have too. At
	// least one of all is set in every cache.
	telling, common []string
}

// cacheKinds are the caches that a function takes in one parameter.
type cacheKinds []cacheKind

var judgedKinds = cacheKindsOf(service.All, vocabulary.Of)

func cacheKindsOf(services []*service.Service, tableOf func(*service.Service) vocabulary.Table[posture.Cache]) cacheKinds {
	kinds := make(cacheKinds, len(services))
	owners := map[string]int{}
	for i, s := range services {
		table := tableOf(s)
		_, database := table.Parts()
		kinds[i] = cacheKind{service: s, table: table, azurerm: table.Azurerm(), database: database.Azurerm(), shape: shapeOf(table)}
		for name := range kinds[i].shape.attrs {
			owners[name]++
		}
	}
	for i, k := range kinds {
		for _, name := range k.shape.names() {
			switch {
			case slices.ContainsFunc(k.table, func(f vocabulary.Fact[posture.Cache]) bool {
				block, _, _ := strings.Cut(f.Azurerm.Path, ".")
				return block == name && (f.Identity || f.Common)
			}):
			case owners[name] > 1:
				kinds[i].common = append(kinds[i].common, name)
			default:
				kinds[i].telling = append(kinds[i].telling, name)
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

// of returns the kind of an object, or an error for an object that is certainly no
// cache, or that has attributes of several kinds.
func (kinds cacheKinds) of(n node) (*cacheKind, error) {
	if sku, ok := n.Get("sku_name").text().Get(); ok && strings.HasPrefix(strings.ToLower(sku), "enterprise") {
		return nil, errEnterprise
	}
	var found *cacheKind
	var all, told strings.Builder
	several := false
	for i := range kinds {
		k := &kinds[i]
		if len(kinds) > 1 {
			fmt.Fprintf(&all, "\n  %s", k.service.Azurerm[0])
		}
		all.WriteString("\n  - " + strings.Join(k.telling, "\n  - "))
		for _, name := range k.telling {
			if n.Get(name).null() {
				continue
			}
			fmt.Fprintf(&told, "\n  - %s of %s", name, k.service.Azurerm[0])
			several = several || found != nil && found != k
			found = k
		}
	}
	if found == nil {
		found = kinds.byWords(n)
	}
	switch {
	case several:
		return nil, errors.New("this cannot be one cache: it has attributes that different types have:\n" + told.String())
	case found == nil:
		return nil, fmt.Errorf("this is no %s: none of the attributes that tell one is set; they are:\n%s\n\n%sTerraform "+
			"drops attributes of other names", service.AzurermTypes(), all.String(), kinds.wordsTell())
	}
	return found, nil
}

// wordsTell is a sentence on the attributes that tell a cache by their values.
func (kinds cacheKinds) wordsTell() string {
	if len(kinds[0].common) == 0 {
		return ""
	}
	return "A documented value of " + strings.Join(kinds[0].common, " or ") + " tells one too. "
}

// errEnterprise is the error for a cluster of the Enterprise tiers. Without its
// database, which is a resource of its own, most of it would be unknown.
var errEnterprise = fmt.Errorf("this is an %s: what a baseline asks of it stands in a resource of its own, "+
	"azurerm_redis_enterprise_database, which is not taken here; plan_file and resource_id of redisbaseline_evaluation judge both",
	service.Enterprise.Azurerm[0])

// byWords returns the only kind that documents the values of what an object has in
// common with several kinds; nil where that is none, or several.
func (kinds cacheKinds) byWords(n node) (found *cacheKind) {
	for i := range kinds {
		k := &kinds[i]
		switch {
		case !k.documents(n):
		case found != nil:
			return nil
		default:
			found = k
		}
	}
	return found
}

func (k *cacheKind) documents(n node) bool {
	words := 0
	for _, f := range k.table {
		if !slices.Contains(k.common, f.Azurerm.Path) {
			continue
		}
		if word, ok := n.Get(f.Azurerm.Path).text().Get(); ok {
			if !f.Printable(word) {
				return false
			}
			words++
		}
	}
	return words > 0
}

// toPosture is the posture of a cache of azurerm's shape and its companions. It
// fails for an object that is no cache, and for a companion of no known kind.
func toPosture(cache node, companions []node) (*posture.Cache, error) {
	kind, err := judgedKinds.of(cache)
	if err != nil {
		return nil, err
	}
	c := kind.read(cache)
	if err := readCompanions(companions, identityOf(kind.service, cache), c); err != nil {
		return nil, err
	}
	return c, nil
}

// refuseUndocumented returns an error for an attribute with a value that no cache
// can have, since a list of violations cannot show it. The value is not in the
// error: it may be anything, a secret included.
func refuseUndocumented(c *posture.Cache) error {
	odd := c.Undocumented()
	if len(odd) == 0 {
		return nil
	}
	return fmt.Errorf("a value that no %s has stands in %s", service.OfCache(c).Azurerm[0], strings.Join(odd, ", "))
}

func (k *cacheKind) read(n node) *posture.Cache {
	c := &posture.Cache{Type: k.service.Type, Dialect: vocabulary.AzurermOf(k.table, n)}
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

// readDatabase says what is known of a database whose block is missing. azurerm writes
// an empty list for a cluster without a database, and never null.
func (k *cacheKind) readDatabase(n node, c *posture.Cache) {
	const block = "default_database"
	switch {
	case n.Get(block).null():
		const detail = "the object has no " + block
		c.HasDatabase = posture.Unknown[bool](posture.ReasonNotObserved, block).WithDetail(detail)
		k.database.Lose(c, posture.ReasonNotObserved, detail)
	case c.HasDatabase.IsUnset():
		k.database.Lose(c, posture.ReasonNotObserved, "the cluster has no database")
	}
}
