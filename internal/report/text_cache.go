package report

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// gutter starts every line below a cache's header.
const gutter = "  │ "

// indent starts the lines below a finding's label, which takes ten columns.
var indent = gutter + strings.Repeat(" ", 10)

// detail shows one cache in full.
func (e *textEncoder) detail(c *Cache, r rank) {
	e.heading(c, r)
	plain := lipgloss.NewStyle()
	features := c.Features
	if !e.opts.Verbose {
		features = e.worstFirst(c)
	}
	for i := range features {
		e.feature(c, &features[i])
	}
	if !e.opts.Verbose {
		e.list("not observed: ", e.names(c, features, Finding.IsNotObserved), "may exist outside what this source shows; --strict refuses it")
		e.list("fixed: ", e.names(c, features, func(f Finding) bool { return f.Since != nil && *f.Since == Fixed }), "")
	}
	for i := range c.Advisories {
		switch f := &c.Advisories[i]; {
		case f.Status == NonCompliant && (e.opts.Verbose || e.level(c, f) != Info):
			label := "advisory"
			if e.level(c, f) == Info {
				label = "info"
			}
			e.finding(c, f, label, e.style.blue, "", plain)
		case f.Status == Exempt:
			e.finding(c, f, "exempt", e.style.blue, "", plain)
		case e.opts.Verbose:
			e.finding(c, f, statusWord(f), e.style.dim, "", e.style.dim)
		}
	}
	if !e.opts.Verbose && r.infos > 0 {
		e.line(gutter + e.style.dim.Render("and "+Count(r.infos, "advisory", "advisories")+" of level info: --verbose shows them"))
	}
	for _, n := range c.Notes {
		e.wrapped(gutter+"note: ", gutter+"      ", printable(n), plain)
	}
	e.line("")
}

// heading writes the line with the label of a cache, its change and its verdict.
func (e *textEncoder) heading(c *Cache, r rank) {
	sign, style := e.mark(c)
	text := e.style.bold.Render(printable(e.label(c)))
	if change := c.ChangeWord(); change != "" {
		text += "  " + e.style.dim.Render(printable(change))
	}
	e.line(style.Render(sign) + " " + text + "  " + style.Render(r.verdict(c)))
}

func (e *textEncoder) feature(c *Cache, f *Finding) {
	plain := lipgloss.NewStyle()
	switch {
	case f.Status == NonCompliant:
		level := e.level(c, f)
		title := e.style.bold.Render(e.ruleTitle(c, f))
		if f.Since != nil {
			title += "  " + e.style.dim.Render(string(*f.Since))
		}
		if f.Position != nil {
			title += "  " + e.style.dim.Render(printable(f.Position.String()))
		}
		e.line(gutter + e.severity(level).Render(pad(strings.ToUpper(string(level)), 10)) + title)
		e.wrapped(indent, indent, printable(f.Message), plain)
		e.evidence(f)
		if f.Remediation != "" {
			e.wrapped(indent+e.style.green.Render("write: "), indent+"       ", printable(f.Remediation), e.style.green)
		}
	case f.Status == Unknown && (e.opts.Verbose || !f.IsNotObserved()):
		title := e.style.bold.Render(e.ruleTitle(c, f)) + "  " + e.style.dim.Render(printable(reasonText(f)))
		if f.Position != nil && !f.IsNotObserved() {
			title += "  " + e.style.dim.Render(printable(f.Position.String()))
		}
		e.line(gutter + e.style.yellow.Render(pad("unknown", 10)) + title)
		e.wrapped(indent, indent, printable(f.Message), plain)
		if e.opts.Verbose {
			e.evidence(f)
		}
	case f.Status == Exempt:
		e.finding(c, f, "exempt", e.style.blue, "", plain)
	case e.opts.Verbose:
		style := e.style.dim
		if f.Status == Compliant {
			style = e.style.green
		}
		remark := ""
		if f.Since != nil {
			remark = " (" + string(*f.Since) + ")"
		}
		e.finding(c, f, statusWord(f), style, remark, e.style.dim)
	}
}

// finding writes a finding behind a label, and a remark behind its message.
func (e *textEncoder) finding(c *Cache, f *Finding, label string, labelStyle lipgloss.Style, remark string, style lipgloss.Style) {
	e.wrapped(gutter+labelStyle.Render(pad(label, 10)), indent, e.ruleTitle(c, f)+": "+printable(f.Message)+remark, style)
}

// evidence writes the facts that a verdict rests on. Those without a value add
// nothing to the message and are for Verbose.
func (e *textEncoder) evidence(f *Finding) {
	for _, ev := range f.Evidence {
		if hasValue(ev) || e.opts.Verbose && ev.Path != "" {
			e.wrapped(indent, indent+"  ", printable(evidenceText(ev)), e.style.dim)
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
	e.wrapped(gutter+e.style.dim.Render(label), gutter+strings.Repeat(" ", len(label)), text, e.style.dim)
}

func (e *textEncoder) names(c *Cache, findings []Finding, pick func(Finding) bool) []string {
	var out []string
	for i := range findings {
		if pick(findings[i]) {
			out = append(out, e.ruleTitle(c, &findings[i]))
		}
	}
	return out
}

// ruleTitle is the name of a finding's rule without the word advisory, which its label has.
func (e *textEncoder) ruleTitle(c *Cache, f *Finding) string {
	return printable(strings.TrimPrefix(e.name(c, f), "advisory: "))
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

func pad(s string, width int) string {
	if n := width - ansi.StringWidth(s); n > 0 {
		return s + strings.Repeat(" ", n)
	}
	return s + " "
}

func itoa(n int) string { return strconv.Itoa(n) }
