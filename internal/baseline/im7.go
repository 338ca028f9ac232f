package baseline

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"

var conditionalAccess = Feature{
	ID: "IM-7/conditional-access", Control: "IM-7", ControlTitle: "Restrict resource access based on conditions",
	Title:          "Conditional Access for Data Plane",
	Responsibility: ResponsibilityAbsent, Severity: report.None,
	Documentation: Documentation{
		Summary: "The article lists Conditional Access for the data plane as not supported.",
		Why: "With Microsoft Entra authentication a Conditional Access policy of the tenant can govern sign-in. It lives in Microsoft " +
			"Entra ID and is no property of the cache, so that nothing here can judge it.",
		Remediation: "nothing to configure",
		References:  []Reference{refArticle, refEntra},
	},
	Check: unsupported("the article lists it as not supported; with Microsoft Entra authentication a policy of the tenant can govern " +
		"sign-in, outside this configuration"),
}
