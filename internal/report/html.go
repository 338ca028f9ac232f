package report

import (
	"bufio"
	"bytes"
	"cmp"
	_ "embed"
	"html/template"
	"io"
	"strings"
)

//go:embed html.tmpl
var htmlSource string

// htmlTemplate holds the parts of the page that stand once. Rows and details of
// caches are appended without the template, which would take most of the time of
// a page of many caches.
var htmlTemplate = template.Must(template.New("report").Parse(htmlSource))

// htmlEncoder writes one self-contained page. The matrix of caches and features
// comes first, the worst cache first, so the encoder holds what it has rendered of
// each cache until End.
type htmlEncoder struct {
	base
	tables map[string]*htmlTable // by document
	counts verdicts
	buf    []byte
}

// htmlTable is the matrix and the details of the caches that one document judged.
// The table of the first document has the caches that none judged, too.
type htmlTable struct {
	ID      string // of the element, for the first table
	Service string // its name, where a report has several documents
	Columns []*Entry

	rows, details allTexts
}

// htmlPage is the data of the template.
type htmlPage struct {
	Closing
	Services  string
	Generated string
	Inputs    string
	Counts    verdicts
	Headline  string
	Notes     []string
	Documents []htmlDocument
}

// htmlDocument is the rules of a document.
type htmlDocument struct {
	Service                         string // its name, where a report has several documents
	Judged, Unsupported, Advisories []*Entry
}

func newHTML(w io.Writer, _ EncodeOptions) Encoder {
	return &htmlEncoder{base: newBase(w), tables: map[string]*htmlTable{}}
}

func (e *htmlEncoder) Cache(c Cache) error {
	r := e.rank(&c)
	e.counts.add(&c)
	t := e.table(&c)
	e.buf = e.appendRow(e.buf[:0], &c, r, t.Columns)
	t.rows.add(r, e.buf)
	e.buf = e.appendDetail(e.buf[:0], &c, r)
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
		t = &htmlTable{}
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
	page := htmlPage{
		Closing: end, Services: ServiceNames(end.Baselines, "and"), Inputs: printable(strings.Join(e.Source.Inputs, ", ")),
		Counts: e.counts, Headline: e.headline(end), Notes: printableAll(end.Notes),
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
	var tables []*htmlTable
	for _, b := range e.Baselines {
		if t := e.tables[b.ID]; t != nil {
			if len(e.tables) > 1 {
				t.Service = b.ServiceName
			}
			tables = append(tables, t)
		}
	}

	var err error // of a template; the writer keeps its own until Flush
	part := func(name string, data any) { err = cmp.Or(err, htmlTemplate.ExecuteTemplate(e.out, name, data)) }
	rows, details := &numberer{w: e.out}, &numberer{w: e.out}
	part("head", page)
	for i, t := range tables {
		if i == 0 {
			t.ID = "matrix"
		}
		part("matrix", t)
		err = cmp.Or(err, t.rows.writeTo(rows))
		part("matrix end", nil)
	}
	if len(tables) > 0 {
		part("legend", nil)
	}
	for _, t := range tables {
		part("service", t)
		err = cmp.Or(err, t.details.writeTo(details))
	}
	part("foot", page)
	return cmp.Or(err, e.finish())
}

// cacheNumber stands for the number of a cache in rendered text, since the order
// is not known until all caches were judged. Printable text does not hold this byte.
const cacheNumber = "\x00"

// numberer writes text in which each cacheNumber becomes the next number.
type numberer struct {
	w *bufio.Writer
	n int
}

// Write returns no error: the buffered writer keeps it until Flush.
func (n *numberer) Write(p []byte) (int, error) {
	for rest := p; ; {
		before, after, found := bytes.Cut(rest, []byte(cacheNumber))
		_, _ = n.w.Write(before)
		if !found {
			return len(p), nil
		}
		n.n++
		_, _ = n.w.WriteString(itoa(n.n))
		rest = after
	}
}

func printableAll(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = printable(text)
	}
	return out
}

func (e *htmlEncoder) headline(end Closing) string {
	v, s := e.counts, end.Summary
	switch {
	case v.Total == 0:
		return "No " + ServiceNames(end.Baselines, "or") + " in the input" + unjudgedClause(s)
	case v.Violated > 0:
		return Count(s.NonCompliant, "violation", "violations") + " in " + itoa(v.Violated) + " of " + caches(v.Total)
	case v.Undecided > 0:
		return "No violation, " + itoa(v.Undecided) + " of " + caches(v.Total) + " undecided" + unjudgedClause(s)
	case s.Unjudged > 0:
		return "No violation in " + caches(v.Total) + unjudgedClause(s)
	default:
		return "No violation in " + caches(v.Total)
	}
}

// appendRow appends a row of the matrix.
func (e *htmlEncoder) appendRow(b []byte, c *Cache, r rank, columns []*Entry) []byte {
	label := printable(e.label(c))
	sign := c.verdictMark()
	b = appendMarkup(b, "\n"+`<tr data-cache="%">`+"\n"+`<th scope="row" class="who"><div>`+htmlSign+
		`<a class="address" href="#cache-`+cacheNumber+`">%</a><span class="sr">: %</span></div></th>`+"\n"+`<td class="soft">%</td>`,
		label, sign.class, sign.html, label, r.verdict(c), printable(c.ChangeWord()))
	for _, entry := range columns {
		b = appendCell(b, find(c.Features, entry.ID), entry)
	}
	switch advice := r.warnings + r.infos; {
	case r.destroyed:
		b = append(b, "\n<td></td>"...)
	case advice > 0:
		b = appendMarkup(b, "\n<td>%</td>", itoa(advice))
	default:
		b = append(b, "\n"+`<td><span class="soft">0</span></td>`...)
	}
	return append(b, "\n</tr>"...)
}

// htmlSign is the sign of a verdict: its class, then the sign.
const htmlSign = `<span class="sign %" aria-hidden="true">%</span>`

// appendCell appends the cell of a feature; f is nil where it was not judged.
func appendCell(b []byte, f *Finding, entry *Entry) []byte {
	const cell = "\n" + `<td class="cell %" title="%"><span aria-hidden="true">%</span><span class="sr">%</span>`
	if f == nil {
		return append(appendMarkup(b, cell, "none", "", "", "not judged"), "</td>"...)
	}
	class, sign, word := htmlStatus(f)
	b = appendMarkup(b, cell, class, entry.Name()+": "+printable(f.Message), sign, word)
	if f.Since != nil && *f.Since == Introduced {
		b = append(b, "<small>new</small>"...)
	} else if f.Since != nil && *f.Since == Fixed {
		b = append(b, "<small>fixed</small>"...)
	}
	return append(b, "</td>"...)
}

// appendDetail appends the findings and notes of a cache, unfolded where a feature
// is violated or undecided.
func (e *htmlEncoder) appendDetail(b []byte, c *Cache, r rank) []byte {
	open, change := "", printable(c.ChangeWord())
	if r.objectionable() {
		open = " open"
	}
	if change != "" {
		change += " · "
	}
	sign := c.verdictMark()
	b = appendMarkup(b, "\n"+`<details class="cache" id="cache-`+cacheNumber+`"%>`+"\n<summary>"+htmlSign+
		` <span class="address">%</span> <span class="soft">%%</span></summary>`,
		open, sign.class, sign.html, printable(e.label(c)), change, r.verdict(c))
	for _, note := range c.Notes {
		b = appendMarkup(b, "\n"+`<p class="soft">%</p>`, printable(note))
	}
	before := len(b)
	b = append(b, "\n"+`<ul class="findings">`...)
	empty := len(b)
	for i := range c.Features {
		if f := &c.Features[i]; f.Status == NonCompliant || f.Status == Unknown || f.Status == Exempt {
			b = e.appendFinding(b, c, f)
		}
	}
	for i := range c.Advisories {
		if f := &c.Advisories[i]; f.Status == NonCompliant || f.Status == Exempt {
			b = e.appendFinding(b, c, f)
		}
	}
	switch {
	case len(b) > empty:
		b = append(b, "\n</ul>"...)
	case r.destroyed:
		b = b[:before]
	default:
		b = append(b[:before], "\n"+`<p class="soft">Nothing to object to.</p>`...)
	}
	return append(b, "\n</details>"...)
}

func (e *htmlEncoder) appendFinding(b []byte, c *Cache, f *Finding) []byte {
	entry := e.entry(c, f)
	class, sign, word := htmlStatus(f)
	switch {
	case entry.Control == "" && f.Status == NonCompliant:
		class, sign, word = "tip", "i", "advisory"
	case f.Status == Unknown:
		word = printable(reasonText(f))
	}
	b = appendMarkup(b, "\n"+`<li class="%"><span>`+htmlSign+"</span>\n"+`<div><p class="title"><a href="%">%</a><span class="tag">%</span>`,
		class, class, sign, entry.Help, entry.Name(), word)
	const tag = `<span class="tag na">%</span>`
	if level := e.level(c, f); level != None {
		b = appendMarkup(b, tag, string(level))
	}
	if f.Since != nil {
		b = appendMarkup(b, tag, string(*f.Since))
	}
	b = appendMarkup(b, "</p>\n<p>%</p>", printable(f.Message))
	if f.Status == NonCompliant {
		b = appendProof(b, f)
	}
	return append(b, "</div></li>"...)
}

// appendProof appends the position, the evidence and the remedy of a violation.
func appendProof(b []byte, f *Finding) []byte {
	if f.Position != nil {
		b = appendMarkup(b, "\n"+`<p class="evidence"><code>%</code></p>`, printable(f.Position.String()))
	}
	shown := false
	for _, ev := range f.Evidence {
		if !hasValue(ev) {
			continue
		}
		if !shown {
			b = append(b, "\n"+`<p class="evidence">`...)
		}
		shown = true
		b = appendMarkup(b, "<code>%</code>", printable(evidenceText(ev)))
	}
	if shown {
		b = append(b, "</p>"...)
	}
	if f.Remediation != "" {
		b = appendMarkup(b, "\n"+`<p class="write"><span class="soft">write:</span> <code>%</code></p>`, printable(f.Remediation))
	}
	return b
}

// find returns the finding of a rule, or nil.
func find(findings []Finding, rule string) *Finding {
	for i := range findings {
		if findings[i].ID == rule {
			return &findings[i]
		}
	}
	return nil
}

// htmlStatus returns the class, the sign and the word of a status: three, so that
// nobody has to tell colours apart.
func htmlStatus(f *Finding) (class, sign, word string) {
	switch f.Status {
	case Compliant:
		return "ok", "✓", "compliant"
	case NonCompliant:
		return "bad", "✗", "violation"
	case Unknown:
		if f.IsNotObserved() {
			return "blind", "○", "not observed"
		}
		return "ask", "?", "undecided"
	case Exempt:
		return "ex", "E", "exempt"
	case NotApplicable:
		return "na", "–", "not applicable"
	default:
		return "na", "·", "not supported"
	}
}
