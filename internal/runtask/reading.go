package runtask

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// maxSlug is the largest size in bytes of a packed configuration that is read.
const maxSlug = 256 << 20

// configuration downloads and reads the configuration of the run; nil where the
// request names none.
func (t *task) configuration(ctx context.Context) (*tfconfig.Configuration, error) {
	if t.req.ConfigurationURL == "" {
		return nil, nil
	}
	t.heartbeatText.Store("reading the configuration")
	ctx, span := t.s.tracer.Start(ctx, "configuration")
	defer span.End()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var configuration *tfconfig.Configuration
	err := t.retry(ctx, func() error {
		resp, err := t.s.client.get(ctx, t.req.ConfigurationURL, t.req.AccessToken, "the configuration")
		if err != nil {
			return err
		}
		b := newBody(ctx, http.MaxBytesReader(nil, resp.Body, maxSlug), cancel, t.progress)
		defer b.Close()
		if resp.StatusCode == http.StatusNoContent {
			return errors.New("the configuration is empty")
		}
		configuration, err = tfconfig.LoadSlug(b, t.req.WorkingDirectory)
		if b.err != nil {
			return &brokenAnswer{"the configuration", withoutAddress(b.err)}
		}
		return err
	})
	return configuration, err
}

// planAnswer is the answer to the first request for the plan.
type planAnswer struct {
	resp *http.Response
	err  error
}

// close closes an answer that was not read.
func (a *planAnswer) close() {
	if a.resp != nil {
		_ = a.resp.Body.Close()
	}
}

// await asks for the plan at an address until it is ready or a request fails; pause
// waits in between. Waiting does not count as progress.
func (t *task) await(ctx context.Context, address string, pause func(context.Context, time.Duration) bool) (*http.Response, error) {
	for wait := 2 * time.Second; ; wait = min(2*wait, 30*time.Second) {
		resp, err := t.s.client.get(ctx, address, t.req.AccessToken, "the plan")
		if err != nil || resp.StatusCode != http.StatusNoContent {
			return resp, err
		}
		discard(resp)
		t.heartbeatText.Store("waiting for the plan")
		if !pause(ctx, wait) {
			return nil, context.Cause(ctx)
		}
	}
}

// plan fetches the plan and reads it as a stream; note is a note on it for the
// result.
func (t *task) plan(ctx context.Context, cancel context.CancelCauseFunc, first *planAnswer,
	configuration *tfconfig.Configuration) (plan *tfplan.Plan, note string, err error) {
	t.heartbeatText.Store("reading the plan")
	ctx, span := t.s.tracer.Start(ctx, "plan")
	defer span.End()
	const sanitized = "the plan is a sanitized one: what was taken out of it is unknown"
	address := t.req.PlanURL
	if strings.HasSuffix(address, "/sanitized-plan") {
		note = sanitized
	}
	err = t.retry(ctx, func() error {
		plan, err = t.readPlan(ctx, cancel, address, first, configuration)
		var status *statusError
		if !errors.As(err, &status) || (status.code != http.StatusForbidden && status.code != http.StatusNotFound &&
			status.code != http.StatusUnprocessableEntity) {
			return err
		}
		if alternative := sanitizedURL(address); alternative != "" {
			if p, e := t.readPlan(ctx, cancel, alternative, &planAnswer{}, configuration); e == nil {
				plan, note = p, sanitized
				return nil
			}
		}
		if status.code == http.StatusUnprocessableEntity {
			return fmt.Errorf("%w: Terraform before 0.12 has no plans as JSON", err)
		}
		return err
	})
	if cause := context.Cause(ctx); cause != nil && err != nil {
		err = cause
	}
	return plan, note, err
}

// readPlan reads the plan at an address, or from the first answer where it was not
// used yet.
func (t *task) readPlan(ctx context.Context, cancel context.CancelCauseFunc, address string, first *planAnswer,
	configuration *tfconfig.Configuration) (*tfplan.Plan, error) {
	resp, err := first.resp, first.err
	if *first = (planAnswer{}); resp == nil && err == nil {
		resp, err = t.await(ctx, address, sleep)
	}
	if err != nil {
		return nil, err
	}
	t.heartbeatText.Store("reading the plan")
	b := newBody(ctx, resp.Body, cancel, t.progress)
	defer b.Close()
	if t.s.opts.MaxPlan > 0 && resp.ContentLength > t.s.opts.MaxPlan {
		return nil, fmt.Errorf("the plan has %d bytes, more than the %d that this service reads (--max-size)", resp.ContentLength,
			t.s.opts.MaxPlan)
	}
	plan, err := tfplan.Read(ctx, b, tfplan.Options{MaxSize: t.s.opts.MaxPlan, Configuration: configuration, Migration: t.s.pages != nil,
		Base: strings.TrimPrefix(t.req.WorkingDirectory, "/")})
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if b.err != nil {
		return nil, &brokenAnswer{"the plan", withoutAddress(b.err)}
	}
	return plan, err
}

// brokenAnswer is an answer that ended before it was complete.
type brokenAnswer struct {
	what string
	err  error
}

func (e *brokenAnswer) Error() string { return e.what + " broke off: " + e.err.Error() }
func (e *brokenAnswer) Unwrap() error { return e.err }

// retry calls try again while it fails with a temporary error.
func (t *task) retry(ctx context.Context, try func() error) error {
	wait := time.Second
	for attempt := 1; ; attempt++ {
		err := try()
		if err == nil || ctx.Err() != nil || attempt == maxAttempts || !temporary(err) {
			return err
		}
		var status *statusError
		if errors.As(err, &status) {
			wait = max(wait, status.wait)
		}
		if !sleep(ctx, wait) {
			return err
		}
		wait *= 2
	}
}

// temporary reports whether the next attempt may succeed.
func temporary(err error) bool {
	var status *statusError
	if errors.As(err, &status) {
		return status.code == http.StatusUnauthorized || status.code == http.StatusTooManyRequests || status.code >= 500
	}
	var refused *refusedAddress
	if errors.As(err, &refused) {
		return false // otherwise a name that resolves differently each time could get through
	}
	var tooLarge *http.MaxBytesError
	var broken *brokenAnswer
	var silent *unreachable
	return !errors.As(err, &tooLarge) && (errors.As(err, &broken) || errors.As(err, &silent))
}
