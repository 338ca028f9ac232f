package baseline

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

var azureResourceLogs = &Rule{
	ID: "LT-4/azure-resource-logs",
	Documentation: Documentation{
		Summary: "A diagnostic setting sends at least one log category of the cache somewhere.",
		Why: "Without resource logs nobody can tell afterwards who was connected. Metrics are no logs. Microsoft's " +
			"security baseline for the service prints this control with the title of LT-3; in the benchmark LT-4 is about network logging.",
		Good: `resource "azurerm_monitor_diagnostic_setting" "example" {
  name                       = "redis-logs"
  target_resource_id         = azurerm_redis_cache.example.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.example.id

  enabled_log {
    category_group = "allLogs"
  }
}`,
		Bad: `resource "azurerm_monitor_diagnostic_setting" "example" {
  # metrics only: no enabled_log
  enabled_metric {
    category = "AllMetrics"
  }
  # ...
}`,
		Property: "Microsoft.Insights/diagnosticSettings: properties.logs[].enabled", APIVersion: "2021-05-01-preview",
		References: []Reference{refLogs},
		Policies: []Policy{
			{"187242f4-89c6-4c43-9a4e-188c0efacc5f", "counts the category groups audit and allLogs, no single categories"},
			{"a142867f-3142-4ac6-b952-ab950a29fca5", oneDestination},
			{"aec4c33f-2f2a-4fd3-91cd-24a939513c60", oneDestination},
			{"d3e11828-02c8-40d2-a518-ad01508bb4d7", oneDestination},
		},
		Peers: []Peer{{"AzTS", "Azure_RedisCache_Audit_Enable_Diagnostic_Settings",
			"asks for the category ConnectedClientList, and for 90 days in a storage account"}},
	},
	Remedies: []Remedy{{
		Azurerm: `add an azurerm_monitor_diagnostic_setting with target_resource_id = {id}, a destination such as ` +
			`log_analytics_workspace_id, and category_group = "allLogs" inside enabled_log`,
		Azapi: `add an azapi_resource of type Microsoft.Insights/diagnosticSettings with parent_id = {id}, and properties.logs ` +
			`= [{ categoryGroup = "allLogs", enabled = true }] and a destination such as properties.workspaceId inside body`,
		Own: `diagnostic_settings = { logs = { log_analytics_workspace_id = var.workspace_id } }`,
		Az: `az monitor diagnostic-settings create --name redis-logs --resource {name} {group} --resource-type {type} ` +
			`--workspace "$WORKSPACE_ID" --logs '[{"categoryGroup":"allLogs","enabled":true}]'`,
		Companion: DiagnosticSetting,
	}},
	Check: checkResourceLogs,
}

func checkResourceLogs(c *posture.Cache) Verdict {
	const path = "diagnostic_setting"
	set := c.DiagnosticSettings
	unknown := unknownAt(path)
	insufficient := ""
	for _, s := range set.Items {
		if logs(s).And(destined(s)) == posture.True {
			return compliant("a diagnostic setting sends resource logs", seenAt(path, s.Asserted, firstOf(s.Address, "present")))
		}
		if insufficient == "" {
			insufficient = whyInsufficient(s)
		}
	}
	for _, s := range set.Items {
		if logs(s).And(destined(s)) == posture.Maybe {
			return undecided(whyUndecided(s), named("whether ", s.Address, "a diagnostic setting", " sends resource logs somewhere is not known"),
				unknown)
		}
	}
	switch {
	case len(set.Doubts) > 0:
		d := set.Doubts[0]
		return maybeRelated(d, "", "a diagnostic setting", " may or may not be for this cache", unknown)
	case !set.Observed && insufficient != "":
		return undecided(set.Why(), hidden(insufficient+", and another setting may exist outside", set.Detail), unknown)
	case !set.Observed:
		return undecided(set.Why(), hidden("no diagnostic setting is visible here", set.Detail), unknown)
	case insufficient != "":
		return violated(insufficient, "sends no resource logs",
			seenAt(path, set.Items[0].Asserted, firstOf(set.Items[0].Address, "present"))).
			about(set.Items[0].Address)
	default:
		return violated("no diagnostic setting sends resource logs", "sends no resource logs", noneAt(path))
	}
}

// logs reports whether at least one log category or group is enabled.
func logs(s posture.DiagnosticSetting) posture.Tri {
	if s.OnCluster {
		return posture.False
	}
	entries, ok := s.Logs.Get()
	if !ok {
		if s.Logs.IsUnset() {
			return posture.False
		}
		return posture.Maybe
	}
	result := posture.False
	for _, l := range entries {
		result = result.Or(posture.Is(l.Enabled.OrDefault(true), true))
	}
	return result
}

// destined reports whether at least one destination is set.
func destined(s posture.DiagnosticSetting) posture.Tri {
	result := posture.False
	for _, d := range s.Destinations {
		switch {
		case d.IsKnown() && d.V != "":
			return posture.True
		case d.IsUnknown():
			result = posture.Maybe
		}
	}
	return result
}

func whyInsufficient(s posture.DiagnosticSetting) string {
	entries, _ := s.Logs.Get()
	switch {
	case s.OnCluster:
		return named("", s.Address, "the diagnostic setting", " is on the cluster, which has metrics only: the logs are those of its database")
	case logs(s) == posture.False && len(entries) > 0:
		return named("", s.Address, "the diagnostic setting", " has all its logs disabled")
	case logs(s) == posture.False:
		return named("", s.Address, "the diagnostic setting", " sends metrics only")
	default:
		return named("", s.Address, "the diagnostic setting", " has no destination")
	}
}

func whyUndecided(s posture.DiagnosticSetting) posture.Reason {
	if s.Logs.IsUnknown() {
		return s.Logs.Why()
	}
	for _, l := range s.Logs.V {
		if l.Enabled.IsUnknown() {
			return l.Enabled.Why()
		}
	}
	for _, d := range s.Destinations {
		if d.IsUnknown() {
			return d.Why()
		}
	}
	return posture.ReasonKnownAfterApply
}
