package migrate

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

// absent is the value of a setting that the target does without.
const absent = "none"

// target returns the cache to order.
func (r *retiring) target() *Target {
	t := &Target{
		Known: r.choice.Known(), Size: r.choice.Size, Why: r.choice.Why, Basis: r.choice.Basis,
		Alternatives: r.choice.Alternatives, Warnings: r.choice.Warnings,
	}
	if t.Alternatives == nil {
		t.Alternatives = []sizing.Alternative{}
	}
	if t.Warnings == nil {
		t.Warnings = none
	}
	available := r.highAvailability()
	replicas := "1"
	zones := Setting{Zones, "automatic", "the service spreads the nodes where the region has zones; Azure Resource Manager refuses zones"}
	if available.Value == "false" {
		replicas, zones = "0", Setting{Zones, absent, "one node stands in one zone"}
	}
	persistence, frequency := r.persistence()
	key := r.customerKey()
	identity := Setting{Identity, absent, "an identity serves a customer-managed key only"}
	switch key.Value {
	case "true":
		identity = Setting{Identity, "UserAssigned", "a user-assigned identity reads the customer-managed key"}
	case "":
		identity = Setting{Identity, "", "a user-assigned identity is needed where there is a customer-managed key"}
	}
	policy, whyPolicy := r.evictionPolicy()
	t.Settings = []Setting{
		available,
		{Replicas, replicas, "the service keeps one replica of each shard with high availability, and has no argument for it"},
		zones,
		r.clusteringPolicy(),
		{ClientProtocol, "Encrypted", "the baseline asks for TLS"},
		{MinimumTLSVersion, "1.2", "the only version that the service takes; azurerm sends it by itself"},
		r.accessKeys(),
		{PublicNetworkAccess, "Disabled", "the baseline asks for it, and nothing narrows public access: there are no firewall rules"},
		persistence,
		frequency,
		{EvictionPolicy, policy, whyPolicy},
		r.modules(),
		{Databases, "1", "the service has database 0 only"},
		r.keyspaceNotifications(),
		r.group(),
		identity,
		key,
	}
	return t
}

func (r *retiring) highAvailability() Setting {
	tier, known := told(r.Tier).Get()
	switch {
	case r.service == service.Enterprise:
		return Setting{HighAvailability, "true", "the Enterprise tiers have it; it cannot be switched off later"}
	case strings.EqualFold(tier, "Basic"):
		return Setting{HighAvailability, "false", "the Basic tier has none either, and without it the price is half; it can be switched on later"}
	case known:
		return Setting{HighAvailability, "true", "the cache has a replica; it cannot be switched off later"}
	default:
		return Setting{HighAvailability, "true", "the tier is not known, and every tier but Basic has a replica; it cannot be switched off later"}
	}
}

func (r *retiring) clusteringPolicy() Setting {
	if r.service == service.Enterprise {
		old := told(r.ClusteringPolicy.OrDefault("OSSCluster"))
		policy, ok := old.Get()
		if !ok {
			return Setting{ClusteringPolicy, "", hidden("it has to stay as it is, which is not known", old.Source.Detail)}
		}
		for _, p := range posture.ClusteringPolicies {
			if strings.EqualFold(p, policy) {
				return Setting{ClusteringPolicy, p, "as today, so that clients need no change; another one makes the database anew"}
			}
		}
		return Setting{ClusteringPolicy, "", "it has to stay as it is, which is not a documented value"}
	}
	policy, why := "EnterpriseCluster", "the cache is not clustered, and this has one endpoint for its clients; OSSCluster is faster where "+
		"all of them know the cluster protocol"
	switch {
	case r.clustered == posture.True:
		policy, why = "OSSCluster", "the cache is clustered, so that its clients know the cluster protocol; EnterpriseCluster has one endpoint "+
			"for clients that do not"
	case r.clustered == posture.Maybe:
		policy, why = "", hidden("whether the cache is clustered is not known: OSSCluster if it is, else NoCluster up to 24 GB and "+
			"EnterpriseCluster above", r.ShardCount.Source.Detail)
	case !r.choice.Known():
		policy, why = "", "the cache is not clustered and the size is not known: NoCluster up to 24 GB, EnterpriseCluster above"
	case r.choice.Clusterless():
		policy, why = "NoCluster", "the cache is not clustered, so that clients need no change; EnterpriseCluster instead where it is to grow "+
			"beyond 24 GB"
	}
	return Setting{ClusteringPolicy, policy, why}
}

func (r *retiring) accessKeys() Setting {
	if r.keys == posture.False {
		return Setting{AccessKeys, "false", "the baseline asks for it, and they are off today"}
	}
	return Setting{AccessKeys, "false", "the baseline asks for it; clients that use keys today sign in with Microsoft Entra ID"}
}

// persistence returns how the target persists its data, and how often.
func (r *retiring) persistence() (mode, frequency Setting) {
	rdb, aof := posture.Is(r.RDBBackup, true), posture.Is(r.AOFBackup, true)
	switch {
	case r.replicated == posture.True:
		const why = "geo-replication excludes persistence"
		return Setting{Persistence, absent, why}, Setting{PersistenceFrequency, absent, why}
	case r.persisted == posture.False:
		const why = "the data is not persisted today"
		return Setting{Persistence, absent, why}, Setting{PersistenceFrequency, absent, why}
	case r.persisted == posture.Maybe:
		why := hidden("whether the data is persisted today is not known", r.RDBBackup.Source.Detail)
		return Setting{Persistence, "", why}, Setting{PersistenceFrequency, "", why}
	case aof == posture.True && rdb == posture.True:
		return Setting{Persistence, "AOF", "both are on today, and the target has one of them: AOF loses less"},
			Setting{PersistenceFrequency, "1s", "the only frequency of AOF"}
	case aof == posture.True:
		return Setting{Persistence, "AOF", "as today"}, Setting{PersistenceFrequency, "1s", "the only frequency of AOF"}
	default:
		return Setting{Persistence, "RDB", "as today"}, r.snapshotFrequency()
	}
}

// snapshotFrequency is the longest time between snapshots, of those that the service
// knows, that is not longer than today's; else the shortest.
func (r *retiring) snapshotFrequency() Setting {
	if r.service == service.Enterprise { // no source has it
		return Setting{PersistenceFrequency, "",
			"how often is not read: choose 1h, 6h or 12h; az redisenterprise database show prints rdbFrequency"}
	}
	minutes, known := told(r.SnapshotMinutes).Get()
	frequency, why := "1h", "the shortest one, which loses least: the service knows 1h, 6h and 12h"
	switch {
	case !known || minutes <= 0:
	case minutes < 60:
		why = "the shortest one, and less often than today"
	case minutes < 360:
		why = "at least as often as today"
	case minutes < 720:
		frequency, why = "6h", "at least as often as today"
	default:
		frequency, why = "12h", "at least as often as today"
	}
	return Setting{PersistenceFrequency, frequency, why}
}

// evictionPolicies are those of both services, as ARM and azurerm write them for a database.
var evictionPolicies = []string{
	"AllKeysLFU", "AllKeysLRU", "AllKeysRandom", "NoEviction", "VolatileLFU", "VolatileLRU", "VolatileRandom", "VolatileTTL",
}

// evictionPolicy returns the policy as Azure Managed Redis writes it, and why; it is
// empty where it is not known.
func (r *retiring) evictionPolicy() (policy, why string) {
	old := told(r.EvictionPolicy.OrDefault("VolatileLRU"))
	value, ok := old.Get()
	if !ok {
		return "", hidden("the eviction policy of the cache is not known", old.Source.Detail)
	}
	name := strings.ReplaceAll(value, "-", "")
	for _, p := range evictionPolicies {
		if strings.EqualFold(p, name) {
			if old.Source.Origin == posture.OriginDefault {
				return p, "the default of both services"
			}
			return p, "as today"
		}
	}
	return "", "the eviction policy of the cache is not a documented one"
}

// moduleNames are the modules that the service documents.
var moduleNames = []string{"RedisBloom", "RediSearch", "RedisJSON", "RedisTimeSeries"}

func (r *retiring) modules() Setting {
	if r.service != service.Enterprise {
		return Setting{Modules, absent, "the service has modules, and the old one has none"}
	}
	old := told(r.Modules.OrDefault(nil))
	modules, ok := old.Get()
	if !ok {
		return Setting{Modules, "", hidden("the modules of the database are not known", old.Source.Detail)}
	}
	if len(modules) == 0 {
		return Setting{Modules, absent, "as today"}
	}
	var names []string
	for _, m := range modules {
		m, _, _ := strings.Cut(m, " ") // its arguments are behind a space
		i := slices.IndexFunc(moduleNames, func(name string) bool { return strings.EqualFold(name, m) })
		if i < 0 {
			return Setting{Modules, "", "a module of the database is not a documented one"}
		}
		names = append(names, moduleNames[i])
	}
	slices.Sort(names)
	why := "as today"
	if r.moduleArguments() != posture.False {
		why = "as today; repeat their arguments, or the database is made anew"
	}
	return Setting{Modules, strings.Join(slices.Compact(names), ","), why}
}

// moduleArguments reports whether modules of the database have arguments.
func (r *retiring) moduleArguments() posture.Tri {
	return posture.Is(posture.Map(r.ModulesWithArguments.OrDefault(nil), func(names []string) bool { return len(names) > 0 }), true)
}

// keyspaceFlags are the letters of notify-keyspace-events. Source: documentation of Redis.
const keyspaceFlags = "KEg$lshzxetdmnA"

func (r *retiring) keyspaceNotifications() Setting {
	old := told(r.KeyspaceNotifications.OrDefault(""))
	flags, ok := old.Get()
	switch {
	case r.service == service.Enterprise:
		return Setting{KeyspaceNotifications, absent, "the Enterprise tiers have none"}
	case !ok:
		return Setting{KeyspaceNotifications, "", hidden("whether they are on is not known", old.Source.Detail)}
	case flags == "":
		return Setting{KeyspaceNotifications, absent, "as today"}
	case strings.Trim(flags, keyspaceFlags) != "":
		return Setting{KeyspaceNotifications, "", "they are on with letters that are not documented"}
	default:
		return Setting{KeyspaceNotifications, flags, "as today, by azapi with api-version 2026-09-01 or newer"}
	}
}

func (r *retiring) group() Setting {
	if r.service == service.Enterprise {
		name, ok := text(r.GeoReplicationGroup)
		switch {
		case r.replicated == posture.False:
			return Setting{GeoReplicationGroup, absent, "as today"}
		case ok:
			return Setting{GeoReplicationGroup, name, "as today"}
		default:
			return Setting{GeoReplicationGroup, "", hidden("the geo-replication group is not known", r.GeoReplicationGroup.Source.Detail)}
		}
	}
	switch r.replicated {
	case posture.False:
		return Setting{GeoReplicationGroup, absent, "the cache is not geo-replicated"}
	case posture.Maybe:
		return Setting{GeoReplicationGroup, "", hidden("whether the cache is geo-replicated is not known", whyOpen(&r.Links))}
	}
	name, known := text(r.Name)
	for i := range r.Links.Items {
		other, ok := text(r.Links.Items[i].Other)
		if !ok {
			known = false
			break
		}
		other = other[strings.LastIndexByte(other, '/')+1:]
		name = min(strings.ToLower(name), strings.ToLower(other))
	}
	if !known || !validName(name) {
		return Setting{GeoReplicationGroup, "", "choose a name, which all members share"}
	}
	return Setting{GeoReplicationGroup, name, "one name for all members"}
}

func (r *retiring) customerKey() Setting {
	if r.service != service.Enterprise {
		return Setting{CustomerManagedKey, "false", "keys of the platform encrypt the disks; the old service has no other keys"}
	}
	switch key := r.CustomerManagedKey.OrDefault(false); posture.Is(key, true) {
	case posture.True:
		return Setting{CustomerManagedKey, "true", "as today"}
	case posture.False:
		return Setting{CustomerManagedKey, "false", "as today"}
	default:
		return Setting{CustomerManagedKey, "", hidden("whether there is one is not known", key.Source.Detail)}
	}
}
