package tfplan

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// ARM types in lower case, which is how they are compared.
var (
	redisKind            = strings.ToLower(service.Redis.Type)
	firewallKind         = childOfCache(service.FirewallRules)
	accessPolicyKind     = childOfCache(service.AccessPolicies)
	accessAssignmentKind = childOfCache(service.AccessPolicyAssignments)
	patchScheduleKind    = childOfCache(service.PatchSchedules)
	connectionKind       = childOfCache(service.EndpointConnections) // approves or rejects a private endpoint
)

const (
	endpointKind   = "microsoft.network/privateendpoints"
	zoneKind       = "microsoft.network/privatednszones"
	networkKind    = "microsoft.network/virtualnetworks"
	subnetKind     = networkKind + "/subnets"
	groupKind      = "microsoft.network/networksecuritygroups"
	ruleKind       = groupKind + "/securityrules"
	diagnosticKind = "microsoft.insights/diagnosticsettings"
	assignmentKind = "microsoft.authorization/policyassignments"
	exemptionKind  = "microsoft.authorization/policyexemptions"
	deploymentKind = "microsoft.resources/deployments"
	stackKind      = "microsoft.resources/deploymentstacks" // deploys a template too
)

// azurermChild is the resource type of azurerm that makes something within a cache.
func azurermChild(segment string) string { return service.Redis.Collection(segment).Azurerm }

// isAzurermCache reports whether a resource type is that of a cache by azurerm,
// isAzurermChild whether it makes something within one.
func isAzurermCache(typ string) bool { return service.OfAzurerm(typ) != nil }

func isAzurermChild(typ string) bool {
	return slices.ContainsFunc(service.Redis.Collections, func(c service.Collection) bool { return c.Azurerm == typ })
}

func childOfCache(segment string) string { return strings.ToLower(service.Redis.Type + "/" + segment) }
