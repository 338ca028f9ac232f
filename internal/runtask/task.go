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

// HCP Terraform gives up a task after 10 minutes without a report from it, and after
// 60 minutes in all. The service gives up earlier, so that it can still report why.
const (
	heartbeatEvery  = time.Minute
	heartbeatWithin = 10 * time.Second // the longest time that the result waits for a heartbeat that is being sent
	noProgress      = 9 * time.Minute
	judgeWithin     = 55 * time.Minute
	reportWithin    = 60 * time.Minute
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

	cancel        context.CancelCauseFunc
	watchdog      *time.Timer
	heartbeatText atomic.Value // string: the text of heartbeats

	hasWorker bool // whether it occupies a worker; used by the judging goroutine only
}

// run works on the task until its result is reported, and reports whether it was.
func (t *task) run(base context.Context) (reported bool) {
	base, span := t.s.tracer.Start(base, "task", trace.WithAttributes(
		attribute.String("run.id", cut(t.req.RunID)), attribute.String("workspace.id", cut(t.req.WorkspaceID)),
		attribute.String("stage", cut(string(t.req.Stage)))))
	defer span.End()
	result := t.work(base)
	span.SetAttributes(attribute.String("status", string(result.Status)))
	// The result must still be reported when the service stops, which ends base.
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

// work judges while heartbeats are sent. No heartbeat is being sent when it returns:
// a late one would overwrite the result.
func (t *task) work(base context.Context) Result {
	ctx, cancel := context.WithDeadlineCause(base, t.accepted.Add(judgeWithin), errDeadline)
	defer cancel()
	ctx, t.cancel = context.WithCancelCause(ctx)
	defer t.cancel(nil)
	t.watchdog = time.AfterFunc(time.Hour, func() { t.cancel(errNoProgress) })
	defer t.watchdog.Stop()
	t.heartbeatText.Store("waiting for other runs")

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
	result, err := t.judgeInGoroutine(ctx)
	if cause := context.Cause(ctx); cause != nil && err != nil {
		err = cause
	}
	if err != nil {
		t.log.Warn("not judged", "error", loggable(err))
		return failure(err)
	}
	return *result
}

// judgeInGoroutine judges in a goroutine of its own and waits for it until ctx ends,
// because judging does not check the context at every step. The goroutine keeps its
// worker until it ends, so that at any time no more goroutines hold memory than
// there are workers.
func (t *task) judgeInGoroutine(ctx context.Context) (*Result, error) {
	type judged struct {
		result *Result
		err    error
	}
	done := make(chan judged, 1) // buffered: nobody may be waiting any more
	t.hasWorker = true
	t.s.metrics.working.Inc()
	go func() {
		defer t.releaseWorker()
		result, err := t.judge(ctx)
		done <- judged{result, err}
	}()
	select {
	case j := <-done:
		return j.result, j.err
	case <-ctx.Done():
		select {
		case j := <-done: // both at the same time: the result counts
			return j.result, j.err
		default:
			return nil, context.Cause(ctx)
		}
	}
}

// releaseWorker makes the worker free for another task.
func (t *task) releaseWorker() {
	if t.hasWorker {
		t.hasWorker = false
		t.s.metrics.working.Dec()
		<-t.s.workers
	}
}

// waitForWorker releases the worker, waits for a time and then for a free worker; it
// reports whether it got one before ctx ended. The task must hold nothing in memory
// meanwhile.
func (t *task) waitForWorker(ctx context.Context, d time.Duration) bool {
	t.releaseWorker()
	if !sleep(ctx, d) {
		return false
	}
	select {
	case t.s.workers <- struct{}{}:
		t.hasWorker = true
		t.s.metrics.working.Inc()
		return true
	case <-ctx.Done():
		return false
	}
}

// beat sends heartbeats until ctx ends.
func (t *task) beat(ctx context.Context) {
	ticker := time.NewTicker(heartbeatEvery)
	defer ticker.Stop()
	for {
		t.sendHeartbeat(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// sendHeartbeat sends one heartbeat. It is not cancelled when the work ends: HCP
// Terraform might process a cancelled request after the result, and would then show
// a task that never ends.
func (t *task) sendHeartbeat(ctx context.Context) {
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), heartbeatWithin)
	defer cancel()
	defer context.AfterFunc(t.s.hard, cancel)()
	text, _ := t.heartbeatText.Load().(string)
	if err := t.callback.send(sending, &Result{Status: Running, Message: "redisbaseline: " + text}); err != nil && ctx.Err() == nil {
		t.s.metrics.callbackFailure(err)
		t.log.Warn("heartbeat failed", "error", err.Error())
	}
}

// progress restarts the time after which a task without progress is given up.
func (t *task) progress() { t.watchdog.Reset(noProgress) }

// failure is the result of a run that could not be judged, whatever the effect.
func failure(err error) Result {
	return Result{Status: Failed, Message: cut("not judged: " + report.OneLine(err.Error()))}
}

// judge judges and turns a panic into an error. The stack is logged; the value of the
// panic, which may hold anything, is not.
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
	// While the plan is not ready, the worker is free for other tasks, which is why
	// the plan is asked for before anything is read into memory.
	var first planAnswer
	first.resp, first.err = t.await(ctx, t.req.PlanURL, t.waitForWorker)
	defer first.close()
	var notes []string
	configuration, err := t.configuration(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		// Without the configuration more verdicts are unknown, and none is wrong.
		notes = append(notes, "judged without the configuration: "+report.OneLine(err.Error()))
		t.log.Warn("configuration not read")
	}
	plan, note, err := t.plan(ctx, cancel, &first, configuration)
	if err != nil {
		return nil, err
	}
	if note != "" {
		notes = append(notes, note)
	}
	t.heartbeatText.Store("judging the caches")
	t.progress()
	return t.verdict(ctx, plan, notes)
}

// loggable is the text of an error for the log. Errors about the input name what is
// wrong with it and no value; errors about an HTTP exchange hold no address.
func loggable(err error) string { return cut(report.OneLine(err.Error())) }

// maxMessage is the largest number of bytes in a message, which is shown on one line.
const maxMessage = 500

func cut(s string) string {
	if len(s) <= maxMessage {
		return s
	}
	return strings.ToValidUTF8(s[:maxMessage], "") + "…"
}
