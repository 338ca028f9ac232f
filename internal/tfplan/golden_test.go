package tfplan_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing")

// TestRealPlans compares the postures and links of real plans with what a person
// has checked against their HCL.
func TestRealPlans(t *testing.T) {
	files, err := filepath.Glob("testdata/plans/*/plan.json")
	if err != nil || len(files) < 10 {
		t.Fatalf("found %d plans, %v", len(files), err)
	}
	for _, file := range files {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			p, err := tfplan.Read(t.Context(), f, tfplan.Options{})
			if err != nil {
				t.Fatal(err)
			}
			got, golden := dump(p), filepath.Join(dir, "postures.txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("postures (-want +got):\n%s", diff)
			}
		})
	}
}
