package tfplan_test

import "testing"

// TestAzapiExisting: only a cache that is created takes the service's defaults
// for what its body leaves out; of one that exists it may have been set elsewhere.
func TestAzapiExisting(t *testing.T) {
	premium := m{"sku": m{"name": "Premium", "family": "P", "capacity": 1}, "publicNetworkAccess": "Disabled"}
	standard := m{"sku": m{"name": "Standard", "family": "C", "capacity": 1}, "enableNonSslPort": false}
	const (
		defaults = "nonTLS=unset tls=unset public=false auth=unset entra=unset keys=unset subnet=unset tier=Premium"
		unseen   = "nonTLS=not_observed tls=not_observed public=false auth=not_observed entra=not_observed keys=not_observed " +
			"subnet=not_observed tier=Premium"
	)
	for name, tt := range map[string]struct {
		actions       string
		body          m
		before, after string
	}{
		"created":  {"create", premium, "", defaults},
		"replaced": {"delete,create", premium, unseen, defaults},
		"updated":  {"update", premium, unseen, unseen},
		"no-op":    {"no-op", premium, unseen, unseen},
		"Standard is never injected": {"no-op", standard,
			"nonTLS=false tls=not_observed public=not_observed auth=not_observed entra=not_observed keys=not_observed subnet=unset tier=Standard",
			"nonTLS=false tls=not_observed public=not_observed auth=not_observed entra=not_observed keys=not_observed subnet=unset tier=Standard"},
	} {
		t.Run(name, func(t *testing.T) {
			before := with(azapi(tt.body), m{"id": cacheA})
			if tt.actions == "create" {
				before = nil
			}
			c := one(t, newSynth().change("azapi_resource.a", tt.actions, before, azapi(tt.body), m{}))
			if got := facts(c.After); got != tt.after {
				t.Errorf("after:\n got %s\nwant %s", got, tt.after)
			}
			if c.Before != nil && facts(c.Before) != tt.before {
				t.Errorf("before:\n got %s\nwant %s", facts(c.Before), tt.before)
			}
		})
	}
}
