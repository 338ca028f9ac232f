package baseline

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"

var customerManagedKeyEncryption = Feature{
	ID: "DP-5/customer-managed-key-encryption", Control: "DP-5",
	ControlTitle:   "Use customer-managed key option in data at rest encryption when required",
	Title:          "Data at Rest Encryption Using CMK",
	Responsibility: ResponsibilityAbsent, Severity: report.None,
	Documentation: Documentation{
		Summary: "The article lists encryption with a customer-managed key as not supported.",
		Why: "True for Basic, Standard and Premium to this day. Only the Enterprise tiers and Azure Managed Redis take a key of the " +
			"customer.",
		Remediation: "nothing to configure",
		References:  []Reference{refArticle, refDisk},
	},
	Check: unsupported("not supported by Basic, Standard and Premium; Azure Managed Redis takes a customer-managed key"),
}
