package controls

import (
	"iter"
	"slices"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// FormatVersion is the version of the JSON form of a result.
const FormatVersion = "1.0"

// Result is what reports say about controls.
type Result struct {
	Tool        report.Tool
	GeneratedAt time.Time
	Controls    []Control
	Reports     []*Report // by date; those without one come last
	// Histories are those of the caches, in the order of their labels.
	Histories []*History
	// Counts are the states of today, Trend those of the date of each report.
	Counts, Trend []Count
	Changes       []Change
	Missing       []Missing
	// Notes are single lines about the whole, for example on a report that was not read.
	Notes []string

	catalogue *Catalogue
}

// History is one cache through the reports of one kind: what exists is superseded neither by
// a plan nor by a configuration, of which nobody knows whether it was applied.
type History struct {
	Identity // as the newest report has it
	Kind     report.SourceKind
	Baseline string // id of the document that judges it
	// Gone says that the newest report of its source does not have the cache any more.
	Gone bool

	entries []entry // by date
	sources map[*source]bool
}

// entry is a cache in one report.
type entry struct {
	report   *Report
	source   *source
	findings []report.Finding
	states   []State   // by control of the document
	since    []*Report // the first one of those with the same state and none between, by control
}

func (h *History) last() *entry { return &h.entries[len(h.entries)-1] }

// Newest is the newest report that has the cache.
func (h *History) Newest() *Report { return h.last().report }

// Kinds are the kinds of reports, what exists first.
var Kinds = []report.SourceKind{report.SourceExisting, report.SourcePlan, report.SourceConfiguration}

// Count is the number of caches in each state of a control, in reports of a kind.
type Count struct {
	Date     string // of the report; empty for today
	Kind     report.SourceKind
	Baseline string
	Control  string
	States   [7]int // in the order of States
}

// ChangeKind says how a control, or a cache, changed.
type ChangeKind string

// The kinds of changes.
const (
	NewlyViolated  ChangeKind = "newly_violated"
	NewlyUndecided ChangeKind = "newly_undecided"
	NewlyExempt    ChangeKind = "newly_exempt"
	Mended         ChangeKind = "mended" // it was violated
	Otherwise      ChangeKind = "changed"
	Appeared       ChangeKind = "appeared" // a cache that the report before of the source did not have
	Vanished       ChangeKind = "gone"     // a cache that the newer report of the source does not have
)

// Change is a change between two reports that follow each other.
type Change struct {
	Date, Before string // dates of the reports; Before is empty for a cache that was never there
	History      *History
	Control      string // empty for a cache
	Kind         ChangeKind
	From, To     State
}

// Missing is a cache that is not in the newest report of its source.
type Missing struct {
	History  *History
	LastSeen string // date of the newest report that has it
	In       string // name of that report
	Without  string // name of the report that does not have it
	Gone     bool   // false where that report did not see everything, or another source has the cache
	Why      string
}

// Row is a control of a cache in one report.
type Row struct {
	Report  *Report
	Current bool // the newest of the cache, which is still there
	History *History
	Control *Control
	State   State
	Since   *Report // the oldest of the reports up to this one that have the same state, with none between that has another
	// Findings are those on the features of the control.
	Findings []report.Finding

	today string
}

// Rows yields every control of every cache; of each cache the newest report first, and the
// older ones only if they are asked for.
func (r *Result) Rows(older bool) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for _, h := range r.Histories {
			for row := range r.RowsOf(h, older) {
				if !yield(row) {
					return
				}
			}
		}
	}
}

// RowsOf yields the rows of one cache.
func (r *Result) RowsOf(h *History, older bool) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		l := r.catalogue.documents[h.Baseline]
		day := r.today()
		for i, e := range slices.Backward(h.entries) {
			current := !h.Gone && i == len(h.entries)-1
			if !current && !older {
				return
			}
			for j, state := range e.states {
				row := Row{e.report, current, h, &r.Controls[l.controls[j]], state, e.since[j], e.findings[l.start[j]:l.start[j+1]], day}
				if !yield(row) {
					return
				}
			}
		}
	}
}

// Reasons are the reasons of undecided features of the control, each once.
func (r *Row) Reasons() []string {
	reasons := []string{}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Status == report.Unknown && f.Reason != nil && !slices.Contains(reasons, *f.Reason) {
			reasons = append(reasons, *f.Reason)
		}
	}
	return reasons
}
