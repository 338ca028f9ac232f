package baseline_test

import (
	"encoding/csv"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// TestPolicyData: every built-in definition and initiative of the data is decided
// when it is assigned alone, and an initiative stops counting once all of the
// parameters that set an effect of a definition for the cache are Disabled.
func TestPolicyData(t *testing.T) {
	why := azureCache.Entry("AM-2/azure-policy-support").Why
	table := func(name string) [][]string {
		text, err := os.ReadFile("policydata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		date := regexp.MustCompile(`(?m)^# Source: .*\((\d{4}-\d\d-\d\d)\)\.$`).FindSubmatch(text)
		if date == nil || !strings.Contains(why, string(date[1])) {
			t.Errorf("%s does not say the source and date that the documentation tells: %q", name, date)
		}
		r := csv.NewReader(strings.NewReader(string(text)))
		r.Comment = '#'
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows[1:]
	}
	check := func(what, id string, edit func(*posture.PolicyAssignment), counts bool) {
		t.Helper()
		cache := plain()
		all(allRead, assigned("/providers/Microsoft.Authorization/"+id, edit))(cache)
		want := report.NonCompliant
		if counts {
			want = report.Compliant
		}
		f := lookup(t, documents.Evaluate(cache, baseline.Options{}), "AM-2/azure-policy-support")
		if f.Status != want {
			t.Errorf("%s: %s (%s), want %s", what, f.Status, f.Message, want)
		}
	}
	as := func(*posture.PolicyAssignment) {}

	counts := map[string]bool{}
	for _, row := range table("definitions.csv") {
		counts[row[0]] = row[2] == "microsoft.cache/redis" && !strings.HasPrefix(row[1], "[Deprecated]")
		check(row[1], "policyDefinitions/"+row[0], as, counts[row[0]])
		check(row[1]+", off", "policyDefinitions/"+row[0], off("effect"), false)
	}

	type initiative struct {
		name       string
		counts     bool
		fixed      bool // a definition for the cache whose effect no parameter sets
		parameters []string
	}
	initiatives := map[string]*initiative{}
	for _, row := range table("initiatives.csv") {
		id, definition, parameter, effect := row[0], row[3], row[4], row[5]
		if _, known := counts[definition]; !known {
			t.Errorf("%s: the definition %s is not in definitions.csv", row[1], definition)
		}
		i := initiatives[id]
		if i == nil {
			i = &initiative{name: row[1]}
			initiatives[id] = i
		}
		if !counts[definition] {
			continue
		}
		i.counts = true
		switch {
		case parameter != "":
			i.parameters = append(i.parameters, parameter)
		case effect != "":
			i.parameters = append(i.parameters, "effect")
		default:
			i.fixed = true
		}
	}
	if len(initiatives) != 65 {
		t.Errorf("%d initiatives", len(initiatives))
	}
	for id, i := range initiatives {
		check(i.name, "policySetDefinitions/"+strings.ToUpper(id), as, i.counts)
		check(i.name+", all off", "policySetDefinitions/"+id, off(i.parameters...), i.counts && i.fixed)
		for n := range i.parameters {
			check(i.name+", all but one off", "policySetDefinitions/"+id, off(append(i.parameters[:n:n], i.parameters[n+1:]...)...), true)
		}
	}
}
