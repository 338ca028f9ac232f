package report

import (
	"sort"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// worstShown is the number of caches that the overview names.
const worstShown = 10

// overview fits any number of caches on one screen: what is violated how often,
// and the worst caches by name.
func (e *textEncoder) overview(flagged int) {
	e.countRules()
	for _, entry := range e.violatedRules() {
		head := gutter[2:] + e.severity(entry.Severity).Render(pad(strings.ToUpper(string(entry.Severity)), 8)) +
			pad(caches(e.rows[entry.ID]), 12)
		e.line(e.fit(head + e.style.bold.Render(printable(entry.Name()))))
	}
	if line := e.adviceLine(); line != "" {
		e.wrapped(gutter[2:]+e.style.blue.Render(pad("ADVICE", 8)), gutter[2:]+strings.Repeat(" ", 8), line, lipgloss.NewStyle())
	}
	e.line("")
	if flagged > 0 {
		e.line(e.style.bold.Render("worst first"))
	}
	shown := 0
	for _, j := range e.caches {
		if shown == worstShown || j.destroyed || j.violations()+j.undecided == 0 {
			break
		}
		shown++
		e.summaryLine(j)
	}
	if flagged > shown {
		e.wrapped("  ", "    ", "and "+count(flagged-shown, "more cache", "more caches")+" with violations or undecided features", e.style.dim)
	}
	e.wrapped("  ", "  ", "--verbose shows every feature of every cache; --format html=FILE draws the whole matrix", e.style.dim)
	e.line("")
}

// countRules counts for each rule the caches that violate it.
func (e *textEncoder) countRules() {
	for _, j := range e.caches {
		for _, findings := range [][]Finding{j.Features, j.Advisories} {
			for _, f := range findings {
				if f.Status == NonCompliant {
					e.rows[f.ID]++
				}
			}
		}
	}
}

// violatedRules are the violated features, the most severe and most frequent first.
func (e *textEncoder) violatedRules() []Entry {
	var out []Entry
	for _, entry := range e.header.Catalogue {
		if entry.Control != "" && e.rows[entry.ID] > 0 {
			out = append(out, entry)
		}
	}
	order := map[Severity]int{High: 0, Medium: 1, Low: 2}
	sort.SliceStable(out, func(i, j int) bool {
		if a, b := order[out[i].Severity], order[out[j].Severity]; a != b {
			return a < b
		}
		return e.rows[out[i].ID] > e.rows[out[j].ID]
	})
	return out
}

// adviceLine names each advisory that is not followed, with its count.
func (e *textEncoder) adviceLine() string {
	var parts []string
	for _, entry := range e.header.Catalogue {
		if n := e.rows[entry.ID]; n > 0 && entry.Control == "" && entry.Severity != Info {
			parts = append(parts, printable(strings.TrimPrefix(entry.ID, "advisory/"))+" "+itoa(n))
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
	label := middleCut(printable(e.header.title(j.Cache)), room)
	e.line(e.fit("  " + style.Render(sign) + " " + e.style.bold.Render(label) + "  " + style.Render(tail)))
}

// fit cuts a line at the width of the terminal.
func (e *textEncoder) fit(s string) string { return ansi.Truncate(s, e.opts.Width, "…") }
