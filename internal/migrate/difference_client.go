package migrate

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

var clientDifferences = []difference{
	{
		Entry: Entry{
			ID: "migration/plaintext-clients", Severity: Blocker, Title: "Clients without TLS",
			Action: "move the clients without TLS to TLS before the move: the target has one port in one mode, and the baseline asks for TLS",
			Source: fromClassic,
			Look:   "az resource show prints enableNonSslPort of a cache, clientProtocol of a database",
		},
		check: checkPlaintext,
	},
	{
		Entry: Entry{
			ID: "migration/host-name", Severity: Change, Title: "Host name",
			Action: "write the new host name into the settings of every client", Source: fromClassic,
		},
		check: checkHostName,
	},
	{
		Entry: Entry{
			ID: "migration/port", Severity: Change, Title: "Port",
			Action: "write port 10000 into the settings of every client, and open it where firewalls stand between", Source: fromClassic,
		},
		of: service.Redis,
		check: func(r *retiring) concern {
			switch posture.Is(r.NonTLSPort.OrDefault(false), true) {
			case posture.False:
				return concerned("clients connect to port 6380; the target listens on port 10000")
			case posture.Maybe:
				return concerned("clients connect to port 6380, and perhaps to 6379 without TLS; the target listens on port 10000")
			}
			return concerned("clients connect to port 6380, or 6379 without TLS; the target listens on port 10000")
		},
	},
	{
		Entry: Entry{
			ID: "migration/tls-version", Severity: Change, Title: "TLS 1.0 and 1.1",
			Action: "update clients that speak no TLS 1.2", Source: fromClassic,
			Look: "az resource show prints minimumTlsVersion",
		},
		check: func(r *retiring) concern {
			tls := r.MinimumTLSVersion.OrDefault("1.2")
			old := posture.Is(posture.Map(tls, func(v string) bool { return v == "1.0" || v == "1.1" }), true)
			return byFact(tls, old, "the cache accepts TLS versions before 1.2, and the target does not",
				"whether the cache accepts TLS versions before 1.2 is not known")
		},
	},
	{
		Entry: Entry{
			ID: "migration/cluster-nodes", Severity: Change, Title: "Ports of cluster nodes",
			Action: "open ports 8500 to 8599 beside 10000 where firewalls stand between, and let clients ask the cluster for its nodes: " +
				"the number of shards follows from the size and may change",
			Source: fromClassic,
			Look:   "az redis show prints shardCount",
		},
		of: service.Redis,
		check: func(r *retiring) concern {
			return byFact(r.ShardCount, r.clustered, "the cache is clustered, so that clients connect to its nodes on ports 13000 to 13999 or "+
				"15000 to 15999; the nodes of the target listen on ports 8500 to 8599", "whether the cache is clustered is not known")
		},
	},
	{
		Entry: Entry{
			ID: "migration/multi-key-commands", Severity: Change, Title: "Commands on several keys",
			Action: "look for commands and scripts whose keys lie in different slots, and give such keys a common hash tag", Source: fromScaling,
			Look: "az redis show prints sku and shardCount",
		},
		of:    service.Redis,
		check: checkMultiKey,
	},
	{
		Entry: Entry{
			ID: "migration/databases", Severity: Change, Title: "Several databases",
			Action: "move the keys of other databases than 0 to names with a prefix, or to a cache of their own", Source: fromClassic,
			Look: "INFO keyspace shows the databases that hold keys",
		},
		of:    service.Redis,
		check: checkDatabases,
	},
	{
		Entry: Entry{
			ID: "migration/keyspace-notifications", Severity: Change, Title: "Keyspace notifications",
			Action: "set notifyKeyspaceEvents on the database of the target with api-version 2026-09-01 or newer, which azurerm 5.2 " +
				"has no argument for",
			Source: fromKeyspace,
			Look:   "az redis show prints notify-keyspace-events",
		},
		of: service.Redis,
		check: func(r *retiring) concern {
			on := posture.Is(posture.Map(r.KeyspaceNotifications, func(flags string) bool { return flags != "" }), true)
			return byFact(r.KeyspaceNotifications, on, "keyspace notifications are on, and off on the target unless they are set",
				"whether keyspace notifications are on is not known")
		},
	},
	{
		Entry: Entry{
			ID: "migration/redis-version", Severity: Notice, Title: "Redis version",
			Action: "test the clients with Redis 7.4", Source: fromClassic,
		},
		check: func(r *retiring) concern {
			switch version, _ := text(r.RedisVersion); {
			case r.service == service.Enterprise:
				return concerned("the cache runs Redis 7.2 or older, the target Redis 7.4")
			case version == "4" || strings.HasPrefix(version, "4."):
				return concerned("the cache runs Redis 4, the target Redis 7.4")
			default:
				return concerned("the cache runs Redis 6 or older, the target Redis 7.4")
			}
		},
	},
}

func checkPlaintext(r *retiring) concern {
	if r.service == service.Enterprise {
		protocol := r.ClientProtocol.OrDefault("Encrypted")
		plain := posture.Is(posture.Map(protocol, func(s string) bool { return strings.EqualFold(s, "Plaintext") }), true)
		return byFact(protocol, plain, "clients connect without TLS, and the target asks for TLS",
			"whether clients connect without TLS is not known")
	}
	port := r.NonTLSPort.OrDefault(false)
	return byFact(port, posture.Is(port, true), "port 6379 lets clients in without TLS beside port 6380; the target has one port, with TLS",
		"whether port 6379 lets clients in without TLS is not known")
}

// hostSuffixes are the ends of host names by cloud.
// Source: Azure's documentation, and for other clouds the defaults of StackExchange.Redis.
var hostSuffixes = map[posture.Cloud]struct{ classic, managed string }{
	posture.CloudPublic:       {".redis.cache.windows.net", ".redis.azure.net"},
	posture.CloudUSGovernment: {".redis.cache.usgovcloudapi.net", ".redis.usgovcloudapi.net"},
	posture.CloudChina:        {".redis.cache.chinacloudapi.cn", ".redis.chinacloudapi.cn"},
}

func checkHostName(r *retiring) concern {
	name, ok := text(r.Name)
	if !ok {
		name = "NAME"
	}
	region := "REGION"
	if location, ok := text(r.Location); ok {
		region = strings.ToLower(strings.ReplaceAll(location, " ", ""))
	}
	suffix := hostSuffixes[r.Cloud()]
	target := "clients connect to the host name of the old cache; the target is NAME." + region + suffix.managed
	if r.service == service.Enterprise {
		return concerned(target+", and after a move in place both names answer until Microsoft withdraws the old one",
			name+"."+region+".redisenterprise.cache.azure.net")
	}
	return concerned(target, name+suffix.classic)
}

func checkMultiKey(r *retiring) concern {
	switch r.clustered {
	case posture.True:
		return unconcerned // slots are known to its clients
	case posture.Maybe:
		return unsure(r.ShardCount, "whether the cache is clustered is not known, and the target may be")
	}
	switch {
	case !r.choice.Known():
		return concern{message: "the cache is not clustered, and the target is where it has more than 24 GB; its size is not known"}
	case !r.choice.Clusterless():
		return concerned("the cache is not clustered and the target is: commands on several keys work within one slot, and across slots " +
			"only DEL, MSET, MGET, EXISTS, UNLINK and TOUCH do")
	default:
		return unconcerned
	}
}

func checkDatabases(r *retiring) concern {
	n, known := r.Databases.Get()
	switch {
	case r.clustered == posture.True, known && n <= 1:
		return unconcerned
	case known && n > 16:
		return concern{severity: Blocker, message: "more than 16 databases are set, and the target has database 0 only; which of them " +
			"hold keys is not shown"}
	case known || r.Databases.IsUnset():
		return concern{message: "the cache has 16 databases, and the target has database 0 only; which of them hold keys is not shown"}
	default:
		return unsure(r.Databases, "the number of databases is not known, and the target has database 0 only")
	}
}
