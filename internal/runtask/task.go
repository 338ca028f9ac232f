package runtask

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
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
		attribute.String("run.id", cut(t.req.RunID)), attribute.String("workspace.id", cut(t.req.WorkspaceID)),
		attribute.String("stage", cut(string(t.req.Stage)))))
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
	return Result{Status: Failed, Message: cut("not judged: " + report.OneLine(err.Error()))}
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
		notes = append(notes, "judged without the configuration: "+report.OneLine(err.Error()))
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

// loggable is an error for the log: one about the input names what is wrong with
// it; what an HTTP exchange says holds no address.
func loggable(err error) string { return cut(report.OneLine(err.Error())) }

// maxMessage is the number of bytes in a message; the list of a run shows a line.
const maxMessage = 500

func cut(s string) string {
	if len(s) <= maxMessage {
		return s
	}
	return strings.ToValidUTF8(s[:maxMessage], "") + "…"
}
