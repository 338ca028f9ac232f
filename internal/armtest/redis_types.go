package armtest

import (
	"net/http"
	"slices"
)

var redisVersions = []string{
	"2020-06-01", "2020-12-01", "2021-06-01", "2022-05-01", "2022-06-01", "2023-04-01", "2023-05-01-preview",
	"2023-08-01", "2024-03-01", "2024-04-01-preview", "2024-11-01", "2025-08-01-preview",
}

// policyVersions are the api-versions with Microsoft Entra access policies.
var policyVersions = redisVersions[slices.Index(redisVersions, "2023-05-01-preview"):]

const redisType = "microsoft.cache/redis"

// The types of Azure Cache for Redis.
func init() {
	addTypes(
		resourceType{name: "Microsoft.Cache/Redis", action: "Microsoft.Cache/redis", versions: redisVersions, longRunning: true,
			cache: &cacheType{subresource: "redisCache", busy: []string{"/linkedservers", "/accesspolicies", "/accesspolicyassignments"}},
			diagnostics: &diagnostics{logs: []string{"ConnectedClientList", "MSEntraAuthenticationAuditLog"}, groups: []string{"allLogs", "audit"},
				metrics: true},
			put: (*Server).putCache, patch: (*Server).patchCache, render: (*Server).renderCache, checkDelete: checkDeleteOfLinked,
			actions: map[string]action{"listkeys": listKeys, "regeneratekey": regenerateKey, "forcereboot": forceReboot}},
		resourceType{name: "Microsoft.Cache/Redis/firewallRules", action: "Microsoft.Cache/redis/firewallRules", versions: redisVersions,
			ofCache: true, parentInName: true, check: checkFirewallRule},
		resourceType{name: "Microsoft.Cache/Redis/PatchSchedules", action: "Microsoft.Cache/redis/patchSchedules", versions: redisVersions,
			ofCache: true, parentInName: true, check: checkPatchSchedule, complete: completePatchSchedule},
		resourceType{name: "Microsoft.Cache/Redis/privateEndpointConnections", action: "Microsoft.Cache/redis/privateEndpointConnections",
			versions: redisVersions, ofCache: true, showsState: true, complete: completeConnection},
		resourceType{name: "Microsoft.Cache/Redis/linkedServers", action: "Microsoft.Cache/redis/linkedServers", versions: redisVersions,
			ofCache: true, longRunning: true, showsState: true, check: checkLinkedServer, complete: completeLinkedServer},
		resourceType{name: "Microsoft.Cache/Redis/accessPolicies", action: "Microsoft.Cache/redis/accessPolicies", versions: policyVersions,
			ofCache: true, longRunning: true, showsState: true, check: checkAccessPolicy, complete: completeAccessPolicy,
			checkDelete: checkDeleteOfAccessPolicy},
		resourceType{name: "Microsoft.Cache/Redis/accessPolicyAssignments", action: "Microsoft.Cache/redis/accessPolicyAssignments",
			versions: policyVersions, ofCache: true, longRunning: true, showsState: true, check: checkAccessPolicyAssignment},
		resourceType{name: "Microsoft.Cache/Redis/privateLinkResources", action: "Microsoft.Cache/redis/privateLinkResources",
			versions: redisVersions, elements: func(list target) []any {
				return []any{privateLinkResource(list, "Microsoft.Cache/Redis", "redisCache", "privatelink.redis.cache.windows.net")}
			}},
	)
}

func privateLinkResource(list target, cacheType, group, zone string) object {
	return object{"id": list.path + "/" + group, "name": group, "type": cacheType + "/privateLinkResources",
		"properties": object{"groupId": group, "requiredMembers": []any{group}, "requiredZoneNames": []any{zone}}}
}

func checkDeleteOfLinked(s *Server, r *resource) response {
	if len(s.store.in(r.key+"/linkedservers")) > 0 {
		return badRequest("The cache '%s' is linked for geo-replication; unlink it first.", r.lastName())
	}
	return response{}
}

func listKeys(_ *Server, _ *http.Request, cache *resource, _ string, _ object) response {
	return ok(accessKeys(cache))
}

func regenerateKey(_ *Server, _ *http.Request, cache *resource, _ string, _ object) response {
	cache.keyGeneration++
	return ok(accessKeys(cache))
}

func forceReboot(*Server, *http.Request, *resource, string, object) response {
	return ok(object{"message": "Reboot is requested."})
}
