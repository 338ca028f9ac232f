package baseline

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// The pages to which several rules of Azure Managed Redis refer.
var (
	refManagedSecure = Reference{"Secure your Azure Managed Redis deployment",
		"https://learn.microsoft.com/azure/redis/secure-azure-managed-redis"}
	refManagedLink  = Reference{"Azure Managed Redis with Azure Private Link", "https://learn.microsoft.com/azure/redis/private-link"}
	refManagedEntra = Reference{"Use Microsoft Entra for cache authentication",
		"https://learn.microsoft.com/azure/redis/entra-for-authentication"}
	refManagedAccess = Reference{"Configure access permissions", "https://learn.microsoft.com/azure/redis/configure-access-permissions"}
	refManagedDisk   = Reference{"Disk encryption in Azure Managed Redis", "https://learn.microsoft.com/azure/redis/how-to-encryption"}
	refManagedTLS    = Reference{"TLS configuration in Azure Managed Redis", "https://learn.microsoft.com/azure/redis/tls-configuration"}
	refManagedLogs   = Reference{"Monitor Azure Managed Redis with diagnostic settings",
		"https://learn.microsoft.com/azure/redis/monitor-diagnostic-settings"}
	refManagedPersist = Reference{"Data persistence in Azure Managed Redis", "https://learn.microsoft.com/azure/redis/how-to-persistence"}
	refManagedGeo     = Reference{"Active geo-replication", "https://learn.microsoft.com/azure/redis/how-to-active-geo-replication"}
	refManagedHA      = Reference{"Reliability in Azure Managed Redis",
		"https://learn.microsoft.com/azure/reliability/reliability-managed-redis"}
	refManagedUpgrade = Reference{"Upgrade the Redis version", "https://learn.microsoft.com/azure/redis/how-to-upgrade"}
	refManagedMove    = Reference{"Move from the Enterprise tiers to Azure Managed Redis",
		"https://learn.microsoft.com/azure/redis/migrate/migrate-redis-enterprise-understand"}
)

// servicesOf returns the services to which a cache may belong.
func servicesOf(c *posture.Cache) []*service.Service {
	if !strings.EqualFold(c.Type, service.ManagedRedis.Type) {
		return []*service.Service{service.OfCache(c)}
	}
	switch service.IsEnterprise(c) {
	case posture.True:
		return []*service.Service{service.Enterprise}
	case posture.False:
		return []*service.Service{service.ManagedRedis}
	default:
		return []*service.Service{service.ManagedRedis, service.Enterprise}
	}
}

// whyTier is the reason why the tier of a cluster is not known.
func whyTier(c *posture.Cache) posture.Reason {
	if c.SKU.IsUnknown() {
		return c.SKU.Why()
	}
	return posture.ReasonKnownAfterApply
}

// tierOpen is the verdict where the tier decides and is not known.
func tierOpen(c *posture.Cache, ev ...report.Evidence) Verdict {
	ev = append(ev, evidence(c.SKU.Sensitive()))
	if c.SKU.IsUnknown() {
		return notKnown(c.SKU, "the tier is not known, and the Enterprise tiers differ", ev...)
	}
	return undecided(whyTier(c), "the SKU belongs to no tier that this baseline knows, and the Enterprise tiers differ", ev...)
}

// hasDatabase reports whether a cluster has its database.
func hasDatabase(c *posture.Cache) posture.Tri { return posture.Is(c.HasDatabase, true) }

// ofDatabase is a check of what only the database of a cluster can have.
func ofDatabase(check func(*posture.Cache) Verdict) func(*posture.Cache) Verdict {
	return func(c *posture.Cache) Verdict {
		if hasDatabase(c) == posture.False {
			return withoutDatabase(c)
		}
		return check(c)
	}
}

func withoutDatabase(c *posture.Cache) Verdict {
	return notApplicable("the cluster has no database", evidence(c.HasDatabase))
}

// ifDatabase returns a verdict that rests on the absence of companions of the database,
// which says nothing where the database itself may be absent.
func ifDatabase(c *posture.Cache, v Verdict) Verdict {
	if c.HasDatabase.IsUnknown() {
		return notKnown(c.HasDatabase, "whether the cluster has a database is not known", v.Evidence...)
	}
	return v
}

// exceptEnterprise is a check of what the Enterprise tiers do not support.
func exceptEnterprise(message string, check func(*posture.Cache) Verdict) func(*posture.Cache) Verdict {
	return func(c *posture.Cache) Verdict {
		switch service.IsEnterprise(c) {
		case posture.True:
			return Verdict{Status: report.NotSupported, Message: message}
		case posture.False:
			return check(c)
		default:
			return tierOpen(c)
		}
	}
}

// moveTo says that azurerm_redis_enterprise_cluster has no argument for something.
func moveTo(words string) string {
	return `azurerm_redis_enterprise_cluster has no argument for it: move to azurerm_managed_redis, and ` + words
}

// patchCluster and patchDatabase are commands that change one property and leave the
// others as they are.
func patchCluster(properties string) string {
	return `az resource patch --ids {id} --properties '` + properties + `'`
}

func patchDatabase(properties string) string {
	return `az resource patch --ids {database} --properties '` + properties + `'`
}
