package baseline

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"

var dataLeakagePrevention = Feature{
	ID: "DP-2/data-leakage-prevention", Control: "DP-2", ControlTitle: "Monitor anomalies and threats targeting sensitive data",
	Title:          "Data Leakage/Loss Prevention",
	Responsibility: ResponsibilityAbsent, Severity: report.None,
	Documentation: Documentation{
		Summary:     "The article lists data leakage prevention as not supported.",
		Why:         "Keeping the cache off the internet (NS-2) and its logs on (LT-4) is what the service offers instead.",
		Remediation: "nothing to configure",
		References:  []Reference{refArticle},
	},
	Check: unsupported("not supported by the service"),
}
