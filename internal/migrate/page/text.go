package page

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

const (
	// mostInFull is the largest number of caches of which each is told in full; of more,
	// the first ones are, and the rest is counted.
	mostInFull = 10
	// mostNamed is the largest number of names in a list.
	mostNamed = 10
	// gutter starts every line below the line of a cache.
	gutter = "  │ "
	// labelWidth is the width of what stands before a text.
	labelWidth = 10
)

// text writes a report for people at a terminal: the whole first, then cache by cache,
// and what many caches share once.
type text struct {
	*report.Screen
	r       *migrate.Report
	common  *common
	verbose bool
}

func writeText(w io.Writer, r *migrate.Report, opts Options) error {
	t := &text{report.NewScreen(w, opts.Color, opts.Width), r, commonOf(r), opts.Verbose}
	t.overview()
	t.caches()
	t.told()
	t.actions()
	t.steps()
	t.waves()
	t.since()
	t.end()
	_, err := io.WriteString(w, t.String())
	return err
}

// overview says what retires when, and what there is to order.
func (t *text) overview() {
	t.Spread("", "  ", report.Part{Text: "Move to Azure Managed Redis", Style: t.Style.Bold},
		report.Part{Text: "sizes and differences of " + t.r.Tables, Style: t.Style.Dim})
	t.Line("")
	for _, s := range retiring(t.r) {
		t.Spread("  ", "    ", t.part(s.date), t.part(s.service), t.part(caches(s.caches)+" to move"),
			report.Part{Text: daysLeft(s.days), Style: t.Style.Yellow})
	}
	if s := t.r.Summary; s.ToMove > 0 {
		t.Line("")
	}
	list := sizesOf(t.r)
	if len(list) < 2 {
		return
	}
	t.Line(t.Style.Bold.Render("to order"))
	for _, s := range list[:min(len(list), t.most(2*mostNamed))] {
		t.Spread("  ", "    ", t.part(pad(caches(s.caches))), t.part(s.current+" → "+s.target))
	}
	t.more(len(list)-t.most(2*mostNamed), "more pair of sizes", "more pairs of sizes")
	t.Line("")
	if t.common.caches > mostInFull && !t.verbose {
		t.differences()
	}
}

// differences counts them in an estate of which not every cache is told.
func (t *text) differences() {
	t.Line(t.Style.Bold.Render("what stands in the way, and what changes"))
	for _, c := range countDifferences(t.r) {
		if c.kind != aboutNotices {
			t.Spread("  ", "    ", report.Part{Text: pad(string(c.kind)), Style: t.styleOf(c.kind)},
				t.part(pad(caches(c.caches))), t.part(c.id))
		}
	}
	t.Line("")
}

func (t *text) caches() {
	list := inOrder(t.r)
	full := list
	if !t.verbose && len(list) > mostInFull {
		full = list[:mostInFull]
		t.Line(t.Style.Bold.Render("the first caches"))
	}
	for _, m := range full {
		t.cache(m)
	}
	if more := len(list) - len(full); more > 0 {
		t.Wrapped("  ", "    ", "and "+report.Count(more, "more cache", "more caches")+
			": --verbose shows them all, --format html=FILE and csv=FILE list them", t.Style.Dim)
		t.Line("")
	}
	moved, unknown := withState(t.r, migrate.Moved), withState(t.r, migrate.Unknown)
	for _, m := range unknown[:min(len(unknown), t.most(mostInFull))] {
		t.Spread(t.Style.Yellow.Render("? "), gutter, report.Part{Text: report.OneLine(label(m)), Style: t.Style.Bold},
			report.Part{Text: "service not known", Style: t.Style.Yellow})
		for _, n := range m.Notes {
			t.field("note", n, t.Style.Plain)
		}
	}
	t.more(len(unknown)-t.most(mostInFull), "more cache of which the service is not known", "more caches of which the service is not known")
	for _, m := range moved[:min(len(moved), t.most(mostInFull))] {
		t.Spread(t.Style.Green.Render("✓ "), gutter, report.Part{Text: report.OneLine(label(m)), Style: t.Style.Bold},
			report.Part{Text: "on Azure Managed Redis", Style: t.Style.Green}, t.part(m.Current.SKU))
	}
	t.more(len(moved)-t.most(mostInFull), "more cache on Azure Managed Redis", "more caches on Azure Managed Redis")
	if len(moved)+len(unknown) > 0 {
		t.Line("")
	}
}

// cache tells all about one cache but what it shares with others.
func (t *text) cache(m *migrate.Move) {
	sign, style, state := "→ ", t.Style.Yellow, "to move"
	if m.State == migrate.Blocked {
		sign, style, state = "✗ ", t.Style.Red, "blocked"
	}
	parts := []report.Part{
		{Text: report.OneLine(label(m)), Style: t.Style.Bold}, {Text: state, Style: style},
		{Text: "until " + m.Retires, Style: t.Style.Plain},
	}
	if m.Wave > 0 {
		parts = append(parts, t.part(fmt.Sprintf("wave %d", m.Wave)))
	}
	if m.Position != nil {
		parts = append(parts, report.Part{Text: report.OneLine(m.Position.String()), Style: t.Style.Dim})
	}
	t.Spread(style.Render(sign), gutter, parts...)
	t.order(m)
	t.field("verdict", verdict(&m.Before)+" today, target "+verdictAfter(m.After), t.Style.Plain)
	t.field("take", m.Paths[0].Title+": "+strings.Join(m.Paths[0].StepIDs, ", "), t.Style.Plain)
	shared := map[kind][]string{}
	for f, objects := range factsOf(m) {
		switch {
		case (f.kind == aboutNotices || f.kind == aboutVerdict) && !t.verbose, t.common.everywhere(f) && objects == "": // told once
		case f.kind == aboutSettings: // told above
		case !t.common.shared(f):
			t.fact(f, objects)
		case f.kind == aboutOthers:
			shared[f.kind] = append(shared[f.kind], objects)
		case objects != "":
			t.labelled(string(f.kind), short(f.id)+" (told below): "+objects, t.styleOf(f.kind))
		default:
			shared[f.kind] = append(shared[f.kind], short(f.id))
		}
	}
	for _, k := range kinds {
		if ids := shared[k]; len(ids) > 0 {
			slices.Sort(ids)
			t.field(string(k), strings.Join(slices.Compact(ids), ", ")+" (told below)", t.Style.Dim)
		}
	}
	for _, ref := range m.References {
		text := reference(&ref)
		if t.common.references[ref.Action] == 1 {
			text += ": " + ref.Action
		}
		t.field("refers", text, t.Style.Plain)
	}
	for _, n := range m.Notes {
		t.field("note", n, t.Style.Plain)
	}
	t.Line("")
}

// order says what to order and how it is set up.
func (t *text) order(m *migrate.Move) {
	t.field("size", sizeText(m), t.Style.Bold)
	if !t.verbose {
		t.field("set", settings(m.Target), t.Style.Plain)
		return
	}
	for _, s := range m.Target.Settings {
		t.field("set", string(s.Name)+" = "+cmp.Or(s.Value, "not known")+": "+s.Why, t.Style.Plain)
	}
}

// fact tells a text about one cache.
func (t *text) fact(f fact, objects string) {
	name := short(f.id)
	switch f.kind {
	case aboutSize, aboutWarnings, aboutRefers, aboutOthers:
		name = ""
	case aboutRemade:
		name = strings.TrimSpace(f.id + " " + objects)
	}
	text := f.text
	if f.kind == aboutOthers {
		text, objects = objects+" "+text, ""
	}
	if name != "" {
		text = name + ": " + text
	}
	t.labelled(string(f.kind), text, t.styleOf(f.kind))
	if f.kind != aboutRemade {
		t.field("", objects, t.Style.Dim)
	}
	if f.action != "" && !t.common.actionApart(f) {
		t.field("", "do: "+f.action, t.Style.Plain)
	}
}

// told tells once what several caches share.
func (t *text) told() {
	var last kind
	for _, f := range t.common.told() {
		if f.kind == aboutSettings || (f.kind == aboutNotices || f.kind == aboutVerdict) && !t.verbose {
			continue
		}
		if f.kind != last {
			if last != "" {
				t.Line("")
			}
			t.Spread("", "  ", report.Part{Text: headings[f.kind], Style: t.styleOf(f.kind).Bold(true)},
				report.Part{Text: "told once for several caches", Style: t.Style.Dim})
			last = f.kind
		}
		t.Spread("  ", "    ", t.part(report.OneLine(f.id)), report.Part{Text: t.howMany(f), Style: t.Style.Dim})
		t.Wrapped("    ", "    ", report.OneLine(f.text), t.Style.Plain)
		if f.action != "" && !t.common.actionApart(f) {
			t.Wrapped("    do: ", "        ", report.OneLine(f.action), t.Style.Plain)
		}
	}
	if last != "" {
		t.Line("")
	}
}

// actions tells once what to do about a difference whose text is not the same for every
// cache.
func (t *text) actions() {
	told := false
	for _, a := range t.common.actions {
		if a.texts < 2 || a.kind == aboutNotices && !t.verbose {
			continue
		}
		if !told {
			t.Spread("", "  ", report.Part{Text: "what to do", Style: t.Style.Bold},
				report.Part{Text: "where the texts above differ by cache", Style: t.Style.Dim})
			told = true
		}
		t.Spread("  ", "    ", t.part(report.OneLine(a.id)), report.Part{Text: caches(a.caches), Style: t.Style.Dim})
		t.Wrapped("    do: ", "        ", report.OneLine(a.action), t.Style.Plain)
	}
	if told {
		t.Line("")
	}
	t.references()
}

// references tells once what to do about those that several places of the estate have.
func (t *text) references() {
	told := map[string]bool{}
	for _, m := range inOrder(t.r) {
		for _, ref := range m.References {
			if t.common.references[ref.Action] < 2 || told[ref.Action] {
				continue
			}
			if len(told) == 0 {
				t.Line(t.Style.Bold.Render("what refers to the caches"))
			}
			told[ref.Action] = true
			t.Wrapped("  ", "    ", report.OneLine(cmp.Or(ref.Attribute, "the whole cache")+": "+ref.Action), t.Style.Plain)
		}
	}
	if len(told) > 0 {
		t.Line("")
	}
}

// howMany says how many caches a text is about.
func (t *text) howMany(f fact) string {
	if t.common.everywhere(f) {
		return "every cache that is to move"
	}
	return caches(t.common.count[f])
}

// steps tells once what the steps are that stand with the caches: with --verbose what to
// check before and after each, and the way back.
func (t *text) steps() {
	used := map[string]bool{}
	for _, m := range inOrder(t.r) {
		for _, id := range m.Paths[0].StepIDs {
			used[id] = true
		}
	}
	if len(used) == 0 {
		return
	}
	title := report.Part{Text: "steps", Style: t.Style.Bold}
	if t.verbose {
		t.Spread("", "  ", title)
	} else {
		t.Spread("", "  ", title, report.Part{Text: "--verbose: what to check before and after each, and the way back", Style: t.Style.Dim})
	}
	for _, s := range t.r.Catalogue.Steps {
		if !used[s.ID] {
			continue
		}
		const indent = "                "
		t.Wrapped("  "+s.ID+indent[min(len(s.ID)+2, len(indent)-1):], indent, s.Title, t.Style.Plain)
		if t.verbose {
			t.Wrapped("    before:     ", indent, s.Before, t.Style.Dim)
			t.Wrapped("    after:      ", indent, s.After, t.Style.Dim)
			t.Wrapped("    way back:   ", indent, s.Back, t.Style.Dim)
		}
	}
	t.Line("")
}

func (t *text) waves() {
	for i, w := range t.r.Waves {
		if i == 0 {
			t.Line(t.Style.Bold.Render("waves"))
		}
		t.Spread("  ", "    ", t.part(fmt.Sprintf("wave %d", w.Number)), t.part(caches(len(w.Caches))),
			report.Part{Text: report.OneLine(w.Why), Style: t.Style.Dim})
		t.Wrapped("    ", "    ", t.names(w.Caches), t.Style.Plain)
	}
	if len(t.r.Waves) > 0 {
		t.Line("")
	}
}

func (t *text) since() {
	s := t.r.Since
	if s == nil {
		return
	}
	t.Spread("", "  ", report.Part{Text: "since " + s.GeneratedAt.UTC().Format("2006-01-02"), Style: t.Style.Bold},
		report.Part{Text: report.OneLine(s.Input), Style: t.Style.Dim})
	for _, list := range sinceLists(s) {
		t.Spread("  ", "    ", t.part(pad(list.word)), t.part(caches(len(list.names))),
			report.Part{Text: t.names(list.names), Style: t.Style.Dim})
	}
	for _, note := range s.Notes {
		t.Wrapped("  ", "    ", report.OneLine(note), t.Style.Yellow)
	}
	t.Line("")
}

// end writes notes and then totals, which end the screen.
func (t *text) end() {
	notes := notesOf(t.r)
	if t.common.notices > 0 && !t.verbose {
		notes = append(notes, "--verbose shows what is left out: "+report.Count(t.common.notices, "notice", "notices")+
			", and what the verdicts on the targets wait for")
	}
	for _, n := range notes {
		t.Wrapped("note: ", "      ", n, t.Style.Yellow)
	}
	if len(notes) > 0 {
		t.Line("")
	}
	t.Wrapped(t.Style.Bold.Render("caches: "), strings.Repeat(" ", 8), totals(t.r), t.Style.Plain)
	for _, reason := range t.r.Failing[:min(len(t.r.Failing), t.most(mostNamed))] {
		t.Wrapped(t.Style.Red.Render("fails:  "), strings.Repeat(" ", 8), report.OneLine(reason), t.Style.Plain)
	}
	t.more(len(t.r.Failing)-t.most(mostNamed), "more reason why the run fails", "more reasons why the run fails")
}

// field writes a text of a cache behind a label; nothing for an empty text.
func (t *text) field(label, text string, style lipgloss.Style) {
	if text != "" {
		t.Wrapped(gutter+pad(label), gutter+strings.Repeat(" ", labelWidth), report.OneLine(text), style)
	}
}

// labelled writes a text of a cache behind a label with a style.
func (t *text) labelled(label, text string, style lipgloss.Style) {
	t.Wrapped(gutter+style.Render(pad(label)), gutter+strings.Repeat(" ", labelWidth), report.OneLine(text), t.Style.Plain)
}

func (t *text) part(text string) report.Part { return report.Part{Text: text, Style: t.Style.Plain} }

// most is a limit, which --verbose lifts.
func (t *text) most(limit int) int {
	if t.verbose {
		return len(t.r.Caches) + len(t.r.Failing)
	}
	return limit
}

// more says how much is left out.
func (t *text) more(n int, one, many string) {
	if n > 0 {
		t.Wrapped("  ", "    ", "and "+report.Count(n, one, many), t.Style.Dim)
	}
}

// names are the first names of a list, and how many more there are.
func (t *text) names(list []string) string {
	first := list[:min(len(list), t.most(mostNamed))]
	text := report.OneLine(strings.Join(first, ", "))
	if more := len(list) - len(first); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func (t *text) styleOf(k kind) lipgloss.Style {
	switch k {
	case aboutBlockers:
		return t.Style.Red
	case aboutWarnings, aboutMaybe, aboutChanges, aboutChecks:
		return t.Style.Yellow
	default:
		return t.Style.Blue
	}
}
