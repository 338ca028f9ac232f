package azure

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// child is something around a cache that needs a request of its own.
type child string

const (
	childDiagnosticSettings child = "diagnosticSettings"
	childSubnet             child = "subnet"
	childPolicyAssignments  child = "policyAssignments"

	// Collections within the cache, by their segment; only some services have them.
	childFirewallRules     child = service.FirewallRules
	childEndpoints         child = service.EndpointConnections
	childPatchSchedule     child = service.PatchSchedules
	childAccessAssignments child = service.AccessPolicyAssignments

	// Collections that only a migration depends on.
	childAccessPolicies child = service.AccessPolicies
	childLinkedServers  child = service.LinkedServers

	// A collection within the database of the cache.
	childDatabaseAssignments child = service.Databases + "/" + service.AccessPolicyAssignments
)

// childrenFor names the children that a check asks for and the service of the
// cache has, given what the cache itself says. What is not read stays not
// observed, and says why.
func childrenFor(of *service.Service, c *posture.Cache) []child {
	return slices.DeleteFunc(askedChildren(c), func(asked child) bool {
		switch asked {
		case childDiagnosticSettings, childSubnet, childPolicyAssignments:
			return false
		default:
			return !slices.ContainsFunc(of.Collections, func(has service.Collection) bool { return has.Segment == string(asked) })
		}
	})
}

// askedChildren names the children that a check asks for.
func askedChildren(c *posture.Cache) []child {
	children := []child{childPatchSchedule, childPolicyAssignments}
	if !c.HasDatabase.IsUnset() {
		children = append(children, childDiagnosticSettings)
	}
	injected := c.Injected()
	public := posture.Is(c.PublicNetworkAccess.OrDefault(true), true).And(injected.Not())
	if public == posture.False && !(c.MigrationAsked && injected == posture.True) { // a move asks who is let into a subnet too
		c.FirewallRules.Detail = "firewall rules have no effect without public access and were not read"
	} else {
		children = append(children, childFirewallRules)
	}
	switch {
	case c.PrivateEndpoints.Observed:
	case injected == posture.True:
		c.PrivateEndpoints.Detail = "an injected cache has no private endpoints, and they were not read"
	default:
		children = append(children, childEndpoints)
	}
	if posture.Is(c.EntraAuthentication.OrDefault(false), true) == posture.False {
		c.AccessPolicyAssignments.Detail = "access policies have no effect without Microsoft Entra authentication and were not read"
		c.AccessPolicies.Detail = c.AccessPolicyAssignments.Detail
	} else {
		children = append(children, childAccessAssignments)
		if c.MigrationAsked {
			children = append(children, childAccessPolicies)
		}
	}
	if c.MigrationAsked && !c.Links.Observed {
		children = append(children, childLinkedServers)
	}
	switch {
	case c.HasDatabase.IsUnset():
	case service.OfCache(c) == service.Enterprise:
		c.AccessPolicyAssignments.Detail = "the Enterprise tiers have no Microsoft Entra authentication, and access policies were not read"
	default:
		children = append(children, childDatabaseAssignments)
	}
	if injected == posture.True {
		if isSubnet(c.SubnetID.V) {
			children = append(children, childSubnet)
		} else {
			// Subnets of the classic deployment model have no security groups to read.
			c.Subnet.SecurityGroup = posture.Unknown[posture.SecurityGroup](posture.ReasonNotObserved, "properties.subnetId").
				WithDetail("the subnet is none of Microsoft.Network")
		}
	}
	return children
}

func isSubnet(id string) bool {
	return strings.Contains(strings.ToLower(id), "/providers/microsoft.network/virtualnetworks/")
}
