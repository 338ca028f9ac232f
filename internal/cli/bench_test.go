package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/page"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/plangen"
)

// BenchmarkCheck judges plans from standard input into a JSON report, as the
// program does; the bytes per cache and the ratio between the sizes show
// whether time and memory grow with the caches only.
func BenchmarkCheck(b *testing.B) {
	for _, opts := range []plangen.Options{{Caches: 1000}, {Caches: 10000}, {Managed: 10000}, {Caches: 5000, Existing: true},
		{Caches: 10, Others: 20000}} {
		name := fmt.Sprintf("caches=%d/managed=%d/others=%d", opts.Caches, opts.Managed, opts.Others)
		if opts.Existing {
			name += "/existing"
		}
		b.Run(name, func(b *testing.B) {
			var plan bytes.Buffer
			if err := plangen.Write(&plan, opts); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(plan.Len()))
			b.ReportAllocs()
			for b.Loop() {
				a, _, _ := world()
				a.Stdin, a.Stdout = bytes.NewReader(plan.Bytes()), io.Discard
				if code := a.run(context.Background(), []string{"check", "--enforce", "none", "--format", "json", stdin}); code != exitOK {
					b.Fatalf("exit code %d", code)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(opts.Caches+opts.Managed), "ns/cache")
		})
	}
}

// BenchmarkExemptions judges 3,000 caches without exemptions and with 50 globs,
// of which none, or each, describes some of the caches; 50 globs cost at most a fifth more.
func BenchmarkExemptions(b *testing.B) {
	var plan bytes.Buffer
	if err := plangen.Write(&plan, plangen.Options{Caches: 3000}); err != nil {
		b.Fatal(err)
	}
	for name, pattern := range map[string]string{"none": "", "elsewhere": "other-*-%d-*", "here": "*redis*%d*"} {
		b.Run(name, func(b *testing.B) {
			args := []string{"check", "--enforce", "none", "--format", "json", stdin}
			if pattern != "" {
				var file strings.Builder
				for i := range 50 {
					fmt.Fprintf(&file, "- feature: %s\n  cache: %q\n  category: Waiver\n  description: d\n",
						[]string{"NS-2/disable-public-network-access", "LT-4/azure-resource-logs"}[i%2], fmt.Sprintf(pattern, i))
				}
				path := filepath.Join(b.TempDir(), "exemptions.yaml")
				if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
					b.Fatal(err)
				}
				args = append(args, "--exemptions", path)
			}
			b.ReportAllocs()
			for b.Loop() {
				a, _, _ := world()
				a.Stdin, a.Stdout = bytes.NewReader(plan.Bytes()), io.Discard
				if code := a.run(context.Background(), args); code != exitOK {
					b.Fatalf("exit code %d", code)
				}
			}
		})
	}
}

// BenchmarkMigrate plans the move of as many caches as BenchmarkCheck judges.
func BenchmarkMigrate(b *testing.B) {
	var plan bytes.Buffer
	if err := plangen.Write(&plan, plangen.Options{Caches: 10000}); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(plan.Len()))
	for _, format := range page.Formats() {
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				a, _, _ := world()
				a.Stdin, a.Stdout = bytes.NewReader(plan.Bytes()), io.Discard
				if code := a.run(context.Background(), []string{"migrate", "--format", format, stdin}); code != exitOK {
					b.Fatalf("exit code %d", code)
				}
			}
		})
	}
}
