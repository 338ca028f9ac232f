package azurecache

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// faults are what can happen to one request. With 429 and 409 ARM says that it
// did not take it, so that these never come after an effect.
var faults = []struct {
	name  string
	fault armtest.Fault
}{
	{"429", armtest.Fault{Status: 429, Code: "TooManyRequests"}},
	{"409", armtest.Fault{Status: 409, Code: "Conflict", Message: "The resource is busy. Please try again later."}},
	{"500", armtest.Fault{Status: 500, Code: "InternalServerError"}},
	{"reset", armtest.Fault{Reset: true}},
	{"deadline", armtest.Fault{Hang: true, Delay: 1}},
	{"500 after effect", armtest.Fault{Status: 500, Code: "InternalServerError", After: true}},
	{"reset after effect", armtest.Fault{Reset: true, After: true}},
	{"deadline after effect", armtest.Fault{Hang: true, Delay: 1, After: true}},
}

// everyPoint, when set, tries each fault at each request, with both ways of asking
// after an operation; else each fault has one of them, and every eighth request,
// each fault others.
const everyPoint = "REDISBASELINE_ALL_FAULTS"

// patience is how long a run waits for a request that hangs. It begins with that
// request, so that a slow machine meets it no earlier.
const patience = 100 * time.Millisecond

// After any one fault at any one request, one more run ends where a run without
// faults does.
func TestFaultAtEveryRequest(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of runs")
	}
	phases := []struct {
		name  string
		start []Desired // reached without faults
		act   func(context.Context, *door, Observed) (Observed, error)
	}{
		{"create", nil, func(ctx context.Context, d *door, o Observed) (Observed, error) { return d.run(ctx, o, whole()) }},
		{"update", []Desired{whole()}, func(ctx context.Context, d *door, o Observed) (Observed, error) { return d.run(ctx, o, changed()) }},
		{"update in two tiers", []Desired{wish("Basic", 1)},
			func(ctx context.Context, d *door, o Observed) (Observed, error) { return d.run(ctx, o, whole()) }},
		{"delete", []Desired{whole()}, func(ctx context.Context, d *door, o Observed) (Observed, error) {
			return o, d.client.Delete(ctx, cacheID, whole().Children, d.tell)
		}},
	}
	for _, style := range []armtest.Operations{{}, {Style: armtest.LocationOnly, SettleReads: 1}} {
		for _, phase := range phases {
			t.Run(fmt.Sprintf("%s, style %d", phase.name, style.Style), func(t *testing.T) {
				first, known := open(t, armtest.Options{Operations: style}), Observed{}
				for _, want := range phase.start {
					var err error
					if known, err = first.run(t.Context(), known, want); err != nil {
						t.Fatal(err)
					}
				}
				held := first.held()
				var giveUp context.CancelFunc
				begin := func() (*door, Observed) {
					d := open(t, armtest.Options{Operations: style, Sleep: func(context.Context, time.Duration) error {
						time.AfterFunc(patience, giveUp)
						return nil
					}})
					for id, body := range held {
						d.fake.Put(id, body)
					}
					return d, known
				}
				d, o := begin()
				if _, err := phase.act(t.Context(), d, o); err != nil {
					t.Fatal(err)
				}
				calm, points := d.everything(), len(d.fake.Requests())
				every := os.Getenv(everyPoint) != ""
				for i, f := range faults {
					if i%2 != int(style.Style) && !every {
						continue
					}
					recovered, told, from, step := 0, 0, 1+i, len(faults)
					if every {
						from, step = 1, 1
					}
					for n := from; n <= points; n += step {
						d, o := begin()
						fault := f.fault
						fault.Nth = n
						d.fake.Inject(fault)
						ctx, cancel := context.WithCancel(t.Context())
						giveUp = cancel
						got, err := phase.act(ctx, d, o)
						cancel()
						if err == nil {
							recovered++
						} else {
							told++
							// What was accepted must be known.
							if phase.name == "create" && got.ID == "" && d.fake.Object(cacheID) != nil {
								t.Fatalf("%s at %d of %d: the cache got lost: %v", f.name, n, points, err)
							}
							if _, err = phase.act(t.Context(), d, got); err != nil {
								t.Fatalf("%s at %d of %d: the second run: %v", f.name, n, points, err)
							}
						}
						if after := d.everything(); !reflect.DeepEqual(calm, after) {
							t.Fatalf("%s at %d of %d:\n%s", f.name, n, points, cmp.Diff(calm, after))
						}
						if n%10 == 0 || !every { // the bodies are much the same
							d.checkBodies(t)
						}
						d.close()
					}
					raw, err := json.Marshal(map[string]any{"phase": phase.name, "style": int(style.Style), "fault": f.name, "points": recovered + told,
						"in one run": recovered, "in two": told})
					if err != nil {
						t.Fatal(err)
					}
					t.Logf("%s", raw)
				}
			})
		}
	}
}
