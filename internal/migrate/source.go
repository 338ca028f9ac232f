package migrate

const learn = "https://learn.microsoft.com/azure/"

// The texts that the statements of this package were read in, each with its date.
var (
	fromClassic = Source{"Understand the differences: Basic, Standard, and Premium tiers versus Azure Managed Redis",
		learn + "redis/migrate/migrate-basic-standard-premium-understand", "2026-03-16"}
	fromClassicOptions = Source{"Migration options: Basic, Standard, and Premium tiers to Azure Managed Redis",
		learn + "redis/migrate/migrate-basic-standard-premium-options", "2026-03-26"}
	fromEnterprise = Source{"Understand the differences: Enterprise tiers versus Azure Managed Redis",
		learn + "redis/migrate/migrate-redis-enterprise-understand", "2026-03-16"}
	fromEnterpriseOptions = Source{"Migration options: Enterprise tiers to Azure Managed Redis",
		learn + "redis/migrate/migrate-redis-enterprise-options", "2026-04-14"}
	fromEnterpriseTooling = Source{"Migrate with tooling: Enterprise tiers to Azure Managed Redis",
		learn + "redis/migrate/migrate-redis-enterprise-with-tooling", "2026-04-14"}
	fromSkill = Source{"Azure Managed Redis migration skill, feature comparison",
		"https://github.com/AzureManagedRedis/amr-migration-skill", "2026-05-12"}
	fromSpec = Source{"Azure REST API specification, Microsoft.Cache/redisEnterprise 2026-09-01",
		"https://github.com/Azure/azure-rest-api-specs", "2026-09-01"}
	fromAccess      = Source{"Configure access permissions", learn + "redis/configure-access-permissions", "2026-05-11"}
	fromEntra       = Source{"Use Microsoft Entra for cache authentication", learn + "redis/entra-for-authentication", "2025-07-23"}
	fromSecure      = Source{"Secure your Azure Managed Redis deployment", learn + "redis/secure-azure-managed-redis", "2026-03-30"}
	fromLink        = Source{"Azure Managed Redis with Azure Private Link", learn + "redis/private-link", "2025-05-18"}
	fromPersistence = Source{"Data persistence in Azure Managed Redis", learn + "redis/how-to-persistence", "2025-05-18"}
	fromGeo         = Source{"Active geo-replication", learn + "redis/how-to-active-geo-replication", "2025-05-18"}
	fromEncryption  = Source{"Disk encryption in Azure Managed Redis", learn + "redis/how-to-encryption", "2025-05-18"}
	fromLogs        = Source{"Monitor Azure Managed Redis with diagnostic settings", learn + "redis/monitor-diagnostic-settings", "2025-05-18"}
	fromReliability = Source{"Reliability in Azure Managed Redis", learn + "reliability/reliability-managed-redis", "2026-01-12"}
	fromScaling     = Source{"Architecture of Azure Managed Redis", learn + "redis/architecture", "2025-05-18"}
	fromWindows     = Source{"Scheduled maintenance of Azure Managed Redis", learn + "redis/scheduled-maintenance", "2025-11-17"}
	fromKeyspace    = Source{"Enable keyspace notifications", learn + "redis/enable-redis-keyspace-notifications", "2026-06-16"}
	fromMetrics     = Source{"Supported metrics for Microsoft.Cache/redisEnterprise",
		learn + "azure-monitor/reference/supported-metrics/microsoft-cache-redisenterprise-metrics", "2025-05-18"}
	fromPolicies = Source{"Built-in definitions of Azure Policy", "https://github.com/Azure/azure-policy", "2026-04-29"}
	fromAzurerm  = Source{"Source of terraform-provider-azurerm", "https://github.com/hashicorp/terraform-provider-azurerm", "2026-08-22"}
	fromClouds   = Source{"azurerm issue 32658, and reports on Azure operated by 21Vianet",
		"https://github.com/hashicorp/terraform-provider-azurerm/issues/32658", "2026-06-20"}
)
