package azurecache

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// hardDays are fakes that behave as the service does on its worse days.
var hardDays = map[string]armtest.Options{
	"calm":             {},
	"location only":    {Operations: armtest.Operations{Style: armtest.LocationOnly, Polls: 3}},
	"slow and unknown": {Operations: armtest.Operations{Polls: 4, States: []string{"Creating", "UpgradingTheUnheardOf"}, SettleReads: 3}},
	"stale and odd":    {StaleReads: 4, OddCasing: true},
}

func TestLifecycle(t *testing.T) {
	classic := func(tier string, capacity int) Desired {
		d := wish(tier, capacity)
		d.FirewallRules = map[string]FirewallRule{}
		d.PatchSchedule = []PatchWindow{{DayOfWeek: "Sunday", StartHourUTC: 2}}
		d.DiagnosticSettings = map[string]DiagnosticSetting{"logs": {WorkspaceID: logs, CategoryGroups: []string{"allLogs"}}}
		d.PrivateEndpoint = &PrivateEndpoint{SubnetID: subnet, Manual: true, RequestMessage: "please"}
		return d
	}
	injected := wish("Premium", 1)
	injected.SubnetID, injected.StaticIP, injected.PublicNetworkAccess = ptr(subnet), ptr("10.0.0.9"), nil
	zoned := wish("Premium", 1)
	zoned.Zones, zoned.ZonalAllocationPolicy = []string{"2", "1"}, ptr("UserDefined")
	for name, path := range map[string][]Desired{
		"Basic to Standard":   {classic("Basic", 0), classic("Basic", 1), classic("Standard", 2)},
		"Basic to Premium":    {classic("Basic", 1), whole()},
		"Standard to Premium": {classic("Standard", 1), whole(), changed(), whole()},
		"in a network":        {injected},
		"in zones":            {zoned},
		"and back":            {changed(), whole(), changed()},
	} {
		for day, opts := range hardDays {
			t.Run(name+" on a day that is "+day, func(t *testing.T) {
				d := open(t, opts)
				var o Observed
				var err error
				for i, want := range path {
					if o, err = d.run(t.Context(), o, want); err != nil {
						t.Fatalf("%d: %v", i, err)
					}
					if left := Steps(o, want); len(left) > 0 {
						t.Errorf("%d: still to do: %v", i, left)
					}
					again, err := d.client.Read(t.Context(), want.ID, want.Wanted())
					if diff := cmp.Diff(o, again); err != nil || diff != "" {
						t.Errorf("%d: %v\n%s", i, err, diff)
					}
					writes := len(d.fake.Changes())
					if _, err := d.run(t.Context(), o, want); err != nil || len(d.fake.Changes()) != writes {
						t.Errorf("%d: a second run wrote something, or %v", i, err)
					}
				}
				d.checkBodies(t)
				if err := d.client.Delete(t.Context(), cacheID, o.Children, d.tell); err != nil {
					t.Fatal(err)
				}
				if left := d.everything(); len(left) > 0 {
					t.Errorf("left behind: %v", left)
				}
				if there, err := d.exists(t.Context()); there || err != nil {
					t.Error(there, err)
				}
				if err := d.client.Delete(t.Context(), cacheID, o.Children, nil); err != nil {
					t.Error("a second delete:", err)
				}
			})
		}
	}
}

func TestNoneMeansNone(t *testing.T) {
	d := open(t, armtest.Options{})
	o, err := d.run(t.Context(), Observed{}, whole())
	if err != nil {
		t.Fatal(err)
	}
	none := whole()
	none.Children = Children{
		FirewallRules: map[string]FirewallRule{}, PatchSchedule: []PatchWindow{}, AccessPolicies: map[string]string{},
		AccessPolicyAssignments: map[string]AccessPolicyAssignment{}, DiagnosticSettings: map[string]DiagnosticSetting{},
		PrivateEndpoint: &PrivateEndpoint{},
	}
	none.Identity, none.Tags = &Identity{}, map[string]string{}
	if o, err = d.run(t.Context(), o, none); err != nil {
		t.Fatal(err)
	}
	left := d.everything()
	if len(left) != 4 { // the cache and the three built-in policies
		t.Errorf("left behind: %v", left)
	}
	if diff := cmp.Diff(none.Children, o.Children); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNotManagedStays(t *testing.T) {
	d := open(t, armtest.Options{})
	o, err := d.run(t.Context(), Observed{}, whole())
	if err != nil {
		t.Fatal(err)
	}
	before := d.everything()
	bare := Desired{ID: cacheID, Location: "westeurope", Settings: Settings{SKU: &SKU{"Premium", 1}}}
	if _, err = d.run(t.Context(), o, bare); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, d.everything()); diff != "" {
		t.Error(diff)
	}
}

func TestDriftIsSeen(t *testing.T) {
	d := open(t, armtest.Options{})
	want := whole()
	if _, err := d.run(t.Context(), Observed{}, want); err != nil {
		t.Fatal(err)
	}
	properties := func(edit func(map[string]any)) func() {
		return func() {
			d.fake.Change(cacheID, func(body map[string]any) { edit(body["properties"].(map[string]any)) })
		}
	}
	calm := d.everything()
	for path, spoil := range map[string]func(){
		"properties.publicNetworkAccess": func() { properties(func(p map[string]any) { p["publicNetworkAccess"] = "Enabled" })() },
		"properties.minimumTlsVersion":   properties(func(p map[string]any) { p["minimumTlsVersion"] = "1.0" }),
		"properties.redisConfiguration.aad-enabled": properties(func(p map[string]any) {
			p["redisConfiguration"].(map[string]any)["aad-enabled"] = "False"
		}),
		"properties.redisConfiguration.maxmemory-delta": properties(func(p map[string]any) {
			p["redisConfiguration"].(map[string]any)["maxmemory-delta"] = "1"
		}),
		"tags":                     func() { d.fake.Change(cacheID, func(b map[string]any) { b["tags"] = map[string]any{} }) },
		"identity":                 func() { d.fake.Change(cacheID, func(b map[string]any) { delete(b, "identity") }) },
		"firewallRules/office":     func() { d.fake.Remove(cacheID + "/firewallRules/office") },
		"patchSchedules/default":   func() { d.fake.Remove(cacheID + "/patchSchedules/default") },
		"accessPolicies/mine":      func() { d.fake.Remove(cacheID + "/accessPolicies/mine") },
		"diagnosticSettings/logs":  func() { d.fake.Remove(cacheID + diagnosticsPath + "/logs") },
		"privateEndpoint":          func() { d.fake.Remove(PrivateEndpoint{}.path(cacheID)) },
		"privateEndpoint/dnsZones": func() { d.fake.Remove(PrivateEndpoint{}.path(cacheID) + "/privateDnsZoneGroups/default") },
		"firewallRules/mallory": func() {
			d.fake.PutChild(cacheID, "firewallRules/mallory", map[string]any{"startIP": "1.1.1.1", "endIP": "1.1.1.1"})
		},
		"accessPolicyAssignments/me": func() {
			d.fake.PutChild(cacheID, "accessPolicyAssignments/me",
				map[string]any{"accessPolicyName": "Data Owner", "objectId": "x", "objectIdAlias": "me"})
		},
	} {
		spoil()
		o, err := d.client.Read(t.Context(), cacheID, want.Wanted())
		if err != nil {
			t.Fatal(err)
		}
		seen := differences(o, want)
		if len(seen) == 0 || seen[0] != path {
			t.Errorf("%s: saw %v", path, seen)
		}
		if _, err := d.run(t.Context(), o, want); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if diff := cmp.Diff(calm, d.everything()); diff != "" {
			t.Errorf("%s:\n%s", path, diff)
		}
	}
}
