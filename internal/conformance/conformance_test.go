package conformance

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

var (
	update = flag.Bool("update", false, "write testdata instead of comparing; plan the situations if one of them changed")
	anew   = flag.Bool("anew", false, "with -update: plan the situations also if none changed")
)

// TestEveryDoor asks every door about every situation.
func TestEveryDoor(t *testing.T) {
	if *update {
		storePlans(t)
	}
	provided, said := newCore(t), matrix{}
	for _, s := range table {
		t.Run(s.name, func(t *testing.T) {
			stored := archive(t, s)
			for _, d := range doors {
				want := s.wanted(d)
				if want.cannot != "" {
					said.add(s, d, want)
					continue
				}
				t.Run(string(d), func(t *testing.T) {
					found := ask(t, d, s, stored, provided)
					got, shown := answer(found[s.rule])
					said.add(s, d, got)
					if got.status != want.status || got.reason != want.reason {
						t.Errorf("%s: %s says %s, want %s: %s", d, s.rule, got, want, found[s.rule].Message)
					}
					if want.fact != "" && !slices.Contains(shown, want.fact) && !dropped(d, found[s.rule]) {
						t.Errorf("%s: %s shows evidence of %q, want %q", d, s.rule, shown, want.fact)
					}
					wholeReport(t, found)
				})
			}
		})
	}
	said.compare(t)
}

// dropped reports whether the state of the data source keeps no evidence of a
// finding that the function evaluate cannot show either, since it is open as long
// as anything of the cache is.
func dropped(d door, f report.Finding) bool {
	switch {
	case d != functions3 && d != functions4 && d != functions5, len(f.Evidence) > 0:
		return false
	case f.IsAdvisory():
		return f.Status != report.NonCompliant
	default:
		return f.Status == report.NotApplicable
	}
}

// ask returns what a door says of the cache of a situation.
func ask(t *testing.T, d door, s situation, stored map[string][]byte, provided *core) findings {
	t.Helper()
	plan := func(d door) []byte { return stored[string(d)+".json"] }
	switch d {
	case configured:
		return gate(t, plan(azurerm5), configurationOf(t, s, stored[string(azurerm5)+".tf"]))
	case azapi1:
		return gate(t, withJSONText(t, plan(azapi2)), nil)
	case functions3:
		return provided.judge(t, plan(azurerm3))
	case functions4:
		return provided.judge(t, plan(azurerm4))
	case functions5:
		return provided.judge(t, plan(azurerm5))
	case arm:
		return newExisting(t).judge(t, s)
	default:
		return gate(t, plan(d), nil)
	}
}

// answer is a finding as a verdict, and the facts that it shows.
func answer(f report.Finding) (verdict, []string) {
	v := verdict{status: f.Status}
	if f.Reason != nil {
		v.reason = posture.Reason(*f.Reason)
	}
	var shown []string
	for _, e := range f.Evidence {
		shown = append(shown, factOf(e.Path))
	}
	return v, shown
}

// wholeReport checks what every cache's report says: all features, and of those
// that the article does not support nothing but that.
func wholeReport(t *testing.T, found findings) {
	t.Helper()
	for _, f := range baseline.Published()[0].Features {
		got, there := found[f.ID]
		supported := slices.Contains([]string{
			injection, securityGroup, privateLink, publicNetwork, localMethods, transit, platformKeys, azurePolicy, resourceLogs,
		}, f.ID)
		if !there || supported == (got.Status == report.NotSupported) {
			t.Errorf("%s: got %q", f.ID, got.Status)
		}
	}
}

// Every feature that can be decided, and every advisory, has situations with each
// status that its verdict can have.
func TestTableIsWhole(t *testing.T) {
	seen := map[string][]report.Status{}
	for _, s := range table {
		if strings.Trim(s.name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			t.Errorf("%q is no name of a module", s.name)
		}
		for _, d := range doors {
			seen[s.rule] = append(seen[s.rule], s.wanted(d).status)
		}
	}
	for _, f := range baseline.Published()[0].Features {
		var want []report.Status
		switch f.ID {
		case platformKeys:
			want = []report.Status{report.Compliant}
		case injection, securityGroup, privateLink, publicNetwork:
			want = []report.Status{report.Compliant, report.NonCompliant, report.Unknown, report.NotApplicable}
		case localMethods, transit, azurePolicy, resourceLogs:
			want = []report.Status{report.Compliant, report.NonCompliant, report.Unknown}
		}
		for _, status := range want {
			if !slices.Contains(seen[f.ID], status) {
				t.Errorf("no situation in which %s is %s", f.ID, status)
			}
		}
	}
	for _, a := range baseline.Published()[0].Advisories {
		if !slices.Contains(seen[a.ID], report.NonCompliant) {
			t.Errorf("no situation in which %s is violated", a.ID)
		}
	}
}

// matrix is what every door said, by situation.
type matrix map[string]map[door]verdict

func (m matrix) add(s situation, d door, v verdict) {
	if m[s.name] == nil {
		m[s.name] = map[door]verdict{}
	}
	m[s.name][d] = v
}

// compare holds the matrix against the stored one, unless a filter left doors out.
func (m matrix) compare(t *testing.T) {
	t.Helper()
	for _, s := range table {
		if len(m[s.name]) != len(doors) {
			return
		}
	}
	const name = "testdata/matrix.txt"
	if *update {
		write(t, name, []byte(m.String()))
		return
	}
	stored, err := os.ReadFile(name)
	if err != nil || string(stored) != m.String() {
		t.Errorf("%s is not what the doors say (%v); make generate renews it", name, err)
	}
}
