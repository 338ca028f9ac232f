package judge

import (
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// What the gate objects to.
func TestObjections(t *testing.T) {
	const named = "advisory/retirement"
	introduced, existing := report.Introduced, report.Existing
	notObserved, hidden, deleted := report.ReasonNotObserved, "known_after_apply", "delete"
	violation := func(since *report.Since) report.Finding {
		return report.Finding{ID: "DP-3/data-in-transit-encryption", Status: report.NonCompliant, Since: since}
	}
	status := func(s report.Status, reason *string) report.Finding {
		return report.Finding{ID: "LT-4/azure-resource-logs", Status: s, Reason: reason}
	}
	advisory := func(s report.Status, since *report.Since) report.Finding {
		return report.Finding{ID: named, Status: s, Since: since}
	}
	for _, c := range []struct {
		name                             string
		feature                          report.Finding
		advisory                         report.Finding
		change                           *string
		all, introduced, none            int
		strictAll, strictIntro, strictNo int
		failOnAll, failOnIntro           int
	}{
		{"compliant", status(report.Compliant, nil), advisory(report.Compliant, nil), nil, 0, 0, 0, 0, 0, 0, 0, 0},
		{"violation introduced", violation(&introduced), advisory(report.Compliant, nil), nil, 1, 1, 0, 1, 1, 0, 1, 1},
		{"violation existing", violation(&existing), advisory(report.Compliant, nil), nil, 1, 0, 0, 1, 0, 0, 1, 0},
		{"violation, before undecided", violation(nil), advisory(report.Compliant, nil), nil, 1, 0, 0, 1, 0, 0, 1, 0},
		{"violation of a destroyed cache", violation(&introduced), advisory(report.Compliant, nil), &deleted, 0, 0, 0, 0, 0, 0, 0, 0},
		{"unknown", status(report.Unknown, &hidden), advisory(report.Compliant, nil), nil, 0, 0, 0, 1, 1, 0, 0, 0},
		{"not observed", status(report.Unknown, &notObserved), advisory(report.Compliant, nil), nil, 0, 0, 0, 1, 1, 0, 0, 0},
		{"unknown, destroyed", status(report.Unknown, &hidden), advisory(report.Compliant, nil), &deleted, 0, 0, 0, 0, 0, 0, 0, 0},
		{"exempt", status(report.Exempt, nil), advisory(report.Exempt, nil), nil, 0, 0, 0, 0, 0, 0, 0, 0},
		{"not applicable", status(report.NotApplicable, nil), advisory(report.NotApplicable, nil), nil, 0, 0, 0, 0, 0, 0, 0, 0},
		{"not supported", status(report.NotSupported, nil), advisory(report.Compliant, nil), nil, 0, 0, 0, 0, 0, 0, 0, 0},
		{"advisory introduced", status(report.Compliant, nil), advisory(report.NonCompliant, &introduced), nil, 0, 0, 0, 0, 0, 0, 1, 1},
		{"advisory existing", status(report.Compliant, nil), advisory(report.NonCompliant, &existing), nil, 0, 0, 0, 0, 0, 0, 1, 0},
		{"advisory unknown", status(report.Compliant, nil), advisory(report.Unknown, nil), nil, 0, 0, 0, 0, 0, 0, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			cache := report.Cache{Change: c.change, Features: []report.Finding{c.feature}, Advisories: []report.Finding{c.advisory}}
			failOn := map[string]bool{named: true}
			for _, g := range []struct {
				flags string
				gate  Gate
				want  int
			}{
				{"all", Gate{Enforce: EnforceAll}, c.all},
				{"introduced", Gate{Enforce: EnforceIntroduced}, c.introduced},
				{"none", Gate{Enforce: EnforceNone}, c.none},
				{"all, strict", Gate{Enforce: EnforceAll, Strict: true}, c.strictAll},
				{"introduced, strict", Gate{Enforce: EnforceIntroduced, Strict: true}, c.strictIntro},
				{"none, strict", Gate{Enforce: EnforceNone, Strict: true, Advisories: failOn}, c.strictNo},
				{"all, advisory", Gate{Enforce: EnforceAll, Advisories: failOn}, c.failOnAll},
				{"introduced, advisory", Gate{Enforce: EnforceIntroduced, Advisories: failOn}, c.failOnIntro},
			} {
				var o Objections
				o.Add(g.gate, cache)
				if got := o.Total(); got != g.want {
					t.Errorf("%s: %d objections, want %d", g.flags, got, g.want)
				}
			}
		})
	}
}

// A finding that is less severe than the threshold never fails, whatever else the
// gate says, and is counted apart. Advisories have no severity.
func TestThreshold(t *testing.T) {
	introduced, existing := report.Introduced, report.Existing
	finding := func(severity report.Severity, status report.Status, since *report.Since) report.Finding {
		return report.Finding{ID: "LT-4/azure-resource-logs", Severity: severity, Status: status, Since: since}
	}
	cache := report.Cache{
		Features: []report.Finding{
			finding(report.High, report.NonCompliant, &introduced), finding(report.High, report.Unknown, nil),
			finding(report.Medium, report.NonCompliant, &existing), finding(report.Medium, report.NonCompliant, &introduced),
			finding(report.Low, report.NonCompliant, &introduced), finding(report.Low, report.Unknown, nil),
			finding(report.Low, report.Exempt, nil),
		},
		Advisories: []report.Finding{{ID: "advisory/retirement", Severity: report.Info, Status: report.NonCompliant, Since: &introduced}},
	}
	named := map[string]bool{"advisory/retirement": true}
	for _, c := range []struct {
		name string
		gate Gate
		want Objections
	}{
		{"not set", Gate{Enforce: EnforceAll}, Objections{Violations: 4, Failing: 4, OnlyStrict: 2}},
		{"low", Gate{Enforce: EnforceAll, FailOn: FailOnLow, Strict: true}, Objections{Violations: 4, Failing: 4, Undecided: 2, Unjudged: 1}},
		{"medium", Gate{Enforce: EnforceAll, FailOn: FailOnMedium, Advisories: named},
			Objections{Violations: 4, Failing: 3, Advisories: 1, MildViolations: 1, OnlyStrict: 1}},
		{"high", Gate{Enforce: EnforceAll, FailOn: FailOnHigh, Strict: true},
			Objections{Violations: 4, Failing: 1, Undecided: 1, Unjudged: 1, MildViolations: 3, MildUndecided: 1}},
		{"introduced and high", Gate{Enforce: EnforceIntroduced, FailOn: FailOnHigh},
			Objections{Violations: 4, Failing: 1, MildViolations: 2, OnlyStrict: 1}},
		{"never", Gate{Enforce: EnforceAll, FailOn: FailOnNever, Strict: true, Advisories: named},
			Objections{Violations: 4, MildViolations: 4, MildUndecided: 2}},
		{"nothing enforced", Gate{Enforce: EnforceNone, FailOn: FailOnHigh, Strict: true}, Objections{Violations: 4}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got Objections
			got.Add(c.gate, cache)
			got.addUnjudged(c.gate, 1)
			if got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}
