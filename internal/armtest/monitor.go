package armtest

import "slices"

// The type of Azure Monitor.
func init() {
	addTypes(resourceType{name: "Microsoft.Insights/diagnosticSettings", extension: true, ofCache: true,
		versions: []string{"2017-05-01-preview", "2021-05-01-preview"}, check: checkDiagnosticSetting, complete: completeDiagnosticSetting})
}

// diagnostics are the logs and metrics of a resource type that diagnostic settings
// can enable.
type diagnostics struct {
	logs, groups []string // categories and category groups of logs
	metrics      bool
}

func checkDiagnosticSetting(_ *Server, setting change) response {
	properties := objectAt(setting.body, "properties")
	if !slices.ContainsFunc([]string{"storageAccountId", "workspaceId", "eventHubAuthorizationRuleId", "marketplacePartnerId"},
		func(name string) bool { return textAt(properties, name) != "" }) {
		return badRequest("At least one data sink needs to be specified.")
	}
	has := resourceTypes[parseTarget(setting.scope).typeKey()].diagnostics
	if has == nil {
		return response{}
	}
	logs, _ := properties["logs"].([]any)
	for _, log := range logs {
		if category := textAt(log, "category"); category != "" && !slices.Contains(has.logs, category) {
			return badRequest("Category '%s' is not supported.", category)
		}
		if group := textAt(log, "categoryGroup"); group != "" && !slices.Contains(has.groups, group) {
			return badRequest("Category group '%s' is not supported.", group)
		}
	}
	if metrics, _ := properties["metrics"].([]any); len(metrics) > 0 && !has.metrics {
		return badRequest("Metric category '%s' is not supported.", textAt(metrics[0], "category"))
	}
	return response{}
}

func completeDiagnosticSetting(setting *resource, _ Cache) {
	properties := objectAt(setting.body, "properties")
	for _, name := range []string{"storageAccountId", "serviceBusRuleId", "workspaceId", "eventHubAuthorizationRuleId", "eventHubName",
		"marketplacePartnerId", "logAnalyticsDestinationType"} {
		setDefault(properties, name, nil)
	}
	for _, list := range []string{"logs", "metrics"} {
		setDefault(properties, list, []any{})
		entries, _ := properties[list].([]any)
		for _, entry := range entries {
			if one, isObject := entry.(object); isObject {
				setDefault(one, "category", nil)
				if list == "logs" {
					setDefault(one, "categoryGroup", nil)
				}
				setDefault(one, "retentionPolicy", object{"enabled": false, "days": float64(0)})
			}
		}
	}
}
