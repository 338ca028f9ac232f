package page

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/controls"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// stateWords are the states for people.
var stateWords = map[controls.State]string{
	controls.NonCompliant: "violated", controls.Unknown: "undecided", controls.NotObserved: "not observed", controls.Exempt: "exempt",
	controls.Compliant: "compliant", controls.NotApplicable: "not applicable", controls.NotSupported: "not supported",
}

// words are a finding of a control on one line: its state, its message, its evidence, the
// line of configuration that decides it, and that its exemption has expired since.
func words(row *controls.Row, f *report.Finding) string {
	text := stateWords[controls.StateOf(f)]
	if f.Status == report.Unknown && !f.IsNotObserved() && f.Reason != nil {
		text += " (" + strings.ReplaceAll(*f.Reason, "_", " ") + ")"
	}
	switch {
	case f.Message == "":
	case strings.HasPrefix(f.Message, text): // "not supported by the service", "exempt (Waiver)"
		text = f.Message
	default:
		text += ": " + f.Message
	}
	if e := evidence(f); e != "" {
		text += " [" + e + "]"
	}
	if f.Position != nil {
		text += " at " + f.Position.String()
	}
	if row.Expired(f) {
		text += "; the exemption has expired since the report: " + f.Exemption.ExpiresOn + " was its last day"
	}
	return text
}

// evidence is what a finding rests on, as far as the report has it.
func evidence(f *report.Finding) string {
	texts := make([]string, len(f.Evidence))
	for i := range f.Evidence {
		texts[i] = f.Evidence[i].Text()
	}
	return strings.Join(texts, ", ")
}

// changeWords are the kinds of changes for people.
var changeWords = map[controls.ChangeKind]string{
	controls.NewlyViolated: "newly violated", controls.NewlyUndecided: "newly undecided", controls.NewlyExempt: "newly exempt",
	controls.Mended: "mended", controls.Otherwise: "changed", controls.Appeared: "the cache appeared", controls.Vanished: "the cache is gone",
}

func wordsOfStates() []string {
	texts := make([]string, len(controls.States))
	for i, s := range controls.States {
		texts[i] = stateWords[s]
	}
	return texts
}

// kindWords are the adjectives of caches by the kind of their reports.
var kindWords = map[report.SourceKind]string{
	report.SourceExisting: "existing", report.SourcePlan: "planned", report.SourceConfiguration: "configured",
}

// Caches are the caches that are not gone, in words; by kind where there are several.
func Caches(r *controls.Result) string {
	here := map[report.SourceKind]int{}
	for _, h := range r.Histories {
		if !h.Gone {
			here[h.Kind]++
		}
	}
	var texts []string
	for _, kind := range controls.Kinds {
		switch n := here[kind]; {
		case n == 0:
		case len(here) == 1:
			return report.Count(n, "cache", "caches")
		default:
			texts = append(texts, report.Count(n, kindWords[kind]+" cache", kindWords[kind]+" caches"))
		}
	}
	if texts == nil {
		return "0 caches"
	}
	return strings.Join(texts, ", ")
}

// headline says what the whole is about.
func headline(r *controls.Result) string {
	violated := map[string]bool{} // of each control, by its ids
	for _, c := range r.Counts {
		violated[c.Baseline+" "+c.Control] = violated[c.Baseline+" "+c.Control] || c.States[0] > 0
	}
	n := 0
	for _, some := range violated {
		if some {
			n++
		}
	}
	text := Caches(r) + ", " + report.Count(len(r.Reports), "report", "reports") + ": " +
		report.Count(n, "control", "controls") + " of " + fmt.Sprint(len(violated)) + " violated by some cache"
	if date := newest(r); date != "" {
		text += ", as of " + date
	}
	return text
}

// newest is the date of the newest report; empty where none has one.
func newest(r *controls.Result) (date string) {
	for _, one := range r.Reports {
		date = cmp.Or(one.Date(), date)
	}
	return date
}

func at(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// blind is what a report does not judge or see, and its remarks.
func blind(r *controls.Report) (texts []string) {
	if r.Partial != "" {
		texts = append(texts, "not read to its end: "+r.Partial)
	}
	for _, u := range r.Unseen {
		texts = append(texts, "not seen: "+u.Kind+" "+u.ID+": "+u.Detail)
	}
	for _, u := range r.Unjudged {
		text := "not judged: " + u.Address + " (" + u.Type + ")"
		if u.Why != "" {
			text += ": " + u.Why
		}
		texts = append(texts, text)
	}
	return append(texts, r.Notes...)
}

// controlOf returns a control by its ids.
func controlOf(r *controls.Result, baseline, id string) *controls.Control {
	for i := range r.Controls {
		if c := &r.Controls[i]; c.Baseline == baseline && c.ID == id {
			return c
		}
	}
	return &controls.Control{Baseline: baseline, ID: id}
}

// named is a control of the benchmark, with its title where that is not the one that stands
// beside it.
func named(t controls.Title, beside string) string {
	if t.Title == beside {
		return t.ID
	}
	return strings.TrimSpace(t.ID + " " + t.Title)
}

// counterparts are those of a control, framework by framework.
func counterparts(c *controls.Control) []string {
	texts := []string{"MCSB v1: " + named(c.V1, c.Title), "MCSB v2: " + named(c.V2, c.Title)}
	for _, f := range controls.Frameworks {
		if ids := inFramework(f.ID)(c); ids != "" {
			texts = append(texts, f.Name+": "+ids)
		}
	}
	return texts
}

// sourceWords name a source with its address, commit and date.
func sourceWords(s *controls.Source) string {
	text := s.Title + ", " + s.URL
	if s.Commit != "" {
		text += " at " + s.Commit
	}
	if s.Date != "" {
		text += " (" + s.Date + ")"
	}
	return text
}

// trendRow is a control in the reports of a kind through the dates of the trend.
type trendRow struct {
	service, control string // the service with the kind, unless that is what exists
	numbers          []string
}

// trendOf is the trend of the last dates; before is the number of those that are left out.
func trendOf(r *controls.Result) (dates []string, rows []trendRow, before int) {
	cells := map[controls.Count]string{} // by date, kind and ids
	for _, c := range r.Trend {
		if len(dates) == 0 || dates[len(dates)-1] != c.Date {
			dates = append(dates, c.Date)
		}
		var numbers []string
		for i, n := range c.States {
			if n > 0 {
				numbers = append(numbers, fmt.Sprint(n)+" "+stateWords[controls.States[i]])
			}
		}
		c.States = [7]int{}
		cells[c] = strings.Join(numbers, ", ")
	}
	before = max(0, len(dates)-mostDates)
	dates = dates[before:]
	for _, kind := range controls.Kinds {
		for i := range r.Controls {
			c := &r.Controls[i]
			row, some := trendRow{service: ofKind(c.Service, kind), control: c.ID}, false
			for _, date := range dates {
				text := cells[controls.Count{Date: date, Kind: kind, Baseline: c.Baseline, Control: c.ID}]
				row.numbers, some = append(row.numbers, text), some || text != ""
			}
			if some {
				rows = append(rows, row)
			}
		}
	}
	return dates, rows, before
}

// ofKind is a text about caches, with the kind of their reports unless that is what exists.
func ofKind(text string, kind report.SourceKind) string {
	if kind == report.SourceExisting {
		return text
	}
	return text + ", " + kindWords[kind]
}

// positive is a number, or nothing for 0.
func positive(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
