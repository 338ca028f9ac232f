package azurecache

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// While a cache is linked it cannot be scaled, persisted, get another private
// endpoint or lose its keys; everything else is changed.
func TestLinkedCache(t *testing.T) {
	d := open(t, armtest.Options{})
	before := whole()
	before.RDBBackupEnabled, before.PersistenceAuthMethod, before.StorageSubscriptionID = ptr(false), nil, nil
	before.RDBBackupFrequency, before.RDBBackupMaxSnapshotCount = nil, nil
	o, err := d.run(t.Context(), Observed{}, before)
	if err != nil {
		t.Fatal(err)
	}
	d.fake.PutChild(cacheID, "linkedServers/other",
		map[string]any{"linkedRedisCacheId": cacheID + "2", "linkedRedisCacheLocation": "North Europe", "serverRole": "Secondary"})
	want := changed()
	_, err = d.run(t.Context(), o, want)
	var linked *LinkedError
	if !errors.As(err, &linked) || len(linked.Servers) != 1 || !strings.HasSuffix(linked.Servers[0], "/linkedServers/other") {
		t.Fatal(err)
	}
	var refused []string
	for _, s := range linked.Steps {
		refused = append(refused, s.Name)
		if !RefusedWhileLinked(s) {
			t.Errorf("the plan says nothing of %s", s.Name)
		}
	}
	if got := strings.Join(refused, ", "); got != "scale to Premium P2, shards, access key authentication, persistence, private endpoint" {
		t.Error(got)
	}
	now, err := d.client.Read(t.Context(), cacheID, want.Wanted())
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range differences(now, want) {
		switch {
		case RefusedWhileLinked(Step{Properties: []string{path}}), strings.HasPrefix(path, "privateEndpoint"),
			slices.Contains(pathsOf(stepReservations), path):
		default:
			t.Errorf("%s was not changed", path)
		}
	}
	if ids := d.fake.IDs("microsoft.network/privateendpoints"); len(ids) != 1 {
		t.Error("the private endpoint is gone", ids)
	}
	if err := d.client.Delete(t.Context(), cacheID, want.Children, nil); !errors.As(err, &linked) ||
		len(d.fake.IDs("microsoft.network/privateendpoints")) != 1 {
		t.Error(err)
	}
	d.fake.Remove(cacheID + "/linkedServers/other")
	if o, err = d.run(t.Context(), now, want); err != nil || len(Steps(o, want)) > 0 {
		t.Error(err, Steps(o, want))
	}
	d.checkBodies(t)
}

// A region without zones declines, one way or the other; where they were only
// preferred that is no error.
func TestZonesWherePossible(t *testing.T) {
	for _, fault := range []*armtest.Fault{nil, {Method: http.MethodPatch, Status: 400, Code: "BadRequest", Message: "no zones here"}} {
		d := open(t, armtest.Options{ZonelessRegions: []string{"westeurope"}})
		o, err := d.run(t.Context(), Observed{}, wish("Standard", 1))
		if err != nil {
			t.Fatal(err)
		}
		want := wish("Standard", 1)
		want.ZonalAllocationPolicy, want.ZonesWherePossible = ptr("Automatic"), true
		if fault != nil {
			d.fake.Inject(*fault)
		}
		if o, err = d.run(t.Context(), o, want); err != nil || *o.ZonalAllocationPolicy != "NoZones" {
			t.Error(err)
		}
		want.ZonesWherePossible = false
		var not *NotAppliedError
		if _, err = d.run(t.Context(), o, want); !errors.As(err, &not) || not.Properties[0] != "properties.zonalAllocationPolicy" {
			t.Error(err)
		}
	}
}

func TestDatabasesAreSentOnce(t *testing.T) {
	d := open(t, armtest.Options{})
	want := wish("Premium", 2)
	want.Databases = ptr(32)
	o, err := d.run(t.Context(), Observed{}, want)
	if err != nil || *o.Databases != 32 {
		t.Fatal(err)
	}
	want.Databases = ptr(16)
	var not *UnchangeableError
	if _, err = d.run(t.Context(), o, want); !errors.As(err, &not) || not.Properties[0] != "properties.redisConfiguration.databases" {
		t.Error(err)
	}
	d.checkBodies(t)
}

func TestEndpointName(t *testing.T) {
	for cache, want := range map[string]string{
		"c":                     "c-private-endpoint",
		strings.Repeat("a", 47): strings.Repeat("a", 47) + "-private-endpoint",
		// What is cut gets a hash, so that names that begin alike do not collide.
		strings.Repeat("a", 63):                                 strings.Repeat("a", 40) + "-7d3e74-private-endpoint",
		strings.Repeat("A", 63):                                 strings.Repeat("A", 40) + "-7d3e74-private-endpoint",
		strings.Repeat("a", 46) + "-" + strings.Repeat("b", 16): strings.Repeat("a", 40) + "-d69976-private-endpoint",
	} {
		if got := EndpointName(cache); got != want || len(got) > 64 {
			t.Errorf("%s: %s", cache, got)
		}
	}
}
