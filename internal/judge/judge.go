package judge

import (
	"context"
	"iter"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/parallel"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// Job is one judgement of any number of caches: its inputs, the documents to judge
// by, and the operator's decisions.
type Job struct {
	Documents baseline.Documents
	Source    report.Source
	Inputs    []Input
	Notes     []string
	// Unread are notes on inputs that could not be read and are none of Inputs.
	Unread  []string
	Version string // of this program
	// Now is the time of the judgement, whose day decides which exemptions have
	// expired; zero where the result may not depend on the time.
	Now time.Time

	Exemptions []baseline.Exemption
	// Shared are exemptions for several jobs. No note says that one of them is
	// unused or has expired.
	Shared []baseline.Exemption
	Gate   Gate
	// Verdict returns notes on whether the gate passes; nil returns none.
	Verdict func(Objections) []string

	// Brief leaves out remedies, and whether a plan brings a violation.
	Brief bool
	// Parallel evaluates on all processors, ahead of the encoders.
	Parallel bool
	// Adjust changes the report of a cache before its findings count; nil changes nothing.
	Adjust func(*report.Cache)
	// Each is called for every cache before the encoders; nil for no call.
	Each func(*posture.Cache, report.Cache) error
}

// Input is a source of caches: a plan, a walk over Azure, or one object.
type Input struct {
	Name   string // its element of the source's inputs; empty where a report does not name it
	Label  string // its name in notes where a job has several inputs
	Caches iter.Seq[posture.Planned]
	// Exemptions are for caches of this input only; those of several inputs that are
	// equal are one.
	Exemptions []baseline.Exemption
	// Rest is called once the caches were judged; nil adds nothing. Its error ends
	// the job without a report.
	Rest func() (Rest, error)
}

// Rest is the part of an input that is known after its caches.
type Rest struct {
	Unjudged []posture.Unjudged // Redis resources that were seen and not judged
	Partial  string             // the reason why the input was not read to its end
	Unread   string             // the reason why a configuration without a plan has parts that nobody read
	Unseen   []report.Unseen    // scopes and caches that were asked for and could not be seen
	Vanished []string           // ids of caches that were deleted meanwhile
	Notes    []string           // remarks on the input as a whole
	// Gaps say what else could not be read; those that are no notes stand in no list of notes.
	Gaps []string
}

// One returns an input of a single cache.
func One(c *posture.Cache) []Input {
	return []Input{{Caches: func(yield func(posture.Planned) bool) { yield(posture.Planned{After: c}) }}}
}

// Plan returns the input of a plan that was read; label is as in [Input].
func Plan(plan interface {
	Caches() iter.Seq[posture.Planned]
	Unjudged() []posture.Unjudged
	Notes() []string
	Unread() string
}, name, label string) Input {
	return Input{Name: name, Label: label, Caches: plan.Caches(), Rest: func() (Rest, error) {
		return Rest{Unjudged: plan.Unjudged(), Notes: plan.Notes(), Unread: plan.Unread()}, nil
	}}
}

// Result is the end of a report with the number of objections.
type Result struct {
	report.Closing
	Objections Objections
	// Expired and Unused are the notes on exemptions; the notes of the closing hold them too.
	Expired, Unused []string
}

// Run judges every cache and hands it to the encoders. Encoders begin with the
// first cache, or at the end where there is none, so that an input that fails
// before its first cache leaves nothing behind.
//
// The notes stand in this order: expired exemptions, exemptions given twice, notes of
// the job, inputs that could not be read, the unjudged resources and the notes of each input, unused exemptions, the verdict of
// the gate.
func (j *Job) Run(ctx context.Context, encoders ...report.Encoder) (*Result, error) {
	all, twice := slices.Clone(j.Exemptions), repeated(j.Exemptions, j.today())
	for _, in := range j.Inputs {
		for _, note := range repeated(in.Exemptions, j.today()) {
			if !slices.Contains(twice, note) {
				twice = append(twice, note)
			}
		}
		for _, e := range in.Exemptions {
			if !slices.Contains(all, e) {
				all = append(all, e)
			}
		}
	}
	valid, expired := splitExpired(all, j.today())
	r := &run{Job: j, Result: Result{Expired: expired}, encoders: encoders, judgedBy: map[string]bool{}, tally: baseline.NewTally(valid)}
	r.Closing.Notes, r.Gaps = slices.Concat(expired, twice, j.Notes, j.Unread), slices.Clone(j.Unread)
	r.Partial = strings.Join(j.Unread, "; ")
	for _, in := range j.Inputs {
		if err := r.input(ctx, in); err != nil {
			return nil, err
		}
	}
	if r.Partial == "" { // else caches that were not read may use them
		r.Unused = r.tally.Unused()
		r.Closing.Notes = append(r.Closing.Notes, r.Unused...)
	}
	if j.Verdict != nil {
		r.Closing.Notes = append(r.Closing.Notes, j.Verdict(r.Objections)...)
	}
	r.Closing.Failing = r.Objections.Total()
	if err := r.begin(); err != nil {
		return nil, err
	}
	judging := r.judging()
	r.Baselines, r.Catalogue = judging.Baselines(), judging.Catalogue()
	return &r.Result, r.each(func(e report.Encoder) error { return e.End(r.Closing) })
}

// Cache judges one cache; of a cache of a plan, with the violations that the plan brings.
func (j *Job) Cache(c posture.Planned) report.Cache {
	return j.cache(c, slices.Concat(j.Shared, j.Exemptions))
}

func (j *Job) cache(c posture.Planned, exemptions []baseline.Exemption) report.Cache {
	opts := baseline.Options{Today: j.today(), Exemptions: exemptions, WithoutRemedies: j.Brief}
	var judged report.Cache
	if j.Source.Kind == report.SourcePlan && !j.Brief {
		judged = j.Documents.EvaluateChange(c.After, c.Before, opts)
	} else {
		judged = j.Documents.Evaluate(c.After, opts)
	}
	judged.Notes = append(judged.Notes, c.Notes...)
	if j.Source.Kind == report.SourceConfiguration {
		judged.WithoutPlan()
	}
	return judged
}

func (j *Job) today() time.Time {
	if j.Now.IsZero() {
		return time.Time{}
	}
	return baseline.Today(j.Now)
}

// run is the state of a job.
type run struct {
	*Job
	Result
	encoders []report.Encoder
	begun    bool
	judgedBy map[string]bool // ids of documents
	tally    *baseline.Tally
}

// judging are the documents that judged something; the first where none did.
func (r *run) judging() baseline.Documents {
	var judging baseline.Documents
	for _, d := range r.Documents {
		if r.judgedBy[d.ID] {
			judging = append(judging, d)
		}
	}
	if judging == nil {
		return r.Documents[:min(len(r.Documents), 1)]
	}
	return judging
}

func (r *run) begin() error {
	if r.begun {
		return nil
	}
	r.begun = true
	header := report.Report{
		FormatVersion: report.FormatVersion, Tool: report.Tool{Name: "redisbaseline", Version: r.Version}, Source: r.Source,
		Closing: report.Closing{Baselines: r.Documents.Baselines(), Catalogue: r.Documents.Catalogue()},
	}
	if !r.Now.IsZero() {
		header.GeneratedAt = r.Now.UTC().Truncate(time.Second)
	}
	return r.each(func(e report.Encoder) error { return e.Begin(header) })
}

func (r *run) each(feed func(report.Encoder) error) error {
	for _, e := range r.encoders {
		if err := feed(e); err != nil {
			return err
		}
	}
	return nil
}

// batchSize is the number of caches that one processor evaluates at a time.
const batchSize = 32

// evaluated is a cache with its verdicts.
type evaluated struct {
	posture *posture.Cache
	report  report.Cache
}

func (r *run) evaluate(in Input) iter.Seq[evaluated] {
	exemptions := slices.Concat(r.Shared, r.Exemptions, in.Exemptions)
	one := func(c posture.Planned) evaluated { return evaluated{c.After, r.cache(c, exemptions)} }
	caches := in.Caches
	if r.Parallel {
		return parallel.Ahead(caches, batchSize, one)
	}
	return func(yield func(evaluated) bool) {
		for c := range caches {
			if !yield(one(c)) {
				return
			}
		}
	}
}

func (r *run) input(ctx context.Context, in Input) error {
	several := len(r.Inputs) > 1
	var unknown []posture.Unjudged // caches of a type that no document covers
	for c := range r.evaluate(in) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		c.report.Input = in.Name
		if several {
			c.report.Notes = append(c.report.Notes, "read from "+in.Label)
		}
		if err := r.take(c); err != nil {
			return err
		}
		if c.report.Baseline == "" && !c.report.Destroyed() {
			address := c.posture.Address
			if address == "" {
				address = c.posture.ResourceID.V
			}
			unknown = append(unknown, posture.Unjudged{Address: address, Type: c.posture.Type, Why: "no baseline is known for it"})
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var rest Rest
	if in.Rest != nil {
		var err error
		if rest, err = in.Rest(); err != nil {
			return err
		}
	}
	rest.Unjudged, rest.Notes = slices.Concat(unknown, rest.Unjudged), slices.Clone(rest.Notes)
	if r.Source.Kind == report.SourceConfiguration {
		for i := range rest.Unjudged {
			rest.Unjudged[i].Why = report.WordsWithoutPlan(rest.Unjudged[i].Why)
		}
		for i := range rest.Notes {
			rest.Notes[i] = report.WordsWithoutPlan(rest.Notes[i])
		}
	}
	from := ""
	if several {
		from = in.Label + ": "
	}
	for _, u := range rest.Unjudged {
		r.note(from + u.Note())
		r.Unjudged = append(r.Unjudged, report.Unjudged(u))
	}
	r.Summary.Unjudged = len(r.Unjudged)
	r.Objections.addUnjudged(r.Gate, len(rest.Unjudged))
	if rest.Unread != "" {
		r.Partial = rest.Unread
		r.Objections.addUnread(r.Gate)
	}
	if rest.Partial != "" {
		r.Partial = rest.Partial
		r.gap(from + "partial: " + r.Partial)
	}
	for _, u := range rest.Unseen {
		r.gap(from + u.Kind + " " + u.ID + " could not be seen: " + u.Detail)
	}
	for _, id := range rest.Vanished {
		r.note(from + id + " was deleted while the scan ran, and is not judged")
	}
	r.Unseen = append(r.Unseen, rest.Unseen...)
	for _, n := range rest.Notes {
		if r.Source.Kind == report.SourceConfiguration && placed.MatchString(n) {
			r.noteOnce(n)
			continue
		}
		r.note(from + n)
	}
	for _, g := range rest.Gaps {
		r.Gaps = append(r.Gaps, from+g)
	}
	return nil
}

// placed matches a note that begins with a file and line: it says where it belongs, and
// several root modules that call one module have it in common.
var placed = regexp.MustCompile(`^[^ ]+:[0-9]+: `)

// noteOnce adds a note that is not there yet.
func (r *run) noteOnce(text string) {
	if !slices.Contains(r.Closing.Notes, text) {
		r.note(text)
	}
}

func (r *run) note(text string) { r.Closing.Notes = append(r.Closing.Notes, text) }

// gap adds a note on what could not be read or seen.
func (r *run) gap(text string) {
	r.note(text)
	r.Gaps = append(r.Gaps, text)
}

func (r *run) take(c evaluated) error {
	if err := r.begin(); err != nil {
		return err
	}
	if r.Adjust != nil {
		r.Adjust(&c.report)
	}
	r.judgedBy[c.report.Baseline] = true
	r.tally.Add(c.posture, c.report)
	r.Summary.Add(c.report)
	r.Objections.Add(r.Gate, c.report)
	if r.Each != nil {
		if err := r.Each(c.posture, c.report); err != nil {
			return err
		}
	}
	return r.each(func(e report.Encoder) error { return e.Cache(c.report) })
}
