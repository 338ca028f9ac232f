package baseline

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"

var microsoftDefender = Feature{
	ID: "LT-1/microsoft-defender", Control: "LT-1", ControlTitle: "Enable threat detection capabilities",
	Title:          "Microsoft Defender for Service / Product Offering",
	Responsibility: ResponsibilityAbsent, Severity: report.None,
	Documentation: Documentation{
		Summary:     "The article says that Microsoft Defender has no plan for the service.",
		Why:         "Defender for Cloud still rates caches by Azure Policy (AM-2), which is posture and not threat detection.",
		Remediation: "nothing to configure",
		References:  []Reference{refArticle},
	},
	Check: unsupported("not supported: Microsoft Defender has no plan for the service"),
}
