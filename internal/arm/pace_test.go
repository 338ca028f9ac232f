package arm

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
)

// A request counts as waiting as long as a quota is used up, and no longer.
func TestWaitingForQuota(t *testing.T) {
	for _, path := range []string{"/subscriptions/1/providers/x", graphPath} {
		var waiting atomic.Int64
		limits := Limits{Concurrency: 4, SubscriptionConcurrency: 4, ReadBurst: 1, ReadsPerSecond: 1e-6, QueryBurst: 1, QuerySeconds: 1e6}
		p := newPace(limits, &waiting)
		done, err := p.enter(t.Context(), path)
		if err != nil || waiting.Load() != 0 {
			t.Fatalf("%s: the first: %v, %d wait", path, err, waiting.Load())
		}
		done()
		ctx, cancel := context.WithCancel(t.Context())
		second := make(chan error)
		go func() {
			_, err := p.enter(ctx, path)
			second <- err
		}()
		for waiting.Load() == 0 {
			runtime.Gosched()
		}
		cancel()
		if err := <-second; !errors.Is(err, context.Canceled) || waiting.Load() != 0 {
			t.Errorf("%s: the second: %v, %d wait", path, err, waiting.Load())
		}
	}
}
