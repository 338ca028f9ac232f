package service

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// Databases is the segment of ARM's path of the database of a cluster.
const Databases = "databases"

// ManagedRedis is Azure Managed Redis. A cache is a cluster with its only database.
var ManagedRedis = &Service{
	Name:       "Azure Managed Redis",
	Type:       "Microsoft.Cache/redisEnterprise",
	APIVersion: "2025-07-01",
	Azurerm:    []string{"azurerm_managed_redis", "azurerm_redis_enterprise_cluster"},
	Collections: []Collection{
		{Databases, "the database", "azurerm_redis_enterprise_database"},
		{EndpointConnections, "the private endpoint connections", ""},
		{Databases + "/" + AccessPolicyAssignments, "the access policy assignments", "azurerm_managed_redis_access_policy_assignment"},
	},
	Database:    "/" + Databases + "/default",
	Subresource: "redisEnterprise",
	// Source: azure-docs, articles/redis, private-link (2025-05-18); for the other
	// clouds the host names that StackExchange.Redis knows.
	DNSZones: map[posture.Cloud]string{
		posture.CloudPublic:       "privatelink.redis.azure.net",
		posture.CloudUSGovernment: "privatelink.redis.usgovcloudapi.net",
		posture.CloudChina:        "privatelink.redis.chinacloudapi.cn",
	},
	Ports:          []Ports{{10000, 10000, always}},
	KeyAttributes:  []string{"primary_access_key", "secondary_access_key"},
	AccessPolicies: []AccessPolicy{{Name: "default", Everything: true}},
	Dialects:       []posture.Dialect{posture.DialectAzurerm, posture.DialectEnterprise, posture.DialectAzapi, posture.DialectAz},
}

// Enterprise is the Enterprise tiers of Azure Cache for Redis, which share the ARM
// type of Azure Managed Redis and are told from it by their SKUs.
// Source: retirement notice of 2025-10-08; azure-docs, articles/redis, private-link.
var Enterprise = enterprise()

func enterprise() *Service {
	s := *ManagedRedis
	s.Name = "Azure Cache for Redis Enterprise"
	s.Azurerm = []string{"azurerm_redis_enterprise_cluster"}
	s.AccessPolicies = nil
	// Those of the other clouds are not documented.
	s.DNSZones = map[posture.Cloud]string{posture.CloudPublic: "privatelink.redisenterprise.cache.azure.net"}
	s.Retirement = Retirement{Date: "2027-03-31", NewTenants: "2026-04-01", Successor: "Azure Managed Redis"}
	return &s
}

// The prefixes of the SKUs of the Enterprise tiers and of Azure Managed Redis.
var (
	enterpriseSKUs = []string{"Enterprise_", "EnterpriseFlash_"}
	managedSKUs    = []string{"Balanced_", "MemoryOptimized_", "ComputeOptimized_", "FlashOptimized_"}
)

// IsEnterprise reports whether a cluster belongs to the Enterprise tiers: azurerm has a
// resource for them and one for Azure Managed Redis; elsewhere the SKU decides.
func IsEnterprise(c *posture.Cache) posture.Tri {
	switch c.Dialect {
	case posture.DialectEnterprise:
		return posture.True
	case posture.DialectAzurerm:
		return posture.False
	}
	sku, _ := c.SKU.Get()
	switch {
	case hasPrefix(sku, enterpriseSKUs):
		return posture.True
	case hasPrefix(sku, managedSKUs):
		return posture.False
	default:
		return posture.Maybe
	}
}

// hasPrefix reports whether a text begins with one of the prefixes, in any case.
func hasPrefix(text string, prefixes []string) bool {
	for _, p := range prefixes {
		if len(text) >= len(p) && strings.EqualFold(text[:len(p)], p) {
			return true
		}
	}
	return false
}
