package report

import (
	"path"
	"path/filepath"
	"strings"
)

// stdin is the name of an input that is no file.
const stdin = "-"

// header is what an encoder knows before the first cache: the head of the report
// and the entries of its documents. Encoders embed it.
type header struct {
	Report
	entries map[ruleOf]*Entry
}

// ruleOf names a rule as it stands in a document: several documents may give it
// different texts.
type ruleOf struct{ document, rule string }

// Begin keeps the head of the report.
func (h *header) Begin(r Report) error {
	h.Report, h.entries = r, make(map[ruleOf]*Entry, len(r.Catalogue))
	for i := range r.Catalogue {
		e := &r.Catalogue[i]
		h.entries[ruleOf{e.Baseline, e.ID}] = e
	}
	return nil
}

// entry is the static text of a finding, from the document that judged its cache.
func (h *header) entry(c *Cache, f *Finding) *Entry {
	if e := h.entries[ruleOf{c.Baseline, f.ID}]; e != nil {
		return e
	}
	return &Entry{Baseline: c.Baseline, ID: f.ID}
}

// name is how a finding is announced: "NS-2 Disable Public Network Access".
func (h *header) name(c *Cache, f *Finding) string { return h.entry(c, f).Name() }

// level is the severity of a finding: its own, else that of its entry.
func (h *header) level(c *Cache, f *Finding) Severity {
	if f.Level != "" {
		return f.Level
	}
	return h.entry(c, f).Severity
}

// label is the label of a cache, with its input where the report has several.
func (h *header) label(c *Cache) string {
	if len(h.Source.Inputs) < 2 || c.Input == "" {
		return c.Label()
	}
	return c.Label() + " (" + c.Input + ")"
}

// inputFile is the file a cache was read from, with forward slashes, or "" when
// it did not come from a file.
func (h *header) inputFile(c *Cache) string {
	in := c.Input
	if in == "" && len(h.Source.Inputs) == 1 {
		in = h.Source.Inputs[0]
	}
	if in == "" || in == stdin || h.Source.Kind == SourceExisting {
		return ""
	}
	return strings.TrimPrefix(path.Clean(filepath.ToSlash(in)), "./")
}

// place is where services show a finding: the line of the configuration, else
// the first of the plan; without a file where there is neither.
func (h *header) place(c *Cache, f *Finding) Position {
	if f.Position != nil {
		return *f.Position
	}
	return Position{File: h.inputFile(c), Line: 1}
}

// String is the position as editors and terminals follow it.
func (p Position) String() string { return p.File + ":" + itoa(p.Line) }
