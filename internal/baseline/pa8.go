package baseline

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"

var customerLockbox = Feature{
	ID: "PA-8/customer-lockbox", Control: "PA-8", ControlTitle: "Determine access process for cloud provider support",
	Title:          "Customer Lockbox",
	Responsibility: ResponsibilityAbsent, Severity: report.None,
	Documentation: Documentation{
		Summary:     "The article lists Customer Lockbox as not supported.",
		Why:         "Microsoft's lists of services that Customer Lockbox covers do not name the cache.",
		Remediation: "nothing to configure",
		References:  []Reference{refArticle},
	},
	Check: unsupported("not supported by the service"),
}
