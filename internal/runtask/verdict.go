package runtask

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/page"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

const (
	// maxBody is the size in bytes of an outcome's body. At most nine rules can
	// be violated, and a payload of one megabyte is what the API recommends for
	// one body alone.
	maxBody = 96 << 10
	// maxNotes is the number of notes in the message of a result.
	maxNotes = 2
)

// verdict judges every cache of a plan and says what a person needs to know.
func (t *task) verdict(ctx context.Context, plan *tfplan.Plan, notes []string) (*Result, error) {
	_, span := t.s.tracer.Start(ctx, "judge")
	defer span.End()
	outcomes := report.NewOutcomes(t.s.opts.Documents.Catalogue(), maxBody)
	var sum summary
	input := judge.Plan(plan, "", "")
	if t.rule.Inline {
		var err error
		if input.Exemptions, err = judge.InlineExemptions(plan.Comments(judge.MeantInline), t.s.opts.Documents); err != nil {
			return nil, err
		}
	}
	job := judge.Job{
		Documents: t.s.opts.Documents, Source: report.Source{Kind: report.SourcePlan, Inputs: []string{t.req.Workspace + " " + t.req.RunID}},
		Inputs: []judge.Input{input}, Notes: notes, Version: t.s.opts.Version, Now: t.s.opts.Now(),
		Gate: judge.Gate{Enforce: t.rule.Enforce, Strict: t.rule.Strict},
	}
	for _, e := range t.rule.Exemptions {
		if e.Expired(baseline.Today(job.Now)) {
			job.Exemptions = append(job.Exemptions, e)
		} else { // it may be for other workspaces that share the rule, and no remark says that it is unused here
			job.Shared = append(job.Shared, e)
		}
	}
	page := t.page(plan, job.Gate)
	moving := migrate.Options{Documents: t.s.opts.Documents, Today: job.Now}
	job.Each = func(p *posture.Cache, c report.Cache) error {
		page.move(p, c, moving)
		outcomes.Add(c, job.Gate.ObjectsTo)
		sum.add(c)
		t.progress()
		return nil
	}
	var encoders []report.Encoder
	if page != nil {
		encoders = append(encoders, page)
	}
	judged, err := job.Run(ctx, encoders...)
	if err != nil {
		return nil, err
	}
	sum.Summary, sum.objections = judged.Summary, judged.Objections.Total()
	sum.Caches -= sum.destroyed
	sum.services = report.ServiceNames(judged.Baselines, "or")
	if judged.Summary.Caches == 0 {
		sum.services = report.ServiceNames(job.Documents.Baselines(), "or")
	}
	if len(judged.Baselines) > 1 {
		sum.of = map[string]string{}
		for _, b := range judged.Baselines {
			sum.of[b.ID] = " of " + b.ServiceName
		}
	}
	t.s.metrics.verdicts(sum.Summary)
	result := &Result{Status: Passed}
	if t.rule.Effect == Deny && sum.objections > 0 {
		result.Status = Failed
	}
	var limit string
	result.URL, limit = t.link(page)
	list := outcomes.List()
	result.Message = t.message(sum, list, limit, judged.Notes)
	if t.req.Outcomes() {
		for _, o := range list {
			result.Outcomes = append(result.Outcomes, t.outcome(o, sum.of[o.Entry.Baseline]))
		}
	}
	return result, nil
}

// summary counts what the message says.
type summary struct {
	report.Summary // of the caches that stay
	services       string
	of             map[string]string // words on the service of each document, where there are several
	violated       int               // caches with a violation
	destroyed      int
	objections     int
}

func (s *summary) add(c report.Cache) {
	switch {
	case c.Destroyed():
		s.destroyed++
	case c.Compliant != nil && !*c.Compliant:
		s.violated++
	}
}

// message is the line that the list of tasks shows; limit is what the report
// page does not show.
func (t *task) message(s summary, list []report.Outcome, limit string, notes []string) string {
	var b strings.Builder
	switch {
	case s.Caches == 0 && s.destroyed == 0:
		b.WriteString("no " + s.services + " in this plan")
	case s.Caches == 0:
		b.WriteString("no " + s.services + " left by this plan")
	case s.NonCompliant == 0:
		fmt.Fprintf(&b, "no violation in %s", report.Count(s.Caches, "cache", "caches"))
	default:
		fmt.Fprintf(&b, "%s in %d of %s", report.Count(s.NonCompliant, "violation", "violations"), s.violated,
			report.Count(s.Caches, "cache", "caches"))
		if t.rule.Enforce == judge.EnforceIntroduced {
			b.WriteString(t.introduced(list))
		}
	}
	if s.Unjudged > 0 {
		fmt.Fprintf(&b, ", %d other Redis not judged", s.Unjudged)
	}
	if n := s.Unknown - s.NotObserved; n > 0 {
		fmt.Fprintf(&b, ", %d undecided", n)
	}
	if s.NotObserved > 0 {
		fmt.Fprintf(&b, ", %d not observed", s.NotObserved)
	}
	if s.Exempt > 0 {
		fmt.Fprintf(&b, ", %d exempt", s.Exempt)
	}
	if t.rule.Effect == Audit && s.objections > 0 {
		b.WriteString(" (Audit: shown, and passed)")
	}
	if limit != "" {
		b.WriteString(" (" + limit + ")")
	}
	seen := map[string]int{} // number of documents with the rule
	for _, o := range list {
		seen[o.Entry.ID]++
	}
	var names []string
	for _, o := range list {
		name := o.Entry.Name()
		if seen[o.Entry.ID] > 1 {
			name += s.of[o.Entry.Baseline]
		}
		names = append(names, name)
	}
	if len(names) > 0 {
		b.WriteString(": " + strings.Join(names, ", "))
	}
	for i, n := range notes {
		if i == maxNotes {
			b.WriteString("; " + report.Count(len(notes)-i, "more note", "more notes"))
			break
		}
		b.WriteString("; " + n)
	}
	return cut(report.OneLine(b.String()))
}

func (t *task) introduced(list []report.Outcome) string {
	n := 0
	for _, o := range list {
		n += max(o.Objections-o.Undecided, 0)
	}
	if n == 0 {
		return ", none introduced by this plan"
	}
	return fmt.Sprintf(", %d introduced by this plan", n)
}

// outcome is one violated rule as the run shows it; of are words on the service of its
// caches.
func (t *task) outcome(o report.Outcome, of string) *Outcome {
	status := Tag{"Failed", LevelError}
	switch {
	case o.Objections == 0:
		status = Tag{"Not introduced here", LevelInfo}
	case t.rule.Effect == Audit:
		status = Tag{"Audit", LevelWarning}
	}
	description := o.Entry.Name()
	if o.Violations > 0 {
		description += ": violated by " + report.Count(o.Violations, "cache", "caches") + of
	}
	if o.Undecided > 0 {
		description += ": undecided for " + report.Count(o.Undecided, "cache", "caches") + of
	}
	return &Outcome{
		OutcomeID: o.Entry.UniqueID(), Description: report.OneLine(description), Body: o.Body, URL: o.Entry.Help,
		Tags: map[string][]Tag{"Status": {status}, "Severity": {severity(o.Entry.Severity)}},
	}
}

func severity(s report.Severity) Tag {
	switch s {
	case report.High:
		return Tag{"High", LevelError}
	case report.Medium:
		return Tag{"Medium", LevelWarning}
	default:
		return Tag{"Low", LevelInfo}
	}
}

// pageWriter makes the report page of a run, of the first caches only. An error
// costs the page and nothing else.
type pageWriter struct {
	report.Encoder
	packed  bytes.Buffer
	html    *gzip.Writer // a page of thousands of caches has megabytes, packed a tenth
	links   *pages
	audit   bool           // the run passes whatever was found
	caches  int            // of the plan
	shown   report.Summary // of the caches on the page, destroyed ones too
	written int
	moves   page.Section // of the caches on the page
	err     error
}

// page starts the report page; nil makes none.
func (t *task) page(plan *tfplan.Plan, gate judge.Gate) *pageWriter {
	if t.s.pages == nil {
		return nil
	}
	p := &pageWriter{links: t.s.pages, caches: plan.Len(), audit: t.rule.Effect == Audit}
	p.html = gzip.NewWriter(&p.packed)
	var err error
	fails := func(f report.Finding) bool { return !p.audit && gate.Fails(f) }
	if p.Encoder, err = report.NewEncoder("html", p.html, report.EncodeOptions{FailsRun: fails, Section: p.moves.HTML}); err != nil {
		return nil
	}
	return p
}

// move adds a cache of a service that retires, of those that the page shows.
func (p *pageWriter) move(c *posture.Cache, judged report.Cache, opts migrate.Options) {
	of := service.OfCache(c)
	if p == nil || p.written == p.links.caches || judged.Destroyed() || of.Retirement.Date == "" {
		return
	}
	p.moves.Add(of, func() migrate.Move { return migrate.For(c, judged, opts) })
}

// Cache writes a cache while there is room on the page.
func (p *pageWriter) Cache(c report.Cache) error {
	if p.written == p.links.caches {
		return nil
	}
	p.written++
	if !c.Destroyed() {
		p.shown.Add(c)
	}
	return p.Encoder.Cache(c)
}

// End ends the page, which counts what it shows.
func (p *pageWriter) End(end report.Closing) error {
	p.shown.Unjudged = end.Summary.Unjudged
	end.Summary = p.shown
	if p.audit && end.Failing > 0 {
		end.Notes = append(slices.Clip(end.Notes), "passes: the effect is Audit, which shows findings and refuses no run")
		end.Failing = 0
	}
	if limit := p.limit(); limit != "" {
		end.Notes = append(slices.Clip(end.Notes), limit+", and counts those; the result of the task counts all")
	}
	p.err = p.Encoder.End(end)
	return nil
}

// limit is a sentence on what of the plan the page leaves out; empty for nothing.
func (p *pageWriter) limit() string {
	if p.written == p.caches {
		return ""
	}
	return fmt.Sprintf("the report page shows the first %d of %s", p.written, report.Count(p.caches, "cache", "caches"))
}

// link stores the page and returns its address, and what a reader of the result
// has to know about it. The verdict stands without its page.
func (t *task) link(p *pageWriter) (link, limit string) {
	if p == nil {
		return "", ""
	}
	err := p.err
	if err == nil {
		err = p.html.Close()
	}
	if err == nil {
		link, err = p.links.put(p.packed.Bytes())
	}
	if err != nil {
		t.log.Warn("report page not written", "error", err.Error())
		return "", "there is no report page: it could not be stored"
	}
	return link, p.limit()
}
