package cli

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/plangen"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

var updateWant = flag.Bool("update-want", false,
	"write the want.txt of each plan instead of comparing; read what changed before you commit it")

// TestVerdictsOfRealPlans holds the verdicts on plans of the real Terraform and
// the real providers against want.txt beside each, which a person has checked
// against the HCL.
func TestVerdictsOfRealPlans(t *testing.T) {
	files, err := filepath.Glob("../tfplan/testdata/plans/*/plan.json")
	if err != nil || len(files) < 10 {
		t.Fatalf("found %d plans, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			plan, err := tfplan.Read(t.Context(), f, tfplan.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for c := range plan.Caches() {
				judged := baseline.Published().EvaluateChange(c.After, c.Before, baseline.Options{})
				fmt.Fprintf(&got, "%s %s compliant=%s\n", *judged.Address, *judged.Change, tristate(judged.Compliant))
				for _, f := range append(judged.Features, judged.Advisories...) {
					if f.Status != report.NotSupported {
						fmt.Fprintln(&got, wantLine(f))
					}
				}
			}
			golden := filepath.Join(filepath.Dir(file), "want.txt")
			if *updateWant {
				if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("verdicts (-want +got):\n%s", diff)
			}
		})
	}
}

// TestVerdictsOfGeneratedPlans: what is measured on a generated plan is a plan of which
// every companion finds its cache, of both services, new and existing.
func TestVerdictsOfGeneratedPlans(t *testing.T) {
	linked := map[string]report.Status{
		"NS-2/azure-private-link": report.Compliant, "NS-2/disable-public-network-access": report.Compliant,
		"LT-4/azure-resource-logs": report.Compliant, "advisory/private-dns-zone": report.NonCompliant, // no network is linked to the zone
	}
	for _, opts := range []plangen.Options{{Caches: 12}, {Managed: 12}, {Caches: 12, Managed: 12}, {Caches: 12, Managed: 12, Existing: true}} {
		var raw bytes.Buffer
		if err := plangen.Write(&raw, opts); err != nil {
			t.Fatal(err)
		}
		plan, err := tfplan.Read(t.Context(), &raw, tfplan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		caches := map[string]int{}
		for c := range plan.Caches() {
			caches[c.After.Type]++
			judged := baseline.Published().EvaluateChange(c.After, c.Before, baseline.Options{})
			for _, f := range append(judged.Features, judged.Advisories...) {
				if want, asked := linked[f.ID]; asked && f.Status != want {
					t.Errorf("%+v: %s: %s is %s: %s", opts, *judged.Address, f.ID, f.Status, f.Message)
				}
			}
		}
		if caches[service.Redis.Type] != opts.Caches || caches[service.ManagedRedis.Type] != opts.Managed {
			t.Errorf("%+v: caches of each service: %v", opts, caches)
		}
	}
}

func wantLine(f report.Finding) string {
	line := "  " + f.ID + " " + string(f.Status)
	if f.Reason != nil {
		line += " " + *f.Reason
	}
	if f.Since != nil {
		line += " " + string(*f.Since)
	}
	return line
}

func tristate(b *bool) string {
	if b == nil {
		return "null"
	}
	return fmt.Sprint(*b)
}
