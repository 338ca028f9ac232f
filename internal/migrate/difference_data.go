package migrate

import (
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

var dataDifferences = []difference{
	{
		Entry: Entry{
			ID: "migration/geo-replication", Severity: Blocker, Title: "Geo-replication",
			Action: "decide how the clients of each region write: members of active geo-replication all accept writes, none is promoted by a " +
				"command, FLUSHALL and FLUSHDB are refused, and all members have one size",
			Source: fromGeo,
			Look:   "az redis server-link list shows the links",
		},
		of: service.Redis,
		check: func(r *retiring) concern {
			if r.replicated == posture.False {
				return unconcerned
			}
			return bySet(&r.Links, linkAddress, "the cache is linked for passive geo-replication, and the target has active geo-replication only",
				"the cache may be linked for passive geo-replication, and the target has active geo-replication only")
		},
	},
	{
		Entry: Entry{
			ID: "migration/geo-replication-group", Severity: Change, Title: "Geo-replication group",
			Action: "move one member after the other by a new cache in the group: after the first one no Enterprise cache can join, and no " +
				"member scales until all have moved",
			Source: fromEnterpriseOptions,
			Look:   "az redisenterprise database show prints geoReplication",
		},
		of: service.Enterprise,
		check: func(r *retiring) concern {
			return byFact(r.GeoReplicationGroup, r.replicated, "the database is a member of a geo-replication group, which a move in place refuses",
				"whether the database is a member of a geo-replication group is not known")
		},
	},
	{
		Entry: Entry{
			ID: "migration/geo-replication-persistence", Severity: Blocker, Title: "Geo-replication and persistence",
			Action: "decide for one of them: the target is planned with geo-replication and without persistence", Source: fromGeo,
			Look: "az resource show prints persistence, and the links of the cache show geo-replication",
		},
		check: func(r *retiring) concern {
			both := r.replicated.And(r.persisted)
			if both == posture.Maybe && r.service == service.Redis {
				return unconcerned // a cache of today's service has one of them
			}
			return byFact(r.RDBBackup, both, "the cache is geo-replicated and persists its data, which exclude each other "+
				"on the target", "whether the cache both is geo-replicated and persists its data is not known; "+
				"on the target the two exclude each other")
		},
	},
	{
		Entry: Entry{
			ID: "migration/geo-replication-flash", Severity: Blocker, Title: "Geo-replication of Flash sizes",
			Action: "ask Microsoft, or order an in-memory size: the articles on Azure Managed Redis differ", Source: fromGeo,
		},
		of: service.Enterprise,
		check: func(r *retiring) concern {
			flash := posture.Is(posture.Map(r.SKU, func(sku string) bool {
				return strings.HasPrefix(strings.ToLower(sku), "enterpriseflash_")
			}), true)
			if r.replicated.And(flash) == posture.False {
				return unconcerned
			}
			return concern{message: "whether FlashOptimized sizes, to which Flash sizes move, have geo-replication is not known"}
		},
	},
	{
		Entry: Entry{
			ID: "migration/import-export", Severity: Change, Title: "Copy of the data",
			Action: "decide whether the target starts empty; else copy the data by export and import where the cache exports RDB files, by " +
				"writing to both caches for a time, or with RIOT",
			Source: fromClassic,
		},
		check: func(r *retiring) concern {
			switch {
			case r.service == service.Enterprise:
				return concerned("a new cache starts empty, and after a move in place the data counts as lost; RDB files can be exported and imported")
			case r.premium == posture.True:
				return concerned("a new cache starts empty; RDB files can be exported and imported")
			case r.premium == posture.False:
				return concerned("a new cache starts empty, and a Basic or Standard cache exports no RDB files")
			default:
				return concerned("a new cache starts empty; only a Premium cache exports RDB files")
			}
		},
	},
	{
		Entry: Entry{
			ID: "migration/persistence", Severity: Change, Title: "Persistence to a storage account",
			Action: "set persistence on the target, which keeps the files itself; take keys, role assignments and storage account of the old " +
				"one away after the move",
			Source: fromPersistence,
			Look:   "az redis show prints rdb-backup-enabled and aof-backup-enabled",
		},
		of:    service.Redis,
		check: checkPersistence,
	},
	{
		Entry: Entry{
			ID: "migration/modules", Severity: Change, Title: "Modules",
			Action: "write the modules with the same arguments: a difference makes the database anew", Source: fromEnterprise,
			Look: "az redisenterprise database show prints modules",
		},
		of: service.Enterprise,
		check: func(r *retiring) concern {
			has := posture.Is(posture.Map(r.Modules, func(m []string) bool { return len(m) > 0 }), true)
			message := "the database has modules, which a plan of the target has to name"
			if r.moduleArguments() != posture.False {
				message = "the database has modules, whose arguments a plan of the target has to repeat; they are not printed"
			}
			return byFact(r.Modules, has, message, "the modules of the database are not known")
		},
	},
	{
		Entry: Entry{
			ID: "migration/customer-managed-key", Severity: Change, Title: "Customer-managed key",
			Action: "give a user-assigned identity of the new cache get, wrapKey and unwrapKey on the key, in a vault of the same region with " +
				"purge protection",
			Source: fromEncryption,
			Look:   "az redisenterprise show prints encryption",
		},
		of: service.Enterprise,
		check: func(r *retiring) concern {
			return byFact(r.CustomerManagedKey, posture.Is(r.CustomerManagedKey, true), "a customer-managed key encrypts the disks, which a "+
				"new cache has to be given too", "whether a customer-managed key encrypts the disks is not known")
		},
	},
	{
		Entry: Entry{
			ID: "migration/replicas", Severity: Notice, Title: "Replicas",
			Action: "read from the one endpoint: the service keeps one replica of each shard, and has no argument for more", Source: fromSkill,
			Look: "az redis show prints replicasPerPrimary",
		},
		of: service.Redis,
		check: func(r *retiring) concern {
			more := posture.Is(posture.Map(r.Replicas, func(n int) bool { return n > 1 }), true).And(r.premium)
			return byFact(r.Replicas, more, "the cache has more than one replica for each primary, and the target has one",
				"whether the cache has more than one replica for each primary is not known")
		},
	},
	{
		Entry: Entry{
			ID: "migration/zones", Severity: Notice, Title: "Availability zones",
			Action: "leave zones out: Azure Resource Manager refuses them, and spreads the nodes itself where the region has zones and high " +
				"availability is on",
			Source: fromReliability,
			Look:   "az redis show prints zones",
		},
		check: func(r *retiring) concern {
			named := posture.Is(posture.Map(r.Zones, func(z []string) bool { return len(z) > 0 }), true)
			return byFact(r.Zones, named, "the zones of the cache are named, and those of the target are chosen by the service",
				"whether the zones of the cache are named is not known")
		},
	},
	{
		Entry: Entry{
			ID: "migration/maxmemory-settings", Severity: Notice, Title: "Reserved memory",
			Action: "drop maxmemory_reserved, maxmemory_delta and maxfragmentationmemory_reserved: the service reserves about 20 % itself",
			Source: fromSkill,
			Look:   "az redis show prints maxmemory-reserved and maxfragmentationmemory-reserved",
		},
		of: service.Redis,
		check: func(r *retiring) concern {
			set := posture.FromBool(r.MaxmemoryReserved.IsKnown() || r.MaxfragmentationmemoryReserved.IsKnown())
			if set == posture.False && (r.MaxmemoryReserved.IsUnknown() || r.MaxfragmentationmemoryReserved.IsUnknown()) {
				set = posture.Maybe
			}
			return byFact(r.MaxmemoryReserved, set, "memory is reserved by maxmemory settings, and the target has none of them",
				"whether memory is reserved by maxmemory settings is not known")
		},
	},
	{
		Entry: Entry{
			ID: "migration/eviction-policy", Severity: Change, Title: "Eviction policy",
			Action: "set the eviction policy of the old cache on the target: az resource show prints it, maxmemory-policy of a cache, " +
				"evictionPolicy of a database",
			Source: fromSkill,
		},
		check: func(r *retiring) concern {
			switch policy, why := r.evictionPolicy(); {
			case policy == "":
				return concern{message: why}
			default:
				return unconcerned // both services have all eight
			}
		},
	},
}

func checkPersistence(r *retiring) concern {
	const message = "the data is persisted to a storage account of yours"
	c := byFact(r.RDBBackup, r.persisted, message+", and the target persists it to disks of the service",
		"whether the data is persisted to a storage account is not known")
	if c.is != posture.True {
		return c
	}
	switch by := told(r.PersistenceAuthentication.OrDefault("SAS")); posture.Is(by, "SAS") {
	case posture.True:
		c.message = message + " by its key, and the target persists it to disks of the service without one"
	case posture.False:
		c.message = message + " by an identity, and the target persists it to disks of the service without one"
	}
	if posture.Is(r.RDBBackup, true).And(posture.Is(r.AOFBackup, true)) == posture.True {
		c.message += "; both RDB and AOF are on, and the target has one of them"
	}
	if minutes, ok := told(r.SnapshotMinutes).Get(); ok && 0 < minutes && minutes < 60 && posture.Is(r.AOFBackup, true) != posture.True {
		c.message += "; a snapshot every " + strconv.Itoa(minutes) + " minutes becomes one every hour, which loses more, and AOF loses less"
	}
	return c
}
