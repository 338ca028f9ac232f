package report

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"
	"sync"
)

//go:embed html.tmpl
var htmlSource string

// HTMLStyle is the style sheet of the pages.
//
//go:embed html.css
var HTMLStyle string

// HTMLScript is the one script of the pages: it filters caches by name, and a page is
// complete without it.
//
//go:embed html.js
var HTMLScript string

// HTMLScriptSource is the source of [HTMLScript] in a content security policy.
var HTMLScriptSource = func() string {
	sum := sha256.Sum256([]byte(HTMLScript))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}()

// HTMLPolicy is the content security policy of the pages, which load nothing.
var HTMLPolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src " + HTMLScriptSource + "; img-src data:"

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

// addressBreaks lets a line break behind the dots and slashes of an address, where
// the style sheet forbids all other breaks.
var addressBreaks = strings.NewReplacer(".", ".<wbr>", "/", "/<wbr>")

// AddressMarkup is an address, an id or the name of a file as HTML.
func AddressMarkup(s string) string {
	return addressBreaks.Replace(markupEscapes.Replace(printable(s)))
}
