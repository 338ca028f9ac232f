package service

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"

// Segments of ARM's paths below a cache.
const (
	FirewallRules           = "firewallRules"
	EndpointConnections     = "privateEndpointConnections"
	PatchSchedules          = "patchSchedules"
	AccessPolicies          = "accessPolicies"
	AccessPolicyAssignments = "accessPolicyAssignments"
	LinkedServers           = "linkedServers"
)

// Redis is Azure Cache for Redis: the tiers Basic, Standard and Premium.
var Redis = &Service{
	Name:       "Azure Cache for Redis",
	Type:       "Microsoft.Cache/redis",
	APIVersion: "2024-11-01",
	Azurerm:    []string{"azurerm_redis_cache"},
	Collections: []Collection{
		{FirewallRules, "the firewall rules", "azurerm_redis_firewall_rule"},
		{EndpointConnections, "the private endpoint connections", ""},
		{PatchSchedules, "the patch schedule", ""},
		{AccessPolicies, "the access policies", "azurerm_redis_cache_access_policy"},
		{AccessPolicyAssignments, "the access policy assignments", "azurerm_redis_cache_access_policy_assignment"},
		{LinkedServers, "the linked servers", "azurerm_redis_linked_server"},
	},
	Subresource: "redisCache",
	DNSZones: map[posture.Cloud]string{
		posture.CloudPublic:       "privatelink.redis.cache.windows.net",
		posture.CloudUSGovernment: "privatelink.redis.cache.usgovcloudapi.net",
		posture.CloudChina:        "privatelink.redis.cache.chinacloudapi.cn",
	},
	// Cluster nodes listen on 15000-15999, and on 13000-13999 without TLS.
	// Source: cache-how-to-premium-vnet and cache-how-to-premium-clustering.
	Ports: []Ports{
		{6380, 6380, always},
		{6379, 6379, withoutTLS},
		{13000, 13999, sharded},
		{15000, 15999, sharded},
	},
	KeyAttributes: []string{"primary_access_key", "secondary_access_key", "primary_connection_string", "secondary_connection_string"},
	AccessPolicies: []AccessPolicy{
		{Name: "Data Owner", Everything: true},
		{Name: "Data Contributor"},
		{Name: "Data Reader", ReadOnly: true},
	},
	Dialects: []posture.Dialect{posture.DialectAzurerm, posture.DialectAzurerm3, posture.DialectAzapi, posture.DialectOwn, posture.DialectAz},
	Retirement: Retirement{
		Date: "2028-09-30", NewTenants: "2026-04-01", Successor: "Azure Managed Redis",
		Doubtful: map[posture.Cloud]string{
			posture.CloudUSGovernment: "of which no public documentation was found for Azure Government",
			posture.CloudChina:        "which is not generally offered in Azure operated by 21Vianet",
		},
	},
}

func always(*posture.Cache) posture.Value[bool] { return posture.Known(true, "") }

func withoutTLS(c *posture.Cache) posture.Value[bool] { return c.NonTLSPort.OrDefault(false) }

func sharded(c *posture.Cache) posture.Value[bool] {
	return posture.Map(c.ShardCount.OrDefault(0), func(shards int) bool { return shards > 0 })
}
