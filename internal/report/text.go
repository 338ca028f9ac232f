package report

import (
	"bufio"
	"io"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
)

// detailLimit is the number of caches with something to object to up to which
// each is shown in full; with more, an overview fits one screen.
const detailLimit = 5

// textEncoder writes for people at a terminal: the worst caches first, one
// screen, and everything with Verbose. It keeps of each cache what it may show.
type textEncoder struct {
	out    *bufio.Writer
	opts   EncodeOptions
	style  palette
	header Report
	rules  lookup
	caches []judged
	counts verdicts
	rows   map[string]int // caches that violate a rule
}

// palette holds the few styles; without colour they do nothing.
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
		out: bufio.NewWriter(w), opts: opts, rows: map[string]int{},
		style: palette{
			bold: r.NewStyle().Bold(true), dim: r.NewStyle().Faint(true),
			red: colour("1").Bold(true), yellow: colour("3"), green: colour("2"), blue: colour("4"),
		},
	}
}

func (e *textEncoder) Begin(header Report) error {
	e.header, e.rules = header, newLookup(header.Catalogue)
	return nil
}

func (e *textEncoder) Cache(c Cache) error {
	j := judged{c, e.rules.tally(c)}
	e.counts.add(c)
	if !e.opts.Verbose {
		j.Features = e.worstFirst(noteworthy(c.Features))
		j.Advisories = noteworthy(c.Advisories)
	}
	e.caches = append(e.caches, j)
	return nil
}

// noteworthy copies what is shown without Verbose, so that the rest can be freed.
func noteworthy(findings []Finding) []Finding {
	shown := func(f *Finding) bool {
		return f.Status == NonCompliant || f.Status == Unknown || f.Status == Exempt || f.Since != nil
	}
	n := 0
	for i := range findings {
		if shown(&findings[i]) {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	out := make([]Finding, 0, n) // it stays, so that room for more would add up
	for i := range findings {
		if shown(&findings[i]) {
			out = append(out, findings[i])
		}
	}
	return out
}

// worstFirst orders the findings of one cache: violations by severity, then what
// is undecided, then the rest; equals keep the order of the baseline.
func (e *textEncoder) worstFirst(findings []Finding) []Finding {
	rank := func(f Finding) int {
		switch {
		case f.Status == NonCompliant:
			return slices.Index([]Severity{High, Medium, Low}, e.rules.level(f))
		case f.Status == Unknown:
			return 3
		default:
			return 4
		}
	}
	slices.SortStableFunc(findings, func(f, g Finding) int { return rank(f) - rank(g) })
	return findings
}

func (e *textEncoder) End(end Closing) error {
	worstFirst(e.caches)
	flagged := 0
	for _, j := range e.caches {
		if !j.destroyed && j.violations()+j.undecided > 0 {
			flagged++
		}
	}
	e.title()
	if e.opts.Verbose || flagged <= detailLimit && len(e.caches) <= 4*detailLimit {
		for _, j := range e.caches {
			e.detail(j)
		}
	} else {
		e.overview(flagged)
	}
	e.closing(end.Summary, end.Notes)
	return e.out.Flush()
}

func (e *textEncoder) title() {
	for _, b := range e.header.Baselines {
		e.line(e.style.bold.Render(printable(b.Title)) + e.style.dim.Render(" ("+printable(b.Published+", "+b.Benchmark)+")"))
	}
	e.line("")
}

// closing is the last thing on the screen: remarks, then totals.
func (e *textEncoder) closing(s Summary, notes []string) {
	for _, n := range notes {
		e.wrapped("note: ", "      ", printable(n), e.style.yellow)
	}
	if len(notes) > 0 {
		e.line("")
	}
	v := e.counts
	if v.Total == 0 {
		e.line("no " + e.header.services("or") + " in " + strings.Join(e.inputs(), ", "))
		if s.Unjudged > 0 {
			e.line(unjudged(s.Unjudged))
		}
		return
	}
	parts := []string{}
	add := func(n int, words string, style lipgloss.Style) {
		if n > 0 {
			parts = append(parts, style.Render(itoa(n)+nbsp+strings.ReplaceAll(words, " ", nbsp)))
		}
	}
	add(v.Violated, "in violation", e.style.red)
	add(v.Undecided, "undecided", e.style.yellow)
	add(v.Compliant, "compliant", e.style.green)
	add(v.Destroyed, "destroyed, not judged", e.style.dim)
	if s.Unjudged > 0 {
		parts = append(parts, e.style.yellow.Render(strings.ReplaceAll(unjudged(s.Unjudged), " ", nbsp)))
	}
	e.totals(caches(v.Total)+": ", parts)

	parts = parts[:0]
	add(s.NonCompliant, plural(s.NonCompliant, "violation", "violations"), e.style.red)
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

// nbsp holds words together where lines are wrapped; it is never printed.
const nbsp = "\u00a0"

func (e *textEncoder) inputs() []string {
	out := make([]string, 0, len(e.header.Source.Inputs))
	for _, in := range e.header.Source.Inputs {
		out = append(out, printable(in))
	}
	if len(out) == 0 {
		out = append(out, "the input")
	}
	return out
}

// mark is the sign of a cache's verdict.
func (e *textEncoder) mark(c Cache) (sign string, style lipgloss.Style) {
	switch {
	case c.Destroyed():
		return "-", e.style.dim
	case c.Compliant == nil:
		return "?", e.style.yellow
	case *c.Compliant:
		return "✓", e.style.green
	default:
		return "✗", e.style.red
	}
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
	_, _ = e.out.WriteString(strings.TrimRight(s, " ") + "\n") // bufio keeps the error for Flush
}

// wrapped writes text behind a first prefix, and behind rest on further lines.
// Every prefix has a visible sign or words of ours, so that no line can start
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
