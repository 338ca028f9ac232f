package migrate

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

var operationDifferences = []difference{
	{
		Entry: Entry{
			ID: "migration/terraform-resource", Severity: Change, Title: "Resource of azurerm",
			Action: "declare azurerm_managed_redis; after a move in place remove the old resources from the state and import the cluster by its id",
			Source: fromAzurerm,
		},
		of: service.Enterprise,
		check: func(r *retiring) concern {
			if r.Dialect != posture.DialectEnterprise {
				return unconcerned
			}
			return concerned("azurerm 5 has neither azurerm_redis_enterprise_cluster nor azurerm_redis_enterprise_database, and no moved block " +
				"leads to azurerm_managed_redis")
		},
	},
	{
		Entry: Entry{
			ID: "migration/name", Severity: Change, Title: "Name",
			Action: "choose a name of 3 to 60 letters, digits and single hyphens", Source: fromSpec,
			Look: "the state shows the name",
		},
		of: service.Redis,
		check: func(r *retiring) concern {
			bad := posture.Is(posture.Map(r.Name, validName), false)
			return byFact(r.Name, bad, "the name of the cache is none that the target could have",
				"whether the target could have the name of the cache is not known")
		},
	},
	{
		Entry: Entry{
			ID: "migration/diagnostic-settings", Severity: Change, Title: "Resource logs",
			Action: "make a diagnostic setting on databases/default of the target with the category group allLogs; queries read the table " +
				"REDConnectionEvents instead",
			Source: fromLogs,
			Look:   "az monitor diagnostic-settings list shows them",
		},
		check: func(r *retiring) concern {
			return bySet(&r.DiagnosticSettings, settingAddress,
				"diagnostic settings belong to the old cache; the logs of the target are ConnectionEvents of its database",
				"diagnostic settings may belong to the old cache; the logs of the target are ConnectionEvents of its database")
		},
	},
	{
		Entry: Entry{
			ID: "migration/alerts", Severity: Change, Title: "Alerts and metrics",
			Action: "make the alerts anew with metrics of Microsoft.Cache/redisEnterprise, which has no usedmemoryRss and no ShardId",
			Source: fromMetrics,
			Look:   "az monitor metrics alert list shows the alerts",
		},
		check: func(r *retiring) concern {
			return r.byReference(watching, "alerts or dashboards watch the old cache and its metrics, and those of the target differ",
				"alerts and dashboards may watch the old cache and its metrics, and those of the target differ")
		},
	},
	{
		Entry: Entry{
			ID: "migration/policy-assignments", Severity: Change, Title: "Azure Policy assignments",
			Action: "assign definitions for Microsoft.Cache/redisEnterprise, or version 2 of the Microsoft cloud security benchmark, which " +
				"holds some",
			Source: fromPolicies,
			Look:   "az policy assignment list shows them",
		},
		of: service.Redis,
		check: func(r *retiring) concern {
			const differ = "definitions for Microsoft.Cache/redis do not watch the target"
			assignments := addresses(r.PolicyAssignments.Items, assignmentAddress)
			switch r.watchedByPolicy() {
			case report.Compliant:
				return concerned("an Azure Policy assignment watches the cache, and "+differ, assignments...)
			case report.NonCompliant:
				return unconcerned
			default:
				return concern{message: hidden("Azure Policy assignments may watch the cache, and "+differ, whyOpen(&r.PolicyAssignments)),
					objects: assignments}
			}
		},
	},
	{
		Entry: Entry{
			ID: "migration/scheduled-updates", Severity: Change, Title: "Scheduled updates",
			Action: "set maintenance windows on the target with api-version 2026-09-01 or newer (preview), of which two or more a week make 18 " +
				"hours; azurerm 5.2 has no argument for it",
			Source: fromWindows,
			Look:   "az redis patch-schedule show prints the schedule",
		},
		of: service.Redis,
		check: func(r *retiring) concern {
			set := posture.Is(posture.Map(r.MaintenanceWindows.OrDefault(0), func(n int) bool { return n > 0 }), true)
			return byFact(r.MaintenanceWindows, set, "updates are scheduled, and the schedule does not move with the cache",
				"whether updates are scheduled is not known")
		},
	},
	{
		Entry: Entry{
			ID: "migration/update-channel", Severity: Notice, Title: "Update channel",
			Action: "test new versions on a cache of your own: the target has no update channel", Source: fromSkill,
			Look: "az redis show prints updateChannel",
		},
		of: service.Redis,
		check: func(r *retiring) concern {
			channel := r.UpdateChannel.OrDefault("Stable")
			preview := posture.Is(posture.Map(channel, func(c string) bool { return strings.EqualFold(c, "Preview") }), true)
			return byFact(channel, preview, "the cache takes updates early by its channel Preview, and the target has no channels",
				"the update channel is not known")
		},
	},
}

// watching are the resource types of azurerm that watch metrics, logs or changes.
var watching = []string{
	"azurerm_monitor_metric_alert.", "azurerm_monitor_activity_log_alert.", "azurerm_monitor_scheduled_query_rules_alert.",
	"azurerm_monitor_scheduled_query_rules_alert_v2.", "azurerm_portal_dashboard.", "azurerm_application_insights_workbook.",
}

// validName reports whether Azure Resource Manager and azurerm take a name for a cache
// of Azure Managed Redis: 3 to 60 letters, digits and single hyphens inside.
// Source: specification of 2026-09-01, and azurerm 5.2, which allows 63.
func validName(name string) bool {
	if len(name) < 3 || len(name) > 60 || name[0] == '-' || name[len(name)-1] == '-' || strings.Contains(name, "--") {
		return false
	}
	return strings.Trim(name, "-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
