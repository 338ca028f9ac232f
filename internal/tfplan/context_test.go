package tfplan_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// countdown is a context that ends once it was asked a number of times.
type countdown struct {
	context.Context
	left atomic.Int64
}

func (c *countdown) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// TestReadEnds: reading and linking end with the context at whatever point it
// ends, and leave nothing running.
func TestReadEnds(t *testing.T) {
	raw, err := os.ReadFile("testdata/plans/modules-link/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	for checks := int64(0); ; checks++ {
		ctx := &countdown{Context: context.Background()}
		ctx.left.Store(checks)
		p, err := tfplan.Read(ctx, bytes.NewReader(raw), tfplan.Options{})
		if err == nil {
			if checks < 15 {
				t.Errorf("the context was asked %d times only", checks)
			}
			break
		}
		if p != nil || errors.As(err, new(*tfplan.InputError)) {
			t.Fatalf("ended after %d checks: %v, %v", checks, p, err)
		}
	}
}

// endingReader ends a context after some bytes and counts what is read then.
type endingReader struct {
	cancel context.CancelCauseFunc
	left   int
	after  int
}

func (r *endingReader) Read(p []byte) (int, error) {
	if r.left -= len(p); r.left < 0 {
		r.cancel(errors.New("a deadline"))
		r.after++
	}
	return copy(p, bytes.Repeat([]byte(" "), len(p))), nil
}

// TestReadEndsInput: an input without an end is given up with the cause.
func TestReadEndsInput(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	r := &endingReader{cancel: cancel, left: 1 << 20}
	_, err := tfplan.Read(ctx, r, tfplan.Options{})
	if err == nil || err.Error() != "a deadline" || r.after > 2 {
		t.Errorf("%v after %d more reads", err, r.after)
	}
}
