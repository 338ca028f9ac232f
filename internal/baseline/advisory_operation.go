package baseline

import (
	"fmt"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

var diskEncryptionTier = &Rule{
	ID: "advisory/disk-encryption-tier", Title: "Disk encryption of the size", Severity: report.Info,
	Documentation: Documentation{
		Summary: "The size of the cache has encrypted disks.",
		Why: "C0 and C1 run without disk encryption, although Microsoft's baseline calls encryption at rest a given (DP-4). It matters for " +
			"what the operating system writes to its disks.",
		Good:     `capacity = 2`,
		Bad:      `capacity = 1 # C1`,
		Property: "properties.sku.capacity", APIVersion: "2014-04-01-preview",
		References: []Reference{refDisk},
	},
	Remedies: []Remedy{{
		Azurerm: `set capacity = 2 or more`,
		Azapi:   `set properties.sku.capacity = 2 or more inside body`,
		Az:      `az resource patch {resource} --properties '{"sku":{"name":"{tier}","family":"C","capacity":2}}'`,
	}},
	Check: func(c *posture.Cache) Verdict {
		small := posture.Is(posture.Map(c.Capacity, func(n int) bool { return n <= 1 }), true)
		if premium := tierOf(c) == tierPremium; premium || small == posture.False {
			return compliant("the size has encrypted disks", evidence(c.Capacity))
		}
		family, _ := c.Family.Get()
		switch {
		case tierOf(c) == "" && !strings.EqualFold(family, "C"):
			return notKnown(c.Tier, "the tier is not known", evidence(c.Tier))
		case small == posture.Maybe:
			return notKnown(c.Capacity, "the size is not known", evidence(c.Capacity))
		default:
			return violated(shown(c.Capacity, fmt.Sprintf("C%d", c.Capacity.V), "the size")+" has no disk encryption",
				"has disks without encryption", evidence(c.Capacity))
		}
	},
}

// standardTier is what to write for a cache that is too small to be available.
var standardTier = Remedy{
	Azurerm: `set sku_name = "Standard" and capacity = 1 or more`,
	Azapi:   `set name = "Standard" and capacity = 1 or more inside body.properties.sku`,
	Az:      `az resource patch {resource} --properties '{"sku":{"name":"Standard","family":"C","capacity":1}}'`,
}

var tier = &Rule{
	ID: "advisory/tier", Title: "Service level agreement of the tier", Severity: report.Info,
	Documentation: Documentation{
		Summary: "The cache is Standard or Premium, C1 or larger.",
		Why: "Basic and C0 have no service level agreement; Basic runs on a single node, and every update of that node empties the " +
			"cache.",
		Good:     `sku_name = "Standard"`,
		Bad:      `sku_name = "Basic"`,
		Property: "properties.sku", APIVersion: "2014-04-01-preview",
		References: []Reference{refHA},
		Peers:      []Peer{{"PSRule", "Azure.Redis.MinSKU (AZR-000159)", ""}, {"Checkov", "CKV_AZURE_230", "accepts C0 of the Standard tier"}},
	},
	Remedies: []Remedy{standardTier},
	Check: func(c *posture.Cache) Verdict {
		zero := posture.Is(c.Capacity, 0)
		switch {
		case tierOf(c) == tierPremium:
			return compliant(shown(c.Tier, "the Premium tier", "the tier")+" has a service level agreement", evidence(c.Tier))
		case tierOf(c) == tierBasic:
			return violated(shown(c.Tier, "the Basic tier", "the tier")+" has no service level agreement and no replica",
				"is on "+shown(c.Tier, "the Basic tier", "a tier without a service level agreement"), evidence(c.Tier))
		case zero == posture.True:
			return violated(shown(c.Capacity, "C0", "the size")+" has no service level agreement",
				"has "+shown(c.Capacity, "the size C0", "a size without a service level agreement"), evidence(c.Capacity))
		case tierOf(c) == "":
			return notKnown(c.Tier, "the tier is not known", evidence(c.Tier))
		case zero == posture.Maybe:
			return notKnown(c.Capacity, "the size is not known", evidence(c.Capacity))
		default:
			return compliant("the size has a service level agreement", evidence(c.Tier), evidence(c.Capacity))
		}
	},
}

var zoneRedundancy = &Rule{
	ID: "advisory/zone-redundancy", Title: "Zone redundancy", Severity: report.Info,
	Documentation: Documentation{
		Summary: "The nodes may stand in more than one availability zone.",
		Why: "A cache pinned to one zone goes with that zone. Leaving zones out lets the service spread the nodes where the region " +
			"has zones.",
		Good:     `zones = ["1", "2", "3"]`,
		Bad:      `zones = ["1"]`,
		Property: "zones, properties.zonalAllocationPolicy", APIVersion: "2017-10-01",
		References: []Reference{refHA},
		Policies:   []Policy{{"1bf67da8-b100-45bf-b89d-e4669fc54411", ""}},
		Peers: []Peer{
			{"PSRule", "Azure.Redis.AvailabilityZone (AZR-000161)",
				"looks at Premium only, where it asks for two zones and a replica for each, also of a cache that lets the service choose"},
			{"APRL", "5a44bd30", "objects to a cache that lets the service choose its zones"},
		},
	},
	Remedies: []Remedy{standardTier.of("tier"), {
		Part:    "zones",
		Azurerm: `leave zones out, or name at least two: zones = ["1", "2"]`,
		Azapi: `leave zones out of body, or name at least two: zones = ["1", "2"]; set properties.zonalAllocationPolicy = ` +
			`"Automatic" inside body`,
		Az: `az resource patch {resource} --properties '{"zonalAllocationPolicy":"Automatic"}'`,
	}},
	Check: func(c *posture.Cache) Verdict {
		policy := posture.Map(c.ZonalAllocationPolicy, strings.ToLower)
		one := posture.Is(posture.Map(c.Zones.OrDefault(nil), func(z []string) bool { return len(z) == 1 }), true)
		ev := []report.Evidence{evidence(c.Zones), evidence(c.ZonalAllocationPolicy)}
		switch {
		case tierOf(c) == tierBasic:
			return violated(shown(c.Tier, "the Basic tier", "the tier")+" runs on one node in one zone", "runs in one zone",
				evidence(c.Tier)).part("tier")
		case posture.Is(policy, "nozones") == posture.True:
			return violated("zonalAllocationPolicy "+shown(c.ZonalAllocationPolicy, "is NoZones", "leaves zones out"), "runs without zones",
				ev...).about(policy.Source.Path).part("zones")
		case one == posture.True && posture.Is(policy, "automatic") != posture.True:
			return violated("one zone is set", "runs in one zone", ev...).part("zones")
		case one == posture.Maybe:
			return notKnown(c.Zones, "the zones are not known", ev...)
		case policy.IsUnknown() && len(c.Zones.V) == 0: // zones that are set decide
			return notKnown(policy, "the zonal allocation policy is not known", ev...).about(policy.Source.Path)
		case tierOf(c) == "":
			return notKnown(c.Tier, "the tier is not known", evidence(c.Tier))
		default:
			return compliant("the nodes may stand in more than one zone", ev...)
		}
	},
}

var maxmemoryReserved = &Rule{
	ID: "advisory/maxmemory-reserved", Title: "Memory reserved for operation", Severity: report.Info,
	Documentation: Documentation{
		Summary: "At least a tenth of the memory is reserved for replication and failover.",
		Why: "A cache that fills all its memory has none left for replication buffers, and is likely to fail over under load. The " +
			"service recommends ten percent.",
		Good: `# maxmemory_reserved left to the service`,
		Bad: `redis_configuration {
  maxmemory_reserved = 2 # MB
}`,
		Property: `properties.redisConfiguration["maxmemory-reserved"]`, APIVersion: "2015-08-01",
		References: []Reference{{"Memory management",
			"https://learn.microsoft.com/azure/azure-cache-for-redis/cache-best-practices-memory-management"}},
		Peers: []Peer{{"PSRule", "Azure.Redis.MaxMemoryReserved (AZR-000160)",
			"objects to a cache that leaves the reservation to the service, and looks at the Basic tier too"}},
	},
	Remedies: []Remedy{{
		Azurerm: `leave maxmemory_reserved out of redis_configuration, or set it to a tenth of the memory of the size or more, in ` +
			`MB`,
		Azapi: `leave maxmemory-reserved out of body.properties.redisConfiguration, or set it to a tenth of the memory of the ` +
			`size or more, in MB`,
		Az: `az resource patch {resource} --properties "{\"redisConfiguration\":{\"maxmemory-reserved\":\"$MB\"}}" ` +
			`# a tenth of the memory of the size or more`,
	}},
	Check: func(c *posture.Cache) Verdict {
		reserved := c.MaxmemoryReserved
		switch {
		case tierOf(c) == tierBasic:
			return notApplicable(shown(c.Tier, "the Basic tier", "the tier")+" has no reservation", evidence(c.Tier))
		case tierOf(c) == "":
			return notKnown(c.Tier, "the tier is not known", evidence(c.Tier))
		case reserved.IsUnset():
			return compliant("the reservation is left to the service", evidence(reserved))
		case reserved.IsUnknown():
			return notKnown(reserved, "the reservation is not known", evidence(reserved))
		}
		memory, ok := size(c)
		switch {
		case !ok && c.Capacity.IsUnknown():
			return notKnown(c.Capacity, "the memory of this size is not known", evidence(c.Capacity))
		case !ok:
			return notKnown(c.Tier, "the memory of this size is not known", evidence(c.Tier),
				evidence(c.Capacity))
		case reserved.V*10 < memory:
			return violated(shown(reserved, fmt.Sprintf("%d MB of %d MB are reserved, ", reserved.V, memory), "the reservation is ")+
				"less than a tenth of the memory", "reserves less than a tenth of its memory", evidence(reserved))
		default:
			return compliant("at least a tenth of the memory is reserved", evidence(reserved))
		}
	},
}

var redisVersion = &Rule{
	ID: "advisory/redis-version", Title: "Redis version", Severity: report.Warning,
	Documentation: Documentation{
		Summary:  "The cache runs Redis 6 or newer.",
		Why:      "Redis 4 gets no more fixes and lacks access control lists.",
		Good:     `redis_version = "6"`,
		Bad:      `redis_version = "4"`,
		Property: "properties.redisVersion", APIVersion: "2014-04-01-preview",
		References: []Reference{refConfig},
		Peers:      []Peer{{"PSRule", "Azure.Redis.Version (AZR-000347)", ""}, {"Mondoo", "latest-version", ""}},
	},
	Remedies: []Remedy{{
		Azurerm: `set redis_version = "6"`,
		Azapi:   `set properties.redisVersion = "6" inside body`,
		Az:      `az resource patch {resource} --properties '{"redisVersion":"6"}'`,
	}},
	Check: func(c *posture.Cache) Verdict {
		v := c.RedisVersion.OrDefault("6")
		if v.IsUnknown() {
			return notKnown(v, "the Redis version is not known", evidence(v))
		}
		major, _, ok := version(v.V)
		switch {
		case !ok && strings.EqualFold(v.V, "latest"):
			return compliant("the cache runs the latest Redis version", evidence(v))
		case !ok:
			return undecided(posture.ReasonKnownAfterApply, "the Redis version is none that this baseline knows", evidence(v.Sensitive()))
		case major < 6:
			return violated("the cache runs "+shown(v, fmt.Sprintf("Redis %d", major), "a Redis version before 6"),
				"runs "+shown(v, fmt.Sprintf("Redis %d", major), "a Redis version before 6"), evidence(v))
		default:
			return compliant("the cache runs "+shown(v, fmt.Sprintf("Redis %d", major), "Redis 6 or newer"), evidence(v))
		}
	},
}

var refUpdates = Reference{"Update channel and scheduled updates",
	"https://learn.microsoft.com/azure/azure-cache-for-redis/cache-administration#update-channel-and-schedule-updates"}

var patchSchedule = &Rule{
	ID: "advisory/patch-schedule", Title: "Maintenance window", Severity: report.Info,
	Documentation: Documentation{
		Summary: "The cache has a maintenance window.",
		Why:     "Updates fail nodes over. Without a window that happens at any hour.",
		Good: `patch_schedule {
  day_of_week    = "Sunday"
  start_hour_utc = 3
}`,
		Bad:      `# no patch_schedule`,
		Property: "Microsoft.Cache/redis/patchSchedules: properties.scheduleEntries", APIVersion: "2016-04-01",
		References: []Reference{refUpdates},
		Peers: []Peer{
			{"KICS", "b947809d", "passes the empty list that plans have where no window is set"},
			{"Terrascan", "AC_AZURE_0393", ""},
			{"APRL", "cabc1f98", "is advice without a query"},
		},
	},
	Remedies: []Remedy{{
		Azurerm: `add patch_schedule { day_of_week = "Sunday", start_hour_utc = 3 }, written as a block`,
		Azapi: `add an azapi_resource of type Microsoft.Cache/redis/patchSchedules with parent_id = {id}, and ` +
			`properties.scheduleEntries = [{ dayOfWeek = "Sunday", startHourUtc = 3 }] inside body`,
		Own: `patch_schedule = [{ day_of_week = "Sunday", start_hour_utc = 3 }]`,
		Az: `az redis patch-schedule create {cache} --schedule-entries ` +
			`'[{"dayOfWeek":"Sunday","startHourUtc":"03","maintenanceWindow":"PT5H"}]'`,
	}},
	Check: func(c *posture.Cache) Verdict {
		windows := c.MaintenanceWindows.OrDefault(0)
		return byFact(windows, posture.Is(windows, 0),
			violated("no maintenance window is set", "has no maintenance window"),
			compliant("a maintenance window is set"),
			"whether a maintenance window is set is not known")
	},
}

var updateChannel = &Rule{
	ID: "advisory/update-channel", Title: "Update channel", Severity: report.Info,
	Documentation: Documentation{
		Summary:  "The cache gets updates from the channel Stable.",
		Why:      "The channel Preview gets each update at least four weeks earlier, for trying it on a cache that nothing depends on.",
		Good:     `update_channel = "Stable" # redisbaseline_cache`,
		Bad:      `update_channel = "Preview"`,
		Property: "properties.updateChannel", APIVersion: "2023-08-01",
		References: []Reference{refUpdates},
	},
	Remedies: []Remedy{{
		Azurerm: `nothing to write: azurerm has no argument for the update channel, which is Stable unless another one was set`,
		Azapi:   `set properties.updateChannel = "Stable" inside body`,
		Own:     `set update_channel = "Stable"`,
		Az:      `az resource patch {resource} --properties '{"updateChannel":"Stable"}'`,
		Set:     stableChannel,
	}},
	Check: func(c *posture.Cache) Verdict {
		channel := c.UpdateChannel.OrDefault("Stable")
		return byFact(channel, posture.Is(posture.Map(channel, strings.ToLower), "preview"),
			violated("updates come from "+shown(channel, "the channel Preview", "another channel than Stable"),
				"gets updates before they are stable"),
			compliant("updates come from the channel Stable"),
			"the update channel is not known")
	},
}

var persistence = &Rule{
	ID: "advisory/persistence", Title: "Persistence", Severity: report.Info,
	Documentation: Documentation{
		Summary: "A Premium cache persists its data.",
		Why: "Without RDB snapshots or an append-only file the data of the cache is lost when both nodes fail. Only Premium can " +
			"persist; a cache that can be filled again from its source needs neither.",
		Good: `redis_configuration {
  rdb_backup_enabled                     = true
  data_persistence_authentication_method = "ManagedIdentity"
}`,
		Bad:        `# Premium without rdb_backup_enabled and aof_backup_enabled`,
		Property:   `properties.redisConfiguration["rdb-backup-enabled"], properties.redisConfiguration["aof-backup-enabled"]`,
		APIVersion: "2015-08-01",
		References: []Reference{refPersist},
		Peers: []Peer{
			{"AzTS", "Azure_RedisCache_BCDR_Use_RDB_Backup", "counts RDB snapshots, not the append-only file"},
			{"Prancer", "PR-AZR-TRF-ARC-006", "counts RDB snapshots, not the append-only file"},
		},
	},
	Remedies: []Remedy{{
		Azurerm: `set rdb_backup_enabled = true and data_persistence_authentication_method = "ManagedIdentity" inside ` +
			`redis_configuration`,
		Azapi: `set rdb-backup-enabled = "true" and preferred-data-persistence-auth-method = "ManagedIdentity" inside ` +
			`body.properties.redisConfiguration`,
		Az: `az resource patch {resource} --properties '{"redisConfiguration":{"rdb-backup-enabled":"true",` +
			`"rdb-backup-frequency":"60","preferred-data-persistence-auth-method":"ManagedIdentity",` +
			`"rdb-storage-connection-string":"'"$CONNECTION_STRING"'"}}'`,
	}},
	Check: func(c *posture.Cache) Verdict {
		switch tierOf(c) {
		case tierBasic, tierStandard:
			return notApplicable("the tier has no persistence", evidence(c.Tier))
		case "":
			return notKnown(c.Tier, "the tier is not known", evidence(c.Tier))
		}
		rdb, aof := c.RDBBackup.OrDefault(false), c.AOFBackup.OrDefault(false)
		on := posture.Is(rdb, true).Or(posture.Is(aof, true))
		ev := []report.Evidence{evidence(rdb), evidence(aof)}
		switch {
		case on == posture.True:
			return compliant("the data is persisted", ev...)
		case on == posture.False:
			return violated("neither RDB nor AOF persistence is on, so that the data does not survive a failure of all nodes",
				"does not persist its data", ev...)
		case rdb.IsUnknown():
			return notKnown(rdb, "whether persistence is on is not known", ev...)
		default:
			return notKnown(aof, "whether persistence is on is not known", ev...)
		}
	},
}

var retirement = &Rule{
	ID: "advisory/retirement", Title: "Retirement of the service", Severity: report.Warning,
	Documentation: Documentation{
		Summary: "Azure Cache for Redis is retiring.",
		Why: "Announced on 2025-10-08: Basic, Standard and Premium retire on 2028-09-30, and the caches that are left are disabled " +
			"from 2028-10-01. Tenants that had no cache before 2026-04-01 can create none: the request fails with HTTP 400. The successor, Azure " +
			"Managed Redis, is not generally offered in Azure operated by 21Vianet; for Azure Government, no public documentation of it was found.",
		References: []Reference{refRetire},
		Peers:      []Peer{{"PSRule", "Azure.Redis.MigrateAMR (AZR-000533)", ""}, {"azqr", "redis-011", ""}},
	},
	Remedies: []Remedy{{
		Azurerm: `plan the move to Azure Managed Redis (azurerm_managed_redis) before 2028-09-30, where the cloud offers it, with ` +
			`redisbaseline migrate`,
		Any: `plan the move to Azure Managed Redis before 2028-09-30, where the cloud offers it, with redisbaseline migrate`,
	}},
	Check: checkRetirement,
}

func checkRetirement(c *posture.Cache) Verdict {
	of := service.OfCache(c)
	name, end := of.Name, of.Retirement
	if t := tierOf(c); t != "" && !c.Tier.Source.Sensitive {
		name += " " + string(t)
	}
	message := name + " retires on " + end.Date + "; the successor is " + end.Successor + sizeThere(c)
	if doubt, ok := end.Doubtful[c.Cloud()]; ok {
		message += ", " + doubt
	} else if c.Location.IsUnknown() {
		message += ", where the cloud offers it"
	}
	v := violated(message, "belongs to a service that retires on "+end.Date, evidence(c.Tier)).about()
	v.Level = report.Info
	if c.Change == posture.ChangeCreate {
		v.Level = report.Warning
		v.Message += "; tenants without a cache before " + end.NewTenants + " are refused with HTTP 400"
	}
	return v
}

// sizeThere names the size of Azure Managed Redis to which a cache moves; it is empty
// where the size is not known.
func sizeThere(c *posture.Cache) string {
	sku := sizing.Named(c)
	if sku == "" {
		return ""
	}
	return " (" + sku + " by Microsoft's tables)"
}
