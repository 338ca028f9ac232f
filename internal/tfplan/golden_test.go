package tfplan_test

import (
	"bytes"
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
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for golden, migration := range map[string]bool{"postures.txt": false, "migration.txt": true} {
				p, err := tfplan.Read(t.Context(), bytes.NewReader(raw), tfplan.Options{Migration: migration})
				if err != nil {
					t.Fatal(err)
				}
				got := dump(p)
				if migration {
					got = dumpMigration(p)
				}
				compare(t, filepath.Join(dir, golden), got)
			}
		})
	}
}

// compare holds a text against a golden file.
func compare(t *testing.T, golden, got string) {
	t.Helper()
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
		t.Errorf("%s (-want +got):\n%s", golden, diff)
	}
}
