package report

import (
	"bytes"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
)

// detailLimit is the largest number of caches with violated or undecided features
// that are shown in full; for more, an overview fits one screen.
const detailLimit = 5

// textEncoder writes for people at a terminal: the worst caches first, one
// screen, and everything with Verbose.
type textEncoder struct {
	base
	text    bytes.Buffer // the text that is being rendered
	opts    EncodeOptions
	style   palette
	counts  verdicts
	flagged int            // caches with violated or undecided features
	violate map[ruleOf]int // number of caches that violate a rule
	details allTexts       // of all caches, or of the first ones
	worst   worstTexts     // one line each
}

// palette holds the styles; without colour they change nothing.
type palette struct{ bold, dim, red, yellow, green, blue lipgloss.Style }

func newText(w io.Writer, opts EncodeOptions) Encoder {
	if opts.Width <= 0 {
		opts.Width = 80
	}
	opts.Width = min(max(opts.Width, 40), 120)
	r := lipgloss.NewRenderer(w)
	r.SetColorProfile(termenv.Ascii)
	if opts.Color {
		r.SetColorProfile(termenv.ANSI)
	}
	colour := func(c string) lipgloss.Style { return r.NewStyle().Foreground(lipgloss.Color(c)) }
	return &textEncoder{
		base: newBase(w), opts: opts, violate: map[ruleOf]int{}, worst: worstTexts{maxTexts: worstShown, maxBytes: math.MaxInt},
		style: palette{
			bold: r.NewStyle().Bold(true), dim: r.NewStyle().Faint(true),
			red: colour("1").Bold(true), yellow: colour("3"), green: colour("2"), blue: colour("4"),
		},
	}
}

func (e *textEncoder) Cache(c Cache) error {
	r := e.rank(&c)
	e.counts.add(&c)
	for _, findings := range [][]Finding{c.Features, c.Advisories} {
		for i := range findings {
			if findings[i].Status == NonCompliant {
				e.violate[ruleOf{c.Baseline, findings[i].ID}]++
			}
		}
	}
	if r.objectionable() {
		e.flagged++
		e.worst.add(r, func() string { return e.rendered(func() { e.summaryLine(&c, r) }) })
	}
	if e.opts.Verbose || e.inDetail() {
		e.details.add(r, []byte(e.rendered(func() { e.detail(&c, r) })))
	}
	return nil
}

// inDetail reports whether the caches so far are few enough to be shown in full.
func (e *textEncoder) inDetail() bool {
	return e.flagged <= detailLimit && e.counts.Total <= 4*detailLimit
}

// rendered returns the text that render writes.
func (e *textEncoder) rendered(render func()) string {
	defer e.text.Reset()
	render()
	return e.text.String()
}

// worstFirst returns the features of a cache in order: violations by severity,
// then undecided ones, then the rest; equals keep the order of the baseline.
func (e *textEncoder) worstFirst(c *Cache) []Finding {
	order := func(f Finding) int {
		switch f.Status {
		case NonCompliant:
			return slices.Index([]Severity{High, Medium, Low}, e.level(c, &f))
		case Unknown:
			return 3
		default:
			return 4
		}
	}
	findings := slices.Clone(c.Features)
	slices.SortStableFunc(findings, func(f, g Finding) int { return order(f) - order(g) })
	return findings
}

func (e *textEncoder) End(end Closing) error {
	e.title(end.Baselines)
	if e.opts.Verbose || e.inDetail() {
		if err := e.details.writeTo(&e.text); err != nil {
			return err
		}
	} else {
		e.overview()
	}
	e.closing(end)
	e.write(e.text.String())
	return e.finish()
}

func (e *textEncoder) title(baselines []Baseline) {
	for _, b := range baselines {
		e.line(e.style.bold.Render(printable(b.Title)) + e.style.dim.Render(" ("+printable(b.Published+", "+b.Benchmark)+")"))
	}
	e.line("")
}

// closing writes notes and then totals, which end the screen.
func (e *textEncoder) closing(end Closing) {
	s, v := end.Summary, e.counts
	for _, n := range end.Notes {
		e.wrapped("note: ", "      ", printable(n), e.style.yellow)
	}
	if len(end.Notes) > 0 {
		e.line("")
	}
	if v.Total == 0 {
		inputs := "the input"
		if len(e.Source.Inputs) > 0 {
			inputs = strings.Join(printableAll(e.Source.Inputs), ", ")
		}
		e.line("no " + ServiceNames(end.Baselines, "or") + " in " + inputs)
		if s.Unjudged > 0 {
			e.line(unjudged(s.Unjudged))
		}
		return
	}
	parts := []string{}
	addPart := func(words string, style lipgloss.Style) {
		parts = append(parts, style.Render(strings.ReplaceAll(words, " ", nbsp)))
	}
	add := func(n int, words string, style lipgloss.Style) {
		if n > 0 {
			addPart(itoa(n)+" "+words, style)
		}
	}
	add(v.Violated, "in violation", e.style.red)
	add(v.Undecided, "undecided", e.style.yellow)
	add(v.Compliant, "compliant", e.style.green)
	add(v.Destroyed, "destroyed, not judged", e.style.dim)
	if s.Unjudged > 0 {
		addPart(unjudged(s.Unjudged), e.style.yellow)
	}
	e.totals(caches(v.Total)+": ", parts)

	parts = parts[:0]
	if s.NonCompliant > 0 {
		addPart(Count(s.NonCompliant, "violation", "violations"), e.style.red)
	}
	add(s.Unknown-s.NotObserved, "undecided", e.style.yellow)
	add(s.NotObserved, "not observed", e.style.yellow)
	add(s.Exempt, "exempt", e.style.blue)
	add(s.Compliant, "compliant", e.style.green)
	add(s.NotApplicable, "not applicable", e.style.dim)
	add(s.NotSupported, "not supported", e.style.dim)
	e.totals("features: ", parts)
}

func (e *textEncoder) totals(label string, parts []string) {
	e.wrapped(e.style.bold.Render(label), strings.Repeat(" ", len(label)), strings.Join(parts, ", "), lipgloss.NewStyle())
}

// nbsp joins words that stay on one line; it is never printed.
const nbsp = "\u00a0"

// mark returns the sign of a cache and its style.
func (e *textEncoder) mark(c *Cache) (string, lipgloss.Style) {
	s := c.sign()
	return s.text, map[string]lipgloss.Style{"na": e.style.dim, "ask": e.style.yellow, "ok": e.style.green, "bad": e.style.red}[s.class]
}

func (e *textEncoder) severity(s Severity) lipgloss.Style {
	switch s {
	case High:
		return e.style.red
	case Medium, Warning:
		return e.style.yellow
	default:
		return e.style.blue
	}
}

func (e *textEncoder) line(s string) {
	e.text.WriteString(strings.TrimRight(s, " ") + "\n")
}

// wrapped writes text behind a first prefix, and behind rest on further lines.
// Every prefix has a sign or words of this program, so that no line can start
// with text from the plan: some pipelines obey lines that start with "::".
func (e *textEncoder) wrapped(first, rest, text string, style lipgloss.Style) {
	width := max(e.opts.Width-ansi.StringWidth(rest), 20)
	for i, l := range Wrap(text, width) {
		prefix := rest
		if i == 0 {
			prefix = first
		}
		e.line(prefix + style.Render(strings.ReplaceAll(l, nbsp, " ")))
	}
}
