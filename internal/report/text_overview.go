package report

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// worstShown is the number of caches that the overview names.
const worstShown = 10

// overview fits any number of caches on one screen: what is violated how often,
// and the worst caches by name.
func (e *textEncoder) overview(loud int) {
	e.countRules()
	for _, entry := range e.header.Catalogue {
		row := e.rows[entry.ID]
		if row == nil || entry.Control == "" {
			continue
		}
		head := gutter[2:] + e.severity(entry.Severity).Render(pad(strings.ToUpper(string(entry.Severity)), 8)) +
			pad(printable(entry.Name()), 44)
		e.line(e.fit(head + e.style.bold.Render(caches(row.caches))))
	}
	if line := e.adviceLine(); line != "" {
		e.wrapped(gutter[2:]+e.style.blue.Render(pad("ADVICE", 8)), gutter[2:]+strings.Repeat(" ", 8), line, lipgloss.NewStyle())
	}
	e.line("")
	e.line(e.style.bold.Render("worst first"))
	shown := 0
	for _, j := range e.caches {
		if shown == worstShown || j.destroyed || j.violations()+j.undecided == 0 {
			break
		}
		shown++
		e.summaryLine(j)
	}
	if loud > shown {
		e.line(e.style.dim.Render("  and " + count(loud-shown, "more cache", "more caches") + " with violations or undecided features"))
	}
	e.line(e.style.dim.Render("  --verbose shows every feature of every cache; --format html=FILE draws the whole matrix"))
	e.line("")
}

func (e *textEncoder) countRules() {
	for _, j := range e.caches {
		for _, findings := range [][]Finding{j.Features, j.Advisories} {
			for _, f := range findings {
				if f.Status != NonCompliant {
					continue
				}
				row := e.rows[f.ID]
				if row == nil {
					row = &ruleRow{}
					e.rows[f.ID] = row
				}
				row.caches++
			}
		}
	}
}

// adviceLine names each advisory that is not followed, with its count.
func (e *textEncoder) adviceLine() string {
	var parts []string
	for _, entry := range e.header.Catalogue {
		if row := e.rows[entry.ID]; row != nil && entry.Control == "" && entry.Severity != Info {
			parts = append(parts, printable(strings.TrimPrefix(entry.ID, "advisory/"))+" "+itoa(row.caches))
		}
	}
	return strings.Join(parts, ", ")
}

// summaryLine is one cache on one line: where, what happens, which controls.
func (e *textEncoder) summaryLine(j judged) {
	sign, style := e.mark(j.Cache)
	var controls []string
	seen := map[string]bool{}
	for _, f := range j.Features {
		if f.Status == NonCompliant && !seen[e.rules[f.ID].Control] {
			seen[e.rules[f.ID].Control] = true
			controls = append(controls, e.rules[f.ID].Control)
		}
	}
	tail := strings.Join(controls, " ")
	if j.undecided > 0 {
		tail = strings.TrimSpace(tail + " +" + itoa(j.undecided) + " undecided")
	}
	room := max(e.opts.Width-ansi.StringWidth(tail)-6, 20)
	label := ansi.Truncate(printable(j.Label()), room, "…")
	e.line(e.fit("  " + style.Render(sign) + " " + e.style.bold.Render(label) + "  " + style.Render(tail)))
}

// fit cuts a line at the width of the terminal.
func (e *textEncoder) fit(s string) string { return ansi.Truncate(s, e.opts.Width, "…") }
