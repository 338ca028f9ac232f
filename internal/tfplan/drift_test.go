package tfplan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// TestDriftIsShown: what somebody changed outside Terraform is named, without a
// value, and the plan's own values are judged.
func TestDriftIsShown(t *testing.T) {
	was := with(newCache("a"), m{"id": cacheA, "tags": m{"secret": "CANARY-1"}})
	is := with(was, m{"minimum_tls_version": "1.0", "non_ssl_port_enabled": true, "tags": m{"secret": "CANARY-2"}})
	s := newSynth().change("azurerm_redis_cache.a", "update", is, was, m{})
	drift := func(address string, before, after any) m {
		return m{"address": address, "mode": "managed", "type": "azurerm_redis_cache", "name": "a",
			"change": m{"actions": []any{"update"}, "before": before, "after": after, "after_unknown": m{}}}
	}
	s.plan["resource_drift"] = []any{
		drift("azurerm_redis_cache.a", was, is),
		drift("azurerm_redis_cache.elsewhere", was, is),
		m{"address": "azurerm_resource_group.rg", "mode": "managed", "type": "azurerm_resource_group", "name": "rg",
			"change": m{"actions": []any{"delete"}, "before": m{"name": "CANARY-3"}, "after": nil}},
	}
	p := s.read(t)
	if notes := strings.Join(p.Notes(), "\n"); !strings.Contains(notes, "3 resources were changed outside Terraform") ||
		strings.Contains(notes, "CANARY") {
		t.Errorf("notes of the plan: %q", notes)
	}
	s.plan["resource_drift"] = s.plan["resource_drift"].([]any)[:1]
	if notes := s.read(t).Notes(); !slices.ContainsFunc(notes,
		func(n string) bool { return strings.HasPrefix(n, "one resource was changed outside Terraform") }) {
		t.Errorf("notes of the plan: %q", notes)
	}
	for c := range p.Caches() {
		if want := []string{"changed outside Terraform since the last run: minimum_tls_version, non_ssl_port_enabled"}; !slices.Equal(c.Notes,
			want) {
			t.Errorf("notes of the cache: %q, want %q", c.Notes, want)
		}
		if c.After.MinimumTLSVersion.V != "1.2" || c.Before.MinimumTLSVersion.V != "1.0" {
			t.Errorf("TLS %v after %v", c.After.MinimumTLSVersion, c.Before.MinimumTLSVersion)
		}
	}
}

func TestDeletedOutside(t *testing.T) {
	was := with(newCache("a"), m{"id": cacheA})
	s := newSynth().cache("azurerm_redis_cache.a", "a")
	s.plan["resource_drift"] = []any{m{"address": "azurerm_redis_cache.a", "mode": "managed", "type": "azurerm_redis_cache", "name": "a",
		"change": m{"actions": []any{"delete"}, "before": was, "after": nil, "after_unknown": m{}}}}
	for c := range s.read(t).Caches() {
		if c.After.Change != posture.ChangeCreate || len(c.Notes) != 1 || !strings.Contains(c.Notes[0], "deleted outside Terraform") {
			t.Errorf("%s: %q", c.After.Change, c.Notes)
		}
	}
}
