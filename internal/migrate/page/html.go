package page

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

//go:embed html.tmpl
var htmlSource string

var htmlTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("migrate").Funcs(template.FuncMap{
		"inc":       func(n int) int { return n + 1 },
		"printable": report.OneLine,
		"address":   func(s string) template.HTML { return template.HTML(report.AddressMarkup(s)) }, // escaped
	}).Parse(htmlSource))
})

// htmlPage is the data of the template. Rows and details are rendered before, since the
// template would take most of the time of a page of many caches.
type htmlPage struct {
	Report      *migrate.Report
	Policy      string
	Style       template.CSS
	Script      template.JS
	Class, Sign string // of the whole
	Headline    string
	Totals      string
	Notes       []string
	Tiles       []htmlTile
	Filters     []string // classes of rows and details by which a reader may select caches
	Retiring    []htmlRetiring
	Sizes       []htmlSize
	Differences []*htmlDifference
	Since       []htmlList
	Columns     []string
	Rows        []template.HTML
	Details     []template.HTML
	Told        []*htmlTold
	Ways        []*htmlWay
	Sets        []template.HTML // of texts that several caches share
}

type htmlTile struct {
	Class, Label string
	Caches       int
}

type htmlRetiring struct {
	Service, Date, Days string
	Caches              int
}

type htmlSize struct {
	Current, Target string
	Caches          int
}

type htmlDifference struct {
	Kind, ID, Title, Action, Source, URL, Date string
	Class, Filter                              string // of those that block
	Caches                                     int
}

type htmlList struct {
	Word, Names string
	Count       int
}

// htmlTold are the texts of a kind that stand once.
type htmlTold struct {
	Heading string
	Texts   []htmlText
}

type htmlText struct {
	ID                 int
	Name, Caches, Text string
}

// htmlWay is a way to move with its steps, and the caches for which it is recommended.
type htmlWay struct {
	ID     int
	Title  string
	Steps  []migrate.Step
	count  int
	Caches string
}

// htmlWriter renders caches.
type htmlWriter struct {
	*htmlPage
	common  *common
	told    []fact            // the texts that stand once
	numbers map[fact]int      // of the texts that stand once
	sets    map[string]int    // numbers of sets of such texts
	filters map[string]string // by kind and id of a difference that blocks
	ways    map[string]*htmlWay
	open    string
}

// mostOpen is the largest number of caches to move whose details are unfolded.
const mostOpen = 10

func writeHTML(w io.Writer, r *migrate.Report, _ Options) error {
	h := &htmlWriter{
		htmlPage: &htmlPage{
			Report: r, Policy: report.HTMLPolicy, Style: template.CSS(report.HTMLStyle), Script: template.JS(report.HTMLScript), // constants
			Class: "ok", Sign: "✓", Headline: headline(r), Totals: totals(r), Notes: notesOf(r),
			Columns: []string{"state", "today", "to order", "wave", "blockers", "changes", "automated", "today's verdict", "target's verdict"},
		},
		common: commonOf(r), numbers: map[fact]int{}, sets: map[string]int{}, filters: map[string]string{}, ways: map[string]*htmlWay{},
	}
	switch s := r.Summary; {
	case s.Blocked > 0:
		h.Class, h.Sign = "bad", "✗"
	case s.ToMove+s.Unknown > 0 || s.Caches == 0:
		h.Class, h.Sign = "ask", "→"
	}
	if r.Summary.ToMove <= mostOpen {
		h.open = " open"
	}
	h.overview()
	h.tell()
	for _, list := range [][]*migrate.Move{inOrder(r), withState(r, migrate.Unknown), withState(r, migrate.Moved)} {
		for _, m := range list {
			h.cache(m)
		}
	}
	for _, way := range h.Ways { // every cache was counted
		way.Caches = caches(way.count)
	}
	return htmlTemplate().Execute(w, h.htmlPage)
}

// headline is the number of caches to move in words.
func headline(r *migrate.Report) string {
	switch s := r.Summary; {
	case s.Caches == 0:
		return "no cache was found"
	case s.Blocked > 0:
		return caches(s.ToMove) + " to move, " + strconv.Itoa(s.Blocked) + " blocked"
	default:
		return caches(s.ToMove) + " to move"
	}
}

// overview fills what stands above the caches.
func (h *htmlWriter) overview() {
	s := h.Report.Summary
	for _, tile := range []htmlTile{{"bad", "blocked", s.Blocked}, {"ask", "to move, not blocked", s.ToMove - s.Blocked},
		{"ok", "on Azure Managed Redis", s.Moved}, {"blind", "service not known", s.Unknown}} {
		if tile.Caches > 0 {
			h.Tiles = append(h.Tiles, tile)
			h.Filters = append(h.Filters, tile.Class)
		}
	}
	for _, r := range retiring(h.Report) {
		h.Retiring = append(h.Retiring, htmlRetiring{r.service, r.date, daysLeft(r.days), r.caches})
	}
	for _, size := range sizesOf(h.Report) {
		h.Sizes = append(h.Sizes, htmlSize{size.current, size.target, size.caches})
	}
	for i, c := range countDifferences(h.Report) {
		d := &htmlDifference{Kind: string(c.kind), ID: c.id, Title: c.title, Action: c.action, Caches: c.caches}
		for _, e := range h.Report.Catalogue.Differences {
			if e.ID == c.id {
				d.Source, d.URL, d.Date = e.Source.Title, e.Source.URL, e.Source.Date
			}
		}
		if c.kind == aboutBlockers || c.kind == aboutMaybe {
			d.Class, d.Filter = "bad", "d"+strconv.Itoa(i)
			if c.kind == aboutMaybe {
				d.Class = "ask"
			}
			h.filters[string(c.kind)+c.id] = d.Filter
			h.Filters = append(h.Filters, d.Filter)
		}
		h.Differences = append(h.Differences, d)
	}
	if h.Report.Since != nil {
		for _, list := range sinceLists(h.Report.Since) {
			h.Since = append(h.Since, htmlList{list.word, report.OneLine(strings.Join(list.names, ", ")), len(list.names)})
		}
	}
}

// tell numbers the texts that stand once.
func (h *htmlWriter) tell() {
	var last kind
	h.told = h.common.told()
	for i, f := range h.told {
		if f.kind != last {
			heading := headings[f.kind]
			h.Told = append(h.Told, &htmlTold{Heading: strings.ToUpper(heading[:1]) + heading[1:]})
			last = f.kind
		}
		h.numbers[f] = i + 1
		told := h.Told[len(h.Told)-1]
		told.Texts = append(told.Texts, htmlText{i + 1, f.id, caches(h.common.count[f]), report.OneLine(f.text)})
	}
}

// cache renders the row and the details of a cache.
func (h *htmlWriter) cache(m *migrate.Move) {
	class, state := "ask", "to move"
	switch m.State {
	case migrate.Blocked:
		class, state = "bad", "blocked"
	case migrate.Moved:
		class, state = "ok", "moved"
	case migrate.Unknown:
		class, state = "blind", "service not known"
	}
	for i := range m.Differences {
		if f := h.filters[string(factOf(&m.Differences[i]).kind)+m.Differences[i].ID]; f != "" {
			class += " " + f
		}
	}
	number := strconv.Itoa(len(h.Rows) + 1)
	address := report.AddressMarkup(label(m))

	b := report.AppendMarkup(nil, `<tr class="item %"><th scope=row><a href=#c%>`, class, number)
	b = append(b, address...)
	b = append(b, "</a>"...)
	for _, text := range h.cells(m, state) {
		b = report.AppendMarkup(b, "<td class=v>%", text)
	}
	h.Rows = append(h.Rows, template.HTML(b)) // escaped

	open := ""
	if toMove(m) {
		open = h.open
	}
	b = report.AppendMarkup(nil, `<details class="item %"`+open+`><summary><b>`, class)
	b = append(b, address...)
	b = report.AppendMarkup(b, `</b> <small>%</small></summary><div id=c%>`, state, number)
	if m.Position != nil {
		b = append(append(b, `<p class="soft address">`...), report.AddressMarkup(m.Position.String())...)
	}
	for _, n := range m.Notes {
		b = report.AppendMarkup(b, "<p class=soft>%", report.OneLine(n))
	}
	if toMove(m) {
		b = h.move(b, m)
	}
	h.Details = append(h.Details, template.HTML(append(b, "</div></details>"...))) // escaped
}

// cells are the columns of a cache.
func (h *htmlWriter) cells(m *migrate.Move, state string) []string {
	cells := []string{strings.TrimSpace(state + " " + m.Retires), m.Current.SKU, "", positive(m.Wave), "", "", "", verdict(&m.Before), ""}
	if !toMove(m) {
		return cells
	}
	cells[2], cells[8] = targetSKU(m), verdictAfter(m.After)
	cells[4], cells[5] = count(m, aboutBlockers), count(m, aboutChanges)
	if n := count(m, aboutMaybe); n != "0" {
		cells[4] += " + " + n + "?"
	}
	if n := count(m, aboutChecks); n != "0" {
		cells[5] += " + " + n + "?"
	}
	cells[6] = eligible(m, migrate.Automated)
	return cells
}

// move renders the plan of a cache.
func (h *htmlWriter) move(b []byte, m *migrate.Move) []byte {
	way := h.way(&m.Paths[0])
	b = report.AppendMarkup(b, `<p><b>%</b>, % today, target %, <a href=#w%>%</a>`, sizeText(m), verdict(&m.Before), verdictAfter(m.After),
		strconv.Itoa(way.ID), way.Title)
	before := len(b)
	b = append(b, "<ul>"...)
	empty := len(b)
	var shared []int
	byObjects, order := map[string][]int{}, []string{} // of the texts that stand once
	for f, objects := range factsOf(m) {
		switch number := h.numbers[f]; {
		case number > 0 && objects == "":
			shared = append(shared, number)
		case number > 0:
			if byObjects[objects] == nil {
				order = append(order, objects)
			}
			byObjects[objects] = append(byObjects[objects], number)
		default:
			b = report.AppendMarkup(b, "\n<li><b class=%>%</b> <code>%</code> %", classOf(f.kind), string(f.kind), short(f.id),
				report.OneLine(f.text))
			if objects != "" {
				b = report.AppendMarkup(b, " <i>%</i>", report.OneLine(objects))
			}
		}
	}
	for _, objects := range order {
		b = append(report.AppendMarkup(b, "\n<li><i>%</i> ", report.OneLine(objects)), h.shared(byObjects[objects])...)
	}
	for i := range m.References {
		ref := &m.References[i]
		b = report.AppendMarkup(b, "\n<li><b class=blind>refers</b> <i>%</i> %", report.OneLine(reference(ref)), ref.Action)
	}
	if len(b) == empty {
		b = b[:before]
	} else {
		b = append(b, "</ul>"...)
	}
	if len(shared) > 0 {
		b = append(append(b, "<p>"...), h.shared(shared)...)
	}
	return b
}

// shared leads to texts that stand once: in a page of few caches by a link to each, else
// by a link to all of them, which stand together once.
func (h *htmlWriter) shared(numbers []int) []byte {
	if h.Report.Summary.ToMove <= mostOpen {
		return h.links(numbers)
	}
	key := fmt.Sprint(numbers)
	if h.sets[key] == 0 {
		h.sets[key] = len(h.sets) + 1
		h.Sets = append(h.Sets, template.HTML(h.links(numbers)))
	}
	return report.AppendMarkup(nil, `<a href=#s%>% shared</a>`, strconv.Itoa(h.sets[key]), report.Count(len(numbers), "text", "texts"))
}

// links are links to texts that stand once, by kind.
func (h *htmlWriter) links(numbers []int) []byte {
	var b []byte
	var last kind
	for _, n := range numbers {
		f := h.told[n-1]
		if f.kind != last {
			b = report.AppendMarkup(b, "<b class=%>%</b>", classOf(f.kind), string(f.kind))
			last = f.kind
		}
		b = report.AppendMarkup(b, " <a href=#t%>%</a>", strconv.Itoa(n), short(f.id))
	}
	return b
}

// way returns a way with exactly these steps.
func (h *htmlWriter) way(p *migrate.Path) *htmlWay {
	key := p.ID + " " + strings.Join(p.StepIDs, " ")
	if h.ways[key] == nil {
		h.ways[key] = &htmlWay{ID: len(h.Ways) + 1, Title: p.Title, Steps: p.Steps()}
		h.Ways = append(h.Ways, h.ways[key])
	}
	h.ways[key].count++
	return h.ways[key]
}

func classOf(k kind) string {
	switch k {
	case aboutBlockers:
		return "bad"
	case aboutWarnings, aboutMaybe, aboutChanges, aboutChecks:
		return "ask"
	default:
		return "tip"
	}
}
