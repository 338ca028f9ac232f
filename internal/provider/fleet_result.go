package provider

import (
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// The result of a fleet in Terraform's types.
var (
	textList       = types.ListType{ElemType: types.StringType}
	fleetCacheType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"resource_id":         types.StringType,
		"name":                types.StringType,
		"resource_group_name": types.StringType,
		"subscription_id":     types.StringType,
		"compliant":           types.BoolType,
		"violations":          textList,
		"undecided":           textList,
		"exempt":              textList,
		"advisories":          textList,
	}}
	controlTotalType  = totalType("control", "title")
	featureTotalType  = totalType("id", "control", "title", "severity")
	advisoryTotalType = totalType("id", "title", "severity")
	unseenType        = types.ObjectType{AttrTypes: map[string]attr.Type{
		"kind": types.StringType, "id": types.StringType, "detail": types.StringType, "forbidden": types.BoolType,
	}}
)

// statuses are the statuses that are counted, with not_observed as a part of
// unknown.
var statuses = []string{"compliant", "non_compliant", "unknown", "not_observed", "exempt", "not_applicable", "not_supported"}

func totalType(names ...string) types.ObjectType {
	attrs := map[string]attr.Type{}
	for _, name := range names {
		attrs[name] = types.StringType
	}
	for _, name := range statuses {
		attrs[name] = types.NumberType
	}
	return types.ObjectType{AttrTypes: attrs}
}

func totalOf(t types.ObjectType, s *report.Summary, texts map[string]string) attr.Value {
	if s == nil {
		s = &report.Summary{}
	}
	counts := map[string]int{
		"compliant": s.Compliant, "non_compliant": s.NonCompliant, "unknown": s.Unknown, "not_observed": s.NotObserved,
		"exempt": s.Exempt, "not_applicable": s.NotApplicable, "not_supported": s.NotSupported,
	}
	values := map[string]attr.Value{}
	for name, text := range texts {
		values[name] = types.StringValue(text)
	}
	for _, name := range statuses {
		values[name] = types.NumberValue(big.NewFloat(float64(counts[name])))
	}
	return types.ObjectValueMust(t.AttrTypes, values)
}

func listOf(t types.ObjectType, values []attr.Value) types.List {
	if values == nil {
		values = []attr.Value{}
	}
	return types.ListValueMust(t, values)
}

func texts(items []string) types.List {
	values := make([]attr.Value, 0, len(items))
	for _, s := range items {
		values = append(values, types.StringValue(s))
	}
	return types.ListValueMust(types.StringType, values)
}

// fill sets the computed attributes of the data source.
func (f *fleet) fill(m *fleetModel) {
	var caches, controls, features, advisories, unseen []attr.Value
	for _, c := range f.caches {
		caches = append(caches, types.ObjectValueMust(fleetCacheType.AttrTypes, map[string]attr.Value{
			"resource_id": types.StringValue(c.id), "name": types.StringValue(c.name),
			"resource_group_name": types.StringValue(c.group), "subscription_id": types.StringValue(c.subscription),
			"compliant":  types.BoolPointerValue(c.compliant),
			"violations": texts(c.violations), "undecided": texts(c.undecided), "exempt": texts(c.exempt), "advisories": texts(c.advisories),
		}))
	}
	seen := map[string]bool{}
	for e := range f.settings.documents.Entries() {
		about := map[string]string{"id": e.ID, "title": e.Title, "severity": string(e.Severity)}
		if e.IsAdvisory() {
			advisories = append(advisories, totalOf(advisoryTotalType, f.rules[e.ID], about))
			continue
		}
		if !seen[e.Control] {
			seen[e.Control] = true
			controls = append(controls, totalOf(controlTotalType, f.controls[e.Control],
				map[string]string{"control": e.Control, "title": e.ControlTitle}))
		}
		about["control"] = e.Control
		features = append(features, totalOf(featureTotalType, f.rules[e.ID], about))
	}
	for _, u := range f.result.Unseen {
		unseen = append(unseen, types.ObjectValueMust(unseenType.AttrTypes, map[string]attr.Value{
			"kind": types.StringValue(u.Kind), "id": types.StringValue(u.ID), "detail": types.StringValue(u.Detail),
			"forbidden": types.BoolValue(u.Forbidden),
		}))
	}
	m.Compliant = types.BoolPointerValue(f.compliant())
	m.Partial = types.BoolValue(f.partial)
	m.Summary = results{documents: f.settings.documents}.summary(f.result.Summary)
	m.Caches, m.ControlTotals, m.FeatureTotals = listOf(fleetCacheType, caches), listOf(controlTotalType, controls),
		listOf(featureTotalType, features)
	m.AdvisoryTotals, m.Unseen = listOf(advisoryTotalType, advisories), listOf(unseenType, unseen)
}
