package azure

import (
	"fmt"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// CacheID is the id of a cache in the casing in which it was given.
type CacheID struct {
	ID                                string
	Subscription, ResourceGroup, Name string
	Service                           *service.Service
}

// ParseCacheID reads the id of a cache in any casing. An id of another type is
// an error that names the type.
func ParseCacheID(text string) (CacheID, error) {
	id, ok := armid.Parse(text)
	if !ok || id.Type == "" || !plainSegments(text) {
		return CacheID{}, fmt.Errorf("%q is not the id of a resource; the id of a cache has the form %s", text, idForms())
	}
	of := service.Of(id.Type)
	if of == nil {
		return CacheID{}, fmt.Errorf("%q is the id of a %s, not of a %s", text, id.Type, service.Types())
	}
	if id.Group == "" {
		return CacheID{}, fmt.Errorf("%q is not the whole id of a cache, which has the form %s", text, idForms())
	}
	return CacheID{ID: strings.TrimRight(text, "/"), Subscription: id.Subscription, ResourceGroup: id.Group, Name: id.Name(), Service: of}, nil
}

// ParseCacheIDOf reads the id of a cache of a service.
func ParseCacheIDOf(s *service.Service, text string) (CacheID, error) {
	id, err := ParseCacheID(text)
	if err == nil && id.Service != s {
		return CacheID{}, fmt.Errorf("%q is the id of a %s, not of a %s", text, id.Service.Type, s.Type)
	}
	return id, err
}

// idForms are the forms of the ids of caches, for messages.
func idForms() string {
	var forms []string
	for _, s := range service.All {
		forms = append(forms, s.ID("<id>", "<name>", "<name>"))
	}
	return strings.Join(forms, " or ")
}

// collection is the kind and the path of a collection within the cache or its
// database.
func (id CacheID) collection(segment string) (arm.ResourceKind, string) {
	path := id.ID + "/" + segment
	if of, inside, nested := strings.Cut(segment, "/"); nested && strings.HasPrefix(id.Service.Database, "/"+of+"/") {
		path = id.ID + id.Service.Database + "/" + inside
	}
	return collectionKind(id.Service, segment), path
}

// plainSegments refuses ids whose segments would mean something in a URL path.
func plainSegments(id string) bool {
	return !slices.ContainsFunc(strings.Split(strings.Trim(id, "/"), "/"), func(s string) bool { return s == "" || s == "." || s == ".." })
}
