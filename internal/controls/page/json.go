package page

import (
	"cmp"
	"io"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/controls"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// source is a report that was read, in the JSON.
type source struct {
	Name        string            `json:"name"`
	GeneratedAt string            `json:"generated_at"`
	Tool        report.Tool       `json:"tool"`
	Source      report.Source     `json:"source"`
	Caches      int               `json:"caches"`
	Unjudged    []report.Unjudged `json:"unjudged"`
	Partial     string            `json:"partial,omitempty"`
	Unseen      []report.Unseen   `json:"unseen,omitempty"`
	Notes       []string          `json:"notes,omitempty"`
}

// state is a control of a cache.
type state struct {
	Date     string            `json:"date"`
	Kind     report.SourceKind `json:"kind"`
	Report   string            `json:"report"`
	Cache    string            `json:"cache"`
	Address  string            `json:"address"`
	Name     string            `json:"name"`
	ID       string            `json:"resource_id"`
	Type     string            `json:"type"`
	Baseline string            `json:"baseline"`
	Control  string            `json:"control"`
	State    controls.State    `json:"state"`
	Since    string            `json:"since"`
	Reasons  []string          `json:"reasons"`
	Features []feature         `json:"features"`
}

// feature is a finding without what is not about its state.
type feature struct {
	ID        string            `json:"id"`
	Status    report.Status     `json:"status"`
	Reason    *string           `json:"reason,omitempty"`
	Message   string            `json:"message"`
	Evidence  []report.Evidence `json:"evidence"`
	Position  *report.Position  `json:"position,omitempty"`
	Exemption *report.Exemption `json:"exemption,omitempty"`
	Expired   bool              `json:"exemption_expired,omitzero"`
}

// count is the number of caches in each state of a control.
type count struct {
	Date          string            `json:"date,omitempty"`
	Kind          report.SourceKind `json:"kind"`
	Baseline      string            `json:"baseline"`
	Control       string            `json:"control"`
	NonCompliant  int               `json:"non_compliant"`
	Unknown       int               `json:"unknown"`
	NotObserved   int               `json:"not_observed"`
	Exempt        int               `json:"exempt"`
	Compliant     int               `json:"compliant"`
	NotApplicable int               `json:"not_applicable"`
	NotSupported  int               `json:"not_supported"`
}

// change is a change of a control or, without one, of a cache.
type change struct {
	Date     string              `json:"date"`
	Before   string              `json:"before"`
	Kind     report.SourceKind   `json:"kind"`
	Change   controls.ChangeKind `json:"change"`
	Cache    string              `json:"cache"`
	Name     string              `json:"name"`
	ID       string              `json:"resource_id"`
	Baseline string              `json:"baseline"`
	Control  string              `json:"control,omitempty"`
	From     controls.State      `json:"from,omitempty"`
	To       controls.State      `json:"to,omitempty"`
}

type missing struct {
	Kind     report.SourceKind `json:"kind"`
	Cache    string            `json:"cache"`
	Name     string            `json:"name"`
	ID       string            `json:"resource_id"`
	LastSeen string            `json:"last_seen"`
	Report   string            `json:"report"`
	Without  string            `json:"not_in"`
	Gone     bool              `json:"gone"`
	Why      string            `json:"why"`
}

// jsonWriter writes each member, and each element of a list, on a line of its own.
type jsonWriter struct {
	w   io.Writer
	buf []byte
	err error
}

func writeJSON(w io.Writer, r *controls.Result) error {
	e := &jsonWriter{w: report.JSONWriter(w)} // no text is a command to who reads a log
	e.raw(`{`)
	e.member("", "format_version", controls.FormatVersion)
	e.member(",", "tool", r.Tool)
	e.member(",", "generated_at", r.GeneratedAt.Format(time.RFC3339))
	e.member(",", "meaning", controls.Meaning)
	list(e, "frameworks", len(controls.Frameworks), func(i int) any { return controls.Frameworks[i] })
	list(e, "controls", len(r.Controls), func(i int) any { return r.Controls[i] })
	list(e, "reports", len(r.Reports), func(i int) any {
		one := r.Reports[i]
		return source{one.Name, one.Date(), one.Tool, one.Source, len(one.Caches), one.Unjudged, one.Partial, one.Unseen, one.Notes}
	})
	list(e, "counts", len(r.Counts), func(i int) any { return countOf(r.Counts[i]) })
	e.raw(",\n\"states\":[")
	separator := "\n"
	for row := range r.Rows(false) {
		e.element(separator, stateOf(&row))
		separator = ",\n"
	}
	e.raw("]")
	list(e, "missing", len(r.Missing), func(i int) any {
		m := &r.Missing[i]
		h := m.History
		return missing{h.Kind, h.Label(), h.Name, h.ResourceID, m.LastSeen, m.In, m.Without, m.Gone, m.Why}
	})
	list(e, "trend", len(r.Trend), func(i int) any { return countOf(r.Trend[i]) })
	list(e, "changes", len(r.Changes), func(i int) any {
		c := &r.Changes[i]
		h := c.History
		return change{c.Date, c.Before, h.Kind, c.Kind, h.Label(), h.Name, h.ResourceID, h.Baseline, c.Control, c.From, c.To}
	})
	e.member(",", "notes", r.Notes)
	e.raw("\n}\n")
	e.flush(0)
	return e.err
}

func stateOf(row *controls.Row) state {
	h := row.History
	s := state{
		Date: row.Report.Date(), Kind: h.Kind, Report: row.Report.Name, Cache: h.Label(), Address: h.Address, Name: h.Name, ID: h.ResourceID,
		Type: h.Type, Baseline: h.Baseline, Control: row.Control.ID, State: row.State, Since: row.Since.Date(),
		Reasons: row.Reasons(), Features: make([]feature, len(row.Findings)),
	}
	for i := range row.Findings {
		f := &row.Findings[i]
		s.Features[i] = feature{f.ID, f.Status, f.Reason, f.Message, f.Evidence, f.Position, f.Exemption, row.Expired(f)}
	}
	return s
}

func countOf(c controls.Count) count {
	n := c.States
	return count{c.Date, c.Kind, c.Baseline, c.Control, n[0], n[1], n[2], n[3], n[4], n[5], n[6]}
}

// list writes a member that is a list.
func list(e *jsonWriter, name string, n int, element func(int) any) {
	e.raw(",\n\"" + name + "\":[")
	separator := "\n"
	for i := range n {
		e.element(separator, element(i))
		separator = ",\n"
	}
	e.raw("]")
}

func (e *jsonWriter) member(before, name string, value any) {
	e.element(before+"\n\""+name+"\":", value)
}

func (e *jsonWriter) element(before string, value any) {
	e.raw(before)
	text, err := json.Marshal(value, jsontext.AllowInvalidUTF8(true)) // the name of a file may hold any byte
	e.err = cmp.Or(e.err, err)
	e.buf = append(e.buf, text...)
	e.flush(64 << 10)
}

func (e *jsonWriter) raw(s string) { e.buf = append(e.buf, s...) }

// flush writes what was gathered where it is as large as this.
func (e *jsonWriter) flush(least int) {
	if len(e.buf) < least {
		return
	}
	_, err := e.w.Write(e.buf)
	e.err = cmp.Or(e.err, err)
	e.buf = e.buf[:0]
}
