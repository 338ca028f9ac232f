package report

import (
	"fmt"
	"html/template"
	"strings"
)

// htmlPage is the data of the template.
type htmlPage struct {
	Closing
	Tool      Tool
	Source    Source
	Services  string
	Generated string
	Inputs    []template.HTML
	Settings  template.HTML
	Counts    verdicts
	Told      bool // some texts are told once
	Section   *HTMLSection
	Verdict   runVerdict
	Headline  string
	Notes     []string
	Tables    []*htmlTable
	Rules     []*htmlRule
	Documents []htmlDocument
	Script    template.JS
	Style     template.CSS
	CSP       string
}

// HTMLSection is a section of a page that is not about verdicts.
type HTMLSection struct {
	ID    string // of its heading
	Title string
	Body  template.HTML
}

// htmlDocument is the rules of a document.
type htmlDocument struct {
	Service                         string // its name, where a report has several documents
	Judged, Unsupported, Advisories []*Entry
}

// page is what the template shows.
func (e *htmlEncoder) page(end Closing) *htmlPage {
	judging := e.judging(end, e.counts.Total)
	end.Baselines = judging
	page := &htmlPage{
		Closing: end, Tool: e.Tool, Source: e.Source, Services: ServiceNames(judging, "and"), Counts: e.counts, Told: e.told > 0,
		Verdict: e.runVerdict(end, e.failing, e.counts), Headline: e.headline(end, e.counts),
		Notes: printableAll(end.Notes), Rules: e.violatedRules(),
		Settings: template.HTML(AddressMarkup(e.Source.Settings)), Script: template.JS(HTMLScript), // escaped, and a constant
		Style: template.CSS(HTMLStyle),
		CSP:   HTMLPolicy,
	}
	if e.opts.Section != nil {
		page.Section = e.opts.Section()
	}
	for _, in := range e.Source.Inputs {
		page.Inputs = append(page.Inputs, template.HTML(AddressMarkup(in))) // escaped
	}
	if at := e.GeneratedAt; !at.IsZero() {
		page.Generated = at.Format("2006-01-02 15:04 UTC")
	}
	for _, b := range judging {
		d := htmlDocument{Service: page.ServiceOf(b.ID)}
		for i := range e.Catalogue {
			switch entry := &e.Catalogue[i]; {
			case entry.Baseline != b.ID:
			case entry.Control == "":
				d.Advisories = append(d.Advisories, entry)
			case entry.Severity == None:
				d.Unsupported = append(d.Unsupported, entry)
			default:
				d.Judged = append(d.Judged, entry)
			}
		}
		page.Documents = append(page.Documents, d)
	}
	for _, b := range e.Baselines {
		if t := e.tables[b.ID]; t != nil {
			t.ID = "matrix"
			if n := len(page.Tables); n > 0 {
				t.ID += itoa(n + 1)
			}
			if len(e.tables) > 1 {
				t.Service = b.ServiceName
			}
			page.Tables = append(page.Tables, t)
		}
	}
	return page
}

// ServiceOf is the name of the service of a document where a report has several.
func (p *htmlPage) ServiceOf(document string) string {
	for _, b := range p.Baselines {
		if b.ID == document && len(p.Baselines) > 1 {
			return b.ServiceName
		}
	}
	return ""
}

// Tiles are the numbers of caches by verdict.
func (p *htmlPage) Tiles() []htmlCount {
	tiles := []htmlCount{
		{Caches: p.Counts.Violated, Filter: "bad", Label: "in violation"},
		{Caches: p.Counts.Undecided, Filter: "ask", Label: "undecided"},
		{Caches: p.Counts.Compliant, Filter: "ok", Label: "compliant"},
	}
	if p.Counts.Destroyed > 0 {
		tiles = append(tiles, htmlCount{Caches: p.Counts.Destroyed, Filter: "gone", Label: "destroyed"})
	}
	return tiles
}

// Labels is the style by which a heading stands behind the word of a cell where a
// narrow screen has no columns.
func (t *htmlTable) Labels() template.CSS {
	var labels []string
	if t.Plan {
		labels = append(labels, "change")
	}
	for _, c := range t.Columns {
		labels = append(labels, c.ControlOfID()+" "+c.Title)
	}
	var css strings.Builder
	for i, label := range append(labels, "advisories") {
		fmt.Fprintf(&css, "\n  #%s td:nth-of-type(%d)::after { content: \" %s\"; }", t.ID, i+1, cssEscapes.Replace(label))
	}
	return template.CSS(css.String()) // escaped
}

// cssEscapes are the escapes of a quoted text in a style sheet within HTML.
var cssEscapes = strings.NewReplacer(`\`, `\5c `, `"`, `\22 `, "<", `\3c `, "\n", " ")

// Filters are the classes of rows and details by which a reader may select caches.
func (p *htmlPage) Filters() []string {
	counts := p.Tiles()
	for _, r := range p.Rules {
		counts = append(counts, r.Counts()...)
	}
	var filters []string
	for _, c := range counts {
		if c.Caches > 0 {
			filters = append(filters, c.Filter)
		}
	}
	return filters
}

func printableAll(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = printable(text)
	}
	return out
}
