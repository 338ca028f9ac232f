package cacheresource

import (
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posturetest"
)

// notPlanned says why the resource does not fill a fact while it plans; a name
// that ends in a point stands for all below it.
var notPlanned = map[string]string{
	"Address": "a provider is not told the address", "Label": "the cache has a name", "KeyConsumers": "keys are in no plan",
	"PolicyAssignments": "no argument", "PolicyAssignments.": "no argument", "Subnet.": "the network is others'",
}

// The resource fills every fact of the posture while it plans, or it is said here
// why not.
func TestEveryFactIsFilled(t *testing.T) {
	id := "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/"
	m := modelOf(t, obj{
		"id": id + "Microsoft.Cache/redis/a", "name": "a", "resource_group_name": "rg", "location": "westeurope", "sku_name": "Premium",
		"family": "P", "capacity": 1, "shard_count": 2, "subnet_id": id + "s",
		"public_network_access_enabled": false, "non_ssl_port_enabled": false,
		"minimum_tls_version": "1.2", "access_keys_authentication_enabled": false, "redis_version": "6", "zones": []any{"1"},
		"zonal_allocation_policy": "UserDefined", "update_channel": "Stable", "patch_schedule": []any{obj{"day_of_week": "Sunday"}},
		"redis_configuration": obj{
			"active_directory_authentication_enabled": true, "authentication_enabled": true, "data_persistence_authentication_method": "SAS",
			"maxmemory_reserved": 1, "maxfragmentationmemory_reserved": 1, "rdb_backup_enabled": true, "aof_backup_enabled": false,
		},
		"firewall_rules":            obj{"r": obj{"start_ip": "10.0.0.1", "end_ip": "10.0.0.2"}},
		"access_policies":           obj{"ours": "+get ~*"},
		"access_policy_assignments": obj{"a": obj{"access_policy_name": "ours", "object_id": "x", "object_id_alias": "x"}},
		"diagnostic_settings":       obj{"d": obj{"log_analytics_workspace_id": id + "w", "log_category_groups": []any{"allLogs"}}},
		"private_endpoint": obj{"id": id + "pe", "subnet_id": id + "s", "name": "pe", "is_manual_connection": false,
			"private_dns_zone_ids": []any{id + "z"}},
	})
	facts := posturetest.Facts(postureOf(t.Context(), m, posture.ChangeCreate, view{config: m}))
	for _, name := range posturetest.Names(&posture.Cache{}) {
		why := notPlanned[name]
		if set, _, below := strings.Cut(name, "."); below && why == "" {
			why = notPlanned[set+"."]
		}
		if facts[name].Filled() == (why != "") {
			t.Errorf("%s is %+v, and the reason why it is not filled is %q", name, facts[name], why)
		}
	}
}
