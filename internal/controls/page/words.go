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

// words are a finding on one line: its state, its message, its evidence, and the line of
// configuration that decides it.
func words(f *report.Finding) string {
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

// headline says what the whole is about.
func headline(r *controls.Result) string {
	here, violated := 0, 0
	for _, h := range r.Histories {
		if !h.Gone {
			here++
		}
	}
	for _, c := range r.Counts {
		if c.States[0] > 0 {
			violated++
		}
	}
	text := report.Count(here, "cache", "caches") + ", " + report.Count(len(r.Reports), "report", "reports") + ": " +
		report.Count(violated, "control", "controls") + " of " + fmt.Sprint(len(r.Counts)) + " violated by some cache"
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

// trendOf are the dates of the trend, and the numbers of a control on a date by its date and
// ids.
func trendOf(r *controls.Result) (dates []string, cells map[string]string) {
	cells = map[string]string{}
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
		cells[c.Date+c.Baseline+c.Control] = strings.Join(numbers, ", ")
	}
	return dates, cells
}

// positive is a number, or nothing for 0.
func positive(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
