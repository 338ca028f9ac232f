package tfplan_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestUnjudged: Redis resources of types that no document covers are named, as
// long as they are there after the plan.
func TestUnjudged(t *testing.T) {
	const enterprise = "Microsoft.Cache/redisEnterprise"
	s := newSynth().cache(a, "a").
		change("azurerm_managed_redis.new", "create", nil, m{"name": "n"}, m{"id": true}).
		change("azurerm_redis_enterprise_cluster.c", "no-op", m{"id": "/c"}, m{"id": "/c"}, nil).
		change("azurerm_redis_enterprise_database.d", "update", m{"id": "/d"}, m{"id": "/d"}, nil).
		change("azurerm_managed_redis.gone", "delete", m{"id": "/g"}, nil, nil).
		change("azapi_resource.c", "create", nil, m{"type": "microsoft.cache/redisenterprise@2025-07-01", "name": "c", "body": m{}},
			m{"id": true}).
		change("azapi_resource.d", "create", nil, m{"type": enterprise + "/databases@2025-07-01", "name": "default", "body": m{}}, m{"id": true}).
		change("azapi_update_resource.u", "create", nil, m{"type": enterprise + "@2025-07-01", "body": m{}}, m{"id": true}).
		change("azapi_resource.web", "create", nil, m{"type": "Microsoft.Web/sites@2024-01-01", "name": "w", "body": m{}}, m{"id": true})
	var got []string
	for _, u := range s.read(t).Unjudged() {
		got = append(got, fmt.Sprint(u.Address, " ", u.Type))
		if !strings.HasPrefix(u.Note(), u.Address+" ") || !strings.Contains(u.Note(), "not judged") {
			t.Errorf("the note is %q", u.Note())
		}
	}
	want := []string{
		"azapi_resource.c " + enterprise, "azapi_resource.d " + enterprise + "/databases", "azapi_update_resource.u " + enterprise,
		"azurerm_managed_redis.new " + enterprise, "azurerm_redis_enterprise_cluster.c " + enterprise,
		"azurerm_redis_enterprise_database.d " + enterprise + "/databases",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}
