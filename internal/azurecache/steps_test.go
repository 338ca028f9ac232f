package azurecache

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScalePath(t *testing.T) {
	for _, tt := range []struct{ from, to, want string }{
		{"Basic 1", "Basic 1", ""},
		{"Basic 0", "Basic 3", "Basic 3"},
		{"Basic 1", "Standard 1", "Standard 1"},
		{"Basic 1", "Standard 3", "Standard 1, Standard 3"},
		{"Basic 0", "Standard 1", "Standard 0, Standard 1"},
		{"Basic 1", "Premium 1", "Standard 1, Premium 1"},
		{"Standard 4", "Standard 2", "Standard 2"},
		{"Standard 1", "Premium 3", "Premium 3"},
		{"Premium 3", "Premium 1", "Premium 1"},
		{"standard 1", "Standard 1", ""},
		{"Premium 1", "Standard 1", "no"},
		{"Premium 1", "Basic 1", "no"},
		{"Standard 1", "Basic 1", "no"},
		{"Standard 2", "Standard 0", "no"},
		{"Basic 2", "Standard 0", "no"},
		{"Basic 0", "Standard 0", "Standard 0"},
	} {
		parse := func(s string) SKU { return SKU{s[:len(s)-2], int(s[len(s)-1] - '0')} }
		path, err := ScalePath(parse(tt.from), parse(tt.to))
		var got []string
		for _, s := range path {
			got = append(got, s.Name+" "+string(rune('0'+s.Capacity)))
		}
		if text := strings.Join(got, ", "); err == nil && text != tt.want || err != nil && tt.want != "no" {
			t.Errorf("%s to %s: got %q, %v; want %q", tt.from, tt.to, text, err, tt.want)
		}
	}
}

// The order is that of the facts: identity, size, reservations, version, Entra,
// keys, TLS and configuration, channel, zones, public access, tags, children.
func TestOrderOfSteps(t *testing.T) {
	have := Observed{ID: cacheID, Location: "westeurope", ProvisioningState: "Succeeded", Settings: Settings{
		SKU: &SKU{"Basic", 1}, RedisVersion: ptr("4.0"), PublicNetworkAccess: ptr("Enabled"),
		Identity: &Identity{UserAssigned: []string{userTwo}},
		Tags:     map[string]string{},
	}, Children: Children{
		FirewallRules: map[string]FirewallRule{"old": {}}, PatchSchedule: []PatchWindow{}, AccessPolicies: map[string]string{"old": "x"},
		AccessPolicyAssignments: map[string]AccessPolicyAssignment{"old": {}}, DiagnosticSettings: map[string]DiagnosticSetting{},
		PrivateEndpoint: &PrivateEndpoint{},
	}}
	want := whole()
	want.UpdateChannel = ptr("Preview")
	var got []string
	disruptive := map[string]bool{}
	for _, s := range Steps(have, want) {
		got = append(got, s.Name)
		disruptive[s.Name] = s.Disruption != ""
	}
	if diff := cmp.Diff([]string{
		"identity", "scale to Standard C1", "scale to Premium P1", "shards", "replicas", "memory reservations", "Redis version",
		"Microsoft Entra authentication", "access key authentication", "TLS and Redis configuration", "persistence", "update channel",
		"zonal allocation",
		"public network access", "identity no longer used", "tags",
		"access policy mine", "access policy assignment app", "access policy assignment ops", "without access policy assignment old",
		"without access policy old", "firewall rule home", "firewall rule office", "without firewall rule old", "patch schedule",
		"diagnostic setting logs", "private endpoint", "DNS zone group",
	}, got); diff != "" {
		t.Error(diff)
	}
	for name, want := range map[string]bool{
		"scale to Standard C1": true, "scale to Premium P1": true, "Microsoft Entra authentication": true, "access key authentication": true,
		"Redis version": true, "public network access": true, "TLS and Redis configuration": true, "tags": false, "identity": false,
		"patch schedule": false,
	} {
		if disruptive[name] != want {
			t.Errorf("%s: disruptive %v", name, !want)
		}
	}
}

func TestStepsOfOneChange(t *testing.T) {
	have := func() Observed {
		d := wish("Premium", 1)
		o := Observed{ID: cacheID, Location: "westeurope", Settings: d.Settings}
		o.RedisVersion = ptr("6.0")
		o.Identity = &Identity{}
		return o
	}
	for name, tt := range map[string]struct {
		change func(*Observed, *Desired)
		want   string
	}{
		"nothing": {func(*Observed, *Desired) {}, ""},
		"not managed is left alone": {func(o *Observed, d *Desired) { o.MaxmemoryPolicy, d.MaxmemoryPolicy = ptr("noeviction"), nil },
			""},
		"defaults that ARM does not say": {func(o *Observed, d *Desired) {
			o.UpdateChannel, o.EnableNonSSLPort, o.AuthNotRequired = nil, nil,
				nil
		}, ""},
		"scaling sends the reservations too": {func(o *Observed, d *Desired) { d.SKU = &SKU{"Premium", 3} },
			"scale to Premium P3; memory reservations"},
		"Basic has no reservations": {func(o *Observed, d *Desired) {
			o.SKU, d.SKU, o.MaxmemoryReserved = &SKU{"Basic", 1}, &SKU{"Basic", 2}, nil
		}, "scale to Basic C2"},
		"Entra off goes after keys on": {func(o *Observed, d *Desired) {
			d.AADEnabled, d.DisableAccessKeyAuthentication = ptr(false), ptr(false)
		},
			"access key authentication; Microsoft Entra authentication"},
		"tags have no casing to spare": {func(o *Observed, d *Desired) { d.Tags = map[string]string{"Env": "test"} }, "tags"},
		"ids differ by case": {func(o *Observed, d *Desired) {
			o.Identity, d.Identity = &Identity{UserAssigned: []string{strings.ToUpper(userOne)}}, &Identity{UserAssigned: []string{userOne}}
		}, ""},
		"an identity goes last": {func(o *Observed, d *Desired) {
			o.Identity, d.Identity, d.UpdateChannel = &Identity{SystemAssigned: true}, &Identity{}, ptr("Preview")
		}, "update channel; identity no longer used"},
		"persistence elsewhere than Premium is not sent": {func(o *Observed, d *Desired) {
			o.SKU, d.SKU = &SKU{"Standard", 1}, &SKU{"Standard", 1}
			d.PersistenceAuthMethod, d.RDBBackupEnabled = ptr("ManagedIdentity"), ptr(false)
		}, ""},
		"the way of authentication matters once something is kept": {func(o *Observed,
			d *Desired) {
			d.PersistenceAuthMethod = ptr("ManagedIdentity")
		}, ""},
		"connection strings are sent": {func(o *Observed, d *Desired) { d.Secrets.RDBStorageConnectionString = "x" },
			"persistence"},
	} {
		t.Run(name, func(t *testing.T) {
			o, d := have(), wish("Premium", 1)
			tt.change(&o, &d)
			var got []string
			for _, s := range Steps(o, d) {
				got = append(got, s.Name)
			}
			if text := strings.Join(got, "; "); text != tt.want {
				t.Errorf("got %s, want %s", text, tt.want)
			}
		})
	}
}

func TestUnchangeable(t *testing.T) {
	have := Observed{Location: "westeurope", Settings: Settings{SKU: &SKU{"Premium", 1}, SubnetID: ptr(subnet), Zones: []string{"1", "2"}}}
	for name, tt := range map[string]struct {
		want Desired
		text string
	}{
		"same": {Desired{Location: "West Europe",
			Settings: Settings{SKU: &SKU{"Premium", 2}, SubnetID: ptr(strings.ToUpper(subnet)), Zones: []string{"2", "1"}}}, ""},
		"unsaid":   {Desired{Location: "westeurope"}, ""},
		"location": {Desired{Location: "eastus"}, "location"},
		"tier":     {Desired{Settings: Settings{SKU: &SKU{"Standard", 1}}}, "properties.sku"},
		"network": {Desired{Settings: Settings{SubnetID: ptr(subnet + "2"), StaticIP: ptr("10.0.0.4")}},
			"properties.subnetId, properties.staticIP"},
		"zones": {Desired{Settings: Settings{Zones: []string{"1"}}}, "zones"},
	} {
		if got := strings.Join(Unchangeable(have, tt.want), ", "); got != tt.text {
			t.Errorf("%s: got %s", name, got)
		}
	}
}
