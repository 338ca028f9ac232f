package baseline_test

import (
	"flag"
	"os"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

var (
	documents    = baseline.Published()
	azureCache   = documents.For(service.Redis.Type)
	managedRedis = documents.For(service.ManagedRedis.Type)
)

// TestMain gives the property tests a fixed seed, so that a run depends on
// nothing but the code; -rapid.seed and -rapid.checks look further.
func TestMain(m *testing.M) {
	flag.Parse()
	set := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { set[f.Name] = true })
	for name, value := range map[string]string{"rapid.seed": "20250225", "rapid.checks": "500", "rapid.nofailfile": "true"} {
		if !set[name] {
			if err := flag.Set(name, value); err != nil {
				panic(err)
			}
		}
	}
	os.Exit(m.Run())
}
