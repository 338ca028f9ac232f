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

// processFailure is a failure of one request, or of a process during one, in a run of the
// real Terraform.
type processFailure struct {
	name       string
	fault      *armtest.Fault
	stop       func(t *testing.T) func(provider, terraform int) // kills or interrupts, where there is no fault
	tookEffect bool                                             // the request, before the process is stopped
	more       string                                           // configuration
	onlyFor    string                                           // operation, unless ACCTEST_EVERY_FAULT is set
}

// shortTimeouts are timeouts that end while a request hangs.
const shortTimeouts = "\n  timeouts = { create = \"3s\", read = \"3s\", update = \"3s\", delete = \"3s\" }"

var processFailures = []processFailure{
	{name: "429", fault: requestFailures[0].fault, onlyFor: "create"},
	{name: "409", fault: requestFailures[1].fault, onlyFor: "update"},
	{name: "500", fault: requestFailures[2].fault, onlyFor: "delete"},
	{name: "reset", fault: &armtest.Fault{Reset: true}},
	{name: "reset, took effect", fault: &armtest.Fault{Reset: true, After: true}, onlyFor: "update"},
	{name: "deadline", fault: &armtest.Fault{Hang: true}, more: shortTimeouts, onlyFor: "create"},
	{name: "deadline, took effect", fault: &armtest.Fault{Hang: true, After: true}, more: shortTimeouts},
	// Terraform does not interrupt a refresh: only the timeout ends the request.
	{name: "interrupt", stop: interrupt, tookEffect: true, more: "\n  timeouts = { read = \"3s\" }"},
	{name: "kill", stop: kill, onlyFor: "delete"},
	{name: "kill, took effect", stop: kill, tookEffect: true},
}

// operation is an operation of Terraform on a cache.
type operation struct {
	name   string
	before string // configuration that was applied before
	config string
	args   []string
}

var operations = []operation{
	{"create", "", fullConfig, applyArgs},
	{"update", fullConfig, changedConfig, applyArgs},
	{"delete", fullConfig, fullConfig, append([]string{"apply", "-destroy"}, applyArgs[1:]...)},
}

// TestCacheFaultsInTerraform is TestCacheFaults with the real Terraform and the provider
// in a process of its own, which hangs, gets Ctrl-C and is killed with kill -9. Each
// failure with an onlyFor happens at one request; where ACCTEST_EVERY_FAULT is set, each
// happens at every request of every operation.
func TestCacheFaultsInTerraform(t *testing.T) {
	needTerraform(t)
	t.Parallel()
	every := everyFault()
	for _, operation := range operations {
		t.Run(operation.name, func(t *testing.T) {
			t.Parallel()
			undisturbed, points := map[string]undisturbedRun{}, 0
			for i, w := range processFailures {
				if !every && w.onlyFor != operation.name {
					continue
				}
				c, known := undisturbed[w.more]
				if !known {
					c = operation.runUndisturbed(t, w.more)
					undisturbed[w.more] = c
				}
				for n := 1; n <= c.requests; n++ {
					if !every && n != 1+i*c.requests/len(processFailures) {
						continue
					}
					points++
					t.Run(fmt.Sprint(w.name, "/", n), func(t *testing.T) {
						t.Parallel()
						operation.runWithFailure(t, w, n, c)
					})
				}
			}
			t.Logf("%d requests, %d fault points", undisturbed[""].requests, points)
		})
	}
}

// undisturbedRun is an operation without a failure: what the others must lead to.
type undisturbedRun struct {
	requests int
	before   []byte // the state
	azure    map[string]any
	after    map[string]any // the cache in the state
}

// runUndisturbed runs the operation without a failure.
func (a operation) runUndisturbed(t *testing.T, more string) (c undisturbedRun) {
	t.Helper()
	s := newAzureWorkspace(t, armtest.Options{}, secure("a", "redis-a", a.before+more))
	if a.before != "" {
		s.w.must(applyArgs...)
		c.before = s.stateFile()
	}
	s.w.write("main.tf", ownHeader+secure("a", "redis-a", a.config+more))
	s.mustHold = func(r *http.Request, tookEffect bool) bool {
		if ofARM(r) && !tookEffect {
			c.requests++
		}
		return false
	}
	s.w.must(a.args...)
	c.azure, c.after = s.objects(), s.cacheState()
	s.mustHold = func(*http.Request, bool) bool { return false }
	if a.name != "delete" && everyFault() {
		s.noChanges()
	}
	return c
}

func everyFault() bool { return os.Getenv("ACCTEST_EVERY_FAULT") != "" }

// ofARM reports whether a request is one to ARM, and not one to sign in, which each
// process sends.
func ofARM(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/subscriptions/") }

// runWithFailure runs the operation with a failure at its n-th request, and once more:
// then Azure and the state must be those of the undisturbed run.
func (a operation) runWithFailure(t *testing.T, w processFailure, n int, c undisturbedRun) {
	s := newAzureWorkspace(t, armtest.Options{}, secure("a", "redis-a", a.config+w.more))
	if a.before != "" {
		s.applyInProcess(a.before + w.more)
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
		s.mustHold = func(r *http.Request, tookEffect bool) bool {
			return ofARM(r) && tookEffect == w.tookEffect && seen.Add(1) == int64(n)
		}
		out, _ = s.runAndStop(w.stop(t), a.args...)
	}
	s.ClearFaults()
	s.Finish()
	first := s.cacheState()
	if a.name == "create" && w.name != "kill" && w.name != "kill, took effect" && first == nil && len(s.IDs(redisType)) > 0 {
		t.Errorf("Azure has a cache, and the state does not:\n%s", out)
	}

	again, ok := s.w.run(a.args...)
	if !ok && a.name == "create" && first == nil && strings.Contains(again, "redis-a exists already") {
		s.adoptByImportBlock(again, "a")
		again, ok = s.w.run(a.args...)
	}
	if !ok {
		t.Fatalf("one more apply fails:\n%s\n--- after\n%s", again, out)
	}
	if diff := cmp.Diff(c.azure, s.objects()); diff != "" {
		t.Errorf("Azure has something else (-want +got)\n%s\n%s\n--- after\n%s", diff, again, out)
	}
	is := s.cacheState()
	if diff := cmp.Diff(c.after["attributes"], is["attributes"]); diff != "" {
		t.Errorf("the state has something else (-want +got)\n%s\n%s\n--- after\n%s", diff, again, out)
	}
	// With the same private state the plan is that of the undisturbed run, which is empty.
	if a.name != "delete" && c.after["private"] != is["private"] {
		s.noChanges()
	}
}
