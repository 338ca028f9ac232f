package report

import (
	"bytes"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
)

const (
	// detailLimit is the largest number of caches with something to object to that
	// are shown in full; of more, the worst are shown with what to write.
	detailLimit = 10
	// plainLimit is the largest number of caches of which those without anything to
	// object to are named.
	plainLimit = 20
)

// textEncoder writes for people at a terminal: the caches of each service under its
// document, the worst first, what many caches share once, totals at the end, and
// everything with Verbose.
type textEncoder struct {
	base
	text    bytes.Buffer // the text that is being rendered
	opts    EncodeOptions
	style   palette
	counts  verdicts
	flagged int                // caches with something to object to
	violate map[ruleOf]int     // number of caches that violate a rule
	groups  map[int]*textGroup // by document
	noted   map[string]bool    // the notes that stand under caches
	shared  sharedFindings     // advisories and features that were not observed
}

// textGroup holds the caches that one document judged.
type textGroup struct {
	total, flagged int        // caches, and those with something to object to
	details        allTexts   // of flagged caches: all of them, or the first ones
	plain          allTexts   // of the other caches: all of them, or the first ones
	worst          worstTexts // of flagged caches, in brief
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
		base: newBase(w), opts: opts, violate: map[ruleOf]int{}, groups: map[int]*textGroup{}, noted: map[string]bool{},
		style: palette{
			bold: r.NewStyle().Bold(true), dim: r.NewStyle().Faint(true),
			red: colour("1").Bold(true), yellow: colour("3"), green: colour("2"), blue: colour("4"),
		},
	}
}

func (e *textEncoder) Cache(c Cache) error {
	r := e.rank(&c)
	r.failing = e.failing(&c, e.opts.failsRun)
	e.counts.add(&c)
	g := e.group(&c)
	g.total++
	for i := range c.Features {
		if f := &c.Features[i]; f.Status == NonCompliant {
			e.violate[ruleOf{c.Baseline, f.ID}]++
		}
	}
	if !e.opts.Verbose {
		e.share(&c)
	}
	if !r.objectionable() && r.failing == 0 {
		if e.opts.Verbose || e.counts.Total <= plainLimit {
			g.plain.add(r, []byte(e.rendered(func() { e.detail(&c, r) })))
		}
		return nil
	}
	e.flagged++
	g.flagged++
	if !e.opts.Verbose {
		g.worst.add(r, func() string { return e.rendered(func() { e.brief(&c, r) }) })
	}
	if e.opts.Verbose || e.flagged <= detailLimit {
		g.details.add(r, []byte(e.rendered(func() { e.detail(&c, r) })))
	}
	return nil
}

// group is the group of a cache.
func (e *textEncoder) group(c *Cache) *textGroup {
	document := e.document(c)
	if e.groups[document] == nil {
		e.groups[document] = &textGroup{worst: worstTexts{maxTexts: detailLimit, maxBytes: math.MaxInt}}
	}
	return e.groups[document]
}

// rendered returns the text that render writes.
func (e *textEncoder) rendered(render func()) string {
	defer e.text.Reset()
	render()
	return e.text.String()
}

func (e *textEncoder) End(end Closing) error {
	many, plain := !e.opts.Verbose && e.flagged > detailLimit, e.opts.Verbose || e.counts.Total <= plainLimit
	if len(e.groups) < 2 {
		e.title(e.judging(end, e.counts.Total)...)
	}
	for _, document := range slices.Sorted(maps.Keys(e.groups)) {
		if len(e.groups) > 1 {
			e.title(e.Baselines[document])
		}
		if err := e.caches(e.groups[document], many, plain); err != nil {
			return err
		}
	}
	if many {
		e.violatedRules()
	}
	e.sharedFindings()
	if many || !plain {
		e.wrapped("", "", "--verbose shows every feature of every cache; --format html=FILE draws the whole matrix", e.style.dim)
		e.line("")
	}
	if !many && plain { // the details of all caches are shown, with their notes
		end.Notes = slices.DeleteFunc(slices.Clone(end.Notes), func(n string) bool { return e.noted[n] })
	}
	e.closing(end)
	e.write(e.text.String())
	return e.finish()
}

// caches writes the caches of a group: those with something to object to, where they
// are many only the worst, and with plain the others too.
func (e *textEncoder) caches(g *textGroup, many, plain bool) error {
	if many && g.flagged > 0 {
		e.worstOfMany(g)
	} else if err := g.details.writeTo(&e.text); err != nil {
		return err
	}
	switch n := g.total - g.flagged; {
	case plain && n > 0:
		if err := g.plain.writeTo(&e.text); err != nil {
			return err
		}
		if !bytes.HasSuffix(e.text.Bytes(), []byte("\n\n")) {
			e.line("")
		}
	case g.flagged == 0 && len(e.groups) > 1:
		e.wrapped("  ", "    ", caches(n)+" without violations or undecided features", e.style.dim)
		e.line("")
	}
	return nil
}

func (e *textEncoder) title(baselines ...Baseline) {
	for _, b := range baselines {
		e.spread("", "  ", part{printable(b.Title), e.style.bold}, part{printable(b.Published + ", " + b.Benchmark), e.style.dim})
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
		where := " in " + inputs
		if len(end.Unseen) > 0 {
			where = " was judged"
		}
		e.line("no " + ServiceNames(e.judging(end, 0), "or") + where)
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

// totals writes counts behind a label; nothing where there are none.
func (e *textEncoder) totals(label string, parts []string) {
	if len(parts) == 0 {
		return
	}
	e.wrapped(e.style.bold.Render(label), strings.Repeat(" ", len(label)), strings.Join(parts, ", "), lipgloss.NewStyle())
}

// nbsp joins words that stay on one line; it is never printed.
const nbsp = "\u00a0"

// mark returns the sign of a cache and its style.
func (e *textEncoder) mark(c *Cache) (string, lipgloss.Style) {
	s := c.verdictMark()
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

// spread writes parts behind a first prefix with two spaces between them, and what
// does not fit behind rest on further lines.
func (e *textEncoder) spread(first, rest string, parts ...part) {
	width := max(e.opts.Width-ansi.StringWidth(rest), 20)
	line, used := first, 0
	for _, p := range parts {
		if p.text == "" {
			continue
		}
		for i, l := range Wrap(p.text, width) {
			w := ansi.StringWidth(l)
			switch {
			case used == 0:
			case i == 0 && used+2+w <= width:
				line, used = line+"  ", used+2
			default:
				e.line(line)
				line, used = rest, 0
			}
			line, used = line+p.style.Render(l), used+w
		}
	}
	e.line(line)
}

// part is a text with its style.
type part struct {
	text  string
	style lipgloss.Style
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
