package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// The report says what the gate decided wherever its violations do not tell,
// and nothing where they do.
func TestDecisionNotes(t *testing.T) {
	introduced, existing, deleted := report.Introduced, report.Existing, "delete"
	feature := func(s report.Status, since *report.Since) report.Cache {
		return report.Cache{Features: []report.Finding{{ID: "LT-4/azure-resource-logs", Severity: report.Medium, Status: s, Since: since}}}
	}
	advisory := func(s report.Status) report.Cache {
		return report.Cache{Advisories: []report.Finding{{ID: "advisory/retirement", Status: s}}}
	}
	fresh, old, unsure := feature(report.NonCompliant, &introduced), feature(report.NonCompliant, &existing), feature(report.NonCompliant, nil)
	open, good, retiring := feature(report.Unknown, nil), feature(report.Compliant, nil), advisory(report.NonCompliant)
	unseen, notObserved := feature(report.Unknown, nil), report.ReasonNotObserved
	unseen.Features[0].Reason = &notObserved
	destroyed := old
	destroyed.Change = &deleted
	failOn := map[string]bool{"advisory/retirement": true}
	for _, c := range []struct {
		name       string
		gate       judge.Gate
		caches     []report.Cache
		objections int
		want       string
	}{
		{"compliant", judge.Gate{Enforce: judge.EnforceAll}, []report.Cache{good, unseen, retiring}, 0, ""},
		{"undecided", judge.Gate{Enforce: judge.EnforceAll}, []report.Cache{good, open, unseen, retiring}, 0,
			"passes: 1 undecided feature, which --strict refuses"},
		{"undecided, of what a plan introduces", judge.Gate{Enforce: judge.EnforceIntroduced}, []report.Cache{open, open, old}, 0,
			"passes: --enforce introduced, and the one violation is not known to be introduced\n" +
				"passes: 2 undecided features, which --strict refuses"},
		{"undecided, and nothing enforced", judge.Gate{Enforce: judge.EnforceNone}, []report.Cache{open}, 0, ""},
		{"undecided, but not severe enough", judge.Gate{Enforce: judge.EnforceAll, FailOn: judge.FailOnHigh}, []report.Cache{open}, 0, ""},
		{"undecided and violated", judge.Gate{Enforce: judge.EnforceAll}, []report.Cache{open, old}, 1, ""},
		{"not observed, strict", judge.Gate{Enforce: judge.EnforceAll, Strict: true}, []report.Cache{unseen}, 1,
			"fails: 1 undecided feature (--strict)"},
		{"violated", judge.Gate{Enforce: judge.EnforceAll}, []report.Cache{old, good}, 1, ""},
		{"introduced", judge.Gate{Enforce: judge.EnforceIntroduced}, []report.Cache{fresh, old}, 1, ""},
		{"not introduced", judge.Gate{Enforce: judge.EnforceIntroduced}, []report.Cache{old, unsure, old}, 0,
			"passes: --enforce introduced, and none of the 3 violations is known to be introduced"},
		{"one that is not introduced", judge.Gate{Enforce: judge.EnforceIntroduced}, []report.Cache{old}, 0,
			"passes: --enforce introduced, and the one violation is not known to be introduced"},
		{"nothing enforced", judge.Gate{Enforce: judge.EnforceNone, Strict: true, Advisories: failOn},
			[]report.Cache{fresh, old, open, retiring}, 0,
			"passes: --enforce none, so that none of the 2 violations counts"},
		{"nothing enforced of one", judge.Gate{Enforce: judge.EnforceNone}, []report.Cache{fresh}, 0,
			"passes: --enforce none, so that the one violation does not count"},
		{"nothing enforced of nothing", judge.Gate{Enforce: judge.EnforceNone}, []report.Cache{good}, 0, ""},
		{"destroyed", judge.Gate{Enforce: judge.EnforceIntroduced}, []report.Cache{destroyed}, 0, ""},
		{"strict", judge.Gate{Enforce: judge.EnforceAll, Strict: true}, []report.Cache{open, open, good}, 2,
			"fails: 2 undecided features (--strict)"},
		{"strict and violated", judge.Gate{Enforce: judge.EnforceAll, Strict: true}, []report.Cache{open, old}, 2, ""},
		{"advisory", judge.Gate{Enforce: judge.EnforceAll, Advisories: failOn}, []report.Cache{retiring, good}, 1,
			"fails: 1 advisory named by --fail-on-advisory"},
		{"both", judge.Gate{Enforce: judge.EnforceIntroduced, Strict: true, Advisories: map[string]bool{"advisory/retirement": true}},
			[]report.Cache{open, advisory(report.Unknown), advisory(report.Unknown), old}, 3,
			"fails: 1 undecided feature (--strict), and 2 advisories named by --fail-on-advisory"},
		{"not severe enough", judge.Gate{Enforce: judge.EnforceAll, FailOn: judge.FailOnHigh}, []report.Cache{old, fresh}, 0,
			"passes: not severe enough to count, by --fail-on high: 2 violations"},
		{"not severe enough, strict", judge.Gate{Enforce: judge.EnforceAll, FailOn: judge.FailOnHigh, Strict: true},
			[]report.Cache{old, open}, 0,
			"passes: not severe enough to count, by --fail-on high: 1 violation and 1 undecided feature (--strict)"},
		{"severe enough", judge.Gate{Enforce: judge.EnforceAll, FailOn: judge.FailOnMedium}, []report.Cache{old}, 1, ""},
		{"nothing is severe enough", judge.Gate{Enforce: judge.EnforceAll, FailOn: judge.FailOnNever}, []report.Cache{old}, 0,
			"passes: --fail-on never, so that nothing counts of 1 violation"},
		{"not severe enough, or not introduced", judge.Gate{Enforce: judge.EnforceIntroduced, FailOn: judge.FailOnHigh},
			[]report.Cache{old, fresh}, 0,
			"not severe enough to count, by --fail-on high: 1 violation\n" +
				"passes: --enforce introduced, and the one violation is not known to be introduced"},
		{"not severe enough, and an advisory", judge.Gate{Enforce: judge.EnforceAll, FailOn: judge.FailOnHigh, Advisories: failOn},
			[]report.Cache{old, retiring}, 1,
			"not severe enough to count, by --fail-on high: 1 violation\nfails: 1 advisory named by --fail-on-advisory"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var all judge.Objections
			sum := 0
			for _, cache := range c.caches {
				var one judge.Objections
				one.Add(c.gate, cache)
				sum += one.Total()
				all.Add(c.gate, cache)
			}
			var want []string
			if c.want != "" {
				want = strings.Split(c.want, "\n")
			}
			if got := verdictNotes(c.gate, all); !slices.Equal(got, want) {
				t.Errorf("notes %q, want %q", got, want)
			}
			if all.Total() != c.objections || sum != c.objections {
				t.Errorf("%d objections, %d one by one, want %d", all.Total(), sum, c.objections)
			}
		})
	}
}
