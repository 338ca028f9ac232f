package acctest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

const oneCache = `redis/redis-a$`

// TestCacheKilledDuringCreate: a provider that is killed returns no state. The next apply
// finds the cache, sends no write, and shows the import block for it in an error.
func TestCacheKilledDuringCreate(t *testing.T) {
	t.Parallel()
	s := newAzureWorkspace(t, armtest.Options{}, secure("a", "redis-a", fullConfig))
	s.holdAfter("PUT", oneCache)
	out, ok := s.runAndStop(kill(t), applyArgs...)
	// The error of Terraform differs by what it notices first.
	if ok || !strings.Contains(out, "ApplyResourceChange") {
		t.Fatalf("Terraform noticed nothing:\n%s", out)
	}
	if s.cacheState() != nil || len(s.IDs(redisType)) != 1 {
		t.Fatalf("state %v, caches %v: this test tests nothing", s.cacheState(), s.IDs(redisType))
	}
	s.Finish()
	before := s.objects()

	out, ok = s.w.run(applyArgs...)
	if ok || !strings.Contains(out, "redis-a exists already") {
		t.Fatalf("the cache is not found:\n%s", out)
	}
	if diff := cmp.Diff(before, s.objects()); diff != "" {
		t.Errorf("the cache was touched:\n%s", diff)
	}

	s.adoptByImportBlock(out, "a")
	out = s.w.must(applyArgs...)
	if !strings.Contains(out, "1 imported, 0 added,") || !strings.Contains(out, "0 destroyed") {
		t.Errorf("adopting does something else:\n%s", out)
	}
	s.noChanges()
	s.mustHave(undisturbed(t, fullConfig))
}

// TestCacheKilledDuringUpdate: the state is that before the update, and the next apply
// finishes the update.
func TestCacheKilledDuringUpdate(t *testing.T) {
	t.Parallel()
	s := newAzureWorkspace(t, armtest.Options{}, secure("a", "redis-a", fullConfig))
	s.w.must(applyArgs...)
	s.w.write("main.tf", ownHeader+secure("a", "redis-a", changedConfig))
	s.holdAfter("PATCH", oneCache)
	if out, ok := s.runAndStop(kill(t), applyArgs...); ok {
		t.Fatalf("Terraform noticed nothing:\n%s", out)
	}
	s.Finish()
	if out := s.w.must(applyArgs...); !strings.Contains(out, "0 added, 1 changed, 0 destroyed") {
		t.Errorf("the next apply does something else:\n%s", out)
	}
	s.noChanges()
	s.mustHave(undisturbed(t, fullConfig, changedConfig))
}

// TestCacheInterruptedDuringCreate: after Ctrl-C the state has the id, and the next apply
// finishes the create.
func TestCacheInterruptedDuringCreate(t *testing.T) {
	t.Parallel()
	s := newAzureWorkspace(t, armtest.Options{Operations: armtest.Operations{Polls: 5}}, secure("a", "redis-a", fullConfig))
	s.holdAfter("GET", `asyncOperations`)
	out, ok := s.runAndStop(interrupt(t), applyArgs...)
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
	s.noChanges()
	s.mustHave(undisturbed(t, fullConfig))
}
