package baseline_test

import (
	"pgregory.net/rapid"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// Left out of the worlds of Azure Managed Redis, since no source shows them:
//
//   - facts and companions of a database that does not exist,
//   - an old minimum TLS version of a cluster without a database: there it is a violation
//     where it is seen, and not applicable where it is not,
//   - members of a geo-replication group without a group,
//   - access keys that are said to be off on the Enterprise tiers and then not observed:
//     there, what is not said is on,
//   - an access string beside the policy default.

// managedWorld draws a cluster of which everything is known.
func managedWorld(t *rapid.T) *posture.Cache {
	c := plainManaged()
	c.Change = pick(t, "change", posture.ChangeNone, posture.ChangeCreate, posture.ChangeUpdate, posture.ChangeReplace, posture.ChangeNoOp)
	c.Location = posture.Known(pick(t, "location", "westeurope", "usgovvirginia", "chinaeast2"), "location")
	c.Dialect = pick(t, "dialect", posture.DialectAzapi, posture.DialectAz, posture.DialectAzurerm, posture.DialectEnterprise, "")
	names := []string{"Balanced_B5", "memoryoptimized_M10", "Enterprise_E10", "ENTERPRISEFLASH_F300", "Huge_H1"}
	switch c.Dialect {
	case posture.DialectAzurerm:
		names = names[:2]
	case posture.DialectEnterprise:
		names = names[2:4]
	}
	c.SKU = posture.Known(pick(t, "sku", names...), "sku")
	c.PublicNetworkAccess, c.HighAvailability = yesNo(t, "public"), yesNo(t, "available")
	c.MinimumTLSVersion = fact(t, "tls", "1.0", "1.1", "1.2", "1.3", "9")
	c.Zones = fact(t, "zones", []string{}, []string{"1"}, []string{"1", "2", "3"})
	if c.CustomerManagedKey = yesNo(t, "key"); c.CustomerManagedKey.V {
		c.KeyIdentity = fact(t, "reader", identityID)
	}
	c.Identities = fact(t, "identities", []string{}, []string{identityID}, []string{"/other"})
	c.PrivateEndpoints = items(t, "endpoints", 2, func(int) posture.PrivateEndpoint {
		e := drawEndpoint(t)
		e.DNSZones = posture.Map(fact(t, "dns", []string{}, []string{managedZone}, []string{enterpriseZone}, []string{publicZone}),
			posture.DNSZonesOf)
		return e
	})
	c.PolicyAssignments = items(t, "assignments", 2, func(int) posture.PolicyAssignment { return drawAssignment(t) })
	c.KeyConsumers = items(t, "consumers", 1, func(int) string { return "output.redis" })
	c.Recreated = fact(t, "recreated", []string{}, []string{"module"})
	if rapid.IntRange(0, 5).Draw(t, "no database") == 0 {
		databaseless(c)
		c.MinimumTLSVersion = fact(t, "tls without a database", "1.2", "1.3", "9")
		return c
	}
	c.AccessKeyAuthentication, c.RDBBackup, c.AOFBackup = yesNo(t, "keys"), yesNo(t, "rdb"), yesNo(t, "aof")
	if rapid.Bool().Draw(t, "keys by default") {
		c.AccessKeyAuthentication = posture.Unset[bool]("keys").OrDefault(rapid.Bool().Draw(t, "keys of the version"))
	}
	c.ClientProtocol = fact(t, "protocol", "Encrypted", "Plaintext", "odd")
	c.DeferUpgrade = fact(t, "upgrade", "Deferred", "NotDeferred")
	if c.GeoReplicationGroup = fact(t, "group", "", "g"); c.GeoReplicationGroup.V != "" {
		c.GeoReplicas = fact(t, "replicas", 1, 2)
	}
	c.DiagnosticSettings = items(t, "settings", 2, func(int) posture.DiagnosticSetting {
		s := drawSetting(t)
		s.OnCluster = rapid.Bool().Draw(t, "on the cluster")
		return s
	})
	c.AccessPolicyAssignments = items(t, "grants", 2, func(int) posture.AccessPolicyAssignment {
		a := posture.AccessPolicyAssignment{PolicyName: fact(t, "policy", "default"), Permissions: posture.Unset[string]("acl")}
		if a.PolicyName.IsUnset() {
			a.Permissions = fact(t, "acl", "+@all ~*", "+@read ~*")
		}
		return a
	})
	return c
}

// anyWorld draws a cache of one of the services.
func anyWorld(t *rapid.T) *posture.Cache {
	if rapid.Bool().Draw(t, "managed") {
		return managedWorld(t)
	}
	return world(t)
}

// throughManaged hides what only Azure Managed Redis and the Enterprise tiers have.
func (l lens) throughManaged(c *posture.Cache) {
	keys := c.AccessKeyAuthentication
	if c.Type == service.ManagedRedis.Type && keys.IsUnknown() && keys.Why() == posture.ReasonNotObserved && c.HasDatabase.IsKnown() {
		c.AccessKeyAuthentication.Reason = posture.ReasonForbidden
	}
	for _, v := range []*posture.Value[string]{&c.SKU, &c.KeyIdentity, &c.ClientProtocol, &c.GeoReplicationGroup, &c.ClusteringPolicy,
		&c.DeferUpgrade} {
		see(l, v)
	}
	for _, v := range []*posture.Value[bool]{&c.HighAvailability, &c.CustomerManagedKey, &c.HasDatabase} {
		see(l, v)
	}
	see(l, &c.GeoReplicas)
	for _, v := range []*posture.Value[[]string]{&c.Identities, &c.Modules, &c.Recreated} {
		see(l, v)
	}
}
