package report

import (
	"strings"
	"testing"
)

func TestGitHubGolden(t *testing.T) {
	golden(t, "five.github.txt", encode(t, "github", fiveCaches(), EncodeOptions{}))
	golden(t, "hostile.github.txt", encode(t, "github", hostileReport(), EncodeOptions{}))
}

// Each line is one command of ours or the totals; nothing from the plan can
// start another one.
func TestGitHubHostile(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(encode(t, "github", hostileReport(), EncodeOptions{}), "\n"), "\n")
	if len(lines) != 5 { // violation, undecided, advisory, note, totals
		t.Errorf("%d lines:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	for _, l := range lines {
		ok := strings.HasPrefix(l, "redisbaseline: ")
		for _, level := range []string{"error", "warning", "notice"} {
			ok = ok || strings.HasPrefix(l, "::"+level+" ")
		}
		if !ok || strings.ContainsAny(l, "\r\x1b") || strings.Contains(l, "##[") {
			t.Errorf("%q", l)
		}
		if head, _, found := strings.Cut(strings.TrimPrefix(l, "::"), "::"); found && strings.Contains(strings.SplitN(head, " ", 2)[1], ":") {
			t.Errorf("a colon in the properties: %q", head)
		}
	}
}

func TestGitHubLevels(t *testing.T) {
	for severity, want := range map[Severity]string{High: "error", Medium: "warning", Low: "notice", Warning: "notice", Info: "notice"} {
		if got := termsOf(severity).annotation; got != want {
			t.Errorf("%s is %s, want %s", severity, got, want)
		}
	}
}

// An error is what fails the run: a violation that passes is a warning at most,
// and what else fails the run is a warning at least.
func TestGitHubErrorsAreWhatTheRunObjectsTo(t *testing.T) {
	introduced := Introduced
	finding := func(id string, s Status) Finding { return Finding{ID: id, Status: s, Since: &introduced, Message: "m"} }
	const high, medium, low, advice = "r/high", "r/medium", "r/low", "advisory/x"
	for _, c := range []struct {
		finding      Finding
		all, without string // with and without an objection
	}{
		{finding(high, NonCompliant), "error", "warning"},
		{finding(medium, NonCompliant), "warning", "warning"},
		{finding(low, NonCompliant), "notice", "notice"},
		{finding(high, Unknown), "warning", "notice"},
		{finding(advice, NonCompliant), "warning", "notice"},
	} {
		for want, objects := range map[bool]string{true: c.all, false: c.without} {
			r := Report{Closing: Closing{Catalogue: []Entry{
				{ID: high, Control: "r", Severity: High}, {ID: medium, Control: "r", Severity: Medium},
				{ID: low, Control: "r", Severity: Low}, {ID: advice, Severity: Warning},
			}}}
			cache := Cache{Features: []Finding{c.finding}}
			if c.finding.IsAdvisory() {
				cache = Cache{Advisories: []Finding{c.finding}}
			}
			r.Caches = []Cache{cache}
			got := encode(t, "github", r, EncodeOptions{FailsRun: func(Finding) bool { return want }})
			if !strings.HasPrefix(got, "::"+objects+" ") {
				t.Errorf("%s %s, objection %v: want %s, got %s", c.finding.ID, c.finding.Status, want, objects, got)
			}
		}
	}
}

// What fails the run is told with what to write, undecided findings and advisories too.
func TestGitHubTellsWhatToWrite(t *testing.T) {
	cache := Cache{Features: []Finding{{ID: "r/low", Status: Unknown, Message: "m", Remediation: "set x"}},
		Advisories: []Finding{{ID: "advisory/x", Status: NonCompliant, Message: "m", Remediation: "set y"}}}
	for fails, want := range map[bool]int{true: 2, false: 0} {
		got := encode(t, "github", Report{Caches: []Cache{cache}}, EncodeOptions{FailsRun: func(Finding) bool { return fails }})
		if n := strings.Count(got, "%0Awrite: set "); n != want {
			t.Errorf("%d remedies, want %d: %s", n, want, got)
		}
	}
}
