package baseline

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// mcsb2 is the id of the built-in initiative of version 2 of the benchmark.
const mcsb2 = "/providers/Microsoft.Authorization/policySetDefinitions/e3ec7e09-768c-4b64-882c-fcada3772047"

var managedPolicy = &Rule{
	ID: "AM-2/azure-policy-support",
	Documentation: Documentation{
		Summary: "An enforced Azure Policy assignment watches the cluster.",
		Why: "An assignment counts when it assigns a built-in definition for Microsoft.Cache/redisEnterprise that is not deprecated, or a " +
			"built-in initiative that holds one (as published on " + policyDataDate + "), is enforced, and neither excludes nor exempts the " +
			"cluster. Version 2 of the Microsoft cloud security benchmark holds two of them; version 1 holds none and does not count. " +
			"Definitions for Azure Cache for Redis say nothing about this service.",
		Good: `resource "azurerm_resource_group_policy_assignment" "mcsb" {
  name                 = "mcsb-v2"
  resource_group_id    = azurerm_resource_group.example.id
  policy_definition_id = "` + mcsb2 + `"
}`,
		Bad: `resource "azurerm_resource_group_policy_assignment" "mcsb" {
  # version 1 of the benchmark has no definition for this service
  policy_definition_id = "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
}`,
		Property: "Microsoft.Authorization/policyAssignments: properties.policyDefinitionId", APIVersion: "2015-01-01",
		References: []Reference{refPolicy},
		Policies:   definitionsFor(service.ManagedRedis),
	},
	Remedies: []Remedy{{
		Azurerm: `assign version 2 of the Microsoft cloud security benchmark by an azurerm_resource_group_policy_assignment or ` +
			`azurerm_subscription_policy_assignment with policy_definition_id = "` + mcsb2 + `"`,
		Azapi: `assign version 2 of the Microsoft cloud security benchmark by an azapi_resource of type ` +
			`Microsoft.Authorization/policyAssignments with properties.policyDefinitionId = "` + mcsb2 + `" inside body`,
		Az: `az policy assignment create --name mcsb-v2 {group} --policy-set-definition e3ec7e09-768c-4b64-882c-fcada3772047`,
	}},
	Check: checkAzurePolicy,
}

var managedLogs = &Rule{
	ID: "LT-4/azure-resource-logs",
	Documentation: Documentation{
		Summary: "A diagnostic setting sends the logs of the database somewhere.",
		Why: "Who connected, and who failed to sign in, stands in the connection logs (ConnectionEvents). They belong to the database, " +
			"databases/default: the cluster has metrics only, and a setting there that asks for logs is refused. Every member of a " +
			"geo-replication group needs a setting of its own. In version 1 of the benchmark the control is LT-4.",
		Good: `resource "azurerm_monitor_diagnostic_setting" "example" {
  name                       = "redis-logs"
  target_resource_id         = azurerm_managed_redis.example.default_database[0].id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.example.id

  enabled_log {
    category_group = "allLogs"
  }
}`,
		Bad: `resource "azurerm_monitor_diagnostic_setting" "example" {
  target_resource_id = azurerm_managed_redis.example.id # the cluster, which has metrics only
  # ...
}`,
		Property: "Microsoft.Insights/diagnosticSettings of databases/default: properties.logs[].enabled", APIVersion: "2021-05-01-preview",
		References: []Reference{refManagedLogs},
		Policies: []Policy{
			{"145ff119-bfcf-443a-834c-b59859ec3ee7", oneDestination},
			{"fa570aa1-acca-4eea-8e5a-233cf2c5e4c2", oneDestination},
			{"e76ef589-c7d6-42cf-a61a-13471f6f50cd", oneDestination},
		},
	},
	Remedies: []Remedy{{
		Azurerm: `add an azurerm_monitor_diagnostic_setting with target_resource_id = {database}, a destination such as ` +
			`log_analytics_workspace_id, and category_group = "allLogs" inside enabled_log`,
		Azapi: `add an azapi_resource of type Microsoft.Insights/diagnosticSettings with parent_id = {database}, and properties.logs ` +
			`= [{ categoryGroup = "allLogs", enabled = true }] and a destination such as properties.workspaceId inside body`,
		Az: `az monitor diagnostic-settings create --name redis-logs --resource {database} --workspace "$WORKSPACE_ID" ` +
			`--logs '[{"categoryGroup":"allLogs","enabled":true}]'`,
		Companion: DiagnosticSetting,
	}},
	Check: ofDatabase(func(c *posture.Cache) Verdict {
		v := checkResourceLogs(c)
		if v.Status == report.NonCompliant {
			return ifDatabase(c, v)
		}
		return v
	}),
}

// persisted reports whether the data of a database is persisted.
func persisted(c *posture.Cache) posture.Tri {
	return posture.Is(c.RDBBackup, true).Or(posture.Is(c.AOFBackup, true))
}

// replicated reports whether a second member holds the data of a database. A group
// alone has one member, and others may join it from elsewhere.
func replicated(c *posture.Cache) posture.Tri {
	if n, ok := c.GeoReplicas.Get(); ok && n > 1 {
		return posture.True
	}
	return grouped(c).And(posture.Maybe)
}

// grouped reports whether a database belongs to a geo-replication group.
func grouped(c *posture.Cache) posture.Tri {
	return posture.Is(posture.Map(c.GeoReplicationGroup, func(name string) bool { return name != "" }), true)
}

// survivalOpen is the verdict where neither persistence nor geo-replication is decided.
func survivalOpen(c *posture.Cache, ev ...report.Evidence) Verdict {
	switch {
	case c.RDBBackup.IsUnknown():
		return notKnown(c.RDBBackup, "whether persistence is on is not known", ev...)
	case c.AOFBackup.IsUnknown():
		return notKnown(c.AOFBackup, "whether persistence is on is not known", ev...)
	case c.GeoReplicationGroup.IsUnknown():
		return notKnown(c.GeoReplicationGroup, "whether the database is geo-replicated is not known", ev...)
	default:
		return undecided(posture.ReasonNotObserved,
			hidden("the database is in a geo-replication group, of which no second member is visible here", c.GeoReplicas.Source.Detail), ev...)
	}
}

// survival is a check that the data outlives a failure; none is the verdict where it
// does not.
func survival(none func(ev ...report.Evidence) Verdict) func(*posture.Cache) Verdict {
	return ofDatabase(func(c *posture.Cache) Verdict {
		ev := []report.Evidence{evidence(c.RDBBackup), evidence(c.AOFBackup), evidence(c.GeoReplicationGroup), evidence(c.GeoReplicas)}
		switch {
		case persisted(c) == posture.True:
			return compliant("the data is persisted", ev...)
		case replicated(c) == posture.True:
			return compliant("a second member of the geo-replication group holds the data", ev...)
		case persisted(c).Or(replicated(c)) == posture.False:
			return none(ev...)
		default:
			return survivalOpen(c, ev...)
		}
	})
}

// managedPersistence is what to write for data that is to survive.
var managedPersistence = []Remedy{{
	Azurerm: `set persistence_redis_database_backup_frequency = "6h" inside default_database, or link the database to one in another region ` +
		`by azurerm_managed_redis_geo_replication`,
	Enterprise: `link the database to one in another region by linked_database_id and linked_database_group_nickname`,
	Azapi:      `set properties.persistence = { rdbEnabled = true, rdbFrequency = "6h" } inside body of the database`,
	Az:         patchDatabase(`{"persistence":{"rdbEnabled":true,"rdbFrequency":"6h"}}`),
}}

var managedBackup = &Rule{
	ID: "BR-1/service-native-backup",
	Documentation: Documentation{
		Summary: "The data is persisted, or a second member of a geo-replication group holds it.",
		Why: "Neither is a backup in the strict sense: persistence restores no earlier point in time, and a deletion reaches all members of a " +
			"group. Export makes copies, and no configuration shows it. A cache that can be filled again from its source needs none of them, so " +
			"that having none is no violation; advisory/persistence says so.",
		Good: `default_database {
  persistence_redis_database_backup_frequency = "6h"
}`,
		Bad:      `# neither persistence nor geo-replication`,
		Property: "databases/default: properties.persistence, properties.geoReplication", APIVersion: "2021-02-01-preview",
		References: []Reference{refManagedPersist, refManagedGeo},
		Peers:      []Peer{{"azqr", "redis-019", "is not automated"}},
	},
	Remedies: managedPersistence,
	Check: survival(func(ev ...report.Evidence) Verdict {
		return notApplicable("neither persistence nor geo-replication is on, and a cache need not survive", ev...)
	}),
}

var managedPersistenceAdvisory = &Rule{
	ID: "advisory/persistence", Title: "Persistence", Severity: report.Info,
	Documentation: Documentation{
		Summary: "The data survives a failure of all nodes.",
		Why: "Without persistence (RDB or AOF) and without a second member of a geo-replication group the data is gone when all nodes fail. A " +
			"cache that can be filled again from its source needs neither.",
		Good: `default_database {
  persistence_redis_database_backup_frequency = "6h"
}`,
		Bad:      `# neither persistence nor geo-replication`,
		Property: "databases/default: properties.persistence, properties.geoReplication", APIVersion: "2021-02-01-preview",
		References: []Reference{refManagedPersist, refManagedGeo},
		Peers:      []Peer{{"azqr", "redis-019", "is not automated"}},
	},
	Remedies: managedPersistence,
	Check: survival(func(ev ...report.Evidence) Verdict {
		return violated("neither persistence nor geo-replication is on, so that the data does not survive a failure of all nodes",
			"does not persist its data", ev...)
	}),
}

var geoReplicationPersistence = &Rule{
	ID: "advisory/geo-replication-persistence", Title: "Geo-replication or persistence", Severity: report.Warning,
	Documentation: Documentation{
		Summary: "Geo-replication and persistence are not asked for together.",
		Why:     "Azure Resource Manager refuses a database that asks for both, so that the plan passes and the apply fails.",
		Good: `default_database {
  geo_replication_group_name = "shop"
}`,
		Bad: `default_database {
  geo_replication_group_name                  = "shop"
  persistence_redis_database_backup_frequency = "6h"
}`,
		Property: "databases/default: properties.persistence, properties.geoReplication", APIVersion: "2021-02-01-preview",
		References: []Reference{refManagedPersist, refManagedGeo},
	},
	Remedies: []Remedy{{
		Azurerm:    `remove the persistence_ arguments from default_database, or geo_replication_group_name`,
		Enterprise: `remove linked_database_group_nickname and linked_database_id, or switch persistence off`,
		Azapi:      `remove properties.persistence or properties.geoReplication from body of the database`,
		Az:         patchDatabase(`{"persistence":{"rdbEnabled":false,"aofEnabled":false}}`),
	}},
	Check: ofDatabase(func(c *posture.Cache) Verdict {
		ev := []report.Evidence{evidence(c.RDBBackup), evidence(c.AOFBackup), evidence(c.GeoReplicationGroup)}
		switch persisted(c).And(grouped(c)) {
		case posture.True:
			return violated("geo-replication and persistence are both asked for, which Azure Resource Manager refuses",
				"cannot be applied: geo-replication and persistence exclude each other", ev...)
		case posture.False:
			return compliant("geo-replication and persistence are not both asked for", ev...)
		default:
			return survivalOpen(c, ev...)
		}
	}),
}

// replicas is what to write for a second node.
var replicas = Remedy{
	Azurerm:    `set high_availability_enabled = true, which replaces the cluster`,
	Enterprise: `nothing to write: the Enterprise tiers always have it`,
	Azapi:      `set properties.highAvailability = "Enabled" inside body`,
	Az:         patchCluster(`{"highAvailability":"Enabled"}`),
}

var highAvailability = &Rule{
	ID: "advisory/high-availability", Title: "High availability", Severity: report.Warning,
	Documentation: Documentation{
		Summary: "A second node holds the data.",
		Why: "With high availability off there is no service level agreement, and every maintenance loses the data. It can be " +
			"switched on later, " +
			"and never off again; azurerm replaces the cluster either way.",
		Good:     `high_availability_enabled = true # the default`,
		Bad:      `high_availability_enabled = false`,
		Property: "properties.highAvailability", APIVersion: "2024-09-01-preview",
		References: []Reference{refManagedHA},
		Peers:      []Peer{{"azqr", "redis-013", "objects to a cluster without the property too"}},
	},
	Remedies: []Remedy{replicas},
	Check: func(c *posture.Cache) Verdict {
		ha := c.HighAvailability.OrDefault(true)
		return byFact(ha, posture.Is(ha, true),
			compliant("high availability is on"),
			violated("high availability is off, so that there is no service level agreement and every maintenance loses the data",
				"runs without high availability"),
			"whether high availability is on is not known")
	},
}

var managedZones = &Rule{
	ID: "advisory/zone-redundancy", Title: "Zone redundancy", Severity: report.Info,
	Documentation: Documentation{
		Summary: "The nodes may stand in more than one availability zone.",
		Why: "Azure Managed Redis spreads its nodes by itself where high availability is on and the region has zones, and refuses " +
			"zones that are " +
			"written out. The Enterprise tiers stay in one zone unless three are named.",
		Good:     `high_availability_enabled = true # the default`,
		Bad:      `high_availability_enabled = false`,
		Property: "zones, properties.highAvailability", APIVersion: "2020-10-01-preview",
		References: []Reference{refManagedHA},
		Policies: []Policy{{"408934a8-941a-4c1e-ba88-dd035d9688f4",
			"demands three zones of Azure Managed Redis too, where Azure Resource Manager refuses them"}},
		Peers: []Peer{
			{"azqr", "redis-012", "demands three zones of Azure Managed Redis, where Azure Resource Manager refuses them"},
			{"PSRule", "Azure.RedisEnterprise.Zones (AZR-000162)", "looks at the Enterprise tiers only"},
		},
	},
	Remedies: []Remedy{replicas.of("replicas"), {
		Part:       "zones",
		Azurerm:    `nothing to write: zones follow high_availability_enabled`,
		Enterprise: `set zones = ["1", "2", "3"], which replaces the cluster`,
		Azapi:      `set zones = ["1", "2", "3"] inside body, on the Enterprise tiers only, which makes the cluster anew`,
		Az:         `make the cluster anew with zones 1, 2 and 3, or move to Azure Managed Redis, which spreads its nodes by itself`,
	}},
	Check: checkManagedZones,
}

func checkManagedZones(c *posture.Cache) Verdict {
	ha := c.HighAvailability.OrDefault(true)
	zones := c.Zones.OrDefault(nil)
	few := posture.Is(posture.Map(zones, func(z []string) bool { return len(z) < 3 }), true)
	tier := service.IsEnterprise(c)
	switch {
	case posture.Is(ha, false) == posture.True:
		return violated("high availability is off, so that the nodes stand in one zone", "runs in one zone", evidence(ha)).part("replicas")
	case tier.And(few) == posture.True:
		return violated("the cluster of the Enterprise tiers has fewer than three zones", "runs in one zone", evidence(c.Zones)).part("zones")
	case ha.IsUnknown():
		return notKnown(ha, "whether high availability is on is not known", evidence(ha))
	case tier.And(few) == posture.False:
		return compliant("the nodes may stand in more than one zone", evidence(ha), evidence(c.Zones))
	case tier == posture.Maybe:
		return tierOpen(c, evidence(c.Zones))
	default:
		return notKnown(zones, "the zones are not known", evidence(c.Zones))
	}
}

var pendingUpgrade = &Rule{
	ID: "advisory/pending-upgrade", Title: "Deferred upgrades", Severity: report.Info,
	Documentation: Documentation{
		Summary: "Upgrades of Redis are not held up.",
		Why:     "deferUpgrade holds an upgrade up for 90 days at most. While it is set, fixes wait too.",
		Good:    `deferUpgrade = "NotDeferred"`,
		Bad:     `deferUpgrade = "Deferred"`, Property: "databases/default: properties.deferUpgrade", APIVersion: "2024-03-01-preview",
		References: []Reference{refManagedUpgrade},
	},
	Remedies: []Remedy{{
		Azurerm:    `nothing to write: azurerm has no argument for it, and upgrades are not deferred unless something else set it`,
		Enterprise: `nothing to write: azurerm has no argument for it, and upgrades are not deferred unless something else set it`,
		Azapi:      `set properties.deferUpgrade = "NotDeferred" inside body of the database`,
		Az:         patchDatabase(`{"deferUpgrade":"NotDeferred"}`),
	}},
	Check: ofDatabase(func(c *posture.Cache) Verdict {
		upgrade := c.DeferUpgrade.OrDefault("NotDeferred")
		return byFact(upgrade, posture.Is(posture.Map(upgrade, func(s string) bool { return strings.EqualFold(s, "Deferred") }), true),
			violated("upgrades of Redis are held up", "holds up upgrades of Redis"),
			compliant("upgrades of Redis are not held up"),
			"whether upgrades of Redis are held up is not known")
	}),
}

var legacyResource = &Rule{
	ID: "advisory/legacy-resource", Title: "Resource that azurerm gives up", Severity: report.Warning,
	Documentation: Documentation{
		Summary: "The cluster is made by a resource that azurerm 5 has.",
		Why: "The successor, which azurerm 5 has, is azurerm_managed_redis; the names of successors in azurerm's own messages do not exist. " +
			"There is no moved block between them: the state moves by import.",
		Good: `resource "azurerm_managed_redis" "example" {
  # ...
}`,
		Bad: `resource "azurerm_redis_enterprise_cluster" "example" {
  # ...
}`,
		References: []Reference{refManagedMove},
	},
	Remedies: []Remedy{{Any: `move to azurerm_managed_redis: nothing to do where the cluster is declared otherwise`,
		Enterprise: `move to azurerm_managed_redis: remove the old resources from the state, and import the cluster`,
		Azapi:      `nothing to configure`, Az: `nothing to configure`}},
	Check: func(c *posture.Cache) Verdict {
		switch c.Dialect {
		case posture.DialectEnterprise:
			return violated("azurerm 5 removed azurerm_redis_enterprise_cluster and azurerm_redis_enterprise_database",
				"is made by a resource that azurerm 5 removed").about()
		case "":
			return undecided(posture.ReasonNotObserved, "what makes the cluster is not visible here")
		default:
			return compliant("no resource that azurerm 5 removed makes the cluster")
		}
	},
}

var databaseRecreated = &Rule{
	ID: "advisory/database-recreated", Title: "Data lost by a change in place", Severity: report.Warning,
	Documentation: Documentation{
		Summary: "The plan does not make azurerm delete the database and create it again.",
		Why: "A change of clustering_policy, geo_replication_group_name or module, or the removal of default_database, is planned " +
			"as an update in " +
			"place. azurerm then deletes the database, and with it all data, and nothing in the plan says so (issue 31722 of azurerm).",
		Good: `default_database {
  clustering_policy = "OSSCluster" # as before
}`,
		Bad: `default_database {
  clustering_policy = "EnterpriseCluster" # was "OSSCluster"
}`,
		Property:   "databases/default: properties.clusteringPolicy, properties.geoReplication.groupNickname, properties.modules",
		APIVersion: "2020-10-01-preview",
		References: []Reference{{"azurerm issue 31722", "https://github.com/hashicorp/terraform-provider-azurerm/issues/31722"}},
	},
	Remedies: []Remedy{{
		Azurerm:    `leave the argument as it was, or export the data before the apply and import it afterwards`,
		Enterprise: `nothing to write: azurerm plans the replacement`,
		Azapi:      `nothing to configure`,
		Az:         `nothing to configure`,
	}},
	Check: func(c *posture.Cache) Verdict {
		changed := c.Recreated.OrDefault(nil)
		switch {
		case c.Change != posture.ChangeUpdate:
			return notApplicable("no plan updates the cluster in place")
		case changed.IsUnknown():
			return notKnown(changed, "whether azurerm deletes the database and creates it again is not known", evidence(changed))
		case len(changed.V) == 0:
			return compliant("the plan keeps the database", evidence(changed))
		default:
			what := shown(changed, list(changed.V), "its arguments")
			return violated("by the change of "+what+" azurerm deletes the database and creates it again: its data is lost",
				"loses its data by a change of "+what, evidence(changed))
		}
	},
}

var managedRetirement = &Rule{
	ID: "advisory/retirement", Title: "Retirement of the service", Severity: report.Warning,
	Documentation: Documentation{
		Summary: "The Enterprise tiers of Azure Cache for Redis are retiring.",
		Why: "Enterprise and Enterprise Flash retire on 2027-03-31, and since 2026-04-01 none can be created. Azure Managed Redis, which takes " +
			"their place, has no announced end.",
		References: []Reference{refRetire, refManagedMove},
		Peers: []Peer{
			{"azqr", "redis-010", "knows ten SKUs, and not Enterprise_E1"},
			{"PSRule", "Azure.RedisEnterprise.MigrateAMR (AZR-000534)", "prints the dates of the other tiers"},
		},
	},
	Remedies: []Remedy{{
		Azurerm: `move to azurerm_managed_redis before 2027-03-31: redisbaseline migrate plans it`,
		Any:     `move to Azure Managed Redis before 2027-03-31: redisbaseline migrate plans it`,
	}},
	Check: checkManagedRetirement,
}

func checkManagedRetirement(c *posture.Cache) Verdict {
	switch service.IsEnterprise(c) {
	case posture.False:
		return compliant("no end of Azure Managed Redis is announced")
	case posture.Maybe:
		return tierOpen(c)
	}
	of := service.Enterprise
	end := of.Retirement
	v := violated(of.Name+" retires on "+end.Date+"; the successor is "+end.Successor+sizeThere(c),
		"belongs to a service that retires on "+end.Date, evidence(c.SKU)).about()
	v.Level = report.Info
	if c.Change == posture.ChangeCreate {
		v.Level = report.Warning
		v.Message += "; creating one is refused since " + end.NewTenants
	}
	return v
}
