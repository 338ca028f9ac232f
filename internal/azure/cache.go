package azure

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// cacheOf turns the model of a cache into a posture without its children.
func cacheOf(id CacheID, m *redis) *posture.Cache {
	c := &posture.Cache{
		Type:       service.Redis.Type,
		Dialect:    posture.DialectAz,
		Name:       posture.Known(id.Name, "name"),
		ResourceID: posture.Known(id.ID, "id"),
		Location:   fact(m.Location, "location", absentUnknown, asText),
		// An array that nobody set is left out of the answer.
		Zones: fact(m.Zones, "zones", absentUnset, asIs),
	}
	if m.ID != "" {
		c.ResourceID = posture.Known(m.ID, "id")
	}
	if m.Name != "" {
		c.Name = posture.Known(m.Name, "name")
	}
	properties(c, m.Properties)
	return c
}

// properties reads what documentation says about a property that is left out
// from the tables of the api-version; an answer without properties says nothing.
func properties(c *posture.Cache, f field[redisProperties]) {
	p := f.v
	documented := absentUnset
	if !f.present || f.odd {
		documented = absentUnknown
	}
	sku := p.SKU.v
	c.Tier = fact(sku.Name, "properties.sku.name", absentUnknown, asText)
	c.Family = fact(sku.Family, "properties.sku.family", absentUnknown, asText)
	c.Capacity = fact(sku.Capacity, "properties.sku.capacity", absentUnknown, asIs)
	c.SubnetID = fact(p.SubnetID, "properties.subnetId", documented, asText)
	c.ShardCount = fact(p.ShardCount, "properties.shardCount", shardAbsence(c.Tier), asIs)
	// The check decides what an answer without it means: with a private
	// endpoint the service may have switched it off.
	c.PublicNetworkAccess = fact(p.PublicNetworkAccess, "properties.publicNetworkAccess", documented, asSwitch).In(posture.WordsEnabled)
	c.NonTLSPort = fact(p.EnableNonSSLPort, "properties.enableNonSslPort", documented, asIs)
	c.MinimumTLSVersion = fact(p.MinimumTLSVersion, "properties.minimumTlsVersion", documented, asText)
	c.AccessKeyAuthentication = fact(p.DisableAccessKeys, "properties.disableAccessKeyAuthentication", documented,
		not).In(posture.WordsNegated)
	c.ZonalAllocationPolicy = fact(p.ZonalAllocationPolicy, "properties.zonalAllocationPolicy", absentUnknown, asText)
	c.RedisVersion = fact(p.RedisVersion, "properties.redisVersion", absentUnknown, asText)
	configuration(c, p.Configuration)
	if list := p.PrivateEndpointConnections; list.present && !list.odd {
		c.PrivateEndpoints = endpoints(list.v)
	}
}

// shardAbsence: only Premium caches have shards.
func shardAbsence(tier posture.Value[string]) absence {
	if tier.IsKnown() && !strings.EqualFold(tier.V, "Premium") {
		return absentUnset
	}
	return absentUnknown
}

func configuration(c *posture.Cache, f field[redisConfiguration]) {
	const at = "properties.redisConfiguration."
	documented := absentUnset
	if !f.present || f.odd {
		documented = absentUnknown
	}
	r := f.v
	c.AuthenticationRequired = fact(r.AuthNotRequired, at+"authnotrequired", documented, asRequired).In(posture.WordsNotText)
	c.EntraAuthentication = fact(r.AADEnabled, at+"aad-enabled", documented, asBool)
	c.RDBBackup = fact(r.RDBBackup, at+"rdb-backup-enabled", documented, asBool)
	c.AOFBackup = fact(r.AOFBackup, at+"aof-backup-enabled", documented, asBool)
	c.PersistenceAuthentication = fact(r.PersistenceMethod, at+"preferred-data-persistence-auth-method", documented, asText)
	c.MaxmemoryReserved = fact(r.Maxmemory, at+"maxmemory-reserved", absentUnknown, asNumber)
	c.MaxfragmentationmemoryReserved = fact(r.Maxfragmentation, at+"maxfragmentationmemory-reserved", absentUnknown, asNumber)
}

func endpoints(list []endpointConnection) posture.Set[posture.PrivateEndpoint] {
	set := posture.Set[posture.PrivateEndpoint]{Observed: true}
	for _, e := range list {
		address := e.Properties.PrivateEndpoint.ID
		if address == "" {
			address = e.ID
		}
		path := "properties.privateEndpointConnections.properties.privateLinkServiceConnectionState.status"
		set.Items = append(set.Items, posture.PrivateEndpoint{
			Address:  address,
			Approval: fact(e.Properties.State.Status, path, absentUnknown, asApproval),
			DNSZones: posture.Unknown[[]posture.DNSZone](posture.ReasonNotObserved,
				"privateDnsZoneGroups").WithDetail("the DNS zone groups of existing private endpoints are not read"),
		})
	}
	return set
}

// Connection is what a cache says of the connection of one private endpoint.
type Connection struct {
	EndpointID string `json:"endpoint"`
	Status     string `json:"status"`
}

// PrivateEndpoints are the facts of a cache that has these connections and no
// others, as Read gives them.
func PrivateEndpoints(connections []Connection) posture.Set[posture.PrivateEndpoint] {
	list := make([]endpointConnection, len(connections))
	for i, c := range connections {
		list[i].Properties.PrivateEndpoint.ID = c.EndpointID
		list[i].Properties.State.Status = field[word]{present: c.Status != "", v: word(c.Status)}
	}
	return endpoints(list)
}

func asApproval(v word) (posture.Approval, bool) {
	for _, a := range []posture.Approval{posture.ApprovalApproved, posture.ApprovalPending, posture.ApprovalRejected,
		posture.ApprovalDisconnected} {
		if strings.EqualFold(string(v), string(a)) {
			return a, true
		}
	}
	return "", false
}

// hiddenCache is a cache of which nothing may be read: every fact says why.
func hiddenCache(id CacheID, reason posture.Reason, detail string) *posture.Cache {
	c := &posture.Cache{
		Type:       service.Redis.Type,
		Dialect:    posture.DialectAz,
		Name:       posture.Known(id.Name, "id"),
		ResourceID: posture.Known(id.ID, "id"),
	}
	hide(&c.Location, "location", reason, detail)
	hide(&c.Tier, "properties.sku.name", reason, detail)
	hide(&c.Family, "properties.sku.family", reason, detail)
	hide(&c.Capacity, "properties.sku.capacity", reason, detail)
	hide(&c.ShardCount, "properties.shardCount", reason, detail)
	hide(&c.SubnetID, "properties.subnetId", reason, detail)
	hide(&c.PublicNetworkAccess, "properties.publicNetworkAccess", reason, detail)
	hide(&c.NonTLSPort, "properties.enableNonSslPort", reason, detail)
	hide(&c.MinimumTLSVersion, "properties.minimumTlsVersion", reason, detail)
	hide(&c.AuthenticationRequired, "properties.redisConfiguration.authnotrequired", reason, detail)
	hide(&c.EntraAuthentication, "properties.redisConfiguration.aad-enabled", reason, detail)
	hide(&c.AccessKeyAuthentication, "properties.disableAccessKeyAuthentication", reason, detail)
	hide(&c.RDBBackup, "properties.redisConfiguration.rdb-backup-enabled", reason, detail)
	hide(&c.AOFBackup, "properties.redisConfiguration.aof-backup-enabled", reason, detail)
	hide(&c.PersistenceAuthentication, "properties.redisConfiguration.preferred-data-persistence-auth-method", reason, detail)
	hide(&c.MaxmemoryReserved, "properties.redisConfiguration.maxmemory-reserved", reason, detail)
	hide(&c.MaxfragmentationmemoryReserved, "properties.redisConfiguration.maxfragmentationmemory-reserved", reason, detail)
	hide(&c.Zones, "zones", reason, detail)
	hide(&c.ZonalAllocationPolicy, "properties.zonalAllocationPolicy", reason, detail)
	hide(&c.RedisVersion, "properties.redisVersion", reason, detail)
	hide(&c.MaintenanceWindows, "patchSchedules/default", reason, detail)
	c.PrivateEndpoints.Reason, c.PrivateEndpoints.Detail = reason, detail
	c.DiagnosticSettings.Reason, c.DiagnosticSettings.Detail = reason, detail
	c.FirewallRules.Reason, c.FirewallRules.Detail = reason, detail
	c.PolicyAssignments.Reason, c.PolicyAssignments.Detail = reason, detail
	c.AccessPolicyAssignments.Reason, c.AccessPolicyAssignments.Detail = reason, detail
	return c
}

func hide[T any](v *posture.Value[T], path string, reason posture.Reason, detail string) {
	*v = posture.Unknown[T](reason, path).WithDetail(detail)
}
