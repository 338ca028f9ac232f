package armtest

import (
	"regexp"
	"slices"
	"strings"
)

// resourceType is a resource type that the fake knows.
type resourceType struct {
	name         string   // the type in the casing of answers
	action       string   // the type in the casing of names of actions; empty for that of name
	versions     []string // api-versions that the type has; nil for any that is well formed
	longRunning  bool     // creating and deleting are long-running operations
	extension    bool     // an extension resource, which may stand on any scope
	listsAbove   bool     // a list also shows what stands on the scopes above
	showsState   bool     // answers have properties.provisioningState
	ofCache      bool     // belongs to a cache, so that StaleReads and LoseConcurrentChildren apply
	parentInName bool     // the name in answers is parent/child
}

var redisVersions = []string{
	"2020-06-01", "2020-12-01", "2021-06-01", "2022-05-01", "2022-06-01", "2023-04-01", "2023-05-01-preview",
	"2023-08-01", "2024-03-01", "2024-04-01-preview", "2024-11-01", "2025-08-01-preview",
}

// policyVersions are the api-versions with Microsoft Entra access policies.
var policyVersions = redisVersions[slices.Index(redisVersions, "2023-05-01-preview"):]

const redisType = "microsoft.cache/redis"

// resourceTypes are the types by their name in lower case.
var resourceTypes = map[string]resourceType{
	redisType: {name: "Microsoft.Cache/Redis", action: "Microsoft.Cache/redis", versions: redisVersions, longRunning: true},
	redisType + "/firewallrules": {name: "Microsoft.Cache/Redis/firewallRules", action: "Microsoft.Cache/redis/firewallRules",
		versions: redisVersions, ofCache: true, parentInName: true},
	redisType + "/patchschedules": {name: "Microsoft.Cache/Redis/PatchSchedules", action: "Microsoft.Cache/redis/patchSchedules",
		versions: redisVersions, ofCache: true, parentInName: true},
	redisType + "/privateendpointconnections": {name: "Microsoft.Cache/Redis/privateEndpointConnections",
		action: "Microsoft.Cache/redis/privateEndpointConnections", versions: redisVersions, ofCache: true, showsState: true},
	redisType + "/linkedservers": {name: "Microsoft.Cache/Redis/linkedServers", action: "Microsoft.Cache/redis/linkedServers",
		versions: redisVersions, ofCache: true, longRunning: true, showsState: true},
	redisType + "/accesspolicies": {name: "Microsoft.Cache/Redis/accessPolicies", action: "Microsoft.Cache/redis/accessPolicies",
		versions: policyVersions, ofCache: true, longRunning: true, showsState: true},
	redisType + "/accesspolicyassignments": {name: "Microsoft.Cache/Redis/accessPolicyAssignments",
		action: "Microsoft.Cache/redis/accessPolicyAssignments", versions: policyVersions, ofCache: true, longRunning: true, showsState: true},
	redisType + "/privatelinkresources": {name: "Microsoft.Cache/Redis/privateLinkResources",
		action: "Microsoft.Cache/redis/privateLinkResources", versions: redisVersions},

	"microsoft.cache/redisenterprise": {name: "Microsoft.Cache/redisEnterprise", longRunning: true, showsState: true},

	"microsoft.insights/diagnosticsettings": {name: "Microsoft.Insights/diagnosticSettings", extension: true, ofCache: true,
		versions: []string{"2017-05-01-preview", "2021-05-01-preview"}},

	"microsoft.network/virtualnetworks":         {name: "Microsoft.Network/virtualNetworks", longRunning: true, showsState: true},
	"microsoft.network/virtualnetworks/subnets": {name: "Microsoft.Network/virtualNetworks/subnets", longRunning: true, showsState: true},
	"microsoft.network/networksecuritygroups":   {name: "Microsoft.Network/networkSecurityGroups", longRunning: true, showsState: true},
	"microsoft.network/networksecuritygroups/securityrules": {name: "Microsoft.Network/networkSecurityGroups/securityRules", longRunning: true,
		showsState: true},
	"microsoft.network/privateendpoints": {name: "Microsoft.Network/privateEndpoints", longRunning: true, showsState: true},
	"microsoft.network/privateendpoints/privatednszonegroups": {name: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
		longRunning: true, showsState: true},
	"microsoft.network/privatednszones": {name: "Microsoft.Network/privateDnsZones", longRunning: true, showsState: true},
	"microsoft.network/privatednszones/virtualnetworklinks": {name: "Microsoft.Network/privateDnsZones/virtualNetworkLinks", longRunning: true,
		showsState: true},
	"microsoft.operationalinsights/workspaces":         {name: "Microsoft.OperationalInsights/workspaces", showsState: true},
	"microsoft.storage/storageaccounts":                {name: "Microsoft.Storage/storageAccounts", showsState: true},
	"microsoft.managedidentity/userassignedidentities": {name: "Microsoft.ManagedIdentity/userAssignedIdentities"},
	"microsoft.authorization/policyassignments": {name: "Microsoft.Authorization/policyAssignments", extension: true,
		listsAbove: true},
	"microsoft.authorization/policyexemptions": {name: "Microsoft.Authorization/policyExemptions", extension: true,
		listsAbove: true},
	"microsoft.authorization/policydefinitions":    {name: "Microsoft.Authorization/policyDefinitions", extension: true},
	"microsoft.authorization/policysetdefinitions": {name: "Microsoft.Authorization/policySetDefinitions", extension: true},
	"microsoft.management/managementgroups":        {name: "Microsoft.Management/managementGroups", extension: true},
}

func (k resourceType) actionName() string {
	if k.action != "" {
		return k.action
	}
	return k.name
}

var wellFormedVersion = regexp.MustCompile(`^20\d\d-\d\d-\d\d(-preview|-alpha|-beta)?$`)

func (k resourceType) knows(version string) bool {
	if k.versions != nil {
		return slices.Contains(k.versions, strings.ToLower(version))
	}
	return wellFormedVersion.MatchString(version)
}
