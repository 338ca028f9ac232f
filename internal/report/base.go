package report

import (
	"bufio"
	"cmp"
	"io"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// stdin is the name of an input that is no file.
const stdin = "-"

// base is what encoders share: the head of the report, the entries of its
// documents, and where they write.
type base struct {
	Report
	entries map[ruleOf]*Entry
	out     *bufio.Writer // keeps an error of a write until Flush
	err     error         // of marshal
}

func newBase(w io.Writer) base { return base{out: bufio.NewWriter(w)} }

// write writes texts one after another.
func (b *base) write(texts ...string) {
	for _, text := range texts {
		_, _ = b.out.WriteString(text)
	}
}

// ruleOf names a rule as it stands in a document: several documents may give it
// different texts.
type ruleOf struct{ document, rule string }

// marshal writes the JSON of a value, in which no text is a command.
func (b *base) marshal(v any) {
	raw, err := json.Marshal(v, jsontext.AllowInvalidUTF8(true), json.Deterministic(true)) // the name of a file may hold any byte
	b.err = cmp.Or(b.err, err)
	_, _ = b.out.Write(escapeCommands(raw))
}

// finish flushes the output and returns the first error.
func (b *base) finish() error { return cmp.Or(b.err, b.out.Flush()) }

// Begin keeps the head of the report.
func (b *base) Begin(r Report) error {
	b.Report, b.entries = r, make(map[ruleOf]*Entry, len(r.Catalogue))
	for i := range r.Catalogue {
		e := &r.Catalogue[i]
		b.entries[ruleOf{e.Baseline, e.ID}] = e
	}
	return nil
}

// entry is the static text of a finding, from the document that judged its cache.
func (b *base) entry(c *Cache, f *Finding) *Entry {
	if e := b.entries[ruleOf{c.Baseline, f.ID}]; e != nil {
		return e
	}
	return &Entry{Baseline: c.Baseline, ID: f.ID}
}

// document is the position, among the documents of the report, of the one under which
// a cache stands: the one that judged it, else the first.
func (b *base) document(c *Cache) int {
	return max(slices.IndexFunc(b.Baselines, func(d Baseline) bool { return d.ID == c.Baseline }), 0)
}

// judging are the documents that judged the caches of a report; where it has none, all
// by which one may be judged.
func (b *base) judging(end Closing, caches int) []Baseline {
	if caches == 0 {
		return b.Baselines
	}
	return end.Baselines
}

// name is the name of a finding's rule, for example "NS-2 Disable Public Network Access".
func (b *base) name(c *Cache, f *Finding) string { return b.entry(c, f).Name() }

// level is the severity of a finding: its own, else that of its entry.
func (b *base) level(c *Cache, f *Finding) Severity {
	if f.Severity != "" {
		return f.Severity
	}
	return b.entry(c, f).Severity
}

// label is the label of a cache, with its input where the report has several.
func (b *base) label(c *Cache) string { return b.withInput(c, c.Label()) }

// shortLabel is label, short where it is a resource id.
func (b *base) shortLabel(c *Cache) string { return b.withInput(c, c.ShortLabel()) }

// withInput adds the input of a cache to its label where the report has several.
func (b *base) withInput(c *Cache, label string) string {
	if len(b.Source.Inputs) < 2 || c.Input == "" {
		return label
	}
	return label + " (" + c.Input + ")"
}

// inputFile is the file that a cache was read from, with forward slashes; empty
// for a cache that did not come from a file.
func (b *base) inputFile(c *Cache) string {
	in := c.Input
	if in == "" && len(b.Source.Inputs) == 1 {
		in = b.Source.Inputs[0]
	}
	if in = fileOf(in); in == "" || b.Source.Kind == SourceExisting {
		return ""
	}
	return strings.TrimPrefix(path.Clean(filepath.ToSlash(in)), "./")
}

// ofSeveral is the name of one of several plans in an input.
var ofSeveral = regexp.MustCompile(`^(.*), plan \d+$`)

// fileOf is the file that an input names; empty for standard input.
func fileOf(input string) string {
	if parts := ofSeveral.FindStringSubmatch(input); parts != nil {
		input = parts[1]
	}
	if input == stdin || input == "standard input" {
		return ""
	}
	return input
}

// place is the position at which services show a finding: its line of the
// configuration, else the first line of the plan; without a file where the report
// has neither.
func (b *base) place(c *Cache, f *Finding) Position {
	if f.Position != nil {
		return *f.Position
	}
	return Position{File: b.inputFile(c), Line: 1}
}

// String is the position in the form that editors and terminals follow.
func (p Position) String() string { return p.File + ":" + itoa(p.Line) }
