package provider

import (
	"math/big"
	"sort"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// The report in Terraform's types, in the names of the JSON report.
var (
	evidenceType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"path":  types.StringType,
		"value": types.StringType,
		"state": types.StringType,
	}}
	findingType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"cache":    types.StringType,
		"id":       types.StringType,
		"control":  types.StringType,
		"title":    types.StringType,
		"severity": types.StringType,
		"status":   types.StringType,
		"reason":   types.StringType,
		"since":    types.StringType,
		"message":  types.StringType,
		"evidence": types.ListType{ElemType: evidenceType},
	}}
	// verdictType is a finding as a data source keeps it in its state: without
	// what the baseline guide says of its id, and without the evidence, which
	// report_json has.
	verdictType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"cache":    types.StringType,
		"id":       types.StringType,
		"severity": types.StringType,
		"status":   types.StringType,
		"reason":   types.StringType,
		"since":    types.StringType,
		"message":  types.StringType,
	}}
	summaryType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"caches":         types.NumberType,
		"compliant":      types.NumberType,
		"non_compliant":  types.NumberType,
		"unknown":        types.NumberType,
		"not_observed":   types.NumberType,
		"exempt":         types.NumberType,
		"not_applicable": types.NumberType,
		"not_supported":  types.NumberType,
		"unjudged":       types.NumberType,
	}}
	reportType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"name":        types.StringType,
		"resource_id": types.StringType,
		"type":        types.StringType,
		"compliant":   types.BoolType,
		"summary":     summaryType,
		"features":    types.ListType{ElemType: findingType},
		"advisories":  types.ListType{ElemType: findingType},
	}}
)

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
	return types.ObjectValueMust(reportType.AttrTypes, map[string]attr.Value{
		"name":        unless(r.openName, optionalText(c.Name)),
		"resource_id": unless(r.openID, optionalText(c.ResourceID)),
		"type":        types.StringValue(c.Type),
		"compliant":   r.compliant(c),
		"summary":     r.summary(total, c),
		"features":    r.findings(c, c.Features),
		"advisories":  r.findings(c, c.Advisories),
	})
}

func (r results) compliant(c report.Cache) types.Bool {
	switch {
	case c.Compliant != nil && !*c.Compliant:
		return types.BoolValue(false)
	case r.open && anyUnknown(c.Features):
		return types.BoolUnknown()
	default:
		return types.BoolPointerValue(c.Compliant)
	}
}

func (r results) summary(s report.Summary, caches ...report.Cache) types.Object {
	for _, c := range caches {
		if r.open && anyUnknown(c.Features) {
			return types.ObjectUnknown(summaryType.AttrTypes)
		}
	}
	n := func(i int) types.Number { return types.NumberValue(big.NewFloat(float64(i))) }
	return types.ObjectValueMust(summaryType.AttrTypes, map[string]attr.Value{
		"caches": n(s.Caches), "compliant": n(s.Compliant), "non_compliant": n(s.NonCompliant), "unknown": n(s.Unknown),
		"not_observed": n(s.NotObserved), "exempt": n(s.Exempt), "not_applicable": n(s.NotApplicable), "not_supported": n(s.NotSupported),
		"unjudged": n(s.Unjudged),
	})
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
	return types.ListValueMust(findingType, values)
}

// all returns what of several caches goes into the state, each with the title of
// its cache: all features, and the advisories that somebody may want to act on.
func (r results) all(judged []judgement) (features, advisories types.List) {
	f, a := []attr.Value{}, []attr.Value{}
	for _, j := range judged {
		for _, finding := range j.report.Features {
			f = append(f, r.verdict(j.title, finding))
		}
		for _, finding := range j.report.Advisories {
			if finding.Status != report.Compliant && finding.Status != report.NotApplicable {
				a = append(a, r.verdict(j.title, finding))
			}
		}
	}
	return types.ListValueMust(verdictType, f), types.ListValueMust(verdictType, a)
}

func (r results) verdict(title string, f report.Finding) attr.Value {
	values := map[string]attr.Value{
		"cache":    types.StringValue(title),
		"id":       types.StringValue(f.ID),
		"severity": types.StringNull(),
		"status":   types.StringValue(string(f.Status)),
		"reason":   optionalText(f.Reason),
		"since":    types.StringPointerValue((*string)(f.Since)),
		"message":  types.StringNull(), // in report_json where nothing is to be done
	}
	if f.Status == report.NonCompliant || f.Status == report.Unknown || f.Status == report.Exempt || f.Since != nil {
		values["message"] = types.StringValue(f.Message)
	}
	if e := r.documents.Entry(f.ID); e != nil {
		values["severity"] = types.StringValue(string(levelOf(e, f)))
	}
	return types.ObjectValueMust(verdictType.AttrTypes, values)
}

func (r results) finding(c report.Cache, f report.Finding) attr.Value {
	open := r.open && f.Status != report.NotSupported
	undecided := open && f.Status == report.Unknown
	values := map[string]attr.Value{
		"cache":    unless(r.openName, types.StringValue(c.DisplayName)),
		"id":       types.StringValue(f.ID),
		"control":  types.StringNull(),
		"title":    types.StringNull(),
		"severity": types.StringNull(),
		"status":   unless(undecided, types.StringValue(string(f.Status))),
		"reason":   unless(undecided, optionalText(f.Reason)),
		"since":    types.StringNull(),
		"message":  unless(open, types.StringValue(f.Message)),
		"evidence": types.ListUnknown(evidenceType),
	}
	if e := r.documents.Entry(f.ID); e != nil {
		values["title"], values["severity"] = types.StringValue(e.Title), types.StringValue(string(levelOf(e, f)))
		if !e.IsAdvisory() {
			values["control"] = types.StringValue(e.Control)
		}
	}
	if f.Since != nil {
		values["since"] = types.StringValue(string(*f.Since))
	}
	if !open {
		values["evidence"] = evidenceOf(f)
	}
	return types.ObjectValueMust(findingType.AttrTypes, values)
}

// levelOf is the severity of an entry for one cache.
func levelOf(e *baseline.Entry, f report.Finding) report.Severity {
	if f.Level != "" {
		return f.Level
	}
	return e.Severity
}

func evidenceOf(f report.Finding) types.List {
	values := make([]attr.Value, 0, len(f.Evidence))
	for _, e := range f.Evidence {
		value := types.StringNull()
		if e.Value != nil {
			value = types.StringValue(string(e.Value))
		}
		values = append(values, types.ObjectValueMust(evidenceType.AttrTypes, map[string]attr.Value{
			"path": types.StringValue(e.Path), "value": value, "state": types.StringValue(string(e.State)),
		}))
	}
	return types.ListValueMust(evidenceType, values)
}

// unless returns an unknown string where open is true.
func unless(open bool, v types.String) types.String {
	if open {
		return types.StringUnknown()
	}
	return v
}

func optionalText(s *string) types.String { return types.StringPointerValue(s) }

func sortedByID(findings []report.Finding) []report.Finding {
	out := append([]report.Finding{}, findings...)
	sort.SliceStable(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}
