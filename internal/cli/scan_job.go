package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// scanJob is one run of scan.
type scanJob struct {
	reporting
	target  scanTarget
	walk    walk
	earlier *earlier // nil without --baseline
	now     time.Time

	judged   atomic.Int64
	waiting  atomic.Int64 // requests that wait for a quota of Azure
	problems problems
	partly   int   // caches that were not read completely
	stopped  error // why the walk did not reach its end; nil where it did
}

// errNothingRead is the error of a scan that ended before it could read a cache or learn
// that there is none, so that a report would be of nothing.
var errNothingRead = errors.New("nothing was read")

// run judges and writes cache by cache. A report is written unless the walk ended
// before its first cache.
func (j *scanJob) run(ctx context.Context, a *app) error {
	sinks, err := openSinks(j.outputs, a.Stdout, j.encode)
	if err != nil {
		return err
	}
	defer sinks.discard()
	done := sync.OnceFunc(j.showProgress(a))
	defer done()
	job := judge.Job{
		Documents: a.Documents, Source: report.Source{Kind: report.SourceExisting, Inputs: j.target.inputs(), Settings: j.settings.source()},
		Inputs: []judge.Input{{Caches: j.caches(ctx), Rest: func() (judge.Rest, error) {
			done()
			return j.rest(ctx)
		}}},
		Notes: j.settings.note(), Version: a.Version, Now: j.now, Exemptions: j.exemptions, Gate: j.gate,
		Verdict: j.verdict, Adjust: j.earlier.compare,
		Each: func(*posture.Cache, report.Cache) error {
			j.judged.Add(1)
			return nil
		},
	}
	// The walk looks at ctx by itself: caches judged before it stopped are reported.
	result, err := job.Run(context.WithoutCancel(ctx), sinks)
	if err != nil && !errors.Is(err, errNothingRead) {
		return err
	}
	stopped := j.stopped
	if err == nil {
		if err := sinks.finish(); err != nil {
			return err
		}
		if stopped != nil {
			stopped = fmt.Errorf("the report is partial: %w", stopped)
		}
		a.tellWritten(j.reporting, result, stopped == nil && j.problems.count == 0)
	}
	j.problems.tell(a)
	if stopped != nil {
		a.complainInLines(stopped)
	}
	switch {
	case stopped != nil || j.problems.count > 0:
		return &exitError{code: exitInput}
	case result.Objections.Total() > 0:
		return &exitError{code: exitObjections}
	default:
		return nil
	}
}

// caches are those of the walk.
func (j *scanJob) caches(ctx context.Context) iter.Seq[posture.Planned] {
	return func(yield func(posture.Planned) bool) {
		for cache, err := range j.walk.Caches(ctx) {
			if cache == nil {
				j.stopped = err
				return
			}
			c := posture.Planned{After: cache}
			if err != nil {
				j.partly++
				j.problems.add(summaryOf(err))
				c.Notes = remarks(err)
			}
			if !yield(c) {
				return
			}
		}
	}
}

// rest is what the walk did not see.
func (j *scanJob) rest(ctx context.Context) (judge.Rest, error) {
	if j.stopped != nil && ctx.Err() != nil {
		j.stopped = errors.New("interrupted before any cache was judged")
		if n := j.judged.Load(); n > 0 {
			j.stopped = fmt.Errorf("interrupted after %d of %s", n, j.total())
		}
	}
	unseen := j.walk.Unseen()
	rest := judge.Rest{Vanished: j.walk.Vanished()}
	for _, u := range unseen {
		j.problems.add(u.Kind + " " + u.ID + ": " + u.Detail)
		rest.Unseen = append(rest.Unseen, report.Unseen{Kind: u.Kind, ID: u.ID, Detail: report.OneLine(u.Detail), Forbidden: u.Forbidden})
	}
	if j.judged.Load() == 0 && j.stopped != nil {
		return rest, errNothingRead
	}
	if j.stopped != nil {
		rest.Partial = report.OneLine(j.stopped.Error())
	}
	rest.Notes = j.earlier.notes(j.stopped == nil, unseen)
	if j.stopped == nil { // else caches that were not read may match
		for _, filter := range j.walk.Unmatched() {
			note := "no cache that was read matches " + filter
			rest.Notes = append(rest.Notes, note)
			if j.gate.Strict && j.gate.Enforce != judge.EnforceNone {
				j.problems.add(note + " (--strict)")
				rest.Gaps = append(rest.Gaps, note)
			}
		}
	}
	if j.partly > 0 {
		rest.Gaps = append(rest.Gaps, report.Count(j.partly, "cache was", "caches were")+" not read completely, as the notes on each say")
	}
	return rest, nil
}

// verdict is silent where the exit code is another one.
func (j *scanJob) verdict(o judge.Objections) []string {
	if j.stopped != nil || j.problems.count > 0 {
		return nil
	}
	return verdictNotes(j.gate, o)
}

// remarks are the notes on a cache that was not read, or not read completely.
func remarks(err error) []string {
	var incomplete *azure.Incomplete
	if !errors.As(err, &incomplete) {
		return []string{report.OneLine(err.Error())}
	}
	var out []string
	for _, e := range incomplete.Errors {
		out = append(out, "not read completely: "+report.OneLine(e.Error()))
	}
	return out
}

// summaryOf is the error about a cache on one line.
func summaryOf(err error) string {
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

// total is the number of caches in words, as far as it is known.
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
	started := a.Now()
	return a.showLine(func() string {
		line := "finding caches"
		if total := j.walk.Total(); total > 0 {
			n := int(j.judged.Load())
			line = fmt.Sprintf("%s %d of %s%s", bar(n, total), n, j.total(), paceWords(n, total, a.Now().Sub(started)))
		}
		if j.waiting.Load() > 0 {
			line += ", waiting for Azure's quota"
		}
		return line
	})
}

// paceWords say how fast caches are judged, and how long the rest will take; nothing
// before the first one.
func paceWords(n, total int, passed time.Duration) string {
	if n == 0 || passed < time.Second {
		return ""
	}
	words := fmt.Sprintf(", %.1f/s", float64(n)/passed.Seconds())
	left := time.Duration(float64(passed) / float64(n) * float64(max(total-n, 0)))
	switch {
	case n >= total:
		return words
	case left < time.Minute:
		return words + fmt.Sprintf(", %d s left", int(left.Round(time.Second).Seconds()))
	default:
		return words + fmt.Sprintf(", %d min left", int(left.Round(time.Minute).Minutes()))
	}
}

// bar is a bar of 10 signs.
func bar(n, total int) string {
	const width = 10
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
	for i, line := range strings.Split(settingWords(err.Error()), "\n") {
		if i == 0 {
			a.complain(errors.New(line))
		} else {
			fmt.Fprintln(a.Stderr, "  "+report.OneLine(line))
		}
	}
	fmt.Fprintln(a.Stderr, "  to sign in: az login, or set the variables of one way; redisbaseline scan --help tells about each, and its flag")
}

var _ walk = (*azure.Scan)(nil)
