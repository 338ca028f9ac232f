package report

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
)

//go:embed html.tmpl
var htmlSource string

//go:embed html.js
var htmlScript string

// HTMLScriptSource is the source of the one script of an HTML page in a content
// security policy: the script filters caches by name, and the page is complete without it.
var HTMLScriptSource = func() string {
	sum := sha256.Sum256([]byte(htmlScript))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}()

// htmlTemplate holds the parts of the page that stand once. Rows and details of
// caches are appended without the template, which would take most of the time of
// a page of many caches.
var htmlTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("report").Parse(htmlSource)) })

// mostOpen is the largest number of caches with something to object to whose
// details are unfolded.
const mostOpen = 10

// htmlEncoder writes one self-contained page. The matrix of caches and features
// comes first, the worst cache first, so the encoder holds what it has rendered of
// each cache until End.
type htmlEncoder struct {
	base
	opts    EncodeOptions
	tables  map[string]*htmlTable // by document
	rules   map[ruleOf]*htmlRule
	told    int // texts of all rules that are told once
	counts  verdicts
	flagged int // caches with something to object to
	failing int // findings that fail the run
	buf     []byte
}

// htmlTable is the matrix and the details of the caches that one document judged.
// The table of the first document has the caches that none judged, too.
type htmlTable struct {
	ID      string // of the element
	Service string // its name, where a report has several documents
	Plan    bool   // the caches come from a plan, which changes them
	Columns []*Entry

	rows, details allTexts
}

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
	Verdict   htmlVerdict
	Headline  string
	Notes     []string
	Tables    []*htmlTable
	Rules     []*htmlRule
	Documents []htmlDocument
	Script    template.JS
	CSP       string
}

// htmlVerdict is whether the run passes, as the page marks it.
type htmlVerdict struct{ Class, Sign, Word, Why string }

// htmlDocument is the rules of a document.
type htmlDocument struct {
	Service                         string // its name, where a report has several documents
	Judged, Unsupported, Advisories []*Entry
}

func newHTML(w io.Writer, opts EncodeOptions) Encoder {
	return &htmlEncoder{base: newBase(w), opts: opts, tables: map[string]*htmlTable{}, rules: map[ruleOf]*htmlRule{}}
}

func (e *htmlEncoder) Cache(c Cache) error {
	r := e.rank(&c)
	r.failing = e.base.failing(&c, e.opts.failsRun)
	e.failing += r.failing
	e.counts.add(&c)
	if r.objectionable() || r.failing > 0 {
		e.flagged++
	}
	t, found := e.table(&c), e.gather(&c)
	e.buf = e.appendRow(e.buf[:0], &c, r, found, t)
	t.rows.add(r, e.buf)
	e.buf = e.appendDetail(e.buf[:0], &c, r, found)
	t.details.add(r, e.buf)
	return nil
}

// table is the table in which a cache stands.
func (e *htmlEncoder) table(c *Cache) *htmlTable {
	document := c.Baseline
	if document == "" && len(e.Baselines) > 0 {
		document = e.Baselines[0].ID
	}
	t := e.tables[document]
	if t == nil {
		t = &htmlTable{Plan: e.Source.Kind == SourcePlan}
		e.tables[document] = t
		for i := range e.Catalogue {
			if entry := &e.Catalogue[i]; entry.Baseline == document && entry.Control != "" && entry.Severity != None {
				t.Columns = append(t.Columns, entry)
			}
		}
	}
	return t
}

func (e *htmlEncoder) End(end Closing) error {
	page := e.page(end)
	var err error // of a template; the writer keeps its own until Flush
	part := func(name string, data any) { err = cmp.Or(err, htmlTemplate().ExecuteTemplate(e.out, name, data)) }
	open := ""
	if e.flagged <= mostOpen {
		open = " open"
	}
	rows, details := &filler{w: e.out}, &filler{w: e.out, open: open}
	part("head", page)
	for _, t := range page.Tables {
		part("matrix", t)
		err = cmp.Or(err, t.rows.writeTo(rows))
		part("matrix end", nil)
	}
	if len(page.Tables) > 0 {
		part("details", nil)
	}
	for _, t := range page.Tables {
		part("service", t)
		err = cmp.Or(err, t.details.writeTo(details))
	}
	part("foot", page)
	return cmp.Or(err, e.finish())
}

// page is what the template shows.
func (e *htmlEncoder) page(end Closing) *htmlPage {
	page := &htmlPage{
		Closing: end, Tool: e.Tool, Source: e.Source, Services: ServiceNames(e.judging(end, e.counts.Total), "and"),
		Counts: e.counts, Told: e.told > 0,
		Verdict: e.verdict(end), Headline: e.headline(end), Notes: printableAll(end.Notes), Rules: e.violatedRules(),
		Settings: template.HTML(addressMarkup(e.Source.Settings)), Script: template.JS(htmlScript), // escaped, and a constant
		CSP: "default-src 'none'; style-src 'unsafe-inline'; script-src " + HTMLScriptSource + "; img-src data:",
	}
	for _, in := range e.Source.Inputs {
		page.Inputs = append(page.Inputs, template.HTML(addressMarkup(in))) // escaped
	}
	if at := e.GeneratedAt; !at.IsZero() {
		page.Generated = at.Format("2006-01-02 15:04 UTC")
	}
	for _, b := range end.Baselines {
		d := htmlDocument{}
		if len(end.Baselines) > 1 {
			d.Service = b.ServiceName
		}
		for i := range end.Catalogue {
			switch entry := &end.Catalogue[i]; {
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

// verdict is whether the run passes. The closing counts what no finding shows.
func (e *htmlEncoder) verdict(end Closing) htmlVerdict {
	failing := max(e.failing, end.Failing)
	switch {
	case end.Incomplete:
		return htmlVerdict{"ask", "?", "Incomplete", "Something could not be read or seen: the notes name it, and what is below is the rest."}
	case failing > 0:
		why := Count(failing, "finding fails", "findings fail") + " this run"
		if rest := end.Summary.NonCompliant - failing; rest > 0 {
			why += "; not every violation does"
		}
		return htmlVerdict{"bad", "✗", "Fails", why + "."}
	case end.Summary.NonCompliant > 0:
		return htmlVerdict{"ok", "✓", "Passes", "None of the violations counts in this run: the notes say why."}
	default:
		return htmlVerdict{"ok", "✓", "Passes", ""}
	}
}

func (e *htmlEncoder) headline(end Closing) string {
	v, s := e.counts, end.Summary
	switch {
	case v.Total == 0:
		return "no " + ServiceNames(e.judging(end, 0), "or") + " in the input" + unjudgedClause(s)
	case v.Violated > 0:
		return Count(s.NonCompliant, "violation", "violations") + " in " + itoa(v.Violated) + " of " + caches(v.Total)
	case v.Undecided > 0:
		return "no violation, " + itoa(v.Undecided) + " of " + caches(v.Total) + " undecided" + unjudgedClause(s)
	case s.Unjudged > 0:
		return "no violation in " + caches(v.Total) + unjudgedClause(s)
	default:
		return "no violation in " + caches(v.Total)
	}
}

// cacheNumber and openMark stand in rendered text for the number of a cache and
// for the attribute that unfolds it, since neither the order nor the number of
// flagged caches is known until all caches were judged. Printable text does not
// hold these bytes.
const (
	cacheNumber = "\x00"
	openMark    = "\x01"
)

// filler writes text in which each cacheNumber becomes the next number, and each
// openMark the attribute.
type filler struct {
	w    *bufio.Writer
	open string
	n    int
}

// Write returns no error: the buffered writer keeps it until Flush.
func (f *filler) Write(p []byte) (int, error) {
	for rest := p; ; {
		at := bytes.IndexAny(rest, cacheNumber+openMark)
		if at < 0 {
			_, _ = f.w.Write(rest)
			return len(p), nil
		}
		_, _ = f.w.Write(rest[:at])
		if rest[at] == openMark[0] {
			_, _ = f.w.WriteString(f.open)
		} else {
			f.n++
			_, _ = f.w.WriteString(itoa(f.n))
		}
		rest = rest[at+1:]
	}
}

func printableAll(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = printable(text)
	}
	return out
}

// addressBreaks lets a line break behind the dots and slashes of an address, where
// the style sheet forbids all other breaks.
var addressBreaks = strings.NewReplacer(".", ".<wbr>", "/", "/<wbr>")

// addressMarkup is an address, an id or the name of a file as HTML.
func addressMarkup(s string) string {
	return addressBreaks.Replace(markupEscapes.Replace(printable(s)))
}
