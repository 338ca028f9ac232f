package acctest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// managedExample is a workspace with a copy of an example of Azure Managed Redis, and
// with the command line.
func managedExample(t *testing.T, name string) *workspace {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "examples", "azure-managed-redis", name))); err != nil {
		t.Fatal(err)
	}
	w := newWorkspaceIn(t, azurermtest.V5, dir)
	w.must("get")
	return w
}

// The examples make caches of which nothing is violated or undecided: policy assignments
// are all that the plan does not show, and advisories of level info all that is advised.
func TestManagedExamplesAreHardened(t *testing.T) {
	const noKey, noZone, noCopy = "advisory/customer-managed-key", "advisory/private-dns-zone", "advisory/persistence"
	for name, want := range map[string]map[string][]string{ // advice by address
		"azurerm": {"module.sessions.azurerm_managed_redis.this": {noKey}, "module.orders.azurerm_managed_redis.this": nil},
		"azapi":   {"module.sessions.azapi_resource.cluster": {noKey}, "module.orders.azapi_resource.cluster": nil},
		"guard":   {"azurerm_managed_redis.orders": {noZone, noKey, noCopy}},
	} {
		t.Run(name, func(t *testing.T) {
			w := managedExample(t, name)
			w.must("plan", "-out=plan.tfplan")
			w.write("plan.json", w.must("show", "-json", "plan.tfplan"))
			out, code := w.redisbaseline("check", "--format", "json", "--config", ".", "plan.json")
			if code != 0 {
				t.Errorf("exit code %d", code)
			}
			var r report.Report
			if err := json.Unmarshal([]byte(out), &r); err != nil {
				t.Fatal(err)
			}
			got := map[string][]string{}
			for _, c := range r.Caches {
				got[*c.Address] = nil
				for _, f := range c.Features {
					if f.Status == report.NonCompliant || f.Status == report.Unknown && f.ID != "AM-2/azure-policy-support" {
						t.Errorf("%s %s: %s: %s", *c.Address, f.ID, f.Status, f.Message)
					}
				}
				for _, f := range c.Advisories {
					if f.Status == report.NonCompliant {
						got[*c.Address] = append(got[*c.Address], f.ID)
					}
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
