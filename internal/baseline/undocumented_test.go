package baseline_test

import (
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// TestUndocumented: a known value that is none of those that are documented
// leaves open what reads it, says so, is not shown, and is no fact that may
// merely stand elsewhere, which would leave the cache compliant.
func TestUndocumented(t *testing.T) {
	const tlsID, vnetID, linkID, nsgID = "DP-3/data-in-transit-encryption", "NS-1/virtual-network-integration", "NS-2/azure-private-link",
		"NS-1/network-security-group-support"
	odd := func(edit func(r *posture.SecurityRule)) func(*posture.Cache) {
		return guarded(allow(100, "*", "6380", edit))
	}
	for name, tt := range map[string]struct {
		edit func(*posture.Cache)
		id   string
	}{
		"a tier":                    {func(c *posture.Cache) { c.Tier = known("Standrd") }, vnetID},
		"a tier of another service": {func(c *posture.Cache) { c.Tier = known("Balanced_B0") }, vnetID},
		"a tier, injected":          {all(injected, func(c *posture.Cache) { c.Tier = known("Premium ") }), vnetID},
		"a tier, linked": {all(func(c *posture.Cache) { c.Tier = known("banana") }, endpoint(posture.ApprovalApproved)),
			vnetID},
		"a tier, service level":              {func(c *posture.Cache) { c.Tier = known("banana") }, "advisory/tier"},
		"a TLS version":                      {tls(known("banana")), tlsID},
		"a TLS version with a space":         {tls(known("1.2 ")), tlsID},
		"a TLS version, spelt otherwise":     {tls(known("TLS1_2")), tlsID},
		"a TLS version of the future":        {tls(known("1.4")), tlsID},
		"a connection state":                 {endpoint("Aproved"), linkID},
		"a connection state beside rejected": {all(endpoint(posture.ApprovalRejected), endpoint("banana")), linkID},
		"a persistence method": {persistence(known(true), known(false), known("ManagedIdentitty")),
			"advisory/persistence-identity"},
		"a zonal allocation policy": {allocation(known("NoZone")), "advisory/zone-redundancy"},
		"zones":                     {zonesOf("7", "8"), "advisory/zone-redundancy"},
		"a size":                    {size("Standard", "C", known(99)), "advisory/tier"},
		"a negative size":           {size("Standard", "C", known(-1)), "advisory/disk-encryption-tier"},
		"the direction of a rule":   {odd(func(r *posture.SecurityRule) { r.Direction = known("Inbund") }), nsgID},
		"the access of a rule":      {odd(func(r *posture.SecurityRule) { r.Access = known("Alow") }), nsgID},
		"the protocol of a rule":    {odd(func(r *posture.SecurityRule) { r.Protocol = known("Tpc") }), nsgID},
	} {
		c := plain()
		tt.edit(c)
		judged := documents.Evaluate(c, baseline.Options{})
		f := findingOf(t, judged, tt.id)
		if f.Status != report.Unknown || f.Reason == nil || *f.Reason != string(posture.ReasonKnownAfterApply) {
			t.Errorf("%s: %s is %s (%s)", name, tt.id, f.Status, f.Message)
		}
		if judged.Compliant != nil && *judged.Compliant {
			t.Errorf("%s: the cache is compliant", name)
		}
		for _, e := range f.Evidence {
			if text := string(e.Value); strings.Contains(text, "banana") || strings.Contains(text, "Standrd") {
				t.Errorf("%s: %s shows %s", name, tt.id, text)
			}
		}
	}
}

// TestDocumentedInAnyCase: Azure Resource Manager compares words without case.
func TestDocumentedInAnyCase(t *testing.T) {
	c := plain()
	c.Tier, c.Family = known("PREMIUM"), known("p")
	c.ZonalAllocationPolicy, c.PersistenceAuthentication, c.UpdateChannel = known("nozones"), known("sas"), known("stable")
	if odd := c.Undocumented(); len(odd) > 0 || c.Documented() != c {
		t.Errorf("%v", odd)
	}
}

func zonesOf(names ...string) func(*posture.Cache) { return inZones(known(names)) }

// The evidence says that its value is not documented, and does not show it.
func TestUndocumentedValueForPeople(t *testing.T) {
	c := plain()
	tls(known("banana"))(c)
	f := findingOf(t, documents.Evaluate(c, baseline.Options{}), "DP-3/data-in-transit-encryption")
	n := 0
	for _, e := range f.Evidence {
		if e.Undocumented {
			n++
		}
		if strings.Contains(string(e.Value), "banana") {
			t.Errorf("%s is shown", e.Path)
		}
	}
	if n != 1 {
		t.Errorf("%d pieces of evidence are not documented", n)
	}
}
