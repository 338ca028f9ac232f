package azure

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// cacheOf turns the model of a cache into a posture without its children.
func cacheOf(id CacheID, m *redis) *posture.Cache {
	c := &posture.Cache{Type: service.Redis.Type, Dialect: posture.DialectAz}
	vocabulary.Read(cacheAnswer, c, m.facts, vocabulary.Reading[value]{})
	for fact, known := range map[*posture.Value[string]]string{&c.Name: id.Name, &c.ResourceID: id.ID} {
		if !fact.IsKnown() {
			*fact = posture.Known(known, fact.Source.Path)
		}
	}
	if tier, ok := c.Tier.Get(); ok && !strings.EqualFold(tier, "Premium") && c.ShardCount.IsUnknown() && !c.ShardCount.IsUndocumented() {
		c.ShardCount = posture.Unset[int](c.ShardCount.Source.Path) // only Premium caches have shards
	}
	if list := m.Properties.v.PrivateEndpointConnections; list.present && !list.odd {
		c.PrivateEndpoints = endpoints(list.v)
	}
	return c
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
	c := &posture.Cache{Type: service.Redis.Type, Dialect: posture.DialectAz}
	cacheAnswer.Lose(c, reason, detail)
	c.Name, c.ResourceID = posture.Known(id.Name, "id"), posture.Known(id.ID, "id")
	c.PrivateEndpoints.Reason, c.PrivateEndpoints.Detail = reason, detail
	c.DiagnosticSettings.Reason, c.DiagnosticSettings.Detail = reason, detail
	c.FirewallRules.Reason, c.FirewallRules.Detail = reason, detail
	c.PolicyAssignments.Reason, c.PolicyAssignments.Detail = reason, detail
	c.AccessPolicyAssignments.Reason, c.AccessPolicyAssignments.Detail = reason, detail
	return c
}
