package cli

import (
	"slices"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/policy"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// The report says what the gate decided wherever its violations do not tell,
// and nothing where they do.
func TestDecisionNotes(t *testing.T) {
	introduced, existing, deleted := report.Introduced, report.Existing, "delete"
	feature := func(s report.Status, since *report.Since) report.Cache {
		return report.Cache{Features: []report.Finding{{ID: "LT-4/azure-resource-logs", Status: s, Since: since}}}
	}
	advisory := func(s report.Status) report.Cache {
		return report.Cache{Advisories: []report.Finding{{ID: "advisory/retirement", Status: s}}}
	}
	fresh, old, unsure := feature(report.NonCompliant, &introduced), feature(report.NonCompliant, &existing), feature(report.NonCompliant, nil)
	open, good, retiring := feature(report.Unknown, nil), feature(report.Compliant, nil), advisory(report.NonCompliant)
	destroyed := old
	destroyed.Change = &deleted
	failOn := map[string]bool{"advisory/retirement": true}
	for _, c := range []struct {
		name       string
		gate       policy.Gate
		caches     []report.Cache
		objections int
		want       string
	}{
		{"compliant", policy.Gate{Enforce: policy.EnforceAll}, []report.Cache{good, open, retiring}, 0, ""},
		{"violated", policy.Gate{Enforce: policy.EnforceAll}, []report.Cache{old, good}, 1, ""},
		{"introduced", policy.Gate{Enforce: policy.EnforceIntroduced}, []report.Cache{fresh, old}, 1, ""},
		{"not introduced", policy.Gate{Enforce: policy.EnforceIntroduced}, []report.Cache{old, unsure, old}, 0,
			"passes: --enforce introduced, and none of the 3 violations is known to be introduced"},
		{"one that is not introduced", policy.Gate{Enforce: policy.EnforceIntroduced}, []report.Cache{old}, 0,
			"passes: --enforce introduced, and the one violation is not known to be introduced"},
		{"nothing enforced", policy.Gate{Enforce: policy.EnforceNone, Strict: true, Advisories: failOn},
			[]report.Cache{fresh, old, open, retiring}, 0,
			"passes: --enforce none, so that none of the 2 violations fails"},
		{"nothing enforced of one", policy.Gate{Enforce: policy.EnforceNone}, []report.Cache{fresh}, 0,
			"passes: --enforce none, so that the one violation does not fail"},
		{"nothing enforced of nothing", policy.Gate{Enforce: policy.EnforceNone}, []report.Cache{good}, 0, ""},
		{"destroyed", policy.Gate{Enforce: policy.EnforceIntroduced}, []report.Cache{destroyed}, 0, ""},
		{"strict", policy.Gate{Enforce: policy.EnforceAll, Strict: true}, []report.Cache{open, open, good}, 2,
			"fails: 2 undecided features (--strict)"},
		{"strict and violated", policy.Gate{Enforce: policy.EnforceAll, Strict: true}, []report.Cache{open, old}, 2, ""},
		{"advisory", policy.Gate{Enforce: policy.EnforceAll, Advisories: failOn}, []report.Cache{retiring, good}, 1,
			"fails: 1 advisory named by --fail-on-advisory"},
		{"both", policy.Gate{Enforce: policy.EnforceIntroduced, Strict: true, Advisories: map[string]bool{"advisory/retirement": true}},
			[]report.Cache{open, advisory(report.Unknown), advisory(report.Unknown), old}, 3,
			"fails: 1 undecided feature (--strict), and 2 advisories named by --fail-on-advisory"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, sum := &decision{gate: c.gate}, 0
			for _, cache := range c.caches {
				d.add(cache)
				sum += c.gate.Objections(cache)
			}
			var want []string
			if c.want != "" {
				want = []string{c.want}
			}
			if got := d.notes(); !slices.Equal(got, want) {
				t.Errorf("notes %q, want %q", got, want)
			}
			if d.objections() != c.objections || sum != c.objections {
				t.Errorf("%d objections, %d one by one, want %d", d.objections(), sum, c.objections)
			}
		})
	}
}
