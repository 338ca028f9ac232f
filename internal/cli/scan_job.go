package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// The notes of a report that does not hold everything that was asked for start
// with these words, so that a later scan that compares with it can tell.
const (
	notePartial = "partial: "
	noteUnseen  = "not seen: "
)

// scanJob is one run of scan.
type scanJob struct {
	target     scanTarget
	walk       walk
	outputs    []output
	encode     report.EncodeOptions
	gate       judge.Gate
	exemptions []baseline.Exemption
	earlier    *earlier // nil without --baseline
	today      time.Time

	sinks    sinks
	begun    bool
	judged   atomic.Int64
	summary  report.Summary
	decided  *decision
	problems problems
}

// run judges and writes cache by cache. A report is written if any cache was
// judged or none is there to be judged.
func (j *scanJob) run(ctx context.Context, a *app) (err error) {
	if j.sinks, err = openSinks(j.outputs, a.Stdout, j.encode); err != nil {
		return err
	}
	defer j.sinks.discard()
	counting, notes := judge.SplitExpired(j.exemptions, j.today)
	tally := baseline.NewTally(counting)
	ended, err := j.judge(ctx, a, tally)
	if err != nil {
		return err
	}
	if ended != nil && ctx.Err() != nil {
		ended = errors.New("interrupted before any cache was judged")
		if n := j.judged.Load(); n > 0 {
			ended = fmt.Errorf("interrupted after %d of %s", n, j.total())
		}
	}
	unseen := j.walk.Unseen()
	for _, u := range unseen {
		j.problems.add(u.Kind + " " + u.ID + ": " + u.Detail)
	}
	if j.judged.Load() == 0 && (ended != nil || len(unseen) > 0) {
		// Nothing was seen, so that a report would only look like a clean one.
		j.problems.tell(a)
		if ended != nil {
			a.complainInLines(ended)
		}
		return &exitError{code: exitInput}
	}
	if ended != nil {
		notes = append(notes, notePartial+oneLine(ended.Error()))
	} else {
		notes = append(notes, tally.Unused()...)
	}
	for _, u := range j.walk.Unjudged() {
		notes = append(notes, u.Note())
		j.summary.AddUnjudged(report.Unjudged(u))
	}
	j.decided.addUnjudged(j.summary.Unjudged)
	notes = append(notes, j.lost(unseen)...)
	notes = append(notes, j.earlier.notes(ended == nil, unseen)...)
	if ended == nil && j.problems.count == 0 { // else the exit code is another one
		notes = append(notes, j.decided.notes()...)
	}
	if err := j.begin(a); err != nil {
		return err
	}
	if err := j.sinks.each(func(e report.Encoder) error { return e.End(j.summary, notes) }); err != nil {
		return err
	}
	if err := j.sinks.finish(); err != nil {
		return err
	}
	j.problems.tell(a)
	if ended != nil {
		a.complainInLines(fmt.Errorf("the report is partial: %w", ended))
	}
	switch {
	case ended != nil || j.problems.count > 0:
		return &exitError{code: exitInput}
	case j.decided.objections() > 0:
		return &exitError{code: exitObjections}
	default:
		return nil
	}
}

// judge hands every cache to every output. ended is what kept the walk from its
// end; err is what kept a verdict from being written.
func (j *scanJob) judge(ctx context.Context, a *app, tally *baseline.Tally) (ended, err error) {
	defer j.showProgress(a)()
	opts := baseline.Options{Today: j.today, Exemptions: j.exemptions}
	j.decided = &decision{gate: j.gate}
	for cache, readErr := range j.walk.Caches(ctx) {
		if cache == nil {
			return readErr, nil
		}
		if err := j.begin(a); err != nil {
			return nil, err
		}
		judged := a.Baseline.Evaluate(cache, opts)
		j.earlier.compare(&judged)
		if readErr != nil {
			j.problems.add(inShort(readErr))
			judged.Notes = append(judged.Notes, remarks(readErr)...)
		}
		tally.Add(cache, judged)
		j.summary.Add(judged)
		j.decided.add(judged)
		if err := j.sinks.each(func(e report.Encoder) error { return e.Cache(judged) }); err != nil {
			return nil, err
		}
		j.judged.Add(1)
	}
	return nil, nil
}

// begin starts the report with the first cache, since there may be none to write.
func (j *scanJob) begin(a *app) error {
	if j.begun {
		return nil
	}
	j.begun = true
	header := a.Baseline.Report(report.Source{Kind: report.SourceExisting, Inputs: j.target.inputs()})
	return j.sinks.each(func(e report.Encoder) error { return e.Begin(header) })
}

// remarks are the notes on a cache that was not read, or not read completely.
func remarks(err error) []string {
	var incomplete *azure.Incomplete
	if !errors.As(err, &incomplete) {
		return []string{oneLine(err.Error())}
	}
	var out []string
	for _, e := range incomplete.Errors {
		out = append(out, "not read completely: "+oneLine(e.Error()))
	}
	return out
}

// inShort is the error on a cache for one line.
func inShort(err error) string {
	var incomplete *azure.Incomplete
	if !errors.As(err, &incomplete) || len(incomplete.Errors) == 0 {
		return err.Error()
	}
	text := "the cache " + incomplete.Name + " was not read completely: " + incomplete.Errors[0].Error()
	if more := len(incomplete.Errors) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

// lost are the notes on what is missing in the report.
func (j *scanJob) lost(unseen []azure.Unseen) []string {
	var notes []string
	for _, u := range unseen {
		notes = append(notes, noteUnseen+u.Kind+" "+u.ID+": "+oneLine(u.Detail))
	}
	for _, id := range j.walk.Vanished() {
		notes = append(notes, "deleted while the scan ran, and not judged: "+id)
	}
	return notes
}

// total says how many caches there are, as far as it is known.
func (j *scanJob) total() string {
	total := max(j.walk.Total(), int(j.judged.Load()))
	switch {
	case total == 0:
		return "an unknown number of caches"
	case j.target.narrowed():
		return fmt.Sprintf("at most %d caches", total)
	case total == 1:
		return "1 cache"
	default:
		return fmt.Sprintf("%d caches", total)
	}
}

// showProgress draws a bar on standard error where that is a terminal, unless a
// format that is written as it comes shares the screen with it.
func (j *scanJob) showProgress(a *app) (done func()) {
	for _, o := range j.outputs {
		if o.file == "" && o.format != "text" && a.IsTerminal(a.Stdout) {
			return func() {}
		}
	}
	return a.showLine(func() string {
		if j.walk.Total() == 0 {
			return "finding caches"
		}
		n := j.judged.Load()
		return fmt.Sprintf("%s %d of %s", bar(int(n), j.walk.Total()), n, j.total())
	})
}

// bar is a bar of 20 signs.
func bar(n, total int) string {
	const width = 20
	full := min(n*width/max(total, 1), width)
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", width-full) + "]"
}

// problems are the reasons for which a scan did not see everything.
type problems struct {
	count int
	first []string
}

// mostProblems is the number of problems that are told one by one.
const mostProblems = 10

func (p *problems) add(text string) {
	p.count++
	if len(p.first) < mostProblems {
		p.first = append(p.first, text)
	}
}

func (p *problems) tell(a *app) {
	for _, text := range p.first {
		a.complain(errors.New(text))
	}
	if more := p.count - len(p.first); more > 0 {
		a.complain(fmt.Errorf("and %d more that could not be seen: the report names all", more))
	}
}

// complainInLines prints an error that lists what was tried on several lines.
func (a *app) complainInLines(err error) {
	var credential *arm.CredentialError
	if !errors.As(err, &credential) {
		a.complain(err)
		return
	}
	for i, line := range strings.Split(err.Error(), "\n") {
		if i == 0 {
			a.complain(errors.New(line))
		} else {
			fmt.Fprintln(a.Stderr, "  "+oneLine(line))
		}
	}
}

var _ walk = (*azure.Scan)(nil)
