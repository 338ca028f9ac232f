package cli

import (
	"fmt"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// verdictNotes are a line on whether the gate passes, in the words of the flags
// that made it, where the violations of the report do not tell: violations
// that pass, or a failure without any.
func verdictNotes(g judge.Gate, o judge.Objections) []string {
	switch {
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
		if o.Advisories > 0 {
			why = append(why, report.Count(o.Advisories, "advisory", "advisories")+" named by --fail-on-advisory")
		}
		return []string{"fails: " + strings.Join(why, ", and ")}
	}
	is, fails := "the one violation is not", "the one violation does not fail"
	if o.Violations > 1 {
		is, fails = fmt.Sprintf("none of the %d violations is", o.Violations), fmt.Sprintf("none of the %d violations fails", o.Violations)
	}
	if g.Enforce == judge.EnforceNone {
		return []string{"passes: --enforce none, so that " + fails}
	}
	return []string{"passes: --enforce introduced, and " + is + " known to be introduced"}
}
