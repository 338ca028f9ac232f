package acctest

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// mishap is one way in which a request goes wrong under a real Terraform.
type mishap struct {
	name       string
	fault      *armtest.Fault
	strike     func(t *testing.T) func(provider, terraform int) // else
	tookEffect bool                                             // when it strikes
	more       string                                           // configuration
	usual      string                                           // the act that it strikes unless all are asked for
}

// shortly are deadlines that an answer that never comes exceeds.
const shortly = "\n  timeouts = { create = \"3s\", read = \"3s\", update = \"3s\", delete = \"3s\" }"

var mishaps = []mishap{
	{name: "429", fault: troubles[0].fault, usual: "create"},
	{name: "409", fault: troubles[1].fault, usual: "update"},
	{name: "500", fault: troubles[2].fault, usual: "delete"},
	{name: "reset", fault: &armtest.Fault{Reset: true}},
	{name: "reset, took effect", fault: &armtest.Fault{Reset: true, After: true}, usual: "update"},
	{name: "deadline", fault: &armtest.Fault{Hang: true}, more: shortly, usual: "create"},
	{name: "deadline, took effect", fault: &armtest.Fault{Hang: true, After: true}, more: shortly},
	// While it refreshes, Terraform waits for an answer, Ctrl-C or not.
	{name: "interrupt", strike: interrupt, tookEffect: true, more: "\n  timeouts = { read = \"3s\" }"},
	{name: "kill", strike: kill, usual: "delete"},
	{name: "kill, took effect", strike: kill, tookEffect: true},
}

// act is one thing that people do with a cache.
type act struct {
	name   string
	before string // configuration that was applied before
	config string
	args   []string
}

var acts = []act{
	{"create", "", rich, applyArgs},
	{"update", rich, richer, applyArgs},
	{"delete", rich, rich, append([]string{"apply", "-destroy"}, applyArgs[1:]...)},
}

// TestCacheFaultsInTerraform is TestCacheFaults with a real Terraform and a
// provider in a process of its own: hangs, Ctrl-C and kill -9 are what they are.
// Some ways strike once, or, where ACCTEST_EVERY_FAULT is set, each at every
// request of every act.
func TestCacheFaultsInTerraform(t *testing.T) {
	needTerraform(t)
	t.Parallel()
	every := everyFault()
	for _, act := range acts {
		t.Run(act.name, func(t *testing.T) {
			t.Parallel()
			calm, points := map[string]calmly{}, 0
			for i, w := range mishaps {
				if !every && w.usual != act.name {
					continue
				}
				c, known := calm[w.more]
				if !known {
					c = act.goWell(t, w.more)
					calm[w.more] = c
				}
				for n := 1; n <= c.requests; n++ {
					if !every && n != 1+i*c.requests/len(mishaps) {
						continue
					}
					points++
					t.Run(fmt.Sprint(w.name, "/", n), func(t *testing.T) {
						t.Parallel()
						act.goWrong(t, w, n, c)
					})
				}
			}
			t.Logf("%d requests, %d fault points", calm[""].requests, points)
		})
	}
}

// calmly is how an act goes when nothing goes wrong.
type calmly struct {
	requests int
	before   []byte // the state
	azure    map[string]any
	after    map[string]any // the cache in the state
}

func (a act) goWell(t *testing.T, more string) (c calmly) {
	t.Helper()
	s := newStage(t, armtest.Options{}, secure("a", "redis-a", a.before+more))
	if a.before != "" {
		s.w.must(applyArgs...)
		c.before = s.stateFile()
	}
	s.w.write("main.tf", ownHeader+secure("a", "redis-a", a.config+more))
	s.grip = func(r *http.Request, tookEffect bool) bool {
		if ofARM(r) && !tookEffect {
			c.requests++
		}
		return false
	}
	s.w.must(a.args...)
	c.azure, c.after = s.picture(), s.cacheState()
	s.grip = func(*http.Request, bool) bool { return false }
	if a.name != "delete" && everyFault() {
		s.steady()
	}
	return c
}

func everyFault() bool { return os.Getenv("ACCTEST_EVERY_FAULT") != "" }

// ofARM leaves out who signs in: each process does it anew.
func ofARM(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/subscriptions/") }

func (a act) goWrong(t *testing.T, w mishap, n int, c calmly) {
	s := newStage(t, armtest.Options{}, secure("a", "redis-a", a.config+w.more))
	if a.before != "" {
		s.prepare(a.before + w.more)
		s.w.write("terraform.tfstate", string(c.before))
	}
	var out string
	if w.fault != nil {
		f := *w.fault
		f.Nth, f.Path = n, regexp.MustCompile("^/subscriptions/")
		s.Inject(f)
		out, _ = s.w.run(a.args...)
	} else {
		var seen atomic.Int64
		s.grip = func(r *http.Request, tookEffect bool) bool {
			return ofARM(r) && tookEffect == w.tookEffect && seen.Add(1) == int64(n)
		}
		out, _ = s.during(w.strike(t), a.args...)
	}
	s.ClearFaults()
	s.Finish()
	first := s.cacheState()
	if a.name == "create" && w.name != "kill" && w.name != "kill, took effect" && first == nil && len(s.IDs(redisType)) > 0 {
		t.Errorf("Azure has a cache, and the state does not:\n%s", out)
	}

	again, ok := s.w.run(a.args...)
	if !ok && a.name == "create" && first == nil && strings.Contains(again, "redis-a exists already") {
		s.followImport(again, "a")
		again, ok = s.w.run(a.args...)
	}
	if !ok {
		t.Fatalf("one more apply fails:\n%s\n--- after\n%s", again, out)
	}
	if diff := cmp.Diff(c.azure, s.picture()); diff != "" {
		t.Errorf("Azure has something else (-want +got)\n%s\n%s\n--- after\n%s", diff, again, out)
	}
	is := s.cacheState()
	if diff := cmp.Diff(c.after["attributes"], is["attributes"]); diff != "" {
		t.Errorf("the state has something else (-want +got)\n%s\n%s\n--- after\n%s", diff, again, out)
	}
	// The same state of the same cache has the same plan, which is known to be empty.
	if a.name != "delete" && c.after["private"] != is["private"] {
		s.steady()
	}
}
