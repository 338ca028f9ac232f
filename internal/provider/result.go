package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// evaluated is the result of the function evaluate, in the names of the JSON report.
type evaluated struct {
	Name       *string        `json:"name"`
	ResourceID *string        `json:"resource_id"`
	Type       string         `json:"type"`
	Compliant  *bool          `json:"compliant"`
	Summary    report.Summary `json:"summary"`
	Features   []finding      `json:"features"`
	Advisories []finding      `json:"advisories"`
}

// verdict is a finding as a data source keeps it in its state: without what the
// baseline guide says of its id, and without the evidence, which report_json has.
type verdict struct {
	Cache    string          `json:"cache"`
	ID       string          `json:"id"`
	Severity report.Severity `json:"severity"`
	Status   report.Status   `json:"status"`
	Reason   *string         `json:"reason"`
	Since    *report.Since   `json:"since"`
	Message  *string         `json:"message"`
}

type finding struct {
	verdict
	Control  *string           `json:"control"`
	Title    string            `json:"title"`
	Evidence []report.Evidence `json:"evidence"`
}

// results turns reports into Terraform values.
type results struct {
	documents baseline.Documents
	// open says that a fact is not known yet. Everything that it may still change
	// must be unknown: the status of a decided verdict does not change, but its
	// message and its evidence may.
	open     bool
	openName bool
	openID   bool
}

// report is the result of the function evaluate.
func (r results) report(c report.Cache) types.Object {
	var total report.Summary
	total.Add(c)
	undecided := r.open && anyUnknown(c.Features)
	var open []string
	for name, is := range map[string]bool{
		"name": r.openName, "resource_id": r.openID, "summary": undecided,
		"compliant": undecided && (c.Compliant == nil || *c.Compliant),
	} {
		if is {
			open = append(open, name)
		}
	}
	known := objectValue(evaluated{Name: c.Name, ResourceID: c.ResourceID, Type: c.Type, Compliant: c.Compliant, Summary: total}, open...)
	attrs := known.Attributes()
	attrs["features"], attrs["advisories"] = r.findings(c, c.Features), r.findings(c, c.Advisories)
	return types.ObjectValueMust(objectOf[evaluated]().AttrTypes, attrs)
}

// compliant is whether all caches are compliant; nil where that is undecided, where
// there is none, and where one that was not judged may be in violation.
func compliant(s report.Summary) *bool {
	is := s.NonCompliant == 0
	if is && (s.Caches == 0 || s.Unjudged > 0 || s.Unknown > s.NotObserved) {
		return nil
	}
	return &is
}

func anyUnknown(findings []report.Finding) bool {
	for _, f := range findings {
		if f.Status == report.Unknown {
			return true
		}
	}
	return false
}

// findings returns the findings; an empty list, never null, where there are none.
func (r results) findings(c report.Cache, findings []report.Finding) types.List {
	values := make([]attr.Value, 0, len(findings))
	for _, f := range findings {
		values = append(values, r.finding(c, f))
	}
	return types.ListValueMust(objectOf[finding](), values)
}

func (r results) finding(c report.Cache, f report.Finding) types.Object {
	out := finding{verdict: verdictOf(c.DisplayName, f), Evidence: f.Evidence}
	out.Message = &f.Message
	e := r.documents.For(c.Type).Entry(f.ID)
	if out.Title = e.Title; !e.IsAdvisory() {
		out.Control = &e.Control
	}
	var open []string
	if r.openName {
		open = append(open, "cache")
	}
	if r.open && f.Status != report.NotSupported {
		open = append(open, "message", "evidence")
		if f.Status == report.Unknown {
			open = append(open, "status", "reason")
		}
	}
	return objectValue(out, open...)
}

// verdictsOf returns what of several caches goes into the state, each with the title of
// its cache: all features, and the advisories that somebody may want to act on.
func verdictsOf(judged []judgement) (features, advisories []verdict) {
	for _, j := range judged {
		for _, f := range j.report.Features {
			features = append(features, verdictOf(j.title, f))
		}
		for _, f := range j.report.Advisories {
			if f.Status != report.Compliant && f.Status != report.NotApplicable {
				advisories = append(advisories, verdictOf(j.title, f))
			}
		}
	}
	return features, advisories
}

// verdictOf is a finding on a cache.
func verdictOf(title string, f report.Finding) verdict {
	out := verdict{Cache: title, ID: f.ID, Severity: f.Severity, Status: f.Status, Reason: f.Reason, Since: f.Since}
	if f.Status == report.NonCompliant || f.Status == report.Unknown || f.Status == report.Exempt || f.Since != nil {
		out.Message = &f.Message // in report_json where nothing is to be done
	}
	return out
}
