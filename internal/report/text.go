package report

import (
	"bytes"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
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
	*Screen
	opts    EncodeOptions
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

func newText(w io.Writer, opts EncodeOptions) Encoder {
	return &textEncoder{
		base: newBase(w), Screen: NewScreen(w, opts.Color, opts.Width), opts: opts, violate: map[ruleOf]int{}, groups: map[int]*textGroup{},
		noted: map[string]bool{},
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
		e.Wrapped("", "", "--verbose shows every feature of every cache; --format html=FILE draws the whole matrix", e.Style.Dim)
		e.Line("")
	}
	if !many && plain { // the details of all caches are shown, with their notes
		end.Notes = slices.DeleteFunc(slices.Clone(end.Notes), func(n string) bool { return e.noted[n] })
	}
	e.closing(end)
	if end.Incomplete() {
		verdict := e.runVerdict(end, 0, e.counts)
		e.Wrapped("", "  ", verdict.Word+". "+verdict.Why, e.Style.Red)
	}
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
			e.Line("")
		}
	case g.flagged == 0 && len(e.groups) > 1:
		e.Wrapped("  ", "    ", caches(n)+" without violations or undecided features", e.Style.Dim)
		e.Line("")
	}
	return nil
}

func (e *textEncoder) title(baselines ...Baseline) {
	for _, b := range baselines {
		e.Spread("", "  ", Part{printable(b.Title), e.Style.Bold}, Part{printable(b.Published + ", " + b.Benchmark), e.Style.Dim})
	}
	e.Line("")
}

// closing writes notes and then totals, which end the screen.
func (e *textEncoder) closing(end Closing) {
	s, v := end.Summary, e.counts
	for _, n := range end.Notes {
		e.Wrapped("note: ", "      ", printable(n), e.Style.Yellow)
	}
	if len(end.Notes) > 0 {
		e.Line("")
	}
	if v.Total == 0 {
		inputs := "the input"
		if len(e.Source.Inputs) > 0 {
			inputs = strings.Join(printableAll(e.Source.Inputs), ", ")
		}
		where := " in " + inputs
		if len(end.Unseen) > 0 || end.Partial != "" {
			where = " was judged"
		}
		e.Line("no " + ServiceNames(e.judging(end, 0), "or") + where)
		if s.Unjudged > 0 {
			e.Line(unjudged(s.Unjudged))
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
	add(v.Violated, "in violation", e.Style.Red)
	add(v.Undecided, "undecided", e.Style.Yellow)
	add(v.Compliant, "compliant", e.Style.Green)
	add(v.Destroyed, "destroyed, not judged", e.Style.Dim)
	if s.Unjudged > 0 {
		addPart(unjudged(s.Unjudged), e.Style.Yellow)
	}
	e.totals(caches(v.Total)+": ", parts)

	parts = parts[:0]
	if s.NonCompliant > 0 {
		addPart(Count(s.NonCompliant, "violation", "violations"), e.Style.Red)
	}
	add(s.Unknown-s.NotObserved, "undecided", e.Style.Yellow)
	add(s.NotObserved, "not observed", e.Style.Yellow)
	add(s.Exempt, "exempt", e.Style.Blue)
	add(s.Compliant, "compliant", e.Style.Green)
	add(s.NotApplicable, "not applicable", e.Style.Dim)
	add(s.NotSupported, "not supported", e.Style.Dim)
	e.totals("features: ", parts)
}

// totals writes counts behind a label; nothing where there are none.
func (e *textEncoder) totals(label string, parts []string) {
	if len(parts) == 0 {
		return
	}
	e.Wrapped(e.Style.Bold.Render(label), strings.Repeat(" ", len(label)), strings.Join(parts, ", "), lipgloss.NewStyle())
}

// mark returns the sign of a cache and its style.
func (e *textEncoder) mark(c *Cache) (string, lipgloss.Style) {
	s := c.verdictMark()
	return s.text, map[string]lipgloss.Style{"na": e.Style.Dim, "ask": e.Style.Yellow, "ok": e.Style.Green, "bad": e.Style.Red}[s.class]
}

func (e *textEncoder) severity(s Severity) lipgloss.Style {
	switch s {
	case High:
		return e.Style.Red
	case Medium, Warning:
		return e.Style.Yellow
	default:
		return e.Style.Blue
	}
}
