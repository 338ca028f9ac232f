package cli

import (
	"context"
	"errors"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// checkJob is one run of check.
type checkJob struct {
	outputs    []output
	encode     report.EncodeOptions
	gate       judge.Gate
	exemptions []baseline.Exemption
	source     planSource
	plans      []namedPlan
	unread     []string // notes on inputs that could not be read
	ignored    []string // notes on saved plans for which --config does not count
	sinks      sinks
	collector  *collector
}

// namedPlan is a plan with the argument it was read from.
type namedPlan struct {
	arg  string
	plan *tfplan.Plan
}

// judged is a cache of a plan with its judgement.
type judged struct {
	planned tfplan.Planned
	cache   report.Cache
}

// judge hands every cache to every sink, one by one, and returns the number of
// objections.
func (j *checkJob) judge(ctx context.Context, b *baseline.Baseline, today time.Time) (int, error) {
	source := report.Source{Kind: report.SourcePlan, Inputs: []string{}}
	for _, p := range j.plans {
		source.Inputs = append(source.Inputs, p.arg)
	}
	if err := j.sinks.each(func(e report.Encoder) error { return e.Begin(b.Report(source)) }); err != nil {
		return 0, err
	}
	counting, notes := judge.SplitExpired(j.exemptions, today)
	notes = append(append(notes, j.unread...), j.ignored...)
	tally := baseline.NewTally(counting)
	opts := baseline.Options{Today: today, Exemptions: j.exemptions}
	var summary report.Summary
	decided, judgedSince := &decision{gate: j.gate}, 0
	for _, p := range j.plans {
		for _, u := range p.plan.Unjudged() {
			notes = append(notes, j.from(p)+u.Note())
			summary.AddUnjudged(report.Unjudged(u))
		}
		decided.addUnjudged(len(p.plan.Unjudged()))
		for _, n := range p.plan.Notes() {
			notes = append(notes, j.from(p)+n)
		}
		for v := range ahead(p.plan.Caches(), func(c tfplan.Planned) judged {
			return judged{c, b.EvaluateChange(c.After, c.Before, opts)}
		}) {
			if ctx.Err() != nil {
				return 0, &exitError{exitInput, errors.New("interrupted")}
			}
			if judgedSince++; judgedSince == batchSize {
				j.collector.hold()
				judgedSince = 0
			}
			planned, cache := v.planned, v.cache
			cache.Input = p.arg
			cache.Notes = append(cache.Notes, planned.Notes...)
			if len(j.plans) > 1 {
				cache.Notes = append(cache.Notes, "read from "+inputName(p.arg))
			}
			tally.Add(planned.After, cache)
			summary.Add(cache)
			decided.add(cache)
			if err := j.sinks.each(func(e report.Encoder) error { return e.Cache(cache) }); err != nil {
				return 0, err
			}
		}
	}
	notes = append(notes, tally.Unused()...)
	if len(j.unread) == 0 { // else the exit code is another one
		notes = append(notes, decided.notes()...)
	}
	return decided.objections(), j.sinks.each(func(e report.Encoder) error { return e.End(summary, notes) })
}

// from names the plan of a note where there are several.
func (j *checkJob) from(p namedPlan) string {
	if len(j.plans) < 2 {
		return ""
	}
	return inputName(p.arg) + ": "
}
