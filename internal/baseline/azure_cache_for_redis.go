package baseline

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// This is Microsoft's Azure security baseline for Azure Cache for Redis, whose
// text dates from February 2023.
func init() {
	publish(&Document{
		ID:        "azure-cache-for-redis",
		Title:     "Azure security baseline for Azure Cache for Redis",
		URL:       "https://learn.microsoft.com/security/benchmark/azure/baselines/azure-cache-for-redis-security-baseline",
		Published: "2025-02-25",
		Benchmark: "MCSB v1.0",
		Service:   service.Redis,
		Guide:     "baseline.md",
		Features: []Entry{
			{Rule: virtualNetworkIntegration, Title: "Virtual Network Integration", Controls: both("NS-1"),
				Responsibility: Customer, Supported: true, Severity: report.Low},
			{Rule: networkSecurityGroupSupport, Title: "Network Security Group Support", Controls: both("NS-1"),
				Responsibility: Customer, Supported: true, Severity: report.Medium},
			{Rule: azurePrivateLink, Title: "Azure Private Link", Controls: both("NS-2"),
				ControlTitle:   "Secure cloud services with network controls",
				Responsibility: Customer, Supported: true, Severity: report.Medium},
			{Rule: disablePublicNetworkAccess, Title: "Disable Public Network Access", Controls: both("NS-2"),
				ControlTitle:   "Secure cloud services with network controls",
				Responsibility: Microsoft, Supported: true, Default: true, Severity: report.High},
			{Title: "Azure AD Authentication Required for Data Plane Access", Controls: both("IM-1"),
				Rule: absent("IM-1/azure-ad-authentication",
					"Microsoft's baseline lists it as not supported; the service offers Microsoft Entra authentication since 2024, see "+
						"advisory/entra-authentication",
					Documentation{
						Summary: "Microsoft's baseline lists Microsoft Entra authentication as something the service lacks.",
						Why: "That is how it stood in February 2023. The service has offered Microsoft Entra authentication on all tiers since May " +
							"2024; advisory/entra-authentication and advisory/access-keys-disabled judge it.",
						Property: `properties.redisConfiguration["aad-enabled"]`, APIVersion: "2023-05-01-preview",
						References: []Reference{refEntra},
					}, " for Microsoft's baseline; see advisory/entra-authentication")},
			{Rule: localAuthenticationMethods, Title: "Local Authentication Methods for Data Plane Access", Controls: both("IM-1"),
				Responsibility: Microsoft, Supported: true, Default: true, Severity: report.High},
			{Title: "Managed Identities", Controls: both("IM-3"),
				Rule: absent("IM-3/managed-identities",
					"Microsoft's baseline lists it as not supported; since 2024 a data access policy can be assigned to a managed identity",
					Documentation{
						Summary: "Microsoft's baseline lists managed identities for the data plane as not supported.",
						Why: "Since 2024 a data access policy can be assigned to a managed identity, which then signs in with Microsoft Entra ID. The " +
							"cache's own identity block is something else: it serves access to a storage account for persistence.",
						Property: "properties of accessPolicyAssignments", APIVersion: "2023-05-01-preview",
						References: []Reference{refAccess},
					})},
			{Title: "Service Principals", Controls: both("IM-3"),
				Rule: absent("IM-3/service-principals",
					"Microsoft's baseline lists it as not supported; since 2024 a data access policy can be assigned to a service principal",
					Documentation{
						Summary: "Microsoft's baseline lists service principals for the data plane as not supported.",
						Why: "Since 2024 a data access policy can be assigned to a service principal too. ARM does not say what kind of principal an " +
							"assignment names.",
						Property: "properties of accessPolicyAssignments", APIVersion: "2023-05-01-preview",
						References: []Reference{refAccess},
					})},
			{Title: "Conditional Access for Data Plane", Controls: both("IM-7"),
				Rule: absent("IM-7/conditional-access",
					"Microsoft's baseline lists it as not supported; with Microsoft Entra authentication a policy of the tenant can govern "+
						"sign-in, outside this configuration",
					Documentation{
						Summary: "Microsoft's baseline lists Conditional Access for the data plane as not supported.",
						Why: "With Microsoft Entra authentication a Conditional Access policy of the tenant can govern sign-in. It lives in Microsoft " +
							"Entra ID and is no property of the cache, so that nothing here can judge it.",
						References: []Reference{refEntra},
					})},
			{Title: "Service Credential and Secrets Support Integration and Storage in Azure Key Vault", Controls: both("IM-8"),
				Rule: absent("IM-8/key-vault-credentials",
					"Microsoft's baseline lists it as not supported; see advisory/access-keys-disabled and advisory/keys-in-state",
					Documentation{
						Summary: "Microsoft's baseline lists keeping the cache's credentials in Azure Key Vault as not supported.",
						Why: "The service does not put its access keys into a vault by itself. Better than keeping keys anywhere is to have none: see " +
							"advisory/access-keys-disabled and advisory/keys-in-state.",
					})},
			{Title: "Local Admin Accounts", Controls: both("PA-1"),
				Rule: absent("PA-1/local-admin-accounts",
					"the service has no local administrator accounts",
					Documentation{
						Summary: "Microsoft's baseline says that the service has no local administrator accounts.",
						Why: "Access keys grant everything on the data plane, yet Microsoft's baseline does not count them as administrator accounts. " +
							"advisory/access-keys-disabled judges them.",
					})},
			{Title: "Azure RBAC for Data Plane", Controls: both("PA-7"),
				Rule: absent("PA-7/azure-rbac",
					"not supported: data access policies are Redis access control lists, not Azure roles; see "+
						"advisory/least-privilege-access-policy",
					Documentation{
						Summary: "Microsoft's baseline lists Azure role-based access control for the data plane as not supported.",
						Why: "That still holds: data access policies are Redis access control lists with an assignment model of their own. " +
							"advisory/least-privilege-access-policy looks at how wide they are.",
						References: []Reference{refAccess},
					})},
			{Title: "Customer Lockbox", Controls: both("PA-8"),
				Rule: absent("PA-8/customer-lockbox",
					"not supported by the service",
					Documentation{
						Summary: "Microsoft's baseline lists Customer Lockbox as not supported.",
						Why:     "Microsoft's lists of services that Customer Lockbox covers do not name the cache.",
					})},
			{Title: "Sensitive Data Discovery and Classification", Controls: both("DP-1"),
				Rule: absent("DP-1/sensitive-data-discovery",
					"not supported by the service",
					Documentation{
						Summary: "Microsoft's baseline lists discovery and classification of sensitive data as not supported.",
						Why:     "No scanner of Azure looks into the keys and values of a cache; what is kept there is for its owner to know.",
					})},
			{Title: "Data Leakage/Loss Prevention", Controls: both("DP-2"),
				Rule: absent("DP-2/data-leakage-prevention",
					"not supported by the service",
					Documentation{
						Summary: "Microsoft's baseline lists data leakage prevention as not supported.",
						Why:     "Keeping the cache off the internet (NS-2) and its logs on (LT-4) is what the service offers instead.",
					})},
			{Rule: dataInTransitEncryption, Title: "Data in Transit Encryption", Controls: both("DP-3"),
				Responsibility: Microsoft, Supported: true, Default: true, Severity: report.High},
			{Rule: platformKeyEncryption, Title: "Data at Rest Encryption Using Platform Keys", Controls: both("DP-4"),
				Responsibility: Microsoft, Supported: true, Default: true, Severity: report.Low},
			{Title: "Data at Rest Encryption Using CMK", Controls: both("DP-5"),
				Rule: absent("DP-5/customer-managed-key-encryption",
					"not supported by Basic, Standard and Premium; Azure Managed Redis takes a customer-managed key",
					Documentation{
						Summary: "Microsoft's baseline lists encryption with a customer-managed key as not supported.",
						Why: "True for Basic, Standard and Premium to this day. Only the Enterprise tiers and Azure Managed Redis take a key of the " +
							"customer.",
						References: []Reference{refDisk},
					})},
			{Title: "Key Management in Azure Key Vault", Controls: both("DP-6"),
				Rule: absent("DP-6/key-vault-key-management",
					"not supported by the service",
					Documentation{
						Summary: "Microsoft's baseline lists key management in Azure Key Vault as not supported.",
						Why:     "Without customer-managed keys (DP-5) there is no key of yours to manage.",
					})},
			{Title: "Certificate Management in Azure Key Vault", Controls: both("DP-7"),
				Rule: absent("DP-7/key-vault-certificate-management",
					"not supported by the service",
					Documentation{
						Summary: "Microsoft's baseline lists certificate management in Azure Key Vault as not supported.",
						Why:     "The service presents a certificate of its own, which the platform renews.",
					})},
			{Rule: azurePolicySupport, Title: "Azure Policy Support", Controls: both("AM-2"),
				Responsibility: Customer, Supported: true, Severity: report.Low},
			{Title: "Microsoft Defender for Service / Product Offering", Controls: both("LT-1"),
				Rule: absent("LT-1/microsoft-defender",
					"not supported: Microsoft Defender has no plan for the service",
					Documentation{
						Summary: "Microsoft's baseline says that Microsoft Defender has no plan for the service.",
						Why:     "Defender for Cloud still rates caches by Azure Policy (AM-2), which is posture and not threat detection.",
					})},
			{Rule: azureResourceLogs, Title: "Azure Resource Logs", Controls: Controls{"LT-4", "LT-3"},
				ControlTitle:   "Enable logging for security investigation",
				Responsibility: Customer, Supported: true, Severity: report.Medium},
			{Title: "Azure Backup", Controls: both("BR-1"),
				Rule: absent("BR-1/azure-backup",
					"not supported by the service",
					Documentation{
						Summary:    "Microsoft's baseline lists Azure Backup as not supported.",
						Why:        "Azure Backup cannot protect a cache; Premium offers persistence and export, which are no backup in that sense.",
						References: []Reference{refPersist},
					})},
			{Title: "Service Native Backup Capability", Controls: both("BR-1"),
				Rule: absent("BR-1/service-native-backup",
					"Microsoft's baseline lists it as not supported; Premium offers persistence and export, which restore no earlier point in time",
					Documentation{
						Summary: "Microsoft's baseline lists a backup capability of the service as not supported.",
						Why: "Premium can persist data (RDB, AOF) and export it on demand. Persistence helps after a failure of the nodes and " +
							"restores no earlier point in time; where it is on, advisory/persistence-identity looks at how it reaches its storage account.",
						Property: "properties.redisConfiguration[\"rdb-backup-enabled\"]", APIVersion: "2015-08-01",
						References: []Reference{refPersist},
					})},
		},
		Advisories: advisories(
			entraAuthentication,
			accessKeysDisabled,
			leastPrivilegeAccessPolicy,
			firewallRules,
			privateDNSZone,
			unreachable,
			authenticationNeedsVNet,
			diskEncryptionTier,
			persistenceIdentity,
			tier,
			zoneRedundancy,
			maxmemoryReserved,
			redisVersion,
			patchSchedule,
			updateChannel,
			keysInState,
			persistence,
			retirement,
		),
	})
}
