package conformance

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// words are the words for statuses and reasons in matrix.txt.
var words = map[string]string{
	string(report.Compliant): "yes", string(report.NonCompliant): "no", string(report.NotApplicable): "n/a",
	string(report.NotSupported):           "lacks",
	string(posture.ReasonKnownAfterApply): "apply?", string(posture.ReasonNotObserved): "unseen",
	string(posture.ReasonPendingApproval):     "pending",
	string(posture.ReasonUnresolvedReference): "link?", string(posture.ReasonWriteOnly): "hidden",
}

// String is the text of matrix.txt: a table of situations and doors, and the reasons
// why doors cannot express situations.
func (m matrix) String() string {
	var out strings.Builder
	out.WriteString("The verdict of every door in every situation. yes: compliant. no: violated. n/a: not applicable. lacks: not\n" +
		"supported by the service. Unknown: apply?: known after apply; unseen: not observed; link?: an unresolved reference;\n" +
		"pending: waiting for approval; hidden: write-only. -: the door cannot express the situation, for the reason below.\n\n")
	columns := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	line := func(cells ...string) { fmt.Fprintln(columns, strings.Join(cells, "\t")) }
	head := []string{"situation", "rule"}
	for _, d := range doors {
		head = append(head, string(d))
	}
	line(head...)
	for _, s := range table {
		row := []string{s.name, s.rule}
		for _, d := range doors {
			row = append(row, m[s.name][d].word())
		}
		line(row...)
	}
	_ = columns.Flush() // a strings.Builder takes everything
	out.WriteString("\n")
	for _, s := range table {
		why := map[string][]string{}
		var order []string
		for _, d := range doors {
			if reason := m[s.name][d].cannot; reason != "" {
				if why[reason] == nil {
					order = append(order, reason)
				}
				why[reason] = append(why[reason], string(d))
			}
		}
		for _, reason := range order {
			fmt.Fprintf(&out, "%s, %s: %s\n", s.name, strings.Join(why[reason], " "), reason)
		}
	}
	return out.String()
}

func (v verdict) word() string {
	switch {
	case v.cannot != "":
		return "-"
	case v.reason != "":
		return words[string(v.reason)]
	default:
		return words[string(v.status)]
	}
}
