package armtest

import (
	"regexp"
	"slices"
	"strings"
)

// kind is what the fake knows about a resource type.
type kind struct {
	name     string   // casing of "type" and of ids in answers
	action   string   // casing in names of actions, when another
	versions []string // nil: any well-formed version
	async    bool     // create and delete are long-running
	extends  bool     // may stand on any scope
	inherits bool     // a list also shows what the scopes above hold
	state    bool     // answers carry properties.provisioningState
	child    bool     // belongs to a cache: eventually consistent when asked for
	fullName bool     // "name" is parent/child
}

var redisVersions = []string{
	"2020-06-01", "2020-12-01", "2021-06-01", "2022-05-01", "2022-06-01", "2023-04-01", "2023-05-01-preview",
	"2023-08-01", "2024-03-01", "2024-04-01-preview", "2024-11-01", "2025-08-01-preview",
}

// policyVersions begins where Microsoft Entra access policies began.
var policyVersions = redisVersions[slices.Index(redisVersions, "2023-05-01-preview"):]

const redisType = "microsoft.cache/redis"

var kinds = map[string]kind{
	redisType: {name: "Microsoft.Cache/Redis", action: "Microsoft.Cache/redis", versions: redisVersions, async: true},
	redisType + "/firewallrules": {name: "Microsoft.Cache/Redis/firewallRules", action: "Microsoft.Cache/redis/firewallRules",
		versions: redisVersions, child: true, fullName: true},
	redisType + "/patchschedules": {name: "Microsoft.Cache/Redis/PatchSchedules", action: "Microsoft.Cache/redis/patchSchedules",
		versions: redisVersions, child: true, fullName: true},
	redisType + "/privateendpointconnections": {name: "Microsoft.Cache/Redis/privateEndpointConnections",
		action: "Microsoft.Cache/redis/privateEndpointConnections", versions: redisVersions, child: true, state: true},
	redisType + "/linkedservers": {name: "Microsoft.Cache/Redis/linkedServers", action: "Microsoft.Cache/redis/linkedServers",
		versions: redisVersions, child: true, async: true, state: true},
	redisType + "/accesspolicies": {name: "Microsoft.Cache/Redis/accessPolicies", action: "Microsoft.Cache/redis/accessPolicies",
		versions: policyVersions, child: true, async: true, state: true},
	redisType + "/accesspolicyassignments": {name: "Microsoft.Cache/Redis/accessPolicyAssignments",
		action: "Microsoft.Cache/redis/accessPolicyAssignments", versions: policyVersions, child: true, async: true, state: true},
	redisType + "/privatelinkresources": {name: "Microsoft.Cache/Redis/privateLinkResources",
		action: "Microsoft.Cache/redis/privateLinkResources", versions: redisVersions},

	"microsoft.cache/redisenterprise": {name: "Microsoft.Cache/redisEnterprise", async: true, state: true},

	"microsoft.insights/diagnosticsettings": {name: "Microsoft.Insights/diagnosticSettings", extends: true, child: true,
		versions: []string{"2017-05-01-preview", "2021-05-01-preview"}},

	"microsoft.network/virtualnetworks":         {name: "Microsoft.Network/virtualNetworks", async: true, state: true},
	"microsoft.network/virtualnetworks/subnets": {name: "Microsoft.Network/virtualNetworks/subnets", async: true, state: true},
	"microsoft.network/networksecuritygroups":   {name: "Microsoft.Network/networkSecurityGroups", async: true, state: true},
	"microsoft.network/networksecuritygroups/securityrules": {name: "Microsoft.Network/networkSecurityGroups/securityRules", async: true,
		state: true},
	"microsoft.network/privateendpoints": {name: "Microsoft.Network/privateEndpoints", async: true, state: true},
	"microsoft.network/privateendpoints/privatednszonegroups": {name: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups", async: true,
		state: true},
	"microsoft.network/privatednszones": {name: "Microsoft.Network/privateDnsZones", async: true, state: true},
	"microsoft.network/privatednszones/virtualnetworklinks": {name: "Microsoft.Network/privateDnsZones/virtualNetworkLinks", async: true,
		state: true},
	"microsoft.operationalinsights/workspaces":         {name: "Microsoft.OperationalInsights/workspaces", state: true},
	"microsoft.storage/storageaccounts":                {name: "Microsoft.Storage/storageAccounts", state: true},
	"microsoft.managedidentity/userassignedidentities": {name: "Microsoft.ManagedIdentity/userAssignedIdentities"},
	"microsoft.authorization/policyassignments": {name: "Microsoft.Authorization/policyAssignments", extends: true,
		inherits: true},
	"microsoft.authorization/policyexemptions": {name: "Microsoft.Authorization/policyExemptions", extends: true,
		inherits: true},
	"microsoft.authorization/policydefinitions":    {name: "Microsoft.Authorization/policyDefinitions", extends: true},
	"microsoft.authorization/policysetdefinitions": {name: "Microsoft.Authorization/policySetDefinitions", extends: true},
	"microsoft.management/managementgroups":        {name: "Microsoft.Management/managementGroups", extends: true},
}

func (k kind) actionName() string {
	if k.action != "" {
		return k.action
	}
	return k.name
}

var wellFormedVersion = regexp.MustCompile(`^20\d\d-\d\d-\d\d(-preview|-alpha|-beta)?$`)

func (k kind) knows(version string) bool {
	if k.versions != nil {
		return slices.Contains(k.versions, strings.ToLower(version))
	}
	return wellFormedVersion.MatchString(version)
}
