package baseline

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"

var keyVaultCertificateManagement = Feature{
	ID: "DP-7/key-vault-certificate-management", Control: "DP-7", ControlTitle: "Use a secure certificate management process",
	Title:          "Certificate Management in Azure Key Vault",
	Responsibility: ResponsibilityAbsent, Severity: report.None,
	Documentation: Documentation{
		Summary:     "The article lists certificate management in Azure Key Vault as not supported.",
		Why:         "The service presents a certificate of its own, which the platform renews.",
		Remediation: "nothing to configure",
		References:  []Reference{refArticle},
	},
	Check: unsupported("not supported by the service"),
}
