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

// maxSlug is the size in bytes of a packed configuration that is read at most.
const maxSlug = 256 << 20

// configuration downloads and reads the configuration; nil where there is none.
func (t *task) configuration(ctx context.Context) (*tfconfig.Configuration, error) {
	if t.req.ConfigurationURL == "" {
		return nil, nil
	}
	t.doing.Store("reading the configuration")
	ctx, span := t.s.tracer.Start(ctx, "configuration")
	defer span.End()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var configuration *tfconfig.Configuration
	err := t.patiently(ctx, func() error {
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
			return &brokenOff{"the configuration", bare(b.err)}
		}
		return err
	})
	return configuration, err
}

// answered is what the first request for the plan got.
type answered struct {
	resp *http.Response
	err  error
}

// drop ends an answer that nobody reads.
func (a *answered) drop() {
	if a.resp != nil {
		_ = a.resp.Body.Close()
	}
}

// await asks for the plan until it is ready, or the request fails, which is for
// later. While it is not ready, others work: that is why this comes first, before
// there is anything in memory.
func (t *task) await(ctx context.Context) *answered {
	for wait := 2 * time.Second; ; wait = min(2*wait, 30*time.Second) {
		resp, err := t.s.client.get(ctx, t.req.PlanURL, t.req.AccessToken, "the plan")
		if err != nil || resp.StatusCode != http.StatusNoContent {
			return &answered{resp, err}
		}
		discard(resp)
		t.doing.Store("waiting for the plan")
		if !t.rest(ctx, wait) {
			return &answered{err: context.Cause(ctx)}
		}
	}
}

// get asks for the plan, unless that is done already.
func (t *task) get(ctx context.Context, address string, first *answered) (resp *http.Response, err error) {
	if first.resp == nil && first.err == nil {
		return t.s.client.get(ctx, address, t.req.AccessToken, "the plan")
	}
	resp, err = first.resp, first.err
	*first = answered{}
	return resp, err
}

// plan fetches the plan and reads it as it comes; note is a remark about it.
func (t *task) plan(ctx context.Context, cancel context.CancelCauseFunc, first *answered,
	configuration *tfconfig.Configuration) (plan *tfplan.Plan, note string, err error) {
	t.doing.Store("reading the plan")
	ctx, span := t.s.tracer.Start(ctx, "plan")
	defer span.End()
	const sanitized = "the plan is a sanitized one: what was taken out of it is unknown"
	address := t.req.PlanURL
	if strings.HasSuffix(address, "/sanitized-plan") {
		note = sanitized
	}
	err = t.patiently(ctx, func() error {
		plan, err = t.readPlan(ctx, cancel, address, first, configuration)
		var status *statusError
		if !errors.As(err, &status) || (status.code != http.StatusForbidden && status.code != http.StatusNotFound &&
			status.code != http.StatusUnprocessableEntity) {
			return err
		}
		if alternative := sanitizedURL(address); alternative != "" {
			if p, e := t.readPlan(ctx, cancel, alternative, &answered{}, configuration); e == nil {
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

func (t *task) readPlan(ctx context.Context, cancel context.CancelCauseFunc, address string, first *answered,
	configuration *tfconfig.Configuration) (*tfplan.Plan, error) {
	for wait := 2 * time.Second; ; wait = min(2*wait, 30*time.Second) {
		resp, err := t.get(ctx, address, first)
		if err != nil {
			return nil, err
		}
		if resp.StatusCode == http.StatusNoContent {
			// Not ready yet; waiting for it is no progress.
			discard(resp)
			t.doing.Store("waiting for the plan")
			if !sleep(ctx, wait) {
				return nil, context.Cause(ctx)
			}
			continue
		}
		t.doing.Store("reading the plan")
		b := newBody(ctx, resp.Body, cancel, t.progress)
		defer b.Close()
		if t.s.opts.MaxPlan > 0 && resp.ContentLength > t.s.opts.MaxPlan {
			return nil, fmt.Errorf("the plan has %d bytes, more than the %d that this service reads (--max-size)", resp.ContentLength,
				t.s.opts.MaxPlan)
		}
		plan, err := tfplan.Read(ctx, b, tfplan.Options{MaxSize: t.s.opts.MaxPlan, Configuration: configuration,
			Base: strings.TrimPrefix(t.req.WorkingDirectory, "/")})
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if b.err != nil {
			return nil, &brokenOff{"the plan", bare(b.err)}
		}
		return plan, err
	}
}

// brokenOff is an answer that ended before it was whole.
type brokenOff struct {
	what string
	err  error
}

func (e *brokenOff) Error() string { return e.what + " broke off: " + e.err.Error() }
func (e *brokenOff) Unwrap() error { return e.err }

// patiently tries again what may be better in a moment.
func (t *task) patiently(ctx context.Context, try func() error) error {
	wait := time.Second
	for attempt := 1; ; attempt++ {
		err := try()
		if err == nil || ctx.Err() != nil || attempt == patience || !passing(err) {
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

// passing reports whether an error may be gone at the next try.
func passing(err error) bool {
	var status *statusError
	if errors.As(err, &status) {
		return status.code == http.StatusUnauthorized || status.code == http.StatusTooManyRequests || status.code >= 500
	}
	var refused *refusedAddress
	if errors.As(err, &refused) {
		return false // whoever asks again may be let in by a name that changes
	}
	var tooLarge *http.MaxBytesError
	var broken *brokenOff
	var silent *unreachable
	return !errors.As(err, &tooLarge) && (errors.As(err, &broken) || errors.As(err, &silent))
}
