package report

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// gutter starts every line below a cache's header.
const gutter = "  │ "

// indent starts the lines below a finding's label, which takes ten columns.
var indent = gutter + strings.Repeat(" ", 10)

// detail shows one cache in full; with Verbose its advisories too, which otherwise
// stand once for all caches that share them.
func (e *textEncoder) detail(c *Cache, r rank) {
	e.heading(c, r, e.label(c))
	plain := lipgloss.NewStyle()
	features, advisories := e.worstFirst(c, c.Features), e.worstFirst(c, c.Advisories)
	for i := range features {
		e.feature(c, &features[i])
	}
	if !e.opts.Verbose {
		e.list("fixed: ", names(features, func(f Finding) bool { return f.Since != nil && *f.Since == Fixed }), "")
	}
	for i := range advisories {
		switch f := &advisories[i]; {
		case f.Status == Exempt:
			e.exempt(f)
		case !e.opts.Verbose && e.opts.failsRun(f):
			e.finding(f, "advisory", e.Style.Yellow, e.failsRemark(f), plain)
		case !e.opts.Verbose:
		case f.Status == NonCompliant:
			e.finding(f, string(e.level(c, f)), e.severity(e.level(c, f)), e.failsRemark(f), plain)
		default:
			e.finding(f, statusWord(f), e.Style.Dim, "", e.Style.Dim)
		}
	}
	for _, n := range c.Notes {
		e.noted[n] = true
		e.Wrapped(gutter+"note: ", gutter+"      ", printable(n), plain)
	}
	if e.opts.Verbose || bytes.Count(e.text.Bytes(), []byte("\n")) > 1 {
		e.Line("")
	}
}

// brief shows what is to be objected to in one cache, and what to write.
func (e *textEncoder) brief(c *Cache, r rank) {
	e.heading(c, r, e.withInput(c, c.ShortLabel()))
	for _, f := range e.worstFirst(c, c.Features) {
		if f.Status == NonCompliant || f.Status == Unknown && (!f.IsNotObserved() || e.opts.failsRun(&f)) {
			e.rule(c, &f)
			e.remedy(&f)
		}
	}
	for i := range c.Advisories {
		if f := &c.Advisories[i]; e.opts.failsRun(f) {
			e.finding(f, "advisory", e.Style.Yellow, e.failsRemark(f), lipgloss.NewStyle())
		}
	}
}

// heading writes the line with the label of a cache, its change and its verdict.
func (e *textEncoder) heading(c *Cache, r rank, label string) {
	sign, style := e.mark(c)
	e.Spread(style.Render(sign)+" ", gutter, Part{printable(label), e.Style.Bold},
		Part{printable(c.ChangeWord()), e.Style.Dim}, Part{r.verdict(c), style})
}

func (e *textEncoder) feature(c *Cache, f *Finding) {
	plain := lipgloss.NewStyle()
	switch {
	case f.Status == NonCompliant:
		e.rule(c, f)
		e.Wrapped(indent, indent, printable(f.Message), plain)
		e.evidence(f)
		e.remedy(f)
	case f.Status == Unknown && (e.opts.Verbose || !f.IsNotObserved() || e.opts.failsRun(f)):
		e.rule(c, f)
		e.Wrapped(indent, indent, printable(f.Message), plain)
		e.evidence(f)
	case f.Status == Exempt:
		e.exempt(f)
	case e.opts.Verbose:
		style := e.Style.Dim
		if f.Status == Compliant {
			style = e.Style.Green
		}
		remark := ""
		if f.Since != nil {
			remark = " (" + string(*f.Since) + ")"
		}
		e.finding(f, statusWord(f), style, remark, e.Style.Dim)
	}
}

// rule writes the line of a feature that is violated or undecided: its severity,
// its id, whether the plan brings it, whether it fails the run, and its place.
func (e *textEncoder) rule(c *Cache, f *Finding) {
	label, style, remarks := "unknown", e.Style.Yellow, []string{}
	if f.Status == NonCompliant {
		level := e.level(c, f)
		label, style = strings.ToUpper(string(level)), e.severity(level)
	} else {
		remarks = append(remarks, printable(reasonText(f)))
	}
	if f.Since != nil {
		remarks = append(remarks, string(*f.Since))
	}
	if f.Status == NonCompliant || e.opts.failsRun(f) {
		remarks = append(remarks, e.opts.outcome(f))
	}
	at := ""
	if f.Position != nil && !f.IsNotObserved() {
		at = printable(f.Position.String())
	}
	e.Spread(gutter+style.Render(pad(label)), indent, Part{printable(f.ID), e.Style.Bold},
		Part{printable(e.entry(c, f).secondControl()), e.Style.Dim}, Part{strings.Join(remarks, ", "), e.Style.Dim}, Part{at, e.Style.Dim})
}

// remedy writes what to write against a violation, commands on lines of their own.
func (e *textEncoder) remedy(f *Finding) {
	if f.Status != NonCompliant || f.Remediation == "" {
		return
	}
	first, rest := indent+e.Style.Green.Render("write: "), indent+"       "
	lines := WrapRemedy(printable(f.Remediation), max(e.Width-ansi.StringWidth(rest), 20))
	if slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, command) }) {
		e.Line(first)
		first, rest = indent+"  ", indent+"  "
	}
	for i, l := range lines {
		prefix := rest
		if i == 0 {
			prefix = first
		}
		e.Line(prefix + e.Style.Green.Render(l))
	}
}

// failsRemark says that a finding fails the run; empty where it does not.
func (e *textEncoder) failsRemark(f *Finding) string {
	if e.opts.failsRun(f) {
		return "; fails"
	}
	return ""
}

// finding writes a finding behind a label, and a remark behind its message.
func (e *textEncoder) finding(f *Finding, label string, labelStyle lipgloss.Style, remark string, style lipgloss.Style) {
	e.Wrapped(gutter+labelStyle.Render(pad(label)), indent, printable(f.ID+": "+f.Message)+remark, style)
}

// exempt writes a finding that an exemption covers: its terms and place stand behind the
// rule, and not in the message once more.
func (e *textEncoder) exempt(f *Finding) {
	text := f.ID + ": " + f.Message
	if x := f.Exemption; x != nil {
		terms := x.Terms()
		if x.Position != nil {
			terms += ", " + x.Position.String()
		}
		text = f.ID + " (" + terms + ")" + strings.TrimPrefix(f.Message, "exempt ("+x.Terms()+")")
	}
	e.Wrapped(gutter+e.Style.Blue.Render(pad("exempt")), indent, printable(text), lipgloss.NewStyle())
}

// evidence writes the facts that a verdict rests on: those with a value, and of an undecided
// one the values that are not documented. Others add nothing to the message and are for Verbose.
func (e *textEncoder) evidence(f *Finding) {
	for _, ev := range f.Evidence {
		if f.Status == NonCompliant && hasValue(ev) || ev.Undocumented || e.opts.Verbose && ev.Path != "" {
			e.Wrapped(indent, indent+"  ", printable(ev.Text()), e.Style.Dim)
		}
	}
}

// list writes names behind a label; nothing where there are no names.
func (e *textEncoder) list(label string, names []string, remark string) {
	if len(names) == 0 {
		return
	}
	text := strings.Join(names, ", ")
	if remark != "" {
		text += " (" + remark + ")"
	}
	e.Wrapped(gutter+e.Style.Dim.Render(label), gutter+strings.Repeat(" ", len(label)), text, e.Style.Dim)
}

// names are the ids of the rules of some findings.
func names(findings []Finding, pick func(Finding) bool) []string {
	var out []string
	for i := range findings {
		if pick(findings[i]) {
			out = append(out, printable(findings[i].ID))
		}
	}
	return out
}

// statusWord is a word for a status that fits a column of ten.
func statusWord(f *Finding) string {
	switch f.Status {
	case Compliant:
		return "ok"
	case NotApplicable:
		return "n/a"
	case NotSupported:
		return "n/s"
	case Unknown:
		return "unknown"
	default:
		return string(f.Status)
	}
}

// pad fills a label up to the column of what stands beside it.
func pad(s string) string {
	if n := 10 - ansi.StringWidth(s); n > 0 {
		return s + strings.Repeat(" ", n)
	}
	return s + " "
}

func itoa(n int) string { return strconv.Itoa(n) }
