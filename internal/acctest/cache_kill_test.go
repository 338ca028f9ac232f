package acctest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

const oneCache = `redis/redis-a$`

// TestCacheKilledDuringCreate: a provider that is killed can return nothing. The
// next apply finds the cache, touches nothing and prints the import block that
// adopts it.
func TestCacheKilledDuringCreate(t *testing.T) {
	t.Parallel()
	s := newStage(t, armtest.Options{}, secure("a", "redis-a", rich))
	s.holdAfter("PUT", oneCache)
	out, ok := s.during(kill(t), applyArgs...)
	// How Terraform calls it depends on what it notices first.
	if ok || !strings.Contains(out, "ApplyResourceChange") {
		t.Fatalf("Terraform noticed nothing:\n%s", out)
	}
	if s.cacheState() != nil || len(s.IDs(redisType)) != 1 {
		t.Fatalf("state %v, caches %v: this test tests nothing", s.cacheState(), s.IDs(redisType))
	}
	s.Finish()
	before := s.picture()

	out, ok = s.w.run(applyArgs...)
	if ok || !strings.Contains(out, "redis-a exists already") {
		t.Fatalf("the cache is not found:\n%s", out)
	}
	if diff := cmp.Diff(before, s.picture()); diff != "" {
		t.Errorf("the cache was touched:\n%s", diff)
	}

	s.followImport(out, "a")
	out = s.w.must(applyArgs...)
	if !strings.Contains(out, "1 imported, 0 added,") || !strings.Contains(out, "0 destroyed") {
		t.Errorf("adopting does something else:\n%s", out)
	}
	s.steady()
	s.same(calm(t, rich))
}

// TestCacheKilledDuringUpdate: the state still says what was before, and the next
// apply finishes.
func TestCacheKilledDuringUpdate(t *testing.T) {
	t.Parallel()
	s := newStage(t, armtest.Options{}, secure("a", "redis-a", rich))
	s.w.must(applyArgs...)
	s.w.write("main.tf", ownHeader+secure("a", "redis-a", richer))
	s.holdAfter("PATCH", oneCache)
	if out, ok := s.during(kill(t), applyArgs...); ok {
		t.Fatalf("Terraform noticed nothing:\n%s", out)
	}
	s.Finish()
	if out := s.w.must(applyArgs...); !strings.Contains(out, "0 added, 1 changed, 0 destroyed") {
		t.Errorf("the next apply does something else:\n%s", out)
	}
	s.steady()
	s.same(calm(t, rich, richer))
}

// TestCacheInterruptedDuringCreate: Ctrl-C leaves a state with the id, and the
// next apply goes on from there.
func TestCacheInterruptedDuringCreate(t *testing.T) {
	t.Parallel()
	s := newStage(t, armtest.Options{Operations: armtest.Operations{Polls: 5}}, secure("a", "redis-a", rich))
	s.holdAfter("GET", `asyncOperations`)
	out, ok := s.during(interrupt(t), applyArgs...)
	if !strings.Contains(out, "redis-a is not finished: apply again") {
		t.Fatalf("%v\n%s", ok, out)
	}
	state := s.cacheState()
	if state == nil || state["status"] == "tainted" || state["attributes"].(map[string]any)["id"] != cacheIDOf("redis-a") {
		t.Fatalf("the id is lost: %v\n%s", state, out)
	}
	if out := s.w.must(applyArgs...); !strings.Contains(out, "0 added, 1 changed, 0 destroyed") {
		t.Errorf("the next apply does something else:\n%s", out)
	}
	s.steady()
	s.same(calm(t, rich))
}
