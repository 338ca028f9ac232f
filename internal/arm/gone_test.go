package arm

import (
	"strings"
	"testing"
)

// Only Azure Resource Manager itself can say that a cache is gone, and only of
// that cache.
func TestIsGone(t *testing.T) {
	const (
		id   = "/subscriptions/" + sub + "/resourceGroups/rg/providers/Microsoft.Cache/redis/cache"
		here = "The Resource 'Microsoft.Cache/Redis/%s' under resource group '%s' was not found."
	)
	message := func(name, group string) string {
		return strings.Replace(strings.Replace(here, "%s", name, 1), "%s", group, 1)
	}
	for name, tt := range map[string]struct {
		err  *Error
		gone bool
	}{
		"the cache":        {&Error{Status: 404, Code: "ResourceNotFound", Message: message("cache", "rg")}, true},
		"in other casing":  {&Error{Status: 404, Code: "resourcenotfound", Message: message("CACHE", "RG")}, true},
		"the group":        {&Error{Status: 404, Code: "ResourceGroupNotFound", Message: "Resource group 'rg' could not be found."}, true},
		"another cache":    {&Error{Status: 404, Code: "ResourceNotFound", Message: message("cache-2", "rg")}, false},
		"in another group": {&Error{Status: 404, Code: "ResourceNotFound", Message: message("cache", "rg-2")}, false},
		"another group": {&Error{Status: 404, Code: "ResourceGroupNotFound", Message: "Resource group 'rg2' could not be found."},
			false},
		"without words": {&Error{Status: 404, Code: "ResourceNotFound"}, false},
		"the subscription": {&Error{Status: 404, Code: "SubscriptionNotFound",
			Message: "The subscription '" + sub + "' could not be found."}, false},
		"no such type":            {&Error{Status: 404, Code: "InvalidResourceType", Message: message("cache", "rg")}, false},
		"a proxy":                 {&Error{Status: 404}, false},
		"not there with no right": {&Error{Status: 403, Code: "ResourceNotFound", Message: message("cache", "rg")}, false},
	} {
		if got := IsGone(tt.err, id); got != tt.gone {
			t.Errorf("%s: %v", name, got)
		}
	}
}
