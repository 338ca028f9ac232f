package azure

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// cacheOf turns the model of a cache into a posture without its database and its
// children.
func (r *Reader) cacheOf(id CacheID, m *cacheModel) *posture.Cache {
	c := r.newCache(id)
	answers().lose(c, id.Service, true, posture.ReasonNotObserved, "")
	vocabulary.Read(answers().caches[id.Service], c, m.value, reading(id.Service, m.value))
	if r.Migration {
		vocabulary.Read(answers().cacheMigrations[id.Service], c, m.value, reading(id.Service, m.value))
		linked := m.at("properties." + service.LinkedServers)
		c.Links.Observed = linked.kind == '[' && len(linked.elems) == 0
		c.AccessPolicies.Observed = id.Service.Database != "" // such a service has no custom ones
	}
	for fact, known := range map[*posture.Value[string]]string{&c.Name: id.Name, &c.ResourceID: id.ID} {
		if !fact.IsKnown() {
			*fact = posture.Known(known, fact.Source.Path)
		}
	}
	if tier, ok := c.Tier.Get(); ok && !strings.EqualFold(tier, "Premium") && c.ShardCount.IsUnknown() && !c.ShardCount.IsUndocumented() {
		c.ShardCount = posture.Unset[int](c.ShardCount.Source.Path) // only Premium caches have shards
	}
	if list := m.at("properties." + service.EndpointConnections); list.kind == '[' {
		c.PrivateEndpoints = endpoints(list.elems)
	}
	return c
}

func endpoints(connections []value) posture.Set[posture.PrivateEndpoint] {
	set := posture.Set[posture.PrivateEndpoint]{Observed: true}
	for _, c := range connections {
		address := c.str("properties.privateEndpoint.id")
		if address == "" {
			address = c.str("id")
		}
		set.Items = append(set.Items, endpoint(address, c.required(endpointStatus)))
	}
	return set
}

const endpointStatus = "properties.privateLinkServiceConnectionState.status"

func endpoint(address string, status vocabulary.Scalar) posture.PrivateEndpoint {
	approval := vocabulary.Value(status, "properties."+service.EndpointConnections+"."+endpointStatus,
		func(s vocabulary.Scalar) (posture.Approval, bool) {
			for _, a := range approvals {
				if strings.EqualFold(string(a), s.Text) {
					return a, true
				}
			}
			return "", false
		})
	return posture.PrivateEndpoint{
		Address: address, Approval: approval,
		DNSZones: posture.Unknown[[]posture.DNSZone](posture.ReasonNotObserved,
			"privateDnsZoneGroups").WithDetail("the DNS zone groups of existing private endpoints are not read"),
	}
}

var approvals = []posture.Approval{posture.ApprovalApproved, posture.ApprovalPending, posture.ApprovalRejected,
	posture.ApprovalDisconnected}

// Connection is what a cache says of the connection of one private endpoint.
type Connection struct {
	EndpointID string `json:"endpoint"`
	Status     string `json:"status"`
}

// PrivateEndpoints are the facts of a cache that has these connections and no
// others, as Read gives them.
func PrivateEndpoints(connections []Connection) posture.Set[posture.PrivateEndpoint] {
	set := posture.Set[posture.PrivateEndpoint]{Observed: true}
	for _, c := range connections {
		status := value{lost: c.Status == "", kind: '"', text: c.Status}
		set.Items = append(set.Items, endpoint(c.EndpointID, status.Scalar()))
	}
	return set
}

func (r *Reader) newCache(id CacheID) *posture.Cache {
	c := &posture.Cache{Type: id.Service.Type, Dialect: posture.DialectAz}
	c.MigrationAsked = r.Migration
	return c
}

// hiddenCache is a cache of which nothing may be read: every fact says why.
func (r *Reader) hiddenCache(id CacheID, reason posture.Reason, detail string) *posture.Cache {
	c := r.newCache(id)
	answers().lose(c, id.Service, false, reason, detail)
	answers().lose(c, id.Service, true, reason, detail)
	c.Links.Reason, c.Links.Detail = reason, detail
	c.AccessPolicies.Reason, c.AccessPolicies.Detail = reason, detail
	c.Name, c.ResourceID = posture.Known(id.Name, "id"), posture.Known(id.ID, "id")
	c.PrivateEndpoints.Reason, c.PrivateEndpoints.Detail = reason, detail
	c.DiagnosticSettings.Reason, c.DiagnosticSettings.Detail = reason, detail
	c.FirewallRules.Reason, c.FirewallRules.Detail = reason, detail
	c.PolicyAssignments.Reason, c.PolicyAssignments.Detail = reason, detail
	c.AccessPolicyAssignments.Reason, c.AccessPolicyAssignments.Detail = reason, detail
	return c
}
