package report

import (
	"math"
	"strings"
)

// annotation is what a CI system shows beside the code: a finding, or a note on the whole report.
type annotation struct {
	// severity is error, warning or notice. A violation that fails the run has the word
	// of its severity, and one that does not is no error; any other finding that fails the
	// run is a warning.
	severity string
	fails    bool     // the run
	rule     string   // id; empty for a note
	at       Position // without a file where there is none; without a line in a plan
	title    string
	text     string // lines
}

// annotationEncoder writes an annotation for each finding that asks for attention, in the
// commands of a CI system, and a line with the totals. Only findings that fail the run are
// errors, and one annotation of what could not be read or seen. That stands before all others, and
// the worst findings follow, because the systems show ten annotations of a kind for each step.
type annotationEncoder struct {
	base
	opts    EncodeOptions
	command func(annotation) string // lines of the output
	counts  verdicts
	failing int // findings that fail the run
	texts   allTexts
	text    strings.Builder // commands about one cache
}

func (e *annotationEncoder) Cache(c Cache) error {
	r := e.rank(&c)
	r.failing = e.base.failing(&c, e.opts.failsRun)
	e.failing += r.failing
	e.counts.add(&c)
	e.text.Reset()
	features := e.worstFirst(&c, c.Features)
	for i := range features {
		switch f := &features[i]; {
		case f.Status == NonCompliant:
			e.annotate(&c, f, identified(f)+e.remedy(f))
		case f.Status == Unknown && (!f.IsNotObserved() || e.opts.failsRun(f)):
			e.annotate(&c, f, identified(f)+" ("+reasonText(f)+")"+e.remedy(f))
		}
	}
	advisories := e.worstFirst(&c, c.Advisories)
	for i := range advisories {
		if f := &advisories[i]; f.Status == NonCompliant && e.level(&c, f) != Info || e.opts.failsRun(f) {
			e.annotate(&c, f, identified(f)+e.remedy(f))
		}
	}
	e.texts.add(r, []byte(e.text.String()))
	return nil
}

// identified is a message with the id of its rule, which an exemption names.
func identified(f *Finding) string { return f.Message + " [" + f.ID + "]" }

// remedy is what to write against a violation, or what else fails the run, on lines of its own.
func (e *annotationEncoder) remedy(f *Finding) string {
	if f.Remediation == "" || !e.opts.failsRun(f) && (f.Status != NonCompliant || f.IsAdvisory()) {
		return ""
	}
	return "\nwrite: " + strings.Join(WrapRemedy(f.Remediation, math.MaxInt), "\n")
}

func (e *annotationEncoder) End(end Closing) error {
	if end.Incomplete() {
		e.write(e.command(annotation{severity: "error", fails: true, title: "redisbaseline: incomplete", text: strings.Join(end.Gaps, "\n")}))
	}
	if err := e.texts.writeTo(e.out); err != nil {
		return err
	}
	s := end.Summary
	for n, gap := range end.remarks() {
		if !gap {
			e.write(e.command(annotation{severity: "notice", title: "redisbaseline", text: n}))
		}
	}
	e.write("redisbaseline: " + caches(s.Caches) + ", " + Count(s.NonCompliant, "violation", "violations") + ", " +
		Count(s.Unknown-s.NotObserved, "undecided feature", "undecided features") + ", " + itoa(s.NotObserved) + " not observed, " +
		itoa(s.Exempt) + " exempt" + unjudgedClause(s) + ": " + strings.ToLower(e.runVerdict(end, e.failing, e.counts).Word) + "\n")
	return e.finish()
}

func (e *annotationEncoder) annotate(c *Cache, f *Finding, text string) {
	at := e.place(c, f)
	if f.Position == nil {
		at.Line = 0
	}
	e.text.WriteString(e.command(annotation{
		severity: e.severity(c, f), fails: e.opts.failsRun(f), rule: f.ID, at: at, title: e.name(c, f) + ": " + e.shortLabel(c), text: text,
	}))
}

// severity is that of the annotation of a finding.
func (e *annotationEncoder) severity(c *Cache, f *Finding) string {
	violation := f.Status == NonCompliant && !f.IsAdvisory()
	switch level := termsOf(e.level(c, f)).annotation; {
	case e.opts.failsRun(f) && violation:
		return level
	case e.opts.failsRun(f), violation && level == "error":
		return "warning"
	case violation:
		return level
	default:
		return "notice"
	}
}

// printableLines is [Printable] of a text whose lines may end as on Windows.
func printableLines(s string) string { return Printable(strings.ReplaceAll(s, "\r\n", "\n")) }
