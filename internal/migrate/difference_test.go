package migrate_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// cell is a cache, and what one difference says of it.
type cell struct {
	id   string
	cell string
	edit func(*posture.Cache) // of plain; of plainEnterprise where enterprise is set
	// want is "absent", or severity and certainty: "blocker certain", "change maybe".
	want       string
	says       string   // part of the message
	objects    []string // all of them
	enterprise bool
}

func hide[T any](v *posture.Value[T]) {
	*v = posture.Unknown[T](posture.ReasonKnownAfterApply, v.Source.Path).WithDetail("var.x")
}

func premium(c *posture.Cache) {
	c.Tier, c.Family, c.Capacity = posture.Known("Premium", "sku_name"), posture.Known("P", "family"), posture.Known(1, "capacity")
}

func on(v *posture.Value[bool])  { *v = posture.Known(true, "x") }
func off(v *posture.Value[bool]) { *v = posture.Known(false, "x") }

func inject(c *posture.Cache) {
	premium(c)
	c.SubnetID = posture.Known("/subnets/a", "subnet_id")
}

var cells = []cell{
	{id: "region", cell: "public cloud", want: "absent"},
	{id: "region", cell: "Government", edit: func(c *posture.Cache) { c.Location.V = "usgovvirginia" },
		want: "blocker maybe", says: "Azure Government"},
	{id: "region", cell: "21Vianet", edit: func(c *posture.Cache) { c.Location.V = "China North 3" }, want: "blocker maybe", says: "21Vianet"},
	{id: "region", cell: "not known", edit: func(c *posture.Cache) { hide(&c.Location) }, want: "blocker maybe", says: "var.x"},

	{id: "vnet-injection", cell: "not injected", want: "absent"},
	{id: "vnet-injection", cell: "injected", edit: inject, want: "blocker certain"},
	{id: "vnet-injection", cell: "not known", edit: func(c *posture.Cache) { hide(&c.SubnetID) }, want: "blocker maybe", says: "var.x"},

	{id: "static-ip", cell: "none", want: "absent"},
	{id: "static-ip", cell: "one in the subnet", edit: func(c *posture.Cache) { inject(c); on(&c.StaticIP) }, want: "change certain"},
	{id: "static-ip", cell: "not known in a subnet", edit: func(c *posture.Cache) { inject(c); hide(&c.StaticIP) }, want: "change maybe"},
	{id: "static-ip", cell: "not known outside of a subnet", edit: func(c *posture.Cache) { hide(&c.StaticIP) }, want: "absent"},

	{id: "firewall-rules", cell: "none", want: "absent"},
	{id: "firewall-rules", cell: "two, and public access", edit: func(c *posture.Cache) {
		on(&c.PublicNetworkAccess)
		c.FirewallRules.Items = []posture.FirewallRule{{Address: "azurerm_redis_firewall_rule.b"}, {Name: "a"}}
	}, want: "blocker certain", objects: []string{"a", "azurerm_redis_firewall_rule.b"}},
	{id: "firewall-rules", cell: "one, and no public access", edit: func(c *posture.Cache) {
		c.FirewallRules.Items = []posture.FirewallRule{{Address: "a"}}
	}, want: "absent"},
	{id: "firewall-rules", cell: "one, and public access not known", edit: func(c *posture.Cache) {
		hide(&c.PublicNetworkAccess)
		c.FirewallRules.Items = []posture.FirewallRule{{Address: "a"}}
	}, want: "blocker maybe", says: "var.x", objects: []string{"a"}},
	{id: "firewall-rules", cell: "not seen", edit: func(c *posture.Cache) {
		on(&c.PublicNetworkAccess)
		c.FirewallRules = posture.Set[posture.FirewallRule]{Detail: "a permission"}
	}, want: "blocker maybe", says: "a permission"},
	{id: "firewall-rules", cell: "not seen, and no public access", edit: func(c *posture.Cache) { c.FirewallRules.Observed = false },
		want: "absent"},

	{id: "public-network-access", cell: "off", want: "absent"},
	{id: "public-network-access", cell: "on", edit: func(c *posture.Cache) { on(&c.PublicNetworkAccess) }, want: "change certain"},
	{id: "public-network-access", cell: "not set, no endpoint", edit: func(c *posture.Cache) {
		c.PublicNetworkAccess = posture.Unset[bool]("x")
	}, want: "change certain"},
	{id: "public-network-access", cell: "not set, an endpoint", edit: func(c *posture.Cache) {
		c.PublicNetworkAccess = posture.Unset[bool]("x")
		c.PrivateEndpoints.Items = []posture.PrivateEndpoint{{Address: "e"}}
	}, want: "change maybe"},
	{id: "public-network-access", cell: "not known", edit: func(c *posture.Cache) { hide(&c.PublicNetworkAccess) },
		want: "change maybe", says: "var.x"},
	{id: "public-network-access", cell: "injected", edit: func(c *posture.Cache) { inject(c); on(&c.PublicNetworkAccess) }, want: "absent"},
	{id: "public-network-access", cell: "injection not known", edit: func(c *posture.Cache) {
		hide(&c.SubnetID)
		on(&c.PublicNetworkAccess)
	}, want: "change maybe"},

	{id: "private-endpoint", cell: "none", want: "absent"},
	{id: "private-endpoint", cell: "one", edit: func(c *posture.Cache) {
		c.PrivateEndpoints.Items = []posture.PrivateEndpoint{{Address: "azurerm_private_endpoint.e"}}
	}, want: "change certain", says: "redisCache", objects: []string{"azurerm_private_endpoint.e"}},
	{id: "private-endpoint", cell: "not seen", edit: func(c *posture.Cache) { c.PrivateEndpoints.Observed = false }, want: "change maybe"},
	{id: "private-endpoint", cell: "in doubt", edit: func(c *posture.Cache) {
		c.PrivateEndpoints.Doubts = []posture.Doubt{{Address: "azurerm_private_endpoint.e", Detail: "local.id"}}
	}, want: "change maybe", says: "local.id", objects: []string{"azurerm_private_endpoint.e"}},
	{id: "private-endpoint", cell: "injected", edit: func(c *posture.Cache) { inject(c); c.PrivateEndpoints.Observed = false },
		want: "absent"},

	{id: "private-dns-zone", cell: "no endpoint", want: "absent"},
	{id: "private-dns-zone", cell: "an endpoint", edit: func(c *posture.Cache) {
		c.PrivateEndpoints.Items = []posture.PrivateEndpoint{{Address: "e"}}
	}, want: "change certain", says: "privatelink.redis.azure.net, not in privatelink.redis.cache.windows.net", objects: []string{"e"}},
	{id: "private-dns-zone", cell: "an endpoint of an Enterprise cache", enterprise: true, edit: func(c *posture.Cache) {
		c.PrivateEndpoints.Items = []posture.PrivateEndpoint{{Address: "e"}}
	}, want: "change certain", says: "not in privatelink.redisenterprise.cache.azure.net", objects: []string{"e"}},
	{id: "private-dns-zone", cell: "no endpoint of an Enterprise cache, which has no subnet", enterprise: true,
		edit: func(c *posture.Cache) { hide(&c.SubnetID) }, want: "absent"},
	{id: "private-dns-zone", cell: "injected", edit: inject, want: "change certain"},
	{id: "private-dns-zone", cell: "not seen", edit: func(c *posture.Cache) { c.PrivateEndpoints.Observed = false }, want: "change maybe"},

	{id: "plaintext-clients", cell: "TLS only", want: "absent"},
	{id: "plaintext-clients", cell: "both ports", edit: func(c *posture.Cache) { on(&c.NonTLSPort) }, want: "blocker certain", says: "6379"},
	{id: "plaintext-clients", cell: "not known", edit: func(c *posture.Cache) { hide(&c.NonTLSPort) }, want: "blocker maybe", says: "var.x"},
	{id: "plaintext-clients", cell: "Plaintext of Enterprise", enterprise: true, edit: func(c *posture.Cache) {
		c.ClientProtocol = posture.Known("Plaintext", "client_protocol")
	}, want: "blocker certain"},
	{id: "plaintext-clients", cell: "Enterprise by default", enterprise: true, want: "absent"},

	{id: "host-name", cell: "always",
		want: "change certain", says: "NAME.westeurope.redis.azure.net", objects: []string{"orders.redis.cache.windows.net"}},
	{id: "host-name", cell: "name not known", edit: func(c *posture.Cache) { hide(&c.Name); hide(&c.Location) }, want: "change certain",
		says: "NAME.REGION.redis.azure.net", objects: []string{"NAME.redis.cache.windows.net"}},
	{id: "host-name", cell: "sensitive name", edit: func(c *posture.Cache) { c.Name = c.Name.Sensitive() }, want: "change certain",
		objects: []string{"NAME.redis.cache.windows.net"}},
	{id: "host-name", cell: "Enterprise", enterprise: true, want: "change certain", says: "NAME.westeurope.redis.azure.net",
		objects: []string{"orders.westeurope.redisenterprise.cache.azure.net"}},
	{id: "port", cell: "TLS only", want: "change certain", says: "port 6380; the target listens on port 10000"},
	{id: "port", cell: "both", edit: func(c *posture.Cache) { on(&c.NonTLSPort) }, want: "change certain", says: "or 6379"},
	{id: "port", cell: "TLS not known", edit: func(c *posture.Cache) { hide(&c.NonTLSPort) }, want: "change certain", says: "perhaps to 6379"},
	{id: "port", cell: "Enterprise has it already", enterprise: true, want: "absent"},

	{id: "tls-version", cell: "1.2", want: "absent"},
	{id: "tls-version", cell: "1.0", edit: func(c *posture.Cache) { c.MinimumTLSVersion.V = "1.0" }, want: "change certain"},
	{id: "tls-version", cell: "not known", edit: func(c *posture.Cache) { hide(&c.MinimumTLSVersion) }, want: "change maybe", says: "var.x"},
	{id: "tls-version", cell: "not documented", edit: func(c *posture.Cache) { c.MinimumTLSVersion.V = "9" }, want: "change maybe"},

	{id: "cluster-nodes", cell: "not clustered", want: "absent"},
	{id: "cluster-nodes", cell: "clustered", edit: func(c *posture.Cache) { premium(c); c.ShardCount = posture.Known(2, "x") },
		want: "change certain"},
	{id: "cluster-nodes", cell: "not known", edit: func(c *posture.Cache) { premium(c); hide(&c.ShardCount) },
		want: "change maybe", says: "var.x"},

	{id: "multi-key-commands", cell: "small", want: "absent"},
	{id: "multi-key-commands", cell: "large and not clustered", edit: func(c *posture.Cache) { premium(c); c.Capacity.V = 4 },
		want: "change certain"},
	{id: "multi-key-commands", cell: "clustered", edit: func(c *posture.Cache) {
		premium(c)
		c.Capacity.V, c.ShardCount = 4, posture.Known(2, "x")
	}, want: "absent"},
	{id: "multi-key-commands", cell: "size not known", edit: func(c *posture.Cache) { hide(&c.Capacity) }, want: "change maybe"},
	{id: "multi-key-commands", cell: "shards not known", edit: func(c *posture.Cache) { premium(c); hide(&c.ShardCount) },
		want: "change maybe"},

	{id: "databases", cell: "one", want: "absent"},
	{id: "databases", cell: "by default", edit: func(c *posture.Cache) { c.Databases = posture.Unset[int]("x") },
		want: "change maybe", says: "16"},
	{id: "databases", cell: "more than by default", edit: func(c *posture.Cache) { c.Databases.V = 64 }, want: "blocker maybe"},
	{id: "databases", cell: "not known", edit: func(c *posture.Cache) { hide(&c.Databases) }, want: "change maybe", says: "var.x"},
	{id: "databases", cell: "clustered", edit: func(c *posture.Cache) {
		premium(c)
		c.Databases.V, c.ShardCount = 64, posture.Known(2, "x")
	}, want: "absent"},

	{id: "keyspace-notifications", cell: "off", want: "absent"},
	{id: "keyspace-notifications", cell: "empty", edit: func(c *posture.Cache) { c.KeyspaceNotifications = posture.Known("", "x") },
		want: "absent"},
	{id: "keyspace-notifications", cell: "on", edit: func(c *posture.Cache) { c.KeyspaceNotifications = posture.Known("KEA", "x") },
		want: "change certain"},
	{id: "keyspace-notifications", cell: "not known", edit: func(c *posture.Cache) { hide(&c.KeyspaceNotifications) },
		want: "change maybe", says: "var.x"},

	{id: "redis-version", cell: "6", want: "notice certain", says: "Redis 6"},
	{id: "redis-version", cell: "4", edit: func(c *posture.Cache) { c.RedisVersion.V = "4.0" }, want: "notice certain", says: "Redis 4"},
	{id: "redis-version", cell: "not documented", edit: func(c *posture.Cache) { c.RedisVersion.V = "odd" },
		want: "notice certain", says: "6 or older"},
	{id: "redis-version", cell: "Enterprise", enterprise: true, want: "notice certain", says: "7.2"},

	{id: "passwordless-clients", cell: "authentication by default", want: "absent"},
	{id: "passwordless-clients", cell: "off", edit: func(c *posture.Cache) { inject(c); off(&c.AuthenticationRequired) },
		want: "blocker certain"},
	{id: "passwordless-clients", cell: "not known, injected", edit: func(c *posture.Cache) {
		inject(c)
		hide(&c.AuthenticationRequired)
	}, want: "blocker maybe", says: "var.x"},
	{id: "passwordless-clients", cell: "not known, not injected", edit: func(c *posture.Cache) { hide(&c.AuthenticationRequired) },
		want: "absent"},

	{id: "custom-access-policies", cell: "none", want: "absent"},
	{id: "custom-access-policies", cell: "one", edit: func(c *posture.Cache) {
		c.AccessPolicies.Items = []posture.AccessPolicy{{Address: "azurerm_redis_cache_access_policy.p"}}
	}, want: "blocker certain", objects: []string{"azurerm_redis_cache_access_policy.p"}},
	{id: "custom-access-policies", cell: "not seen", edit: func(c *posture.Cache) { c.AccessPolicies.Observed = false },
		want: "blocker maybe"},

	{id: "access-keys", cell: "off", want: "absent"},
	{id: "access-keys", cell: "handed on", edit: func(c *posture.Cache) {
		on(&c.AccessKeyAuthentication)
		c.KeyConsumers.Items = []string{"output.b", "output.a"}
	}, want: "change certain", objects: []string{"output.a", "output.b"}},
	{id: "access-keys", cell: "on", edit: func(c *posture.Cache) { c.AccessKeyAuthentication = posture.Unset[bool]("x") },
		want: "change maybe", says: "nothing in this source takes them"},
	{id: "access-keys", cell: "on, and not all is shown", edit: func(c *posture.Cache) {
		on(&c.AccessKeyAuthentication)
		c.KeyConsumers = posture.Set[string]{Detail: "local.x"}
	}, want: "change maybe", says: "local.x"},
	{id: "access-keys", cell: "not known", edit: func(c *posture.Cache) { hide(&c.AccessKeyAuthentication) },
		want: "change maybe", says: "var.x"},
	{id: "access-keys", cell: "Enterprise", enterprise: true, want: "change certain"},

	{id: "custom-access-policies", cell: "not seen, and no Entra authentication", edit: func(c *posture.Cache) {
		c.AccessPolicies.Observed = false
		off(&c.EntraAuthentication)
	}, want: "absent"},
	{id: "custom-access-policies", cell: "one, and no Entra authentication", edit: func(c *posture.Cache) {
		c.AccessPolicies.Items = []posture.AccessPolicy{{Address: "policy"}}
		off(&c.EntraAuthentication)
	}, want: "blocker certain", objects: []string{"policy"}},

	{id: "access-policy-assignments", cell: "not seen, and no Entra authentication", edit: func(c *posture.Cache) {
		c.AccessPolicyAssignments.Observed = false
		off(&c.EntraAuthentication)
	}, want: "absent"},
	{id: "access-policy-assignments", cell: "none", want: "absent"},
	{id: "access-policy-assignments", cell: "Data Owner", edit: grant("Data Owner"), want: "absent"},
	{id: "access-policy-assignments", cell: "Data Contributor", edit: grant("Data Contributor"),
		want: "change certain", objects: []string{"assignment"}},
	{id: "access-policy-assignments", cell: "Data Reader", edit: grant("data reader"),
		want: "blocker certain", objects: []string{"assignment"}},
	{id: "access-policy-assignments", cell: "policy not known", edit: func(c *posture.Cache) {
		grant("")(c)
		hide(&c.AccessPolicyAssignments.Items[0].PolicyName)
	}, want: "change maybe", objects: []string{"assignment"}},
	{id: "access-policy-assignments", cell: "not seen", edit: func(c *posture.Cache) { c.AccessPolicyAssignments.Observed = false },
		want: "change maybe"},

	{id: "entra-groups", cell: "no assignment", want: "absent"},
	{id: "entra-groups", cell: "not seen, and no Entra authentication", edit: func(c *posture.Cache) {
		c.AccessPolicyAssignments.Observed = false
		off(&c.EntraAuthentication)
	}, want: "absent"},
	{id: "entra-groups", cell: "not seen", edit: func(c *posture.Cache) { c.AccessPolicyAssignments.Observed = false }, want: "change maybe"},
	{id: "entra-groups", cell: "an assignment", edit: grant("Data Owner"), want: "change maybe", objects: []string{"assignment"}},

	{id: "role-assignments", cell: "none", want: "absent"},
	{id: "role-assignments", cell: "one", edit: func(c *posture.Cache) {
		c.RoleAssignments.Items = []posture.RoleAssignment{{Address: "azurerm_role_assignment.r"}}
	}, want: "change certain", objects: []string{"azurerm_role_assignment.r"}},
	{id: "role-assignments", cell: "not seen", edit: func(c *posture.Cache) { c.RoleAssignments.Observed = false }, want: "change maybe"},

	{id: "key-vault-secrets", cell: "none", want: "absent"},
	{id: "key-vault-secrets", cell: "one", edit: reference("module.a.azurerm_key_vault_secret.s"), want: "change certain",
		objects: []string{"module.a.azurerm_key_vault_secret.s"}},
	{id: "key-vault-secrets", cell: "not seen", edit: func(c *posture.Cache) { c.References.Observed = false }, want: "change maybe"},

	{id: "identity", cell: "none", want: "absent"},
	{id: "identity", cell: "system-assigned", edit: func(c *posture.Cache) { on(&c.SystemIdentity) }, want: "notice certain"},
	{id: "identity", cell: "user-assigned", edit: func(c *posture.Cache) { c.Identities = posture.Known([]string{"/id"}, "x") },
		want: "notice certain"},
	{id: "identity", cell: "not known", edit: func(c *posture.Cache) { hide(&c.SystemIdentity) }, want: "notice maybe", says: "var.x"},
	{id: "identity", cell: "user-assigned not known", edit: func(c *posture.Cache) { hide(&c.Identities) },
		want: "notice maybe", says: "var.x"},

	{id: "geo-replication", cell: "no link", want: "absent"},
	{id: "geo-replication", cell: "a link", edit: link, want: "blocker certain", objects: []string{"azurerm_redis_linked_server.l"}},
	{id: "geo-replication", cell: "not seen", edit: func(c *posture.Cache) { premium(c); c.Links.Observed = false }, want: "blocker maybe"},
	{id: "geo-replication", cell: "not seen, persisted", edit: func(c *posture.Cache) {
		premium(c)
		on(&c.AOFBackup)
		c.Links.Observed = false
	}, want: "absent"},
	{id: "geo-replication", cell: "not seen, Standard", edit: func(c *posture.Cache) { c.Links.Observed = false }, want: "absent"},

	{id: "geo-replication-group", cell: "none", enterprise: true, want: "absent"},
	{id: "geo-replication-group", cell: "a member", enterprise: true, edit: func(c *posture.Cache) {
		c.GeoReplicationGroup = posture.Known("shop", "x")
	}, want: "change certain"},
	{id: "geo-replication-group", cell: "not known", enterprise: true, edit: func(c *posture.Cache) { hide(&c.GeoReplicationGroup) },
		want: "change maybe", says: "var.x"},

	{id: "geo-replication-persistence", cell: "neither", want: "absent"},
	{id: "geo-replication-persistence", cell: "both", edit: func(c *posture.Cache) { link(c); on(&c.RDBBackup) }, want: "blocker certain"},
	{id: "geo-replication-persistence", cell: "link not seen", edit: func(c *posture.Cache) {
		premium(c)
		on(&c.RDBBackup)
		c.Links.Observed = false
	}, want: "absent"},
	{id: "geo-replication-persistence", cell: "neither is known", edit: func(c *posture.Cache) {
		premium(c)
		hide(&c.RDBBackup)
		c.Links.Observed = false
	}, want: "absent"},

	{id: "geo-replication-flash", cell: "in memory", enterprise: true, edit: func(c *posture.Cache) {
		c.GeoReplicationGroup = posture.Known("shop", "x")
	}, want: "absent"},
	{id: "geo-replication-flash", cell: "Flash", enterprise: true, edit: func(c *posture.Cache) {
		c.SKU, c.Capacity = posture.Known("EnterpriseFlash_F300", "x"), posture.Known(3, "x")
		c.GeoReplicationGroup = posture.Known("shop", "x")
	}, want: "blocker maybe"},

	{id: "import-export", cell: "Standard", want: "change certain", says: "exports no RDB files"},
	{id: "import-export", cell: "Premium", edit: premium, want: "change certain", says: "can be exported"},
	{id: "import-export", cell: "tier not known", edit: func(c *posture.Cache) { hide(&c.Tier) },
		want: "change certain", says: "only a Premium"},
	{id: "import-export", cell: "Enterprise", enterprise: true, want: "change certain", says: "in place"},

	{id: "persistence", cell: "off", want: "absent"},
	{id: "persistence", cell: "RDB with a key", edit: func(c *posture.Cache) { premium(c); on(&c.RDBBackup) },
		want: "change certain", says: "by its key"},
	{id: "persistence", cell: "AOF with an identity", edit: func(c *posture.Cache) {
		premium(c)
		on(&c.AOFBackup)
		c.PersistenceAuthentication = posture.Known("ManagedIdentity", "x")
	}, want: "change certain", says: "by an identity"},
	{id: "persistence", cell: "not known", edit: func(c *posture.Cache) { premium(c); hide(&c.RDBBackup) },
		want: "change maybe", says: "var.x"},
	{id: "persistence", cell: "not known, Standard", edit: func(c *posture.Cache) { hide(&c.RDBBackup) }, want: "absent"},

	{id: "persistence", cell: "every 15 minutes", edit: snapshots(15), want: "change certain",
		says: "every 15 minutes becomes one every hour"},
	{id: "persistence", cell: "both", edit: func(c *posture.Cache) { premium(c); on(&c.RDBBackup); on(&c.AOFBackup) }, want: "change certain",
		says: "both RDB and AOF"},

	{id: "modules", cell: "none", enterprise: true, want: "absent"},
	{id: "modules", cell: "one", enterprise: true, want: "change certain",
		edit: func(c *posture.Cache) { c.Modules = posture.Known([]string{"RedisJSON"}, "x") }},
	{id: "modules", cell: "one without arguments", enterprise: true, want: "change certain", says: "has to name",
		edit: func(c *posture.Cache) {
			c.Modules, c.ModulesWithArguments = posture.Known([]string{"RedisJSON"}, "x"), posture.Unset[[]string]("x")
		}},
	{id: "modules", cell: "not known", enterprise: true, edit: func(c *posture.Cache) { hide(&c.Modules) },
		want: "change maybe", says: "var.x"},

	{id: "customer-managed-key", cell: "none", enterprise: true, want: "absent"},
	{id: "customer-managed-key", cell: "one", enterprise: true, edit: func(c *posture.Cache) { on(&c.CustomerManagedKey) },
		want: "change certain"},
	{id: "customer-managed-key", cell: "not known", enterprise: true, edit: func(c *posture.Cache) { hide(&c.CustomerManagedKey) },
		want: "change maybe", says: "var.x"},

	{id: "replicas", cell: "by default", edit: premium, want: "absent"},
	{id: "replicas", cell: "two", edit: func(c *posture.Cache) { premium(c); c.Replicas = posture.Known(2, "x") }, want: "notice certain"},
	{id: "replicas", cell: "not known", edit: func(c *posture.Cache) { premium(c); hide(&c.Replicas) }, want: "notice maybe", says: "var.x"},

	{id: "zones", cell: "left to the service", want: "absent"},
	{id: "zones", cell: "named", edit: func(c *posture.Cache) { c.Zones = posture.Known([]string{"1", "2"}, "x") }, want: "notice certain"},
	{id: "zones", cell: "not known", edit: func(c *posture.Cache) { hide(&c.Zones) }, want: "notice maybe", says: "var.x"},

	{id: "maxmemory-settings", cell: "left to the service", want: "absent"},
	{id: "maxmemory-settings", cell: "set", edit: func(c *posture.Cache) { c.MaxmemoryReserved = posture.Known(100, "x") },
		want: "notice certain"},
	{id: "maxmemory-settings", cell: "not known", edit: func(c *posture.Cache) { hide(&c.MaxmemoryReserved) },
		want: "notice maybe", says: "var.x"},

	{id: "eviction-policy", cell: "documented", edit: func(c *posture.Cache) { c.EvictionPolicy = posture.Known("allkeys-lru", "x") },
		want: "absent"},
	{id: "eviction-policy", cell: "not documented", edit: func(c *posture.Cache) { c.EvictionPolicy = posture.Known("odd", "x") },
		want: "change maybe"},
	{id: "eviction-policy", cell: "not known", edit: func(c *posture.Cache) { hide(&c.EvictionPolicy) }, want: "change maybe", says: "var.x"},

	{id: "terraform-resource", cell: "azapi", enterprise: true, edit: func(c *posture.Cache) { c.Dialect = posture.DialectAzapi },
		want: "absent"},
	{id: "terraform-resource", cell: "azurerm", enterprise: true, want: "change certain"},

	{id: "name", cell: "good", want: "absent"},
	{id: "name", cell: "too long", edit: func(c *posture.Cache) { c.Name.V = strings.Repeat("a", 61) }, want: "change certain"},
	{id: "name", cell: "not known", edit: func(c *posture.Cache) { hide(&c.Name) }, want: "change maybe", says: "var.x"},

	{id: "diagnostic-settings", cell: "none", want: "absent"},
	{id: "diagnostic-settings", cell: "one", edit: func(c *posture.Cache) {
		c.DiagnosticSettings.Items = []posture.DiagnosticSetting{{Address: "azurerm_monitor_diagnostic_setting.d"}}
	}, want: "change certain", objects: []string{"azurerm_monitor_diagnostic_setting.d"}},
	{id: "diagnostic-settings", cell: "not seen", edit: func(c *posture.Cache) { c.DiagnosticSettings.Observed = false },
		want: "change maybe"},

	{id: "alerts", cell: "none", want: "absent"},
	{id: "alerts", cell: "one", edit: reference("azurerm_monitor_metric_alert.memory"), want: "change certain",
		objects: []string{"azurerm_monitor_metric_alert.memory"}},
	{id: "alerts", cell: "a diagnostic setting is none", edit: reference("azurerm_monitor_diagnostic_setting.d"), want: "absent"},
	{id: "alerts", cell: "not seen", edit: func(c *posture.Cache) { c.References = posture.Set[posture.Reference]{Detail: "a scan"} },
		want: "change maybe", says: "a scan"},

	{id: "policy-assignments", cell: "none", want: "absent"},
	{id: "policy-assignments", cell: "one", edit: assignment,
		want: "change certain", objects: []string{"azurerm_subscription_policy_assignment.p"}},
	{id: "policy-assignments", cell: "not seen", edit: func(c *posture.Cache) { c.PolicyAssignments.Observed = false }, want: "change maybe"},

	{id: "scheduled-updates", cell: "none", want: "absent"},
	{id: "scheduled-updates", cell: "one", edit: func(c *posture.Cache) { c.MaintenanceWindows.V = 1 }, want: "change certain"},
	{id: "scheduled-updates", cell: "not known", edit: func(c *posture.Cache) { hide(&c.MaintenanceWindows) },
		want: "change maybe", says: "var.x"},

	{id: "update-channel", cell: "by default", want: "absent"},
	{id: "update-channel", cell: "Preview", edit: func(c *posture.Cache) { c.UpdateChannel = posture.Known("Preview", "x") },
		want: "notice certain"},
	{id: "update-channel", cell: "not known", edit: func(c *posture.Cache) { hide(&c.UpdateChannel) }, want: "notice maybe", says: "var.x"},
}

func grant(policy string) func(*posture.Cache) {
	return func(c *posture.Cache) {
		c.AccessPolicyAssignments.Items = []posture.AccessPolicyAssignment{{Address: "assignment", PolicyName: posture.Known(policy, "x")}}
	}
}

func reference(consumer string) func(*posture.Cache) {
	return func(c *posture.Cache) {
		c.References.Items = []posture.Reference{{Consumer: consumer, Attribute: "id"}}
	}
}

func link(c *posture.Cache) {
	premium(c)
	c.Links.Items = []posture.GeoLink{{Address: "azurerm_redis_linked_server.l",
		Other: posture.Known("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/redis/backup", "x")}}
}

func assignment(c *posture.Cache) {
	c.PolicyAssignments.Items = []posture.PolicyAssignment{{
		Address: "azurerm_subscription_policy_assignment.p", Scope: posture.ScopeSubscription,
		DefinitionID: posture.Known("/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8", "x"),
		Members:      posture.Unset[[]posture.PolicyMember]("x"), Enforced: posture.Known(true, "x"),
		Parameters: posture.Unset[[]posture.PolicyParameter]("x"), Overrides: posture.Unset[[]posture.PolicySelection]("x"),
		Selectors: posture.Unset[[]posture.PolicySelection]("x"), Excluded: posture.Known(false, "x"), Exempted: posture.Known(false, "x"),
	}}
}

// plainEnterprise is an Enterprise E10 of which everything is known and nothing stands
// in the way.
func plainEnterprise() *posture.Cache {
	c := plain()
	c.Type, c.Dialect, c.Address = service.Enterprise.Type, posture.DialectEnterprise, "azurerm_redis_enterprise_cluster.orders"
	c.ResourceID = posture.Known("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/redisEnterprise/orders", "id")
	c.Tier, c.Family, c.Capacity = posture.Unset[string]("x"), posture.Unset[string]("x"), posture.Known(2, "capacity")
	c.AccessKeyAuthentication = posture.Unset[bool]("x")
	c.ManagedRedis = posture.ManagedRedis{
		SKU: posture.Known("Enterprise_E10", "sku_name"), HighAvailability: posture.Unset[bool]("x"),
		CustomerManagedKey: posture.Known(false, "x"),
		KeyIdentity:        posture.Unset[string]("x"), Identities: posture.Unset[[]string]("x"), HasDatabase: posture.Known(true, "x"),
		ClientProtocol: posture.Unset[string]("x"), GeoReplicationGroup: posture.Unset[string]("x"), GeoReplicas: posture.Unset[int]("x"),
		ClusteringPolicy: posture.Known("EnterpriseCluster", "x"), Modules: posture.Unset[[]string]("x"),
		DeferUpgrade: posture.Unset[string]("x"),
		Recreated:    posture.Unset[[]string]("x"),
	}
	return c
}

func find(m *migrate.Move, id string) *migrate.Difference {
	i := slices.IndexFunc(m.Differences, func(d migrate.Difference) bool { return d.ID == id })
	if i < 0 {
		return nil
	}
	return &m.Differences[i]
}

// state of a difference, in the words of [cell].
func stateOf(d *migrate.Difference) string {
	switch {
	case d == nil:
		return "absent"
	case d.Certain:
		return string(d.Severity) + " certain"
	default:
		return string(d.Severity) + " maybe"
	}
}

func TestDifferences(t *testing.T) {
	seen := map[string]bool{}
	for _, tt := range cells {
		t.Run(tt.id+" "+tt.cell, func(t *testing.T) {
			c := plain()
			if tt.enterprise {
				c = plainEnterprise()
			}
			if tt.edit != nil {
				tt.edit(c)
			}
			m := planned(c)
			d := find(&m, "migration/"+tt.id)
			if got := stateOf(d); got != tt.want {
				t.Fatalf("%s, want %s: %+v", got, tt.want, d)
			}
			if d == nil {
				return
			}
			if !strings.Contains(d.Message, tt.says) {
				t.Errorf("message %q does not say %q", d.Message, tt.says)
			}
			if !slices.Equal(d.Objects, tt.objects) {
				t.Errorf("objects %q, want %q", d.Objects, tt.objects)
			}
			if blocked := m.State == migrate.Blocked; tt.want == "blocker certain" && !blocked || strings.HasSuffix(tt.want, "maybe") && blocked &&
				!slices.ContainsFunc(m.Differences, func(d migrate.Difference) bool { return d.Severity == migrate.Blocker && d.Certain }) {
				t.Errorf("the cache is %s", m.State)
			}
		})
		seen["migration/"+tt.id] = true
	}
	for _, d := range migrate.Differences() {
		if !seen[d.ID] {
			t.Errorf("no cell for %s", d.ID)
		}
	}
}

// TestNothingElse: a cache without peculiarities has the universal differences only.
func TestNothingElse(t *testing.T) {
	for _, tt := range []struct {
		cache *posture.Cache
		want  []string
	}{
		{plain(), []string{"migration/host-name", "migration/port", "migration/import-export", "migration/redis-version"}},
		{plainEnterprise(), []string{"migration/host-name", "migration/access-keys", "migration/import-export", "migration/terraform-resource",
			"migration/redis-version"}},
	} {
		var got []string
		for _, d := range planned(tt.cache).Differences {
			got = append(got, d.ID)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// TestSources: every difference has what people read, and a source with its date.
func TestSources(t *testing.T) {
	id, day := regexp.MustCompile(`^migration/[a-z-]+$`), regexp.MustCompile(`^202\d-\d\d-\d\d$`)
	seen := map[string]bool{}
	for _, d := range migrate.Differences() {
		if !id.MatchString(d.ID) || seen[d.ID] {
			t.Errorf("the id %q", d.ID)
		}
		seen[d.ID] = true
		if d.Title == "" || d.Action == "" || d.Source.Title == "" ||
			!strings.HasPrefix(d.Source.URL, "https://") || !day.MatchString(d.Source.Date) {
			t.Errorf("%s is not complete: %+v", d.ID, d)
		}
		if d.Severity != migrate.Blocker && d.Severity != migrate.Change && d.Severity != migrate.Notice {
			t.Errorf("%s: severity %q", d.ID, d.Severity)
		}
		if strings.HasSuffix(d.Action, ".") || strings.ToLower(d.Action[:1]) != d.Action[:1] {
			t.Errorf("%s: %q is written as a sentence", d.ID, d.Action)
		}
	}
}

// TestSecretsStay: no text asks for a new version of a secret that clients of the old
// cache read.
func TestSecretsStay(t *testing.T) {
	c := plain()
	c.References = posture.Set[posture.Reference]{Observed: true, Items: []posture.Reference{
		{Consumer: "azurerm_key_vault_secret.s", Argument: "value", Attribute: "primary_access_key"},
		{Consumer: "azurerm_linux_web_app.s", Argument: "app_settings", Attribute: "primary_access_key"}}}
	m := planned(c)
	for _, ref := range m.References {
		if secret := strings.Contains(ref.Consumer, "secret"); secret != strings.HasPrefix(ref.Action, "leave the secret as it is") {
			t.Errorf("%s: %s", ref.Consumer, ref.Action)
		}
	}
	if action := find(&m, "migration/key-vault-secrets").Action; !strings.Contains(action, "a secret of its own") {
		t.Error(action)
	}
}
