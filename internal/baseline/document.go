package baseline

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/suggest"
)

// Document is a security baseline that was published for one service: which
// rules apply to it, under which control, title and severity.
type Document struct {
	ID        string // "azure-cache-for-redis"
	Title     string
	URL       string
	Published string // date of publication
	Benchmark string // "MCSB v1.0"
	Service   *service.Service
	// OurControls says that the document prints no control ids, so that those of its
	// entries are this project's, by the benchmark.
	OurControls bool
	// Prefix is put before the ids of its rules where those of all documents have
	// to differ; empty for the document that had them first.
	Prefix string
	// Guide is the name of the page in docs/guides that explains the document;
	// where it is not set, it is made of the id.
	Guide string
	// Features are the entries of the document, in its order. Only they decide
	// whether a cache is compliant.
	Features []Entry
	// Advisories are judgements that are newer or stricter than the document.
	Advisories []Entry
}

// Responsibility says who configures a feature, in the document's words.
type Responsibility string

// The responsibilities.
const (
	Customer             Responsibility = "Customer"
	Microsoft            Responsibility = "Microsoft"
	ResponsibilityAbsent Responsibility = "Not Applicable"
)

// Entry is a rule as it stands in a document. Only entries of features have a
// control, a responsibility and what follows it.
type Entry struct {
	*Rule
	Title          string   // name of the feature as the document prints it
	Controls       Controls // ids of its control in the versions of the benchmark
	Control        string   // id of its control, as the document prints it
	ControlTitle   string   // title of the control, as the document prints it
	Responsibility Responsibility
	Supported      bool // the document says that the service supports it
	Default        bool // the document says that a default deployment has it
	Severity       report.Severity
	Help           string // URL of its section in the guide

	service *service.Service // of the document
}

// ControlOfID is the control with which the id of the rule begins, as reports name it for
// people.
func (e *Entry) ControlOfID() string {
	control, _, _ := strings.Cut(e.ID, "/")
	return control
}

// Documents are documents by which a door judges, at most one for each service.
type Documents []*Document

var published Documents

// Published returns the documents of this program, in the order of their ids.
func Published() Documents { return slices.Clone(published) }

// guides is the folder of the documents' guides in the repository of the project.
const guides = "https://github.com/redisbaseline/terraform-provider-redisbaseline/blob/main/docs/guides/"

// anchor is GitHub's anchor of a heading that is the id of a rule.
func anchor(id string) string { return strings.ReplaceAll(strings.ToLower(id), "/", "") }

// publish completes a document and adds it to those of the program.
func publish(d *Document) {
	if other := published.For(d.Service.Type); other != nil {
		panic(d.ID + " and " + other.ID + " judge the same service")
	}
	published = append(published, complete(d))
	slices.SortFunc(published, func(a, b *Document) int { return strings.Compare(a.ID, b.ID) })
}

// complete fills in what follows from the rest of a document.
func complete(d *Document) *Document {
	for i := range d.Features {
		e := &d.Features[i]
		id, title := e.Controls.V1, TitleV1(e.Controls.V1)
		if d.Benchmark == mcsbV2 {
			id, title = e.Controls.V2, firstOf(TitleV2(e.Controls.V2), title)
		}
		e.Control, e.ControlTitle = firstOf(e.Control, id), firstOf(e.ControlTitle, title)
		if !e.Supported {
			e.Responsibility, e.Severity = ResponsibilityAbsent, report.None
		}
	}
	if other := published.For(d.Service.Type); other != nil {
		panic(d.ID + " and " + other.ID + " judge the same service")
	}
	if d.Guide == "" {
		d.Guide = d.ID + ".md"
	}
	for e := range d.entries() {
		e.Help, e.service = guides+d.Guide+"#"+anchor(e.ID), d.Service
	}
	return d
}

// advisories are the entries of rules that judge what is newer or stricter than
// the document.
func advisories(rules ...*Rule) []Entry {
	out := make([]Entry, len(rules))
	for i, r := range rules {
		out[i] = Entry{Rule: r, Title: r.Title, Severity: r.Severity}
	}
	return out
}

// For returns the document for an ARM resource type, or nil. A cache whose type
// is not known is judged by the first document.
func (d Documents) For(armType string) *Document {
	for _, document := range d {
		if armType == "" || strings.EqualFold(armType, document.Service.Type) {
			return document
		}
	}
	return nil
}

// Entries yields all entries, document by document: features before advisories.
// An entry of several documents is yielded once.
func (d Documents) Entries() iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		seen := map[string]bool{}
		for _, document := range d {
			for e := range document.entries() {
				if !seen[e.ID] && !yield(e) {
					return
				}
				seen[e.ID] = true
			}
		}
	}
}

// entries yields the features and then the advisories.
func (d *Document) entries() iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		for _, list := range [...][]Entry{d.Features, d.Advisories} {
			for i := range list {
				if !yield(&list[i]) {
					return
				}
			}
		}
	}
}

// Entry returns the entry with this id of the first document that has one, or nil.
func (d Documents) Entry(id string) *Entry {
	for _, document := range d {
		if e := document.Entry(id); e != nil {
			return e
		}
	}
	return nil
}

// DidYouMean is a question that ends a message about an id which no rule has: whether the
// rule is meant that has this number in version 2 of the benchmark, else one whose id is
// similar; empty where there is none.
func (d Documents) DidYouMean(id string) string {
	for _, document := range d {
		id = strings.TrimPrefix(id, document.Prefix)
	}
	var ids []string
	for e := range d.Entries() {
		ids = append(ids, e.ID)
		if _, name, _ := strings.Cut(e.ID, "/"); e.Controls.V2 != "" && strings.EqualFold(id, e.Controls.V2+"/"+name) {
			return fmt.Sprintf("; did you mean %s, whose control is %s in %s?", e.ID, e.Controls.V2, mcsbV2)
		}
	}
	return suggest.DidYouMean(id, ids)
}

// Entry returns the feature or advisory with this id, or nil.
func (d *Document) Entry(id string) *Entry {
	for e := range d.entries() {
		if e.ID == id {
			return e
		}
	}
	return nil
}

// Sources are the pages to read on about an entry: of a feature, the document
// itself comes first.
func (d *Document) Sources(e Entry) []Reference {
	if e.IsAdvisory() {
		return e.References
	}
	return append([]Reference{{d.Title, d.URL}}, e.References...)
}

// Catalogue returns the static text of every entry, document by document, in order.
func (d Documents) Catalogue() []report.Entry {
	var entries []report.Entry
	for _, document := range d {
		for e := range document.entries() {
			entries = append(entries, report.Entry{
				Baseline: document.ID, ID: e.ID, Prefix: document.Prefix, Control: e.Control, Controls: report.Controls(e.Controls), Title: e.Title,
				Responsibility: string(e.Responsibility), Severity: e.Severity,
				Remediation: e.Remediation(), PolicyIDs: policyIDs(e.Policies), Help: e.Help,
			})
		}
	}
	return entries
}

// Baselines returns the documents as reports name them.
func (d Documents) Baselines() []report.Baseline {
	out := make([]report.Baseline, 0, len(d))
	for _, document := range d {
		out = append(out, report.Baseline{
			ID: document.ID, Title: document.Title, Published: document.Published, Benchmark: document.Benchmark,
			Service: document.Service.Type, ServiceName: document.Service.Name, URL: document.URL,
		})
	}
	return out
}
