package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

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

// parseFiles parses every file below a directory, as the parser of HCL alone does.
func parseFiles(t testing.TB, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if _, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos); diags.HasErrors() {
			return diags
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestConfigurationMemory: judging a configuration allocates less than three times the bytes
// that its parser does, where it took five times when each file was read as tokens three
// times and its plan was held as a whole; and it keeps to its pace.
func TestConfigurationMemory(t *testing.T) {
	dir := t.TempDir()
	if err := plangen.WriteConfiguration(dir, 200); err != nil {
		t.Fatal(err)
	}
	allocated := func(f func()) float64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		return float64(after.TotalAlloc - before.TotalAlloc)
	}
	judgeConfiguration(t, dir) // makes what is made once
	parse, judge := allocated(func() { parseFiles(t, dir) }), allocated(func() { judgeConfiguration(t, dir) })
	t.Logf("%.0f kB a file, %.1f times the parser", judge/200/1000, judge/parse)
	if judge > 3*parse {
		t.Errorf("%.1f times the bytes of the parser, want at most 3", judge/parse)
	}
}

// BenchmarkConfiguration judges configurations of 50 and of 2,000 files without a plan. The
// time is told in times of the parser of HCL alone on the same files, one after another.
func BenchmarkConfiguration(b *testing.B) {
	for _, files := range []int{50, 500, 2000} {
		b.Run(fmt.Sprintf("files=%d", files), func(b *testing.B) {
			dir := b.TempDir()
			if err := plangen.WriteConfiguration(dir, files); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			var parsing time.Duration
			for b.Loop() {
				judgeConfiguration(b, dir)
				b.StopTimer()
				start := time.Now()
				parseFiles(b, dir)
				parsing += time.Since(start)
				b.StartTimer()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(files), "ns/file")
			b.ReportMetric(float64(b.Elapsed())/float64(parsing), "times-parser")
		})
	}
}
