package tfplan_test

import (
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
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

// TestDeferredManaged: so it is with a cache of Azure Managed Redis.
func TestDeferredManaged(t *testing.T) {
	s := newSynth().cache(a, "a")
	s.plan["deferred_changes"] = []any{
		m{"reason": "absent_prereq", "resource_change": m{"address": "azurerm_managed_redis.m[*]", "mode": "managed",
			"type":   "azurerm_managed_redis",
			"change": m{"actions": []any{"create"}, "before": nil, "after": m{"name": "m"}, "after_unknown": m{}}}},
		m{"reason": "absent_prereq", "resource_change": m{"address": "azapi_resource.c", "mode": "managed", "type": "azapi_resource",
			"change": m{"actions": []any{"create"}, "before": nil, "after": m{"type": "Microsoft.Cache/redisEnterprise@2025-07-01"},
				"after_unknown": m{}}}},
	}
	p := s.read(t)
	for _, address := range []string{"azurerm_managed_redis.m[*]", "azapi_resource.c"} {
		c := cacheAt(t, p, address).After
		if !c.HasDatabase.IsUnknown() || !c.PublicNetworkAccess.IsUnknown() || !c.ClientProtocol.IsUnknown() || c.PrivateEndpoints.Observed {
			t.Errorf("%s: database %+v, public access %+v", address, c.HasDatabase, c.PublicNetworkAccess)
		}
	}
}

// TestDeferredDelete: a cache that is destroyed later is there after this plan.
func TestDeferredDelete(t *testing.T) {
	was := with(newCache("a"), m{"id": cacheA})
	s := newSynth()
	s.plan["deferred_changes"] = []any{m{"reason": "deferred_prereq",
		"resource_change": m{"address": a, "mode": "managed", "type": "azurerm_redis_cache",
			"change": m{"actions": []any{"delete"}, "before": was, "after": nil, "after_unknown": false}}}}
	c := cacheAt(t, s.read(t), a)
	if c.After.Change != posture.ChangeNoOp || !c.After.NonTLSPort.IsUnknown() || c.Before.NonTLSPort.IsUnknown() {
		t.Errorf("%s: after %s, before %s", c.After.Change, facts(c.After), facts(c.Before))
	}
}
