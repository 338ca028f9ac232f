package baseline

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"

const im3Title = "Manage application identities securely and automatically"

var managedIdentities = Feature{
	ID: "IM-3/managed-identities", Control: "IM-3", ControlTitle: im3Title,
	Title:          "Managed Identities",
	Responsibility: ResponsibilityAbsent, Severity: report.None,
	Documentation: Documentation{
		Summary: "The article lists managed identities for the data plane as not supported.",
		Why: "Since 2024 a data access policy can be assigned to a managed identity, which then signs in with Microsoft Entra ID. The " +
			"cache's own identity block is something else: it serves access to a storage account for persistence.",
		Remediation: "nothing to configure",
		Property:    "properties of accessPolicyAssignments", APIVersion: "2023-05-01-preview",
		References: []Reference{refArticle, refAccess},
	},
	Check: unsupported("the article lists it as not supported; since 2024 a data access policy can be assigned to a managed identity"),
}

var servicePrincipals = Feature{
	ID: "IM-3/service-principals", Control: "IM-3", ControlTitle: im3Title,
	Title:          "Service Principals",
	Responsibility: ResponsibilityAbsent, Severity: report.None,
	Documentation: Documentation{
		Summary: "The article lists service principals for the data plane as not supported.",
		Why: "Since 2024 a data access policy can be assigned to a service principal too. ARM does not say what kind of principal an " +
			"assignment names.",
		Remediation: "nothing to configure",
		Property:    "properties of accessPolicyAssignments", APIVersion: "2023-05-01-preview",
		References: []Reference{refArticle, refAccess},
	},
	Check: unsupported("the article lists it as not supported; since 2024 a data access policy can be assigned to a service principal"),
}
