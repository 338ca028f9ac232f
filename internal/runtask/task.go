package runtask

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// HCP Terraform gives a task up after 10 minutes without a word from it and
// after 60 minutes in all. The service gives up earlier, so that it can still
// say why.
const (
	heartbeatEvery = time.Minute
	beatWithin     = 10 * time.Second // the longest that the result waits for a heartbeat under way
	noProgress     = 9 * time.Minute
	judgeWithin    = 55 * time.Minute
	reportWithin   = 60 * time.Minute
)

var (
	errDeadline   = errors.New("it took longer than " + judgeWithin.String())
	errNoProgress = errors.New("nothing moved for " + noProgress.String())
	errShutdown   = errors.New("the service was stopped before it was done; run it again")
)

// task is one accepted request.
type task struct {
	s        *Service
	req      *Request
	rule     Rule
	log      *slog.Logger
	callback *callback
	accepted time.Time

	cancel   context.CancelCauseFunc
	watchdog *time.Timer
	doing    atomic.Value // string: what the heartbeat says

	placed bool // has a worker's place; the judging goroutine's own
}

// run works on the task until its result is reported, and reports whether it was.
func (t *task) run(base context.Context) (reported bool) {
	base, span := t.s.tracer.Start(base, "task", trace.WithAttributes(
		attribute.String("run.id", cut(t.req.RunID)), attribute.String("workspace.id", cut(t.req.WorkspaceID)), attribute.String("stage", cut(string(t.req.Stage)))))
	defer span.End()
	result := t.work(base)
	span.SetAttributes(attribute.String("status", string(result.Status)))
	// What was found out must still be said when the service stops: base may be over.
	ctx, cancel := context.WithDeadline(context.WithoutCancel(base), t.accepted.Add(reportWithin))
	defer cancel()
	defer context.AfterFunc(t.s.hard, cancel)()
	ctx, report := t.s.tracer.Start(ctx, "report")
	defer report.End()
	err := t.callback.finish(ctx, result, func(err error) {
		t.s.metrics.callbackFailure(err)
		t.log.Warn("callback failed", "status", string(result.Status), "error", err.Error())
	})
	took := time.Since(t.accepted)
	t.s.metrics.finished(t.req.Stage, result.Status, took)
	if err != nil {
		report.SetStatus(codes.Error, "not reported")
		t.log.Error("result lost", "status", string(result.Status), "error", err.Error(), "seconds", took.Seconds())
		return false
	}
	t.log.Info("result reported", "status", string(result.Status), "outcomes", len(result.Outcomes), "seconds", took.Seconds())
	return true
}

// work judges with heartbeats. No heartbeat is under way when it returns: a late
// one would overwrite the result.
func (t *task) work(base context.Context) Result {
	ctx, cancel := context.WithDeadlineCause(base, t.accepted.Add(judgeWithin), errDeadline)
	defer cancel()
	ctx, t.cancel = context.WithCancelCause(ctx)
	defer t.cancel(nil)
	t.watchdog = time.AfterFunc(time.Hour, func() { t.cancel(errNoProgress) })
	defer t.watchdog.Stop()
	t.doing.Store("waiting for other runs")

	beat, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { t.beat(beat) })
	defer wg.Wait()
	defer stop()

	select {
	case t.s.workers <- struct{}{}:
	case <-ctx.Done():
		return failure(context.Cause(ctx))
	}
	t.progress()
	result, err := t.outside(ctx)
	if cause := context.Cause(ctx); cause != nil && err != nil {
		err = cause
	}
	if err != nil {
		t.log.Warn("not judged", "error", loggable(err))
		return failure(err)
	}
	return *result
}

// outside judges in a goroutine of its own and waits for it no longer than ctx
// lasts: what computes does not look at its context at every step. The goroutine
// keeps its worker's place until it really ends, so that no more of them hold
// memory at a time than there are workers.
func (t *task) outside(ctx context.Context) (*Result, error) {
	type judged struct {
		result *Result
		err    error
	}
	done := make(chan judged, 1) // taken in even if nobody waits
	t.placed = true
	t.s.metrics.working.Inc()
	go func() {
		defer t.leave()
		result, err := t.judge(ctx)
		done <- judged{result, err}
	}()
	select {
	case j := <-done:
		return j.result, j.err
	case <-ctx.Done():
		select {
		case j := <-done: // both at once: what was found out counts
			return j.result, j.err
		default:
			return nil, context.Cause(ctx)
		}
	}
}

// leave gives the worker's place back.
func (t *task) leave() {
	if t.placed {
		t.placed = false
		t.s.metrics.working.Dec()
		<-t.s.workers
	}
}

// rest waits without a worker's place, and then for one; it reports whether it
// got one before ctx ended. Nothing that takes memory may be held meanwhile.
func (t *task) rest(ctx context.Context, d time.Duration) bool {
	t.leave()
	if !sleep(ctx, d) {
		return false
	}
	select {
	case t.s.workers <- struct{}{}:
		t.placed = true
		t.s.metrics.working.Inc()
		return true
	case <-ctx.Done():
		return false
	}
}

// beat tells HCP Terraform that the work goes on.
func (t *task) beat(ctx context.Context) {
	ticker := time.NewTicker(heartbeatEvery)
	defer ticker.Stop()
	for {
		t.sendBeat(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// sendBeat sends one heartbeat. It is not cut short when the work ends: HCP
// Terraform might take in a request that was given up only after the result,
// and would then show a run that is never done.
func (t *task) sendBeat(ctx context.Context) {
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), beatWithin)
	defer cancel()
	defer context.AfterFunc(t.s.hard, cancel)()
	doing, _ := t.doing.Load().(string)
	if err := t.callback.send(sending, &Result{Status: Running, Message: "redisbaseline: " + doing}); err != nil && ctx.Err() == nil {
		t.s.metrics.callbackFailure(err)
		t.log.Warn("heartbeat failed", "error", err.Error())
	}
}

// progress says that something moved.
func (t *task) progress() { t.watchdog.Reset(noProgress) }

// failure is the result of a run that could not be judged, whatever the effect.
func failure(err error) Result {
	return Result{Status: Failed, Message: cut("not judged: " + oneLine(err.Error()))}
}

// judge turns a panic into an error: the stack is logged, the value, which may
// hold anything, is not.
func (t *task) judge(ctx context.Context) (result *Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			t.s.metrics.panics.Inc()
			t.log.Error("panic", "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			result, err = nil, errors.New("an internal error of redisbaseline")
		}
	}()
	return t.s.judge(ctx, t)
}

// examine reads what a request names and judges it.
func (t *task) examine(ctx context.Context) (*Result, error) {
	switch t.req.Stage {
	case PrePlan:
		return &Result{Status: Passed, Message: "there is no plan to judge before planning; attach this task after planning"}, nil
	case PostPlan, PreApply, PostApply:
	default:
		return nil, fmt.Errorf("the stage %q is not known", t.req.Stage)
	}
	if t.rule.Effect == Disabled {
		return &Result{Status: Passed, Message: "not judged: the configuration of redisbaseline disables it for this workspace"}, nil
	}
	if t.req.PlanURL == "" {
		return nil, errors.New("the request names no plan")
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	first := t.await(ctx)
	defer first.drop()
	var notes []string
	configuration, err := t.configuration(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		// The plan alone is judged more often unknown, and never wrong.
		notes = append(notes, "judged without the configuration: "+oneLine(err.Error()))
		t.log.Warn("configuration not read")
	}
	plan, note, err := t.plan(ctx, cancel, first, configuration)
	if err != nil {
		return nil, err
	}
	if note != "" {
		notes = append(notes, note)
	}
	t.doing.Store("judging the caches")
	t.progress()
	return t.verdict(ctx, plan, notes)
}

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
func (t *task) plan(ctx context.Context, cancel context.CancelCauseFunc, first *answered, configuration *tfconfig.Configuration) (plan *tfplan.Plan, note string, err error) {
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
		if !errors.As(err, &status) || (status.code != http.StatusForbidden && status.code != http.StatusNotFound && status.code != http.StatusUnprocessableEntity) {
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

func (t *task) readPlan(ctx context.Context, cancel context.CancelCauseFunc, address string, first *answered, configuration *tfconfig.Configuration) (*tfplan.Plan, error) {
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
			return nil, fmt.Errorf("the plan has %d bytes, more than the %d that this service reads (--max-size)", resp.ContentLength, t.s.opts.MaxPlan)
		}
		plan, err := tfplan.Read(b, tfplan.Options{MaxSize: t.s.opts.MaxPlan, Configuration: configuration, Base: strings.TrimPrefix(t.req.WorkingDirectory, "/")})
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

// loggable is an error for the log: one about the input names what is wrong with
// it; what an HTTP exchange says holds no address.
func loggable(err error) string { return cut(oneLine(err.Error())) }

// oneLine folds white space and takes control characters out.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, strings.Join(strings.Fields(s), " "))
}

// maxMessage is the number of bytes in a message; the list of a run shows a line.
const maxMessage = 500

func cut(s string) string {
	if len(s) <= maxMessage {
		return s
	}
	return strings.ToValidUTF8(s[:maxMessage], "") + "…"
}
