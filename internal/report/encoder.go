package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Encoder writes one report, cache by cache, so that a report of many caches
// never has to stand in memory. Begin is called once, then Cache for each cache in
// order, then End once. An encoder of a format that puts the worst caches first
// holds texts until End.
type Encoder interface {
	// Begin gets the report without caches. Its closing holds all documents by
	// which caches may be judged, with their catalogue, and nothing else.
	Begin(header Report) error
	Cache(c Cache) error
	// End gets the closing; its documents are those that judged something.
	End(end Closing) error
}

// EncodeOptions are options of encoders; the formats that heed one are in brackets.
type EncodeOptions struct {
	Color   bool // terminal colours (text)
	Width   int  // columns, 0 means 80 (text)
	Verbose bool // every cache and every feature (text)
	// ForState leaves out members that have no place in Terraform's state: the
	// catalogue and the messages of features that a service does not support, which
	// are the same in every report; the time, which changes by itself; members of
	// findings that are null or empty; and the evidence of rules that do not apply
	// and of advisories that are followed or undecided (json); and the foot (markdown).
	ForState bool
	// FailsRun says which findings fail the run that the report is of (junit,
	// azuredevops, csv, github, html, text, markdown); nil means every violated feature.
	FailsRun func(Finding) bool
	// Section returns a section that stands behind the caches, nil for none; it is called
	// at the end (html).
	Section func() *HTMLSection
	// Review is what a review is made for; nil for one of every line (github-review,
	// gitlab-review).
	Review *Review
}

// failsRun calls [EncodeOptions.FailsRun], or its default where that is nil.
func (o *EncodeOptions) failsRun(f *Finding) bool {
	if o.FailsRun != nil {
		return o.FailsRun(*f)
	}
	return f.Status == NonCompliant && !f.IsAdvisory()
}

// outcome says what a violation means for the run.
func (o *EncodeOptions) outcome(f *Finding) string {
	if o.failsRun(f) {
		return "fails"
	}
	return "passes"
}

// formats holds the constructor of each output format.
var formats = map[string]func(io.Writer, EncodeOptions) Encoder{
	"azuredevops": newAzureDevOps,
	"csv":         newCSV,
	"github":      newGitHub,
	"gitlab":      newGitLab,
	"html":        newHTML,
	"json":        newJSON,
	"junit":       newJUnit,
	"markdown":    newMarkdown,
	"sarif":       newSARIF,
	"text":        newText,
}

// reviewFormats holds the constructors of those that make a review of a pull request.
var reviewFormats = map[string]func(io.Writer, EncodeOptions) Encoder{
	"github-review": newGitHubReview,
	"gitlab-review": newGitLabReview,
}

// Formats returns the names of the output formats of every report, sorted.
func Formats() []string { return slices.Sorted(maps.Keys(formats)) }

// ReviewFormats returns the names of those for reviews, sorted.
func ReviewFormats() []string { return slices.Sorted(maps.Keys(reviewFormats)) }

// NewEncoder returns the encoder of a format that writes to w.
func NewEncoder(format string, w io.Writer, opts EncodeOptions) (Encoder, error) {
	create, ok := formats[format]
	if !ok {
		create, ok = reviewFormats[format]
	}
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
