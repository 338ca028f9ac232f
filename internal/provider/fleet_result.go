package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// fleetCache is the part of the result about one cache.
type fleetCache struct {
	ResourceID   string   `json:"resource_id"`
	Name         string   `json:"name"`
	Group        string   `json:"resource_group_name"`
	Subscription string   `json:"subscription_id"`
	Compliant    *bool    `json:"compliant"`
	Violations   []string `json:"violations"`
	Undecided    []string `json:"undecided"`
	Exempt       []string `json:"exempt"`
	Advisories   []string `json:"advisories"`
}

type controlTotal struct {
	Control string `json:"control"`
	Title   string `json:"title"`
	counts
}

type featureTotal struct {
	advisoryTotal
	Control string `json:"control"`
}

type advisoryTotal struct {
	ID       string          `json:"id"`
	Title    string          `json:"title"`
	Severity report.Severity `json:"severity"`
	counts
}

// counts are numbers of verdicts by status, with not_observed as a part of unknown.
type counts struct {
	Compliant     int `json:"compliant"`
	NonCompliant  int `json:"non_compliant"`
	Unknown       int `json:"unknown"`
	NotObserved   int `json:"not_observed"`
	Exempt        int `json:"exempt"`
	NotApplicable int `json:"not_applicable"`
	NotSupported  int `json:"not_supported"`
}

func countsOf(s *report.Summary) counts {
	if s == nil {
		return counts{}
	}
	return counts{s.Compliant, s.NonCompliant, s.Unknown, s.NotObserved, s.Exempt, s.NotApplicable, s.NotSupported}
}

// fill sets the computed attributes of the data source.
func (f *fleet) fill(m *fleetModel) {
	var controls []controlTotal
	var features []featureTotal
	var advisories []advisoryTotal
	seen := map[string]bool{}
	for e := range f.settings.documents.Entries() {
		total := advisoryTotal{ID: e.ID, Title: e.Title, Severity: e.Severity, counts: countsOf(f.rules[e.ID])}
		if e.IsAdvisory() {
			advisories = append(advisories, total)
			continue
		}
		if !seen[e.Control] {
			seen[e.Control] = true
			controls = append(controls, controlTotal{e.Control, e.ControlTitle, countsOf(f.controls[e.Control])})
		}
		features = append(features, featureTotal{total, e.Control})
	}
	m.Compliant, m.Partial = types.BoolPointerValue(compliant(f.result.Summary)), types.BoolValue(f.partial)
	if f.partial && m.Compliant.ValueBool() {
		m.Compliant = types.BoolNull() // what was not seen may be in violation
	}
	m.Summary, m.Caches, m.Unseen = objectValue(f.result.Summary), listOf(f.caches), listOf(f.result.Unseen)
	m.ControlTotals, m.FeatureTotals, m.AdvisoryTotals = listOf(controls), listOf(features), listOf(advisories)
}
