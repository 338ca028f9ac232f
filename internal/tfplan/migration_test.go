package tfplan_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// judgedOf is what a plan links to a cache, without what is read for a migration only.
func judgedOf(c *posture.Cache) []any {
	endpoints, access := c.PrivateEndpoints, c.AccessPolicyAssignments
	endpoints.Items, access.Items = slices.Clone(endpoints.Items), slices.Clone(access.Items)
	for i := range endpoints.Items {
		endpoints.Items[i].SubnetID = posture.Value[string]{}
	}
	for i := range access.Items {
		access.Items[i].ObjectID = posture.Value[string]{}
	}
	return []any{c.KeyConsumers, endpoints, access, c.DiagnosticSettings, c.FirewallRules, c.PolicyAssignments, c.GeoReplicas, c.SubnetID,
		c.HasDatabase, c.NonTLSPort, c.PublicNetworkAccess, c.MinimumTLSVersion}
}

// TestMigrationChangesNothingElse: what is read for a migration changes nothing that
// rules ask for, with the configuration and without.
func TestMigrationChangesNothingElse(t *testing.T) {
	compare := func(t *testing.T, file string, config *tfconfig.Configuration) {
		t.Helper()
		read := func(migration bool) (out []tfplan.Planned, notes []string, unjudged []posture.Unjudged) {
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			p, err := tfplan.Read(t.Context(), f, tfplan.Options{Configuration: config, Migration: migration})
			if err != nil {
				t.Fatal(err)
			}
			for c := range p.Caches() {
				out = append(out, c)
			}
			return out, p.Notes(), p.Unjudged()
		}
		want, wantNotes, wantUnjudged := read(false)
		got, gotNotes, gotUnjudged := read(true)
		for i, c := range want {
			if a, b := judgedOf(c.After), judgedOf(got[i].After); !reflect.DeepEqual(a, b) {
				t.Errorf("%s:\n%+v\nwith a migration\n%+v", c.After.Address, a, b)
			}
		}
		if diff := cmp.Diff(wantNotes, gotNotes) + cmp.Diff(wantUnjudged, gotUnjudged); diff != "" {
			t.Errorf("notes and what is not judged:\n%s", diff)
		}
	}
	plans, err := filepath.Glob("testdata/plans/*/plan.json")
	if err != nil || len(plans) < 10 {
		t.Fatalf("found %d plans, %v", len(plans), err)
	}
	for _, file := range plans {
		t.Run(filepath.Dir(file), func(t *testing.T) { compare(t, file, nil) })
	}
	for _, name := range linkCases(t) {
		t.Run(name, func(t *testing.T) {
			dir := unpack(t, name)
			config, err := tfconfig.LoadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, filepath.Join(dir, "plan.json"), nil)
			compare(t, filepath.Join(dir, "plan.json"), config)
		})
	}
}

// TestProviderReferences reads who takes an attribute of a cache in a provider
// configuration, that of a module too.
func TestProviderReferences(t *testing.T) {
	plan, err := tfplan.Read(t.Context(), strings.NewReader(providersPlan), tfplan.Options{Migration: true})
	if err != nil {
		t.Fatal(err)
	}
	for c := range plan.Caches() {
		var got []string
		for _, r := range c.After.References.Items {
			got = append(got, r.Consumer+" "+r.Argument+" "+r.Attribute)
		}
		want := []string{"module.a.module.b.provider.redis nested[0].token primary_access_key", "provider.redis address hostname"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}
