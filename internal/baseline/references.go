package baseline

// The pages to which several rules refer.
var (
	refVNet = Reference{"Configure virtual network support for a Premium cache",
		"https://learn.microsoft.com/azure/azure-cache-for-redis/cache-how-to-premium-vnet"}
	refLink = Reference{"Azure Cache for Redis with Azure Private Link",
		"https://learn.microsoft.com/azure/azure-cache-for-redis/cache-private-link"}
	refNetwork = Reference{"Network isolation options", "https://learn.microsoft.com/azure/azure-cache-for-redis/cache-network-isolation"}
	refConfig  = Reference{"Configure Azure Cache for Redis", "https://learn.microsoft.com/azure/azure-cache-for-redis/cache-configure"}
	refEntra   = Reference{"Use Microsoft Entra ID for cache authentication",
		"https://learn.microsoft.com/azure/azure-cache-for-redis/cache-azure-active-directory-for-authentication"}
	refAccess = Reference{"Configure a data access policy",
		"https://learn.microsoft.com/azure/azure-cache-for-redis/cache-configure-role-based-access-control"}
	refLogs = Reference{"Monitor Azure Cache for Redis with diagnostic settings",
		"https://learn.microsoft.com/azure/azure-cache-for-redis/cache-monitor-diagnostic-settings"}
	refPolicy = Reference{"Azure Policy definitions for Azure Cache for Redis",
		"https://learn.microsoft.com/azure/azure-cache-for-redis/policy-reference"}
	refDisk = Reference{"Disk encryption for Azure Cache for Redis",
		"https://learn.microsoft.com/azure/azure-cache-for-redis/cache-how-to-encryption"}
	refPersist = Reference{"Data persistence for a Premium cache",
		"https://learn.microsoft.com/azure/azure-cache-for-redis/cache-how-to-premium-persistence"}
	refMI  = Reference{"Managed identity for storage", "https://learn.microsoft.com/azure/azure-cache-for-redis/cache-managed-identity"}
	refTLS = Reference{"Remove TLS 1.0 and 1.1 from use", "https://learn.microsoft.com/azure/azure-cache-for-redis/cache-remove-tls-10-11"}
	refHA  = Reference{"High availability and disaster recovery",
		"https://learn.microsoft.com/azure/azure-cache-for-redis/cache-high-availability"}
	refRetire = Reference{"Retirement of Azure Cache for Redis", "https://aka.ms/AzureCacheForRedisRetirement"}
)
