package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/plangen"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// judgeConfiguration judges a configuration without a plan into a JSON report.
func judgeConfiguration(t testing.TB, dir string) []byte {
	t.Helper()
	a, _, _ := world()
	var out bytes.Buffer
	a.Stdout = &out
	if code := a.run(context.Background(), []string{"check", "--enforce", "none", "--format", "json", "--config", dir}); code != exitOK {
		t.Fatalf("exit code %d", code)
	}
	return out.Bytes()
}

// TestGeneratedConfiguration: every cache of a generated configuration is judged, and what
// stands around it is found. Its time is measured, as BENCHMARKS.md tells, and not tested.
func TestGeneratedConfiguration(t *testing.T) {
	dir := t.TempDir()
	if err := plangen.WriteConfiguration(dir, 101); err != nil {
		t.Fatal(err)
	}
	var got report.Report
	if err := json.Unmarshal(judgeConfiguration(t, dir), &got); err != nil {
		t.Fatal(err)
	}
	for _, c := range got.Caches {
		if c.Compliant == nil || !*c.Compliant {
			t.Errorf("%s is not compliant", *c.Address)
		}
	}
	if len(got.Caches) != 10 {
		t.Errorf("%d caches, want 10", len(got.Caches))
	}
}

// BenchmarkConfiguration judges configurations of 50 and of 2,000 files without a plan.
func BenchmarkConfiguration(b *testing.B) {
	for _, files := range []int{50, 500, 2000} {
		b.Run(fmt.Sprintf("files=%d", files), func(b *testing.B) {
			dir := b.TempDir()
			if err := plangen.WriteConfiguration(dir, files); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				judgeConfiguration(b, dir)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(files), "ns/file")
		})
	}
}
