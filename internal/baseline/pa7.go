package baseline

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"

var azureRBAC = Feature{
	ID: "PA-7/azure-rbac", Control: "PA-7", ControlTitle: "Follow just enough administration (least privilege) principle",
	Title:          "Azure RBAC for Data Plane",
	Responsibility: ResponsibilityAbsent, Severity: report.None,
	Documentation: Documentation{
		Summary: "The article lists Azure role-based access control for the data plane as not supported.",
		Why: "That still holds: data access policies are Redis access control lists with an assignment model of their own. " +
			"advisory/least-privilege-access-policy looks at how wide they are.",
		Remediation: "nothing to configure",
		References:  []Reference{refArticle, refAccess},
	},
	Check: unsupported("not supported: data access policies are Redis access control lists, not Azure roles; see " +
		"advisory/least-privilege-access-policy"),
}
