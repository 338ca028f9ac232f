package report

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/schematest"
)

func sarifOf(t *testing.T, r Report) string {
	return encode(t, "sarif", r, EncodeOptions{})
}

// sarifLog is a log as the tests read it.
type sarifLog struct {
	Runs []struct {
		Tool    struct{ Driver sarifDriver }
		Results []sarifResult
	}
}

func TestSARIFGolden(t *testing.T) {
	golden(t, "five.sarif.json", sarifOf(t, fiveCaches()))
	golden(t, "hostile.sarif.json", sarifOf(t, hostileReport()))
}

// testdata/sarif-schema-2.1.0.json is the schema that OASIS publishes at
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json
func TestSARIFMatchesTheOfficialSchema(t *testing.T) {
	raw, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	schema := schematest.Compile(t, string(raw))
	stdin, existing := fiveCaches(), fiveCaches()
	stdin.Source.Inputs = []string{"-"}
	existing.Source.Kind = SourceExisting
	fixed := placedCaches("infra/main.tf", 9)
	fixes := []Replacement{
		{[]string{`minimum_tls_version = "1.2"`}, "infra/main.tf", Lines{9, 10, "  minimum_tls_version = \"1.2\" # a\r\n"}},
		{[]string{"non_ssl_port_enabled = false"}, "infra/main.tf", Lines{10, 10, "  non_ssl_port_enabled = false\n"}},
	}
	for _, c := range fixed.Caches {
		for i := range c.Features {
			c.Features[i].Replacements = fixes
		}
	}
	if log := sarifOf(t, fixed); !strings.Contains(log, `"deletedRegion":{"startLine":10,"startColumn":1,"endLine":10,"endColumn":1}`) {
		t.Errorf("no fix in\n%s", log)
	}
	for name, r := range map[string]Report{
		"five": fiveCaches(), "many": manyCaches(30), "hostile": hostileReport(), "empty": sampleHeader("plan.json"),
		"standard input": stdin, "existing": existing,
		"with lines": placedCaches("infra/main.tf", 9), "with odd files": placedCaches(oddFile, 9),
		"with fixes":          fixed,
		"with absolute files": placedCaches("/srv/tf/main.tf", 9),
	} {
		schema.Check(t, name, sarifOf(t, r))
	}
}

func TestSARIFLevels(t *testing.T) {
	for _, c := range []struct {
		severity        Severity
		level, security string
	}{{High, "error", "8.0"}, {Medium, "warning", "5.0"}, {Low, "note", "2.0"}, {Warning, "note", "1.0"}, {Info, "note", "1.0"}} {
		if got := termsOf(c.severity).sarif; got != c.level {
			t.Errorf("%s is %s, want %s", c.severity, got, c.level)
		}
		if got := termsOf(c.severity).security; got != c.security {
			t.Errorf("%s is %s, want %s", c.severity, got, c.security)
		}
	}
}

func TestSARIFResults(t *testing.T) {
	var log sarifLog
	if err := json.Unmarshal([]byte(sarifOf(t, fiveCaches())), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if n := len(run.Tool.Driver.Rules); n != len(sampleCatalogue()) {
		t.Errorf("%d rules", n)
	}
	kinds := map[string]int{}
	for _, r := range run.Results {
		kinds[r.Kind+" "+r.Level]++
		if rule := run.Tool.Driver.Rules[r.RuleIndex]; rule.ID != r.RuleID {
			t.Errorf("ruleIndex of %s points to %s", r.RuleID, rule.ID)
		}
		if r.PartialFingerprints[sarifFingerprint] == "" {
			t.Errorf("%s has no fingerprint", r.RuleID)
		}
		if len(r.Locations) != 1 || r.Locations[0].LogicalLocations[0].FullyQualifiedName == "" {
			t.Errorf("%s has no logical location", r.RuleID)
		}
	}
	want := map[string]int{"fail error": 3, "fail warning": 1, "fail note": 2, "open none": 1}
	for k, n := range want {
		if kinds[k] != n {
			t.Errorf("%d results of kind %s, want %d", kinds[k], k, n)
		}
	}
	if len(kinds) != len(want) {
		t.Errorf("kinds: %v", kinds)
	}
}
