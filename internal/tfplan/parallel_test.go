package tfplan_test

import (
	"bytes"
	"runtime"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/plangen"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// TestProcessorsSayTheSame: many processors link what one does, whether the
// companions are known to belong to a cache or may. The race detector looks on.
func TestProcessorsSayTheSame(t *testing.T) {
	for name, opts := range map[string]plangen.Options{"new": {Caches: 150}, "existing": {Caches: 150, Existing: true}} {
		var plan bytes.Buffer
		if err := plangen.Write(&plan, opts); err != nil {
			t.Fatal(err)
		}
		// Without their references nobody can tell whose the endpoints are.
		hidden := bytes.ReplaceAll(plan.Bytes(), []byte(`"azurerm_redis_cache.this.id"`), []byte(`"local.cache_id"`))
		for _, raw := range [][]byte{plan.Bytes(), hidden} {
			on := func(processors int) string {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
				p, err := tfplan.Read(t.Context(), bytes.NewReader(raw), tfplan.Options{})
				if err != nil {
					t.Fatal(err)
				}
				return dump(p)
			}
			if one, many := on(1), on(2); one != many {
				t.Errorf("%s: one processor and two do not say the same", name)
			}
		}
		if bytes.Equal(hidden, plan.Bytes()) {
			t.Error("nothing was hidden: the generator writes other references")
		}
	}
}
