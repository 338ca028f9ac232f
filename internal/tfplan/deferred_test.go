package tfplan_test

import (
	"strings"
	"testing"
)

// TestDeferred: a cache whose change Terraform defers is there, and nothing of
// it is known, whatever the deferred change says.
func TestDeferred(t *testing.T) {
	for name, change := range map[string]m{
		"azurerm": {"address": "azurerm_redis_cache.later", "mode": "managed", "type": "azurerm_redis_cache",
			"change": m{"actions": []any{"create"}, "before": nil, "after": newCache("later"), "after_unknown": m{}}},
		"azapi": {"address": "azapi_resource.later", "mode": "managed", "type": "azapi_resource",
			"change": m{"actions": []any{"create"}, "before": nil, "after": azapi(m{"publicNetworkAccess": "Disabled"}), "after_unknown": m{}}},
	} {
		s := newSynth().cache(a, "a")
		s.plan["deferred_changes"] = []any{m{"reason": "instance_count_unknown", "resource_change": change}}
		p := s.read(t)
		if p.Len() != 2 {
			t.Fatalf("%s: %d caches", name, p.Len())
		}
		c := cacheAt(t, p, change["address"].(string))
		if !c.After.PublicNetworkAccess.IsUnknown() || !c.After.NonTLSPort.IsUnknown() || c.After.PrivateEndpoints.Observed {
			t.Errorf("%s: %s", name, facts(c.After))
		}
		if notes := strings.Join(c.Notes, "|"); !strings.Contains(notes, "defers") {
			t.Errorf("%s: the notes are %q", name, notes)
		}
		if cacheAt(t, p, a).After.PrivateEndpoints.Observed {
			t.Errorf("%s: absence was seen in a plan that defers changes", name)
		}
	}
}
