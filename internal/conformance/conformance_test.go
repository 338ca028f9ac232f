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

// TestEveryDoor compares the verdict of every door in every situation with the table.
func TestEveryDoor(t *testing.T) {
	if *update {
		storePlans(t)
	}
	client, said := newTerraformCore(t), matrix{}
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
					found := ask(t, d, s, stored, client)
					got, shown := answer(found[s.rule])
					said.add(s, d, got)
					if got.status != want.status || got.reason != want.reason {
						t.Errorf("%s: %s says %s, want %s: %s", d, s.rule, got, want, found[s.rule].Message)
					}
					if want.fact != "" && !slices.Contains(shown, want.fact) && !evidenceDropped(d, found[s.rule]) {
						t.Errorf("%s: %s shows evidence of %q, want %q", d, s.rule, shown, want.fact)
					}
					wholeReport(t, s, found)
				})
			}
		})
	}
	said.compare(t)
}

// evidenceDropped reports whether a finding has no evidence because the door is a
// function: the state of the data source keeps none of advisories that are not violated
// and of features that are not applicable, and the result of evaluate is unknown while
// any fact of the cache is.
func evidenceDropped(d door, f report.Finding) bool {
	switch {
	case d != functions3 && d != functions4 && d != functions5, len(f.Evidence) > 0:
		return false
	case f.IsAdvisory():
		return f.Status != report.NonCompliant
	default:
		return f.Status == report.NotApplicable
	}
}

// ask returns the findings of a door about the cache of a situation.
func ask(t *testing.T, d door, s situation, stored map[string][]byte, client *terraformCore) findings {
	t.Helper()
	plan := func(d door) []byte { return stored[string(d)+".json"] }
	switch d {
	case configured:
		newest := azurerm5
		if s.facts.isEnterprise() {
			newest = azurerm4
		}
		return gate(t, plan(newest), configurationOf(t, s, stored[string(newest)+".tf"]))
	case azapi1:
		return gate(t, withJSONText(t, plan(azapi2)), nil)
	case functions3:
		return client.judge(t, s, plan(azurerm3))
	case functions4:
		return client.judge(t, s, plan(azurerm4))
	case functions5:
		return client.judge(t, s, plan(azurerm5))
	case arm:
		return newAzureDoor(t).judge(t, s)
	default:
		return gate(t, plan(d), nil)
	}
}

// answer is the verdict of a finding, and the facts that its evidence names.
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

// document is the document of the cache's service.
func (f facts) document() *baseline.Document { return baseline.Published().For(f.armType()) }

// statuses are the statuses that a feature or an advisory of a service can have but for
// not_supported, which is that of all others.
func (f facts) statuses(id string) []report.Status {
	decided := []report.Status{report.Compliant, report.NonCompliant}
	open := append(slices.Clone(decided), report.Unknown)
	optional := []report.Status{report.Compliant, report.NotApplicable}
	switch id {
	case platformKeys:
		return []report.Status{report.Compliant}
	case transit, azurePolicy, resourceLogs, localMethods:
		return open
	case privateLink, publicNetwork:
		if f.Managed != nil {
			return open
		}
		return append(open, report.NotApplicable)
	case injection, securityGroup:
		if f.Managed == nil {
			return append(open, report.NotApplicable)
		}
	case entraFeature, managedIdentities, servicePrincipals:
		if f.Managed != nil && !f.isEnterprise() {
			return []report.Status{report.Compliant, report.Unknown}
		}
	case customerKeys:
		if f.Managed != nil {
			return append(optional, report.Unknown)
		}
	case keyVault:
		if f.Managed != nil {
			return append(open, report.NotApplicable)
		}
	case nativeBackup:
		if f.Managed != nil {
			return append(optional, report.Unknown)
		}
	}
	return nil
}

// wholeReport checks that a report has all features, and that those which the service
// does not support have the status for it.
func wholeReport(t *testing.T, s situation, found findings) {
	t.Helper()
	for _, f := range s.facts.document().Features {
		got, there := found[f.ID]
		if supported := s.facts.statuses(f.ID) != nil; !there || supported == (got.Status == report.NotSupported) {
			t.Errorf("%s: got %q", f.ID, got.Status)
		}
	}
}

// Every feature with a check has a situation for each status that the check can have,
// and every advisory has one in which it is violated.
func TestTableIsWhole(t *testing.T) {
	seen := map[*baseline.Document]map[string][]report.Status{}
	for _, s := range table {
		if strings.Trim(s.name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			t.Errorf("%q cannot be the name of a module", s.name)
		}
		of := seen[s.facts.document()]
		if of == nil {
			of = map[string][]report.Status{}
			seen[s.facts.document()] = of
		}
		for _, d := range doors {
			of[s.rule] = append(of[s.rule], s.wanted(d).status)
		}
	}
	for _, f := range []facts{{}, {Managed: &managed{}}} {
		document := f.document()
		for _, e := range document.Features {
			for _, status := range f.statuses(e.ID) {
				if !slices.Contains(seen[document][e.ID], status) {
					t.Errorf("%s: no situation in which %s is %s", document.ID, e.ID, status)
				}
			}
		}
		for _, a := range document.Advisories {
			if !slices.Contains(seen[document][a.ID], report.NonCompliant) {
				t.Errorf("%s: no situation in which %s is violated", document.ID, a.ID)
			}
		}
	}
}

// matrix are the verdicts of the doors, by the name of the situation.
type matrix map[string]map[door]verdict

func (m matrix) add(s situation, d door, v verdict) {
	if m[s.name] == nil {
		m[s.name] = map[door]verdict{}
	}
	m[s.name][d] = v
}

// compare compares the matrix with the stored one, unless -run left doors out.
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
		t.Errorf("%s differs from the verdicts of the doors (%v); make generate renews it", name, err)
	}
}
