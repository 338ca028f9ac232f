package cli

import (
	"fmt"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// verdictNotes are a line on whether the gate passes, in the words of the flags
// that made it, where the violations of the report do not tell: violations
// that pass, undecided features that do, or a failure without any.
func verdictNotes(g judge.Gate, o judge.Objections) []string {
	notes := violationNotes(g, o)
	if o.Total() == 0 && o.OnlyStrict > 0 {
		notes = append(notes, "passes: "+report.Count(o.OnlyStrict, "undecided feature", "undecided features")+", which --strict refuses")
	}
	return notes
}

func violationNotes(g judge.Gate, o judge.Objections) []string {
	mild := mildNote(g, o)
	switch {
	case o.Total() == 0 && mild != "" && o.MildViolations == o.Violations:
		return []string{"passes: " + mild}
	case mild != "":
		// The note on what is left speaks of the violations that are severe enough.
		severe := o
		severe.Violations, severe.MildViolations, severe.MildUndecided = o.Violations-o.MildViolations, 0, 0
		return append([]string{mild}, violationNotes(g, severe)...)
	case o.Failing > 0 || o.Violations == 0 && o.Total() == 0:
		return nil
	case o.Total() > 0:
		var why []string
		if o.Undecided > 0 {
			why = append(why, report.Count(o.Undecided, "undecided feature", "undecided features")+" (--strict)")
		}
		if o.Unjudged > 0 {
			why = append(why, report.Count(o.Unjudged, "Redis resource that is not judged", "Redis resources that are not judged")+" (--strict)")
		}
		if o.Unread > 0 {
			why = append(why, "modules that are not read (--strict)")
		}
		if o.Advisories > 0 {
			why = append(why, report.Count(o.Advisories, "advisory", "advisories")+" named by --fail-on-advisory")
		}
		return []string{"fails: " + strings.Join(why, ", and ")}
	}
	is, counts := "the one violation is not", "the one violation does not count"
	if o.Violations > 1 {
		is, counts = fmt.Sprintf("none of the %d violations is", o.Violations), fmt.Sprintf("none of the %d violations counts", o.Violations)
	}
	if g.Enforce == judge.EnforceNone {
		return []string{"passes: --enforce none, so that " + counts}
	}
	return []string{"passes: --enforce introduced, and " + is + " known to be introduced"}
}

// tellWritten says on one line of standard error what was judged and written where
// nothing goes to standard output; decided says that the gate decides the exit code.
func (a *app) tellWritten(r reporting, result *judge.Result, decided bool) {
	var files []string
	for _, o := range r.outputs {
		if o.file == "" {
			return
		}
		files = append(files, report.OneLine(o.file))
	}
	if r.quiet || len(files) == 0 {
		return
	}
	s := result.Summary
	text := report.Count(s.Caches, "cache", "caches") + ", " + report.Count(s.NonCompliant, "violation", "violations")
	switch {
	case decided && result.Objections.Total() > 0:
		text += ": fails"
	case decided:
		text += ": passes"
	}
	fmt.Fprintf(a.Stderr, "redisbaseline: %s; written: %s\n", text, strings.Join(files, ", "))
}

// mildNote says how many findings count for nothing because of --fail-on; empty for none.
func mildNote(g judge.Gate, o judge.Objections) string {
	var what []string
	if o.MildViolations > 0 {
		what = append(what, report.Count(o.MildViolations, "violation", "violations"))
	}
	if o.MildUndecided > 0 {
		what = append(what, report.Count(o.MildUndecided, "undecided feature", "undecided features")+" (--strict)")
	}
	switch {
	case what == nil:
		return ""
	case g.FailOn == judge.FailOnNever:
		return "--fail-on never, so that nothing counts of " + strings.Join(what, " and ")
	}
	return "not severe enough to count, by --fail-on " + string(g.FailOn) + ": " + strings.Join(what, " and ")
}
