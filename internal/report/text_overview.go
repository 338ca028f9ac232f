package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// worstShown is the number of caches that the overview names.
const worstShown = 10

// overview writes any number of caches on one screen: the violated rules with the
// number of caches, and the worst caches by name.
func (e *textEncoder) overview() {
	for _, entry := range e.violatedRules() {
		head := gutter[2:] + e.severity(entry.Severity).Render(pad(strings.ToUpper(string(entry.Severity)), 8)) +
			pad(caches(e.violations(&entry)), 12)
		e.line(e.fit(head + e.style.bold.Render(printable(entry.Name()))))
	}
	if line := e.adviceLine(); line != "" {
		e.wrapped(gutter[2:]+e.style.blue.Render(pad("ADVICE", 8)), gutter[2:]+strings.Repeat(" ", 8), line, lipgloss.NewStyle())
	}
	e.line("")
	if e.flagged > 0 {
		e.line(e.style.bold.Render("worst first"))
	}
	for _, line := range e.worst.texts {
		e.text.WriteString(line.text)
	}
	if more := e.flagged - len(e.worst.texts); more > 0 {
		e.wrapped("  ", "    ", "and "+Count(more, "more cache", "more caches")+" with violations or undecided features", e.style.dim)
	}
	e.wrapped("  ", "  ", "--verbose shows every feature of every cache; --format html=FILE draws the whole matrix", e.style.dim)
	e.line("")
}

// violations is the number of caches that violate a rule.
func (e *textEncoder) violations(entry *Entry) int {
	return e.violate[ruleOf{entry.Baseline, entry.ID}]
}

// violatedRules are the violated features, the most severe and most frequent first.
func (e *textEncoder) violatedRules() []Entry {
	var out []Entry
	for _, entry := range e.Catalogue {
		if entry.Control != "" && e.violations(&entry) > 0 {
			out = append(out, entry)
		}
	}
	order := map[Severity]int{High: 0, Medium: 1, Low: 2}
	slices.SortStableFunc(out, func(a, b Entry) int {
		return cmp.Or(order[a.Severity]-order[b.Severity], e.violations(&b)-e.violations(&a))
	})
	return out
}

// adviceLine names each advisory that is not followed, with its count.
func (e *textEncoder) adviceLine() string {
	var parts []string
	for _, entry := range e.Catalogue {
		if n := e.violations(&entry); n > 0 && entry.Control == "" && entry.Severity != Info {
			parts = append(parts, printable(strings.TrimPrefix(entry.ID, "advisory/"))+" "+itoa(n))
		}
	}
	return strings.Join(parts, ", ")
}

// summaryLine writes one cache on one line: its label and the violated controls.
func (e *textEncoder) summaryLine(c *Cache, r rank) {
	sign, style := e.mark(c)
	var controls []string
	for i := range c.Features {
		if f := &c.Features[i]; f.Status == NonCompliant {
			if control := e.entry(c, f).Control; !slices.Contains(controls, control) {
				controls = append(controls, control)
			}
		}
	}
	tail := strings.Join(controls, " ")
	if r.undecided > 0 {
		tail = strings.TrimSpace(tail + " +" + itoa(r.undecided) + " undecided")
	}
	room := max(e.opts.Width-ansi.StringWidth(tail)-6, 20)
	label := middleCut(printable(e.label(c)), room)
	e.line(e.fit("  " + style.Render(sign) + " " + e.style.bold.Render(label) + "  " + style.Render(tail)))
}

// fit cuts a line at the width of the terminal.
func (e *textEncoder) fit(s string) string { return ansi.Truncate(s, e.opts.Width, "…") }
