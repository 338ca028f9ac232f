package posture

// Dialect is the language in which a cache is declared, and in which a person
// would mend it.
type Dialect string

// The dialects.
const (
	DialectAzurerm  Dialect = "azurerm"   // azurerm 4 and 5
	DialectAzurerm3 Dialect = "azurerm 3" // azurerm 3
	// DialectEnterprise is azurerm_redis_enterprise_cluster and _database of azurerm 3 and 4.
	DialectEnterprise Dialect = "azurerm enterprise"
	DialectAzapi      Dialect = "azapi"               // bodies of Azure Resource Manager in azapi resources
	DialectOwn        Dialect = "redisbaseline_cache" // the resource of this provider
	DialectAz         Dialect = "az"                  // commands of the Azure CLI, for a cache that was read from Azure
)
