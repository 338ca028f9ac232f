package azure

import (
	"fmt"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// CacheID is the id of a cache in the casing in which it was given.
type CacheID struct {
	ID                                string
	Subscription, ResourceGroup, Name string
}

// ParseCacheID reads the id of a cache in any casing. An id of another type is
// an error that names the type.
func ParseCacheID(text string) (CacheID, error) {
	const form = "/subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.Cache/redis/<name>"
	id, err := arm.ParseResourceID(text)
	if err != nil || !plainSegments(text) {
		return CacheID{}, fmt.Errorf("%q is not the id of a resource; the id of a cache has the form %s", text, form)
	}
	if !strings.EqualFold(id.ResourceType.String(), posture.TypeRedis) {
		hint := ""
		if strings.EqualFold(id.ResourceType.Namespace, "Microsoft.Cache") && strings.EqualFold(id.ResourceType.Types[0], "redisEnterprise") {
			hint = "; Azure Managed Redis is not judged by this baseline"
		}
		return CacheID{}, fmt.Errorf("%q is the id of a %s, not of a %s%s", text, id.ResourceType, posture.TypeRedis, hint)
	}
	if id.SubscriptionID == "" || id.ResourceGroupName == "" || id.Name == "" {
		return CacheID{}, fmt.Errorf("%q is not the whole id of a cache, which has the form %s", text, form)
	}
	return CacheID{ID: strings.TrimRight(text, "/"), Subscription: id.SubscriptionID, ResourceGroup: id.ResourceGroupName, Name: id.Name}, nil
}

// plainSegments refuses ids whose segments would mean something in a URL path.
func plainSegments(id string) bool {
	for _, s := range strings.Split(strings.Trim(id, "/"), "/") {
		if s == "" || s == "." || s == ".." {
			return false
		}
	}
	return true
}

// sameID compares two ids as ARM does.
func sameID(a, b string) bool {
	return strings.EqualFold(strings.TrimRight(a, "/"), strings.TrimRight(b, "/"))
}

// holds reports whether a resource is at a scope or below it.
func holds(scope, id string) bool {
	scope, id = strings.ToLower(strings.TrimRight(scope, "/")), strings.ToLower(id)
	return scope != "" && (id == scope || strings.HasPrefix(id, scope+"/"))
}

// key is the form of an id under which it is remembered and sorted.
func key(id string) string { return strings.ToLower(strings.TrimRight(id, "/")) }
