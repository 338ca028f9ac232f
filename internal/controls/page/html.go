package page

import (
	"bufio"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"sync"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/controls"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

//go:embed html.tmpl
var htmlSource string

var htmlTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("controls").Funcs(template.FuncMap{
		"printable": report.OneLine, "blind": blind, "inc": func(n int) int { return n + 1 },
		"address": func(s string) template.HTML { return template.HTML(report.AddressMarkup(s)) }, // escaped
	}).Parse(htmlSource))
})

// htmlPage is the data of the template. Caches are appended without it, since it would take
// most of the time of a page of many caches.
type htmlPage struct {
	Result      *controls.Result
	labels      labels
	Policy      string
	Style       template.CSS
	Script      template.JS
	Class, Sign string // of the whole
	Headline    string
	At          string
	Notes       []string
	Tiles       []htmlTile
	Filters     []string // classes of caches by which a reader may select them
	States      []string
	Controls    []htmlControl
	Tables      []htmlTable // on what changed
	Rows        bool        // there are caches
	Matrices    []htmlMatrix
	Meaning     []string
	Frameworks  []controls.Framework
}

type htmlTile struct {
	Class, Label string
	Caches       int
}

type htmlControl struct {
	Control      *controls.Control
	Numbers      []string // of caches by state
	Counterparts []string
}

type htmlTable struct {
	Title   string
	Columns []string
	Rows    [][]string
}

// htmlMatrix is the table of the caches of a document and their controls.
type htmlMatrix struct {
	ID, Service, baseline string
	Columns               []*controls.Control
}

// htmlClasses are the classes of the style sheet for states.
var htmlClasses = map[controls.State]string{
	controls.NonCompliant: "bad", controls.Unknown: "ask", controls.NotObserved: "blind", controls.Exempt: "ex", controls.Compliant: "ok",
	controls.NotApplicable: "na", controls.NotSupported: "na",
}

func writeHTML(w io.Writer, r *controls.Result) error {
	p := &htmlPage{
		Result: r, labels: labelsOf(r),
		Policy: report.HTMLPolicy, Style: template.CSS(report.HTMLStyle), Script: template.JS(report.HTMLScript), // constants
		Class: "ok", Sign: "✓", At: at(r.GeneratedAt), Meaning: controls.Meaning, Frameworks: controls.Frameworks,
		Headline: report.Count(len(r.Controls), "control", "controls") + " of the Microsoft cloud security benchmark",
	}
	if len(r.Reports) > 0 {
		p.Headline, p.States = headline(r), wordsOfStates()
	}
	for _, note := range r.Notes {
		p.Notes = append(p.Notes, report.OneLine(note))
	}
	p.tiles()
	for i := range r.Controls {
		c := htmlControl{Control: &r.Controls[i], Counterparts: counterparts(&r.Controls[i])}
		c.Numbers = numbers(r, c.Control, p.States)
		p.Controls = append(p.Controls, c)
		p.column(c.Control)
	}
	p.tables()
	out := bufio.NewWriter(w)
	var err error // of a template; the writer keeps its own until Flush
	part := func(name string, data any) { err = cmp.Or(err, htmlTemplate().ExecuteTemplate(out, name, data)) }
	part("head", p)
	var b []byte
	for _, m := range p.Matrices {
		part("matrix", m)
		for i, h := range r.Histories {
			if !h.Gone && h.Baseline == m.baseline {
				b = appendRow(b[:0], r, h, p.labels[h], i)
				_, _ = out.Write(b)
			}
		}
		_, _ = out.WriteString("\n</tbody></table></div>")
	}
	if p.Rows {
		part("details", nil)
	}
	for i, h := range r.Histories {
		if !h.Gone {
			b = appendCache(b[:0], r, h, p.labels[h], i)
			_, _ = out.Write(b)
		}
	}
	part("foot", p)
	return cmp.Or(err, out.Flush())
}

// numbers are those of caches in each state of a control, in reports of any kind.
func numbers(r *controls.Result, c *controls.Control, states []string) []string {
	texts := make([]string, len(states))
	for _, kind := range controls.Kinds {
		for _, n := range r.Counts {
			if n.Kind != kind || n.Baseline != c.Baseline || n.Control != c.ID {
				continue
			}
			for i, caches := range n.States {
				if caches == 0 {
					continue
				}
				if texts[i] != "" {
					texts[i] += ", "
				}
				texts[i] += positive(caches)
				if kind != report.SourceExisting {
					texts[i] += " " + kindWords[kind]
				}
			}
		}
	}
	return texts
}

// column puts a control into the matrix of its document, if that judges some cache.
func (p *htmlPage) column(c *controls.Control) {
	there := func(h *controls.History) bool { return !h.Gone && h.Baseline == c.Baseline }
	last := len(p.Matrices) - 1
	switch {
	case !slices.ContainsFunc(p.Result.Histories, there):
		return
	case last < 0 || p.Matrices[last].baseline != c.Baseline:
		last++
		p.Matrices = append(p.Matrices, htmlMatrix{ID: "matrix" + strconv.Itoa(last+1), Service: c.Service, baseline: c.Baseline})
	}
	p.Matrices[last].Columns = append(p.Matrices[last].Columns, c)
}

// appendRow appends the row of a cache, whose details have a number.
func appendRow(b []byte, r *controls.Result, h *controls.History, label string, number int) []byte {
	b = report.AppendMarkup(b, "\n"+`<tr class="item %"><th scope=row><a href=#c%>`, htmlClasses[worstOf(r, h)], strconv.Itoa(number))
	b = append(append(b, report.AddressMarkup(label)...), "</a>"...)
	for row := range r.RowsOf(h, false) {
		if row.State == controls.Compliant { // which the style sheet knows by the lack of a class
			b = append(b, "<td>ok"...)
		} else {
			b = report.AppendMarkup(b, "<td class=%>%", htmlClasses[row.State], stateWords[row.State])
		}
	}
	return b
}

// tiles count the caches by the state of their worst control.
func (p *htmlPage) tiles() {
	counts := map[controls.State]int{}
	for _, h := range p.Result.Histories {
		if !h.Gone {
			p.Rows = true
			counts[worstOf(p.Result, h)]++
		}
	}
	for _, s := range controls.States {
		if class := htmlClasses[s]; counts[s] > 0 && class != "na" {
			p.Tiles = append(p.Tiles, htmlTile{class, stateWords[s], counts[s]})
			p.Filters = append(p.Filters, class)
		}
	}
	switch {
	case counts[controls.NonCompliant] > 0:
		p.Class, p.Sign = "bad", "✗"
	case counts[controls.Unknown]+counts[controls.NotObserved] > 0 || !p.Rows:
		p.Class, p.Sign = "ask", "?"
	}
}

// worstOf is the worst state of the controls of a cache.
func worstOf(r *controls.Result, h *controls.History) controls.State {
	worst := len(controls.States) - 1
	for row := range r.RowsOf(h, false) {
		worst = min(worst, slices.Index(controls.States, row.State))
	}
	return controls.States[worst]
}

// tables tell what changed, which caches are missing, and the trend.
func (p *htmlPage) tables() {
	r := p.Result
	add := func(title string, columns []string, rows [][]string) {
		if len(rows) > 0 {
			p.Tables = append(p.Tables, htmlTable{title, columns, rows})
		}
	}
	var rows [][]string
	for _, m := range r.Missing {
		rows = append(rows, []string{report.OneLine(p.labels[m.History]), m.LastSeen, report.OneLine(m.In), report.OneLine(m.Without), m.Why})
	}
	add("Caches that the newest report does not have", []string{"cache", "last seen", "in", "not in", "why"}, rows)
	rows = nil
	for _, c := range r.Changes {
		rows = append(rows, []string{report.OneLine(p.labels[c.History]), c.Date, c.Before, c.Control, changeWords[c.Kind], stateWords[c.From],
			stateWords[c.To]})
	}
	add("From one report to the next", []string{"cache", "date", "before", "control", "change", "from", "to"}, rows)
	dates, trend, _ := trendOf(r)
	rows = nil
	for _, row := range trend {
		if len(dates) > 1 {
			rows = append(rows, append([]string{row.control + " (" + row.service + ")"}, row.numbers...))
		}
	}
	add(fmt.Sprintf("Trend of the last %d dates", len(dates)), append([]string{"control"}, dates...), rows)
}

// appendCache appends the controls of a cache, folded.
func appendCache(b []byte, r *controls.Result, h *controls.History, label string, number int) []byte {
	worst := worstOf(r, h)
	b = report.AppendMarkup(b, "\n"+`<details class="item %"><summary><b>`, htmlClasses[worst])
	b = append(b, report.AddressMarkup(label)...)
	first := true
	for row := range r.RowsOf(h, false) {
		if first {
			b = report.AppendMarkup(b, `</b> <small>%, %</small></summary><div id=c%><p class="soft address">%<ul>`, stateWords[worst],
				row.Report.Date(), strconv.Itoa(number), report.OneLine(h.ResourceID))
			first = false
		}
		b = report.AppendMarkup(b, "\n"+`<li><b class=%>%</b> <code>%</code> %`, htmlClasses[row.State], stateWords[row.State], row.Control.ID,
			row.Control.Title)
		if since := row.Since.Date(); since != "" {
			b = report.AppendMarkup(b, ` <small>at least since %</small>`, since)
		}
		for i := range row.Findings {
			f := &row.Findings[i]
			b = report.AppendMarkup(b, `<p class=evidence>% %`, f.ID, report.OneLine(words(&row, f)))
		}
	}
	return append(b, "</ul></div></details>"...)
}
