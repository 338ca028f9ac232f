package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/plangen"
)

// BenchmarkCheck judges plans from standard input into a JSON report, as the
// program does; the bytes per cache and the ratio between the sizes show
// whether time and memory grow with the caches only.
func BenchmarkCheck(b *testing.B) {
	for _, opts := range []plangen.Options{{Caches: 1000}, {Caches: 10000}, {Caches: 5000, Existing: true}, {Caches: 10, Others: 20000}} {
		name := fmt.Sprintf("caches=%d/others=%d", opts.Caches, opts.Others)
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
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(opts.Caches), "ns/cache")
		})
	}
}
