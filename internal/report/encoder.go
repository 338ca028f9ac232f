package report

import (
	"fmt"
	"io"
	"sort"
	"strings"
)

// Encoder writes one report, cache by cache, so that a report of many caches
// never has to stand in memory. Begin comes once, then Cache for each cache in
// order, then End once. An encoder of a format that needs the whole report
// first keeps what it needs until End.
type Encoder interface {
	// Begin gets the report without caches; its closing holds the documents that
	// may judge, and nothing else.
	Begin(header Report) error
	Cache(c Cache) error
	// End gets the closing, with the documents that judged something.
	End(end Closing) error
}

// EncodeOptions are the ways in which formats may differ.
type EncodeOptions struct {
	Color   bool // terminal colours (text)
	Width   int  // columns, 0 means 80 (text)
	Verbose bool // every cache and every feature (text)
	// ForState leaves out what has no place in Terraform's state: the catalogue
	// and the messages of what a service does not support, which are the same in
	// every report, the time, which changes by itself, members of findings that
	// are null or empty, and the evidence of what does not apply and of
	// advisories that are followed or undecided (json).
	ForState bool
	// FailsRun says which findings fail the run that the report is of (junit,
	// github); nil means every violated feature.
	FailsRun func(Finding) bool
}

// failsRun is [EncodeOptions.FailsRun], or its default.
func (o *EncodeOptions) failsRun(f *Finding) bool {
	if o.FailsRun != nil {
		return o.FailsRun(*f)
	}
	return f.Status == NonCompliant && !f.IsAdvisory()
}

// formats holds the constructor of each output format.
var formats = map[string]func(io.Writer, EncodeOptions) Encoder{
	"github":   newGitHub,
	"gitlab":   newGitLab,
	"html":     newHTML,
	"json":     newJSON,
	"junit":    newJUnit,
	"markdown": newMarkdown,
	"sarif":    newSARIF,
	"text":     newText,
}

// Formats returns the names of all output formats, sorted.
func Formats() []string {
	names := make([]string, 0, len(formats))
	for name := range formats {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// NewEncoder returns the encoder of a format that writes to w.
func NewEncoder(format string, w io.Writer, opts EncodeOptions) (Encoder, error) {
	create, ok := formats[format]
	if !ok {
		return nil, fmt.Errorf("unknown format %q: use one of %s", format, strings.Join(Formats(), ", "))
	}
	return create(w, opts), nil
}

// Encode writes a whole report.
func Encode(e Encoder, r Report) error {
	caches, end := r.Caches, r.Closing
	r.Caches, r.Closing = nil, Closing{Baselines: end.Baselines, Catalogue: end.Catalogue}
	if err := e.Begin(r); err != nil {
		return err
	}
	for _, c := range caches {
		if err := e.Cache(c); err != nil {
			return err
		}
	}
	return e.End(end)
}
