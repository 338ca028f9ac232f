package baseline

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"

var sensitiveDataDiscovery = Feature{
	ID: "DP-1/sensitive-data-discovery", Control: "DP-1", ControlTitle: "Discover, classify, and label sensitive data",
	Title:          "Sensitive Data Discovery and Classification",
	Responsibility: ResponsibilityAbsent, Severity: report.None,
	Documentation: Documentation{
		Summary:     "The article lists discovery and classification of sensitive data as not supported.",
		Why:         "No scanner of Azure looks into the keys and values of a cache; what is kept there is for its owner to know.",
		Remediation: "nothing to configure",
		References:  []Reference{refArticle},
	},
	Check: unsupported("not supported by the service"),
}
