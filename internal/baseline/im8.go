package baseline

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"

var keyVaultCredentials = Feature{
	ID: "IM-8/key-vault-credentials", Control: "IM-8", ControlTitle: "Restrict the exposure of credential and secrets",
	Title:          "Service Credential and Secrets Support Integration and Storage in Azure Key Vault",
	Responsibility: ResponsibilityAbsent, Severity: report.None,
	Documentation: Documentation{
		Summary: "The article lists keeping the cache's credentials in Azure Key Vault as not supported.",
		Why: "The service does not put its access keys into a vault by itself. Better than keeping keys anywhere is to have none: see " +
			"advisory/access-keys-disabled and advisory/keys-in-state.",
		Remediation: "nothing to configure",
		References:  []Reference{refArticle},
	},
	Check: unsupported("the article lists it as not supported; see advisory/access-keys-disabled and advisory/keys-in-state"),
}
