package baseline_test

import (
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// A finding has the severity of its entry in the document that judged the cache,
// so that a gate needs no document; only an advisory may have another level.
func TestFindingsHaveTheSeverityOfTheirDocument(t *testing.T) {
	for _, d := range baseline.Published() {
		c := plain()
		c.Type = d.Service.Type
		judged := documents.Evaluate(c, baseline.Options{})
		if judged.Baseline != d.ID {
			t.Fatalf("judged by %s, want %s", judged.Baseline, d.ID)
		}
		for _, f := range judged.Features {
			if want := d.Entry(f.ID).Severity; f.Severity != want {
				t.Errorf("%s %s: severity %q, want %q", d.ID, f.ID, f.Severity, want)
			}
		}
		for _, f := range judged.Advisories {
			if f.Severity != report.Warning && f.Severity != report.Info {
				t.Errorf("%s %s: level %q", d.ID, f.ID, f.Severity)
			}
		}
	}
}
