package baseline_test

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

const workspace = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/w"

// setting adds a diagnostic setting with these logs to these destinations.
func setting(logs posture.Value[[]posture.Log], destinations ...posture.Value[string]) func(*posture.Cache) {
	return func(c *posture.Cache) {
		c.DiagnosticSettings.Items = append(c.DiagnosticSettings.Items, posture.DiagnosticSetting{
			Address: "azurerm_monitor_diagnostic_setting.redis", Logs: logs, Destinations: destinations,
		})
	}
}

func category(name string, enabled posture.Value[bool]) posture.Value[[]posture.Log] {
	return known([]posture.Log{{Category: name, Enabled: enabled}})
}

func logsUnseen(c *posture.Cache) { c.DiagnosticSettings.Observed = false }

var (
	allLogs     = category("allLogs", known(true))
	metricsOnly = unset[[]posture.Log]()
	offLogs     = category("ConnectedClientList", known(false))
	toWorkspace = known(workspace)
)

var resourceLogRows = []row{
	{cell: "an enabled category group to a workspace", edit: setting(allLogs, toWorkspace), status: report.Compliant},
	{cell: "an enabled category to a storage account",
		edit: setting(category("MSEntraAuthenticationAuditLog", known(true)), unset[string](), known("/storage")), status: report.Compliant},
	{cell: "one enabled beside one disabled", edit: setting(known([]posture.Log{{Category: "a", Enabled: known(false)},
		{Category: "b", Enabled: known(true)}}), toWorkspace), status: report.Compliant},
	{cell: "others not observed", edit: all(logsUnseen, setting(allLogs, toWorkspace)), status: report.Compliant},
	{cell: "on an injected cache too", edit: all(injected, setting(allLogs, toWorkspace)), status: report.Compliant},
	{cell: "one of two settings suffices", edit: all(setting(metricsOnly, toWorkspace), setting(allLogs, toWorkspace)),
		status: report.Compliant},
	{cell: "one destination known beside an unknown one", edit: setting(allLogs, later[string](), toWorkspace), status: report.Compliant},

	{cell: "none", edit: nothing, status: report.NonCompliant},
	{cell: "metrics only", edit: setting(metricsOnly, toWorkspace), status: report.NonCompliant, says: []string{"metrics"}},
	{cell: "metrics only: an empty list of logs", edit: setting(known([]posture.Log{}), toWorkspace), status: report.NonCompliant,
		says: []string{"metrics"}},
	{cell: "logs disabled", edit: setting(offLogs, toWorkspace), status: report.NonCompliant, says: []string{"disabled"}},
	{cell: "no destination", edit: setting(allLogs, unset[string]()), status: report.NonCompliant, says: []string{"destination"}},
	{cell: "an empty destination", edit: setting(allLogs, known("")), status: report.NonCompliant, says: []string{"destination"}},
	{cell: "logs to nowhere beside metrics to somewhere", edit: all(setting(allLogs), setting(metricsOnly, toWorkspace)),
		status: report.NonCompliant},
	{cell: "metrics only to an unknown destination", edit: setting(metricsOnly, later[string]()), status: report.NonCompliant},

	{cell: "target unresolvable", edit: func(c *posture.Cache) {
		c.DiagnosticSettings.Doubts = []posture.Doubt{{Address: "azurerm_monitor_diagnostic_setting.maybe",
			Reason: posture.ReasonUnresolvedReference}}
	}, status: report.Unknown, reason: posture.ReasonUnresolvedReference, says: []string{"azurerm_monitor_diagnostic_setting.maybe"}},
	{cell: "metrics only beside a target that is unresolvable", edit: all(setting(metricsOnly, toWorkspace), func(c *posture.Cache) {
		c.DiagnosticSettings.Doubts = []posture.Doubt{{Reason: posture.ReasonUnresolvedReference}}
	}), status: report.Unknown, reason: posture.ReasonUnresolvedReference},
	{cell: "no companion passed", edit: logsUnseen, status: report.Unknown, reason: posture.ReasonNotObserved},
	{cell: "metrics only, others not observed", edit: all(logsUnseen, setting(metricsOnly, toWorkspace)), status: report.Unknown,
		reason: posture.ReasonNotObserved, says: []string{"azurerm_monitor_diagnostic_setting.redis", "metrics"}},
	{cell: "existing: the settings may not be read", edit: func(c *posture.Cache) {
		c.DiagnosticSettings = posture.Set[posture.DiagnosticSetting]{Reason: posture.ReasonForbidden}
	}, status: report.Unknown, reason: posture.ReasonForbidden},
	{cell: "logs not known", edit: setting(unknown[[]posture.Log](posture.ReasonRemoved), toWorkspace), status: report.Unknown,
		reason: posture.ReasonRemoved},
	{cell: "whether the category is enabled is not known", edit: setting(category("audit", later[bool]()), toWorkspace),
		status: report.Unknown, reason: posture.ReasonKnownAfterApply},
	{cell: "whether there is a destination is not known", edit: setting(allLogs, later[string]()), status: report.Unknown,
		reason: posture.ReasonKnownAfterApply},
}
