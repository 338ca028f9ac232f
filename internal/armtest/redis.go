package armtest

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

// Canary begins every secret that the fake gives out. No output of a program
// may ever hold it.
const Canary = "armtest-CANARY-"

// The api-version that introduced a property; a property that is not listed is as old
// as the oldest version.
var (
	firstVersion = map[string]string{
		"replicasPerPrimary":             "2020-12-01",
		"updateChannel":                  "2023-08-01",
		"disableAccessKeyAuthentication": "2024-03-01",
		"zonalAllocationPolicy":          "2024-04-01-preview",
		"targetAmrResourceId":            "2025-08-01-preview",
	}
	firstConfiguration = map[string]string{
		"aad-enabled":                            "2023-05-01-preview",
		"authnotrequired":                        "2020-12-01",
		"preferred-data-persistence-auth-method": "2022-05-01",
		"preferred-data-archive-auth-method":     "2021-06-01",
		"storage-subscription-id":                "2023-04-01",
	}
	firstTopLevel = map[string]string{"identity": "2021-06-01"}
)

// writable are the properties that a request may set, with their JSON types.
var writable = map[string]string{
	"sku": "object", "redisConfiguration": "object", "redisVersion": "string", "enableNonSslPort": "bool",
	"replicasPerMaster": "number", "replicasPerPrimary": "number", "tenantSettings": "object", "shardCount": "number",
	"minimumTlsVersion": "string", "publicNetworkAccess": "string", "updateChannel": "string",
	"disableAccessKeyAuthentication": "bool", "zonalAllocationPolicy": "string", "subnetId": "string", "staticIP": "string",
}

var readOnlyConfiguration = []string{"maxclients", "preferred-data-archive-auth-method", "zonal-configuration"}

func knows(first map[string]string, name, version string) bool {
	since := first[name]
	return since == "" || slices.Index(redisVersions, strings.ToLower(version)) >= slices.Index(redisVersions, since)
}

// newProperties are the properties of a cache that was created with a SKU and nothing
// else.
func newProperties(name string, sku object) object {
	return object{
		"sku":                            sku,
		"redisVersion":                   "6.0",
		"enableNonSslPort":               false,
		"publicNetworkAccess":            "Enabled",
		"disableAccessKeyAuthentication": false,
		"updateChannel":                  "Stable",
		"provisioningState":              "Succeeded",
		"hostName":                       strings.ToLower(name) + ".redis.cache.windows.net",
		"port":                           float64(6379),
		"sslPort":                        float64(6380),
		"redisConfiguration":             defaultConfiguration(sku),
	}
}

func defaultConfiguration(sku object) object {
	capacity := number(sku["capacity"])
	configuration := object{"maxclients": fmt.Sprint(1000 * (1 << capacity))}
	if !strings.EqualFold(textAt(sku, "name"), "Basic") {
		reserved := 125 * (1 << capacity)
		if strings.EqualFold(textAt(sku, "name"), "Premium") {
			reserved *= 5
		}
		for _, key := range []string{"maxmemory-reserved", "maxmemory-delta", "maxfragmentationmemory-reserved"} {
			configuration[key] = fmt.Sprint(reserved)
		}
	}
	return configuration
}

func number(v any) int {
	f, _ := v.(float64)
	return int(f)
}

// renderCache leaves in a cache what an api-version shows, and adds what stands
// elsewhere.
func (s *Server) renderCache(r *resource, body object, version string) {
	properties := objectAt(body, "properties")
	for name := range properties {
		if !knows(firstVersion, name, version) {
			delete(properties, name)
		}
	}
	for name := range body {
		if !knows(firstTopLevel, name, version) {
			delete(body, name)
		}
	}
	configuration := objectAt(properties, "redisConfiguration")
	for name := range configuration {
		if !knows(firstConfiguration, name, version) || secretConfiguration(name) {
			delete(configuration, name)
		}
	}
	if s.opts.HideZonalAllocation {
		delete(properties, "zonalAllocationPolicy")
	}
	s.renderInstances(body, properties)
	if replicas, set := properties["replicasPerPrimary"]; set {
		properties["replicasPerMaster"] = replicas
	}

	var linked, connections []any
	for _, child := range s.store.in(r.key + "/linkedservers") {
		linked = append(linked, object{"id": child.id})
	}
	for _, child := range s.store.in(r.key + "/privateendpointconnections") {
		if !child.gone {
			connections = append(connections, s.render(child, version))
		}
	}
	properties["linkedServers"] = orEmpty(linked)
	if connections != nil {
		properties["privateEndpointConnections"] = connections
	}
	if r.op != nil {
		properties["provisioningState"] = r.op.state()
	} else if r.settle > 0 {
		properties["provisioningState"] = r.lastState
	}
}

// renderWithKeys is a cache as the answers to create and update show it.
func (s *Server) renderWithKeys(cache *resource, version string) object {
	body := s.render(cache, version)
	objectAt(body, "properties")["accessKeys"] = accessKeys(cache)
	return body
}

func orEmpty(list []any) []any {
	if list == nil {
		return []any{}
	}
	return list
}

func (s *Server) renderInstances(body, properties object) {
	if _, seeded := properties["instances"]; seeded {
		return
	}
	nodes := 2
	if strings.EqualFold(textAt(properties, "sku", "name"), "Basic") {
		nodes = 1
	} else if replicas := number(properties["replicasPerPrimary"]); replicas > 0 {
		nodes = 1 + replicas
	}
	zones, _ := body["zones"].([]any)
	shards := number(properties["shardCount"])
	var instances []any
	for shard := range max(1, shards) {
		for node := range nodes {
			port := shard*nodes + node
			instance := object{"isMaster": node == 0, "isPrimary": node == 0, "nonSslPort": 13000 + port, "sslPort": 15000 + port}
			if shards > 0 {
				instance["shardId"] = shard
			}
			if len(zones) > 0 {
				instance["zone"] = zones[node%len(zones)]
			}
			instances = append(instances, instance)
		}
	}
	properties["instances"] = instances
}

// secretConfiguration are the settings that ARM takes and never gives back.
func secretConfiguration(name string) bool { return strings.Contains(name, "connection-string") }

func accessKeys(r *resource) object {
	generation := r.keyGeneration
	return object{
		"primaryKey":   fmt.Sprintf("%sprimary-%d-%s", Canary, generation, r.lastName()),
		"secondaryKey": fmt.Sprintf("%ssecondary-%d-%s", Canary, generation, r.lastName()),
	}
}

// identity gives the principals that Microsoft Entra would have made.
func identity(wanted object, owner string) object {
	identity := clone(wanted)
	if strings.Contains(textAt(identity, "type"), "SystemAssigned") {
		identity["principalId"] = stableID("principal" + owner)
		identity["tenantId"] = DefaultTenant
	}
	users := objectAt(identity, "userAssignedIdentities")
	for id := range users {
		users[id] = object{"principalId": stableID("principal" + id), "clientId": stableID("client" + id)}
	}
	return identity
}

// stableID is a UUID made from a name.
func stableID(name string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(name)))
	text := fmt.Sprintf("%x", sum)
	return text[:8] + "-" + text[8:12] + "-4" + text[13:16] + "-8" + text[17:20] + "-" + text[20:32]
}

func builtInPolicies(cacheID string) []*resource {
	var policies []*resource
	for _, p := range [][2]string{
		{"Data Owner", "+@all allkeys"},
		{"Data Contributor", "+@all -@dangerous +cluster|info +cluster|nodes +cluster|slots allkeys"},
		{"Data Reader", "+@read +@connection +cluster|info +cluster|nodes +cluster|slots allkeys"},
	} {
		policies = append(policies, newResource(cacheID+"/accessPolicies/"+p[0],
			object{"properties": object{"permissions": p[1], "type": "BuiltIn", "provisioningState": "Succeeded"}}))
	}
	return policies
}
