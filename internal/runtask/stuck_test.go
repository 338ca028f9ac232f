package runtask

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/runtask/hcptest"
)

// deaf judges until it is let go, whatever its context says, as a long
// computation does.
func (w *world) deaf() (letGo func()) {
	gate := make(chan struct{})
	w.service.judge = func(context.Context, *task) (*Result, error) {
		<-gate
		return nil, errors.New("nobody should hear this")
	}
	return func() { close(gate); synctest.Wait() }
}

// What computes on and on is reported as failed before HCP Terraform gives it up.
func TestDeadlineOfAComputation(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t)
		defer w.deaf()()
		run := &hcptest.Run{Plan: planFile(hardened)}
		w.want(w.play(run), Failed, "not judged: nothing moved for 9m")
		if run.Record().Took > hcptest.NoProgress {
			t.Errorf("took %v", run.Record().Took)
		}
	})
}

// A stop is reported and ends within its grace, though a worker computes on.
func TestShutdownOfAComputation(t *testing.T) {
	for name, farewell := range map[string]time.Duration{"in time": 15 * time.Second, "no time at all": 0} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := newWorld(t)
				defer w.deaf()()
				run := &hcptest.Run{Plan: planFile(hardened)}
				w.deliver(run)
				synctest.Wait()
				ctx, cancel := contextFor(t, 10*time.Second)
				defer cancel()
				start := time.Now()
				w.service.Shutdown(ctx, farewell)
				if took := time.Since(start); took > 10*time.Second+farewell+logWithin {
					t.Errorf("stopped after %v", took)
				}
				if farewell > 0 {
					w.want(run.Record().Result, Failed, "stopped")
				}
			})
		})
	}
}

// A worker's place stays taken until its goroutine ends: as many hold memory as
// there are workers, and no more.
func TestPlaceOfAComputation(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, deny, func(o *Options) { o.Workers = 1 })
		letGo := w.deaf()
		w.want(w.play(&hcptest.Run{Plan: planFile(hardened)}), Failed, "nothing moved")
		judging := 0
		w.service.judge = func(ctx context.Context, t *task) (*Result, error) { judging++; return t.examine(ctx) }
		next := &hcptest.Run{Plan: planFile(hardened)}
		w.deliver(next)
		time.Sleep(time.Minute) // the clock of the bubble
		synctest.Wait()
		if judging != 0 || next.Record().State == "passed" {
			t.Errorf("%d judged beside the one that computes on", judging)
		}
		letGo()
		if err := next.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.want(next.Record().Result, Passed, "no violation")
	})
}

// What reads an answer stops when its context does, though there is more to read.
func TestReadingEndsWithItsContext(t *testing.T) {
	bubble(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		b := newBody(ctx, io.NopCloser(strings.NewReader("all of it is here")), cancel, func() {})
		defer b.Close()
		if _, err := b.Read(make([]byte, 3)); err != nil {
			t.Fatal(err)
		}
		cancel(errDeadline)
		if n, err := b.Read(make([]byte, 3)); n != 0 || !errors.Is(err, errDeadline) {
			t.Errorf("%d bytes, %v", n, err)
		}
	})
}
