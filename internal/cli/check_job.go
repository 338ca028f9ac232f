package cli

import (
	"cmp"
	"context"
	"errors"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// checkJob is one run of check.
type checkJob struct {
	reporting
	planInputs
	source planSource
	kind   report.SourceKind // empty for plans
	inputs []judge.Input
	adjust func(*report.Cache) // nil changes nothing
	pace   pace                // of collecting garbage
}

// run judges and writes, and returns the number of objections. Nothing is left
// behind of files that could not be written to the end.
func (j *checkJob) run(ctx context.Context, a *app) (objections int, err error) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	sinks, err := openSinks(j.outputs, a.Stdout, j.encode)
	if err != nil {
		return 0, err
	}
	defer sinks.discard()
	defer a.collect(j.pace)()
	job := judge.Job{
		Documents: a.Documents, Inputs: j.inputs,
		Source: report.Source{Kind: cmp.Or(j.kind, report.SourcePlan), Inputs: j.names(), Settings: j.settings.source()},
		Notes:  slices.Concat(j.settings.note(), j.notes), Unread: j.unreadNotes("its caches are not judged"), Version: a.Version, Now: a.Now(),
		Exemptions: j.exemptions,
		Gate:       j.gate, Parallel: true, Adjust: j.adjust,
	}
	if len(j.unread) == 0 { // else the exit code is another one
		job.Verdict = func(o judge.Objections) []string { return verdictNotes(j.gate, o) }
	}
	result, err := job.Run(ctx, sinks)
	switch {
	case err != nil && ctx.Err() != nil:
		return 0, &exitError{exitInput, errors.New("interrupted")}
	case err != nil:
		return 0, err
	}
	if err := sinks.finish(); err != nil {
		return 0, err
	}
	a.tellWritten(j.reporting, result, len(j.unread) == 0)
	return result.Objections.Total(), nil
}
