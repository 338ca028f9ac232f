package cli

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
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
