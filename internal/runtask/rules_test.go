package runtask

import (
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
)

func TestFirstRuleCounts(t *testing.T) {
	rules, err := ParseRules(strings.NewReader(`
rules:
  - organization: acme
    project: "prod-*"
    workspace: "*-cache-??"
    effect: Deny
    enforce: introduced
    strict: true
    exemptions: &shared
      - feature: DP-3/data-in-transit-encryption
        cache: "*"
        category: Waiver
        description: legacy client
  - workspace: sandbox
    effect: Disabled
  - organization: acme
    effect: Deny
    exemptions: *shared
`), baseline.Published())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		organization, project, workspace string
		effect                           Effect
		enforce                          judge.Enforcement
		exemptions                       int
	}{
		{"acme", "prod-eu", "redis-cache-01", Deny, judge.EnforceIntroduced, 1},
		{"acme", "prod-eu", "redis-cache-1", Deny, judge.EnforceAll, 1},
		{"acme", "preprod-eu", "redis-cache-01", Deny, judge.EnforceAll, 1},
		{"acme", "any", "sandbox", Disabled, judge.EnforceAll, 0},
		{"other", "prod-eu", "redis-cache-01", Audit, judge.EnforceAll, 0},
		{"ACME", "", "", Audit, judge.EnforceAll, 0},
	} {
		got, _ := rules.For(c.organization, c.project, c.workspace)
		if got.Effect != c.effect || got.Enforce != c.enforce || len(got.Exemptions) != c.exemptions {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

func TestRulesRefused(t *testing.T) {
	for name, c := range map[string]struct{ yaml, want string }{
		"unknown key":     {"rules:\n  - workspaces: a", `line 2: unknown key "workspaces"`},
		"unknown top key": {"rule: []", `line 1: unknown key "rule"`},
		"unknown effect":  {"rules:\n  - effect: deny", `line 2: unknown effect "deny": use Audit, Deny or Disabled; did you mean Deny?`},
		"unknown enforce": {"rules:\n  - enforce: some", "line 2: unknown value"},
		"similar enforce": {"rules:\n  - enforce: introducd", "use all, introduced or none; did you mean introduced?"},
		"enforce none":    {"rules:\n  - enforce: none", "Audit"},
		"strict in words": {"rules:\n  - strict: 'yes'", "line 2: strict is neither"},
		"key twice":       {"rules:\n  - effect: Deny\n    effect: Audit", "line 3: the key"},
		"a list":          {"- effect: Deny", "line 1: the file is a mapping"},
		"rules no list":   {"rules: {}", "line 1: rules is not a list"},
		"number":          {"rules:\n  - workspace: 1", "line 2: the value of workspace is not text"},
		"bad exemption": {"rules:\n  - exemptions:\n      - feature: XX-1/nothing\n        cache: a\n        category: Waiver\n        " +
			"description: d", "line 3: feature"},
		"not YAML":          {"rules: [", "is not YAML"},
		"empty":             {"", "is empty"},
		"only a comment":    {"# nothing yet\n", "is empty"},
		"null":              {"null", "is empty"},
		"several documents": {"rules: []\n---\nrules: []", "more than one"},
	} {
		if _, err := ParseRules(strings.NewReader(c.yaml), baseline.Published()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	for _, empty := range []string{"{}", "rules: []"} {
		if rules, err := ParseRules(strings.NewReader(empty), baseline.Published()); err != nil || len(rules) > 0 {
			t.Errorf("%q: %v %v", empty, rules, err)
		}
	}
}

// FuzzRules feeds arbitrary files: none may crash the parser, what is refused
// names a line or says what the file is, and what is accepted holds known values
// only and has a rule for every run.
func FuzzRules(f *testing.F) {
	f.Add("rules:\n  - organization: acme\n    workspace: 'a*'\n    effect: Deny\n    enforce: introduced\n    strict: true\n")
	f.Add("rules:\n  - exemptions: &a\n      - {feature: DP-3/data-in-transit-encryption, cache: '*', category: Waiver, description: d, " +
		"expires_on: 2027-01-01}\n  - exemptions: *a\n")
	f.Add("rules: &a\n  - *a\n")
	f.Add("rules: [{<<: {effect: Deny}}]")
	f.Add("null\n---\n{}")
	f.Fuzz(func(t *testing.T, raw string) {
		rules, err := ParseRules(strings.NewReader(raw), baseline.Published())
		if err != nil {
			if err.Error() == "" {
				t.Error("refused without a word")
			}
			return
		}
		match, _ := rules.For("acme", "", "redis")
		for _, r := range append(rules, match) {
			if r.Effect != Audit && r.Effect != Deny && r.Effect != Disabled {
				t.Errorf("effect %q", r.Effect)
			}
			if r.Enforce != judge.EnforceAll && r.Enforce != judge.EnforceIntroduced {
				t.Errorf("enforce %q", r.Enforce)
			}
		}
	})
}
