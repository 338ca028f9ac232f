package baseline

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"

var localAdminAccounts = Feature{
	ID: "PA-1/local-admin-accounts", Control: "PA-1", ControlTitle: "Separate and limit highly privileged/administrative users",
	Title:          "Local Admin Accounts",
	Responsibility: ResponsibilityAbsent, Severity: report.None,
	Documentation: Documentation{
		Summary: "The article says that the service has no local administrator accounts.",
		Why: "Access keys grant everything on the data plane, yet the article does not count them as administrator accounts. " +
			"advisory/access-keys-disabled judges them.",
		Remediation: "nothing to configure",
		References:  []Reference{refArticle},
	},
	Check: unsupported("the service has no local administrator accounts"),
}
