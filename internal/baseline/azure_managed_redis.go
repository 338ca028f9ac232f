package baseline

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// ourControls ends the reason of every feature.
const ourControls = " Microsoft's article has recommendations without numbers: the id of the control is this project's, by the benchmark."

// azureManagedRedis is made of Microsoft's article on securing Azure Managed Redis,
// which has recommendations and points to version 2 of the benchmark. The features are
// those of Azure Cache for Redis, so that exemptions carry over.
var azureManagedRedis = &Document{
	ID:          "azure-managed-redis",
	Prefix:      "azure-managed-redis/",
	OurControls: true,
	Title:       "Secure your Azure Managed Redis deployment",
	URL:         refManagedSecure.URL,
	Published:   "2026-03-30",
	Benchmark:   mcsbV2,
	Service:     service.ManagedRedis,
	Guide:       "baseline-azure-managed-redis.md",
	Features: []Entry{
		{Title: "Virtual Network Integration", Controls: both("NS-1"),
			Rule: managedAbsent("NS-1/virtual-network-integration",
				"not supported: the service is not injected into networks, and Private Link is its way",
				"Clusters are not injected into a virtual network.",
				"A private endpoint (NS-2/azure-private-link) gives the cluster an address inside a network instead.")},
		{Title: "Network Security Group Support", Controls: both("NS-1"),
			Rule: managedAbsent("NS-1/network-security-group-support",
				"not supported: the service is not injected into networks, and Private Link is its way",
				"No network security group stands before a cluster.",
				"A group on the subnet of a private endpoint can narrow who reaches the endpoint, and is no part of the cluster.")},
		{Rule: managedPrivateLink, Title: "Azure Private Link", Controls: both("NS-2"),
			Responsibility: Customer, Supported: true, Severity: report.Medium},
		{Rule: managedPublicNetworkAccess, Title: "Disable Public Network Access", Controls: both("NS-2"),
			Responsibility: Customer, Supported: true, Severity: report.High},
		{Rule: managedEntra, Title: "Microsoft Entra Authentication for Data Plane Access", Controls: both("IM-1"),
			Responsibility: Customer, Supported: true, Severity: report.Medium},
		{Rule: managedKeys, Title: "Local Authentication Methods for Data Plane Access", Controls: both("IM-1"),
			Responsibility: Customer, Supported: true, Default: true, Severity: report.High},
		{Rule: managedIdentities, Title: "Managed Identities", Controls: both("IM-3"),
			Responsibility: Customer, Supported: true, Severity: report.Low},
		{Rule: managedPrincipals, Title: "Service Principals", Controls: both("IM-3"),
			Responsibility: Customer, Supported: true, Severity: report.Low},
		{Title: "Conditional Access for Data Plane", Controls: both("IM-7"),
			Rule: managedAbsent("IM-7/conditional-access",
				"not supported: a policy of the tenant governs sign-in, outside this configuration",
				"Conditional Access is no property of the service.",
				"Clients sign in with Microsoft Entra ID, where a policy of the tenant can govern it. Nothing here can judge that.")},
		{Title: "Service Credential and Secrets Support Integration and Storage in Azure Key Vault", Controls: both("IM-8"),
			Rule: managedAbsent("IM-8/key-vault-credentials",
				"not supported: Microsoft's article asks to rotate access keys where they are used, and better to have none",
				"The service does not keep its access keys in Azure Key Vault.",
				"Keys that are switched off (IM-1/local-authentication-methods) need no vault; advisory/keys-in-state finds where keys go.")},
		{Title: "Local Admin Accounts", Controls: both("PA-1"),
			Rule: managedAbsent("PA-1/local-admin-accounts",
				"not supported: the service has no local administrator accounts",
				"The service has no local administrator accounts.",
				"Access keys grant everything on the data; IM-1/local-authentication-methods judges them.")},
		{Title: "Azure RBAC for Data Plane", Controls: both("PA-7"),
			Rule: managedAbsent("PA-7/azure-rbac",
				"not supported: Azure RBAC governs the control plane only, and access policies govern the data",
				"Azure role-based access control does not reach the data.",
				"Microsoft's article asks for Azure RBAC on the control plane, which is no property of the cluster. The data is governed by "+
					"access policy assignments, at which advisory/least-privilege-access-policy looks.")},
		{Title: "Customer Lockbox", Controls: both("PA-8"),
			Rule: managedAbsent("PA-8/customer-lockbox", "not supported by the service",
				"Customer Lockbox does not cover the service.",
				"Microsoft's lists of services that Customer Lockbox covers do not name it.")},
		{Title: "Sensitive Data Discovery and Classification", Controls: both("DP-1"),
			Rule: managedAbsent("DP-1/sensitive-data-discovery",
				"not supported: Microsoft's article asks to encrypt sensitive data before it is stored",
				"No scanner of Azure looks into keys and values.",
				"Microsoft's article asks to encrypt sensitive data before storing it, and not to make the cache its only home.")},
		{Title: "Data Leakage/Loss Prevention", Controls: both("DP-2"),
			Rule: managedAbsent("DP-2/data-leakage-prevention", "not supported by the service",
				"The service has no data leakage prevention.",
				"Keeping the cluster off the internet (NS-2) and its logs on (LT-4) is what there is instead.")},
		{Rule: managedTransit, Title: "Data in Transit Encryption", Controls: both("DP-3"),
			Responsibility: Customer, Supported: true, Default: true, Severity: report.High},
		{Rule: managedPlatformKeys, Title: "Data at Rest Encryption Using Platform Keys", Controls: both("DP-4"),
			Responsibility: Microsoft, Supported: true, Default: true, Severity: report.Low},
		{Rule: managedCustomerKey, Title: "Data at Rest Encryption Using CMK", Controls: both("DP-5"),
			Responsibility: Customer, Supported: true, Severity: report.Low},
		{Rule: managedKeyVault, Title: "Key Management in Azure Key Vault", Controls: both("DP-6"),
			Responsibility: Customer, Supported: true, Severity: report.Medium},
		{Title: "Certificate Management in Azure Key Vault", Controls: both("DP-7"),
			Rule: managedAbsent("DP-7/key-vault-certificate-management", "not supported by the service",
				"The service presents a certificate of its own.",
				"The platform renews it, and takes none of yours.")},
		{Rule: managedPolicy, Title: "Azure Policy Support", Controls: both("AM-2"),
			Responsibility: Customer, Supported: true, Severity: report.Low},
		{Title: "Microsoft Defender for Service / Product Offering", Controls: both("LT-1"),
			Rule: managedAbsent("LT-1/microsoft-defender", "not supported: Microsoft Defender has no plan for the service",
				"Microsoft Defender has no plan for the service.",
				"Microsoft's article asks for the activity log and alerts, which are no part of the cluster.")},
		{Rule: managedLogs, Title: "Azure Resource Logs", Controls: Controls{"LT-4", "LT-3"},
			Responsibility: Customer, Supported: true, Severity: report.Medium},
		{Title: "Azure Backup", Controls: both("BR-1"),
			Rule: managedAbsent("BR-1/azure-backup", "not supported by the service: it has persistence, export and geo-replication of its own",
				"Azure Backup does not know the service.",
				"Microsoft's article names persistence, export and active geo-replication instead; see BR-1/service-native-backup.")},
		{Rule: managedBackup, Title: "Service Native Backup Capability", Controls: both("BR-1"),
			Responsibility: Customer, Supported: true, Severity: report.Low},
	},
	Advisories: advisories(
		managedLeastPrivilege,
		managedNoLogin,
		managedDNSZone,
		managedUnreachable,
		managedKeysInState,
		managedCustomerKeyAdvisory,
		highAvailability,
		managedZones,
		managedPersistenceAdvisory,
		geoReplicationPersistence,
		databaseRecreated,
		pendingUpgrade,
		legacyResource,
		managedRetirement,
	),
}

func init() {
	for i := range azureManagedRedis.Features {
		azureManagedRedis.Features[i].Why += ourControls
	}
	publish(azureManagedRedis)
}

// managedAbsent is the rule of a feature that the service lacks.
func managedAbsent(id, message, summary, why string) *Rule {
	return absent(id, message, Documentation{Summary: summary, Why: why})
}
