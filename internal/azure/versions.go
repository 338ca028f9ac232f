package azure

import (
	"slices"
	"strings"
)

// endpoint is one kind of thing that is read: the api-version that is asked
// for, and the action that a role must hold.
type endpoint struct {
	what    string // in messages
	version string
	action  string
}

// The api-versions and actions of everything that an evaluation reads. The
// built-in role Reader holds all of these actions.
var (
	redisCache          = endpoint{"the cache", "2024-11-01", "Microsoft.Cache/redis/read"}
	redisCaches         = endpoint{"the caches of the subscription", "2024-11-01", "Microsoft.Cache/redis/read"}
	firewallRules       = endpoint{"the firewall rules", "2024-11-01", "Microsoft.Cache/redis/firewallRules/read"}
	endpointConnections = endpoint{"the private endpoint connections", "2024-11-01",
		"Microsoft.Cache/redis/privateEndpointConnections/read"}
	patchSchedule          = endpoint{"the patch schedule", "2024-11-01", "Microsoft.Cache/redis/patchSchedules/read"}
	accessPolicies         = endpoint{"the access policies", "2024-11-01", "Microsoft.Cache/redis/accessPolicies/read"}
	accessAssignments      = endpoint{"the access policy assignments", "2024-11-01", "Microsoft.Cache/redis/accessPolicyAssignments/read"}
	diagnosticSettings     = endpoint{"the diagnostic settings", "2021-05-01-preview", "Microsoft.Insights/diagnosticSettings/read"}
	subnets                = endpoint{"the subnet", "2024-05-01", "Microsoft.Network/virtualNetworks/subnets/read"}
	securityGroups         = endpoint{"the network security group", "2024-05-01", "Microsoft.Network/networkSecurityGroups/read"}
	policyAssignments      = endpoint{"the policy assignments", "2023-04-01", "Microsoft.Authorization/policyAssignments/read"}
	policySets             = endpoint{"the policy set definition", "2023-04-01", "Microsoft.Authorization/policySetDefinitions/read"}
	policyExemptions       = endpoint{"the policy exemptions", "2022-07-01-preview", "Microsoft.Authorization/policyExemptions/read"}
	subscriptions          = endpoint{"the subscriptions", "2022-12-01", "Microsoft.Resources/subscriptions/read"}
	managementGroupMembers = endpoint{"the subscriptions of the management group", "2020-05-01",
		"Microsoft.Management/managementGroups/descendants/read"}
	resourceGraph = endpoint{"Azure Resource Graph", "2024-04-01", "Microsoft.ResourceGraph/resources/read"}
)

// redisEnterprise is the action without which Resource Graph leaves out Azure
// Managed Redis and the Enterprise tiers, which are named and not judged.
const redisEnterprise = "Microsoft.Cache/redisEnterprise/read"

// resourceGraphPath is the one address that an evaluation may POST to.
const resourceGraphPath = "/providers/Microsoft.ResourceGraph/resources"

// ReadActions are the actions of a least-privilege role for an evaluation,
// sorted and without repetition.
func ReadActions() []string {
	actions := []string{
		accessAssignments.action, accessPolicies.action, firewallRules.action, patchSchedule.action,
		endpointConnections.action, redisCache.action, redisEnterprise,
		policyAssignments.action, policyExemptions.action, policySets.action,
		diagnosticSettings.action,
		managementGroupMembers.action,
		securityGroups.action, subnets.action,
		resourceGraph.action,
		subscriptions.action,
	}
	slices.Sort(actions)
	return actions
}

// subscriptionOf returns the subscription in a path, in lower case; empty when
// the path is not below one.
func subscriptionOf(path string) string {
	const prefix = "/subscriptions/"
	if len(path) < len(prefix) || !strings.EqualFold(path[:len(prefix)], prefix) {
		return ""
	}
	id, _, _ := strings.Cut(path[len(prefix):], "/")
	return strings.ToLower(id)
}
