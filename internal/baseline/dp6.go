package baseline

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"

var keyVaultKeyManagement = Feature{
	ID: "DP-6/key-vault-key-management", Control: "DP-6", ControlTitle: "Use a secure key management process",
	Title:          "Key Management in Azure Key Vault",
	Responsibility: ResponsibilityAbsent, Severity: report.None,
	Documentation: Documentation{
		Summary:     "The article lists key management in Azure Key Vault as not supported.",
		Why:         "Without customer-managed keys (DP-5) there is no key of yours to manage.",
		Remediation: "nothing to configure",
		References:  []Reference{refArticle},
	},
	Check: unsupported("not supported by the service"),
}
