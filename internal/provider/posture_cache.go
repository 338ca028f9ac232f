package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// toPosture is the posture of a cache of azurerm's shape and its companions. It
// fails for a companion of no known kind.
func toPosture(cache node, companions []node) (*posture.Cache, error) {
	c := readCache(cache)
	around, err := readCompanions(companions, identityOf(cache))
	if err != nil {
		return nil, err
	}
	around.place(c)
	return c, nil
}

// tellingAttributes are attributes of which at least one is set in every cache, and
// that objects of other types do not have.
var tellingAttributes = slices.DeleteFunc(cacheShape.names(), func(name string) bool {
	return slices.ContainsFunc(vocabulary.Of(service.Redis), func(f vocabulary.Fact[posture.Cache]) bool {
		return f.Azurerm.Path == name && (f.Identity || f.Shared)
	})
})

// refuseNoCache returns an error for an object that is certainly no cache.
func refuseNoCache(n node) error {
	for _, name := range tellingAttributes {
		if !n.get(name).null() {
			return nil
		}
	}
	return fmt.Errorf("this is no %s: none of the attributes that tell one is set; they are:\n\n  - %s\n\nTerraform "+
		"drops attributes of other names",
		service.Redis.Azurerm[0], strings.Join(tellingAttributes, "\n  - "))
}

// refuseUndocumented returns an error for an attribute with a value that no cache
// can have, since a list of violations cannot show it. The value is not in the
// error: it may be anything, a secret included.
func refuseUndocumented(c *posture.Cache) error {
	odd := c.Undocumented()
	if len(odd) == 0 {
		return nil
	}
	return fmt.Errorf("a value that no %s has stands in %s", service.Redis.Azurerm[0], strings.Join(odd, ", "))
}

// cacheAzurerm is where azurerm has the facts of a cache.
var cacheAzurerm = vocabulary.Of(service.Redis).Azurerm()

func readCache(n node) *posture.Cache {
	c := &posture.Cache{Type: service.Redis.Type, Dialect: vocabulary.AzurermOf(vocabulary.Of(service.Redis), n)}
	vocabulary.Read(cacheAzurerm, c, n, vocabulary.Reading[node]{
		Inside: func(path []string) node { return n.get(path[0]).first() },
		New:    true, // the object is judged as if azurerm had made all of it
	})
	if !c.ResourceGroup.IsKnown() {
		// A snapshot does not tell a missing group from one that is not known yet,
		// and no rule uses it.
		c.ResourceGroup = posture.Value[string]{}
	}
	if c.ResourceID.IsUnset() { // a cache always gets an id
		c.ResourceID = posture.Unknown[string](posture.ReasonKnownAfterApply, c.ResourceID.Source.Path)
	}
	vocabulary.Of(service.Redis).HideUnprintable(c)
	return c
}
