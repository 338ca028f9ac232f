package provider

import (
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posturetest"
)

// notInObjects says why the objects that functions and the guard take do not fill a fact.
var notInObjects = map[string]string{
	"Address": "an object has no address", "Change": "an object is no plan",
	"Label":                                  "an argument of data source and guard",
	"KeyConsumers":                           "keys never enter a function",
	"Subnet.Prefixes":                        "a subnet is no companion",
	"Subnet.Address":                         "a subnet is no companion",
	"PolicyAssignments.Covers":               "only ARM knows management groups",
	"PolicyAssignments.Members":              "only ARM shows what a set holds",
	"PolicyAssignments.Members.DefinitionID": "only ARM shows what a set holds",
	"PolicyAssignments.Members.Effect":       "only ARM shows what a set holds",
	"PolicyAssignments.Members.Reference":    "only ARM shows what a set holds",
	"PolicyAssignments.Defaults.Name":        "only ARM shows what a set holds",
	"PolicyAssignments.Defaults.Values":      "only ARM shows what a set holds",
}

// Objects fill every fact of the posture, or it is said here why not.
func TestEveryFactIsFilled(t *testing.T) {
	const zone = group + "/providers/Microsoft.Network/privateDnsZones/privatelink.redis.cache.windows.net"
	selectors := arr{obj{"selectors": arr{obj{"kind": "resourceType", "in": arr{"Microsoft.Cache/redis"}, "not_in": arr{}}}}}
	subnet := group + "/providers/Microsoft.Network/virtualNetworks/net/subnets/redis"
	securityGroupID := group + "/providers/Microsoft.Network/networkSecurityGroups/nsg"
	endpoint := endpointTo(ordersID)
	endpoint["private_dns_zone_group"] = arr{obj{"private_dns_zone_ids": arr{zone}}}
	endpoint["id"] = group + "/providers/Microsoft.Network/privateEndpoints/pe-orders"
	c := posturesOf(t,
		cacheWith(obj{
			"id": ordersID, "sku_name": "Premium", "family": "P", "shard_count": 2, "subnet_id": subnet, "zones": arr{"1", "2"},
			"patch_schedule": arr{obj{"day_of_week": "Sunday"}},
			"redis_configuration": arr{obj{
				"authentication_enabled": true, "active_directory_authentication_enabled": true, "rdb_backup_enabled": true,
				"aof_backup_enabled":                     false,
				"data_persistence_authentication_method": "SAS", "maxmemory_reserved": 100, "maxfragmentationmemory_reserved": 100,
			}},
		}),
		endpoint, logsOfCache(ordersID),
		obj{
			"name": "rule", "redis_cache_name": "redis-orders", "resource_group_name": "rg-orders", "start_ip": "10.0.0.1",
			"end_ip": "10.0.0.2",
		},
		obj{"subnet_id": subnet, "network_security_group_id": securityGroupID},
		obj{"id": securityGroupID, "name": "nsg", "security_rule": arr{obj{
			"name": "in", "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "source_address_prefix": "10.0.0.0/8",
			"source_port_range": "*", "destination_address_prefix": "*", "destination_port_range": "6380",
		}}},
		obj{
			"name": "policy", "resource_group_id": group, "policy_definition_id": "/providers/Microsoft.Authorization/policyDefinitions/x",
			"enforce": true, "not_scopes": arr{}, "parameters": `{"effect":{"value":"Audit"}}`, "overrides": selectors,
			"resource_selectors": selectors,
		},
		obj{"name": "grant", "redis_cache_id": ordersID, "access_policy_name": "Data Reader"},
	)
	facts := posturetest.Facts(c)
	for _, name := range posturetest.Names(c) {
		if why := notInObjects[name]; facts[name].Filled() == (why != "") {
			t.Errorf("%s is %+v, and the reason why it is not filled is %q", name, facts[name], why)
		}
	}
}
