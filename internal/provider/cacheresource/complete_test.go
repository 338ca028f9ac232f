package cacheresource

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Cache/redis/redis-a"

// secureDefaults is the plan of a new Premium cache of which only what is required is written.
var secureDefaults = map[string]string{
	"id": "unknown", "name": "redis-a", "resource_group_name": "rg", "location": "westeurope",
	"sku_name": "Premium", "capacity": "1", "family": "P",
	"hostname": "unknown", "port": "unknown", "ssl_port": "unknown", "provisioning_state": "unknown",
	"public_network_access_enabled": "false", "non_ssl_port_enabled": "false", "minimum_tls_version": "1.2",
	"access_keys_authentication_enabled": "false", "redis_version": "6", "update_channel": "Stable",
	"replicas_per_primary": "unknown", "zonal_allocation_policy": "unknown",
	"redis_configuration.active_directory_authentication_enabled": "true", "redis_configuration.authentication_enabled": "true",
	"redis_configuration.maxmemory_policy": "volatile-lru", "redis_configuration.notify_keyspace_events": "",
	"redis_configuration.rdb_backup_enabled": "false", "redis_configuration.aof_backup_enabled": "false",
	"redis_configuration.maxmemory_reserved": "unknown", "redis_configuration.maxmemory_delta": "unknown",
	"redis_configuration.maxfragmentationmemory_reserved": "unknown", "redis_configuration.databases": "unknown",
	"patch_schedule.0.day_of_week": "Sunday", "patch_schedule.0.start_hour_utc": "2", "patch_schedule.0.maintenance_window": "PT5H",
}

// existing is the state of a cache as Azure fills it in.
func existing(more ...obj) obj {
	return cacheWith(append([]obj{{
		"id": id, "family": "P", "hostname": "h", "port": 6379, "ssl_port": 6380, "provisioning_state": "Succeeded",
		"public_network_access_enabled": true, "non_ssl_port_enabled": true, "minimum_tls_version": "1.0",
		"access_keys_authentication_enabled": true, "redis_version": "4", "update_channel": "Preview", "replicas_per_primary": 1,
		"zonal_allocation_policy": "Automatic", "patch_schedule": []any{},
		"redis_configuration": obj{"active_directory_authentication_enabled": false, "authentication_enabled": true,
			"maxmemory_policy": "noeviction", "notify_keyspace_events": "KEA", "rdb_backup_enabled": false, "aof_backup_enabled": false,
			"maxmemory_reserved": 600, "maxmemory_delta": 600, "maxfragmentationmemory_reserved": 600, "databases": 16},
	}}, more...)...)
}

// TestCompletion: what a plan has where the configuration leaves arguments out. A row
// says what differs from the secure defaults of a new cache, or for one that exists
// from what the row "an existing cache" says; "null" is for what is not in the plan.
func TestCompletion(t *testing.T) {
	ofExisting := maps.Clone(secureDefaults)
	maps.Copy(ofExisting, map[string]string{
		"id": id, "hostname": "h", "port": "6379", "ssl_port": "6380", "provisioning_state": "Succeeded", "redis_version": "4",
		"replicas_per_primary": "1", "zonal_allocation_policy": "Automatic", "patch_schedule": "empty",
		"redis_configuration.maxmemory_reserved": "600", "redis_configuration.maxmemory_delta": "600",
		"redis_configuration.maxfragmentationmemory_reserved": "600", "redis_configuration.databases": "16",
	})
	for at := range ofExisting {
		if at == "patch_schedule.0.day_of_week" || at == "patch_schedule.0.start_hour_utc" || at == "patch_schedule.0.maintenance_window" {
			delete(ofExisting, at)
		}
	}
	redis := func(o obj) obj { return obj{"redis_configuration": o} }
	endpoint := func(o obj) obj { return obj{"private_endpoint": o} }
	setting := func(o obj) obj { return obj{"diagnostic_settings": obj{"d": o}} }
	const (
		r  = "redis_configuration."
		pe = "private_endpoint."
		d  = "diagnostic_settings.d."
	)
	noReserve := map[string]string{r + "maxmemory_reserved": "null",
		r + "maxmemory_delta": "null", r + "maxfragmentationmemory_reserved": "null"}
	with := func(a map[string]string, b map[string]string) map[string]string {
		out := maps.Clone(a)
		maps.Copy(out, b)
		return out
	}
	stateEndpoint := obj{"subnet_id": subnet, "name": "pe-own", "location": "westeurope", "is_manual_connection": false,
		"id": "pe-id", "connection_status": "Approved", "private_dns_zone_ids": []any{"z"}}
	owned := obj{"removed_with_cache": []any{"private_endpoint"}}
	for _, row := range []struct {
		name   string
		config []obj
		prior  []obj // nil where the cache is created
		flags  completion
		want   map[string]string
	}{
		{"a new cache", nil, nil, completion{}, nil},
		{"an existing cache", nil, []obj{}, completion{}, nil},
		{"what is written stays", []obj{{"public_network_access_enabled": true, "minimum_tls_version": "1.1", "redis_version": "4"},
			redis(obj{"maxmemory_reserved": 5})}, nil, completion{},
			map[string]string{"public_network_access_enabled": "true", "minimum_tls_version": "1.1", "redis_version": "4",
				r + "maxmemory_reserved": "5"}},
		{"Basic", []obj{{"sku_name": "Basic"}}, nil, completion{},
			with(noReserve, map[string]string{"sku_name": "Basic", "family": "C", "replicas_per_primary": "null",
				"zonal_allocation_policy": "NoZones"})},
		{"Standard", []obj{{"sku_name": "Standard"}}, nil, completion{},
			map[string]string{"sku_name": "Standard", "family": "C", "replicas_per_primary": "null"}},
		{"an unknown tier", []obj{{"sku_name": unknown}}, nil, completion{}, map[string]string{"sku_name": "unknown", "family": "unknown"}},
		{"another name", []obj{{"name": "redis-b"}}, []obj{}, completion{}, map[string]string{"name": "redis-b", "id": "unknown"}},
		{"the name in other letters", []obj{{"name": "REDIS-A"}}, []obj{}, completion{}, map[string]string{"name": "REDIS-A"}},
		{"another group", []obj{{"resource_group_name": "rh"}}, []obj{}, completion{},
			map[string]string{"resource_group_name": "rh", "id": "unknown"}},

		{"Azure tells no host name", nil, []obj{{"hostname": nil, "port": nil}}, completion{},
			map[string]string{"hostname": "null", "port": "null"}},
		{"an unfinished cache has none yet", nil, []obj{{"hostname": nil, "port": nil, "patch_schedule": nil}}, completion{unfinished: true},
			map[string]string{"hostname": "unknown", "port": "unknown", "patch_schedule": "null", "patch_schedule.0.day_of_week": "Sunday",
				"patch_schedule.0.start_hour_utc": "2", "patch_schedule.0.maintenance_window": "PT5H"}},
		{"an imported cache whose TLS version is not told", nil, []obj{{"minimum_tls_version": nil}}, completion{},
			map[string]string{"minimum_tls_version": "null"}},
		{"an unfinished one has the default", nil, []obj{{"minimum_tls_version": nil}}, completion{unfinished: true},
			map[string]string{"patch_schedule": "null", "patch_schedule.0.day_of_week": "Sunday",
				"patch_schedule.0.start_hour_utc": "2", "patch_schedule.0.maintenance_window": "PT5H"}},

		{"zones", []obj{{"zones": []any{"2", "1"}}}, nil, completion{},
			map[string]string{"zones": "1,2", "zonal_allocation_policy": "UserDefined"}},
		{"unknown zones", []obj{{"zones": unknown}}, nil, completion{}, map[string]string{"zones": "unknown"}},
		{"no zones so far", nil, []obj{{"zonal_allocation_policy": "NoZones"}}, completion{},
			map[string]string{"zonal_allocation_policy": "unknown"}},
		{"no zones for this cache", nil, []obj{{"zonal_allocation_policy": "NoZones"}}, completion{zoneless: true},
			map[string]string{"zonal_allocation_policy": "NoZones"}},
		{"Azure tells nothing of zones", nil, []obj{{"zonal_allocation_policy": nil}}, completion{},
			map[string]string{"zonal_allocation_policy": "null"}},

		{"another size", []obj{{"capacity": 2}}, []obj{}, completion{}, map[string]string{"capacity": "2",
			r + "maxmemory_reserved": "unknown", r + "maxmemory_delta": "unknown", r + "maxfragmentationmemory_reserved": "unknown"}},
		{"snapshots", []obj{redis(obj{"rdb_backup_enabled": true})}, nil, completion{},
			map[string]string{r + "rdb_backup_enabled": "true", r + "rdb_backup_frequency": "60", r + "rdb_backup_max_snapshot_count": "1",
				r + "data_persistence_authentication_method": "ManagedIdentity"}},
		{"perhaps snapshots", []obj{redis(obj{"rdb_backup_enabled": unknown})}, nil, completion{},
			map[string]string{r + "rdb_backup_enabled": "unknown", r + "rdb_backup_frequency": "unknown",
				r + "rdb_backup_max_snapshot_count": "unknown", r + "data_persistence_authentication_method": "unknown"}},
		{"an append-only file", []obj{redis(obj{"aof_backup_enabled": true})}, nil, completion{},
			map[string]string{r + "aof_backup_enabled": "true", r + "data_persistence_authentication_method": "ManagedIdentity"}},
		{"injected", []obj{{"subnet_id": subnet}}, nil, completion{},
			map[string]string{"subnet_id": subnet, "private_static_ip_address": "unknown"}},

		{"an identity", []obj{{"identity": obj{"type": "SystemAssigned"}}}, nil, completion{},
			map[string]string{"identity.type": "SystemAssigned", "identity.principal_id": "unknown", "identity.tenant_id": "unknown"}},
		{"an identity as before", []obj{{"identity": obj{"type": "SystemAssigned"}}},
			[]obj{{"identity": obj{"type": "SystemAssigned", "principal_id": "p", "tenant_id": "t"}}}, completion{},
			map[string]string{"identity.type": "SystemAssigned", "identity.principal_id": "p", "identity.tenant_id": "t"}},
		{"an identity after an assigned one", []obj{{"identity": obj{"type": "SystemAssigned"}}},
			[]obj{{"identity": obj{"type": "UserAssigned", "identity_ids": []any{"i"}}}}, completion{},
			map[string]string{"identity.type": "SystemAssigned", "identity.principal_id": "unknown", "identity.tenant_id": "unknown"}},
		{"an assigned identity", []obj{{"identity": obj{"type": "UserAssigned", "identity_ids": []any{"i"}}}}, nil, completion{},
			map[string]string{"identity.type": "UserAssigned", "identity.identity_ids": "i"}},
		{"the identity is no longer written", nil, []obj{{"identity": obj{"type": "SystemAssigned", "principal_id": "p"}}}, completion{}, nil},
		{"tags are no longer written", nil, []obj{{"tags": obj{"a": "b"}}}, completion{}, map[string]string{"tags": "empty"}},
		{"the tags of the state are none", nil, []obj{{"tags": obj{}}}, completion{}, map[string]string{"tags": "empty"}},

		{"a window with a day", []obj{{"patch_schedule": []any{obj{"day_of_week": "Monday"}, unknown}}}, []obj{}, completion{},
			map[string]string{"patch_schedule": "null", "patch_schedule.0.day_of_week": "Monday", "patch_schedule.0.start_hour_utc": "0",
				"patch_schedule.0.maintenance_window": "PT5H", "patch_schedule.1": "unknown"}},
		{"children of the state", nil, []obj{{"firewall_rules": obj{"r": obj{"start_ip": "1.1.1.1", "end_ip": "1.1.1.2"}},
			"access_policies": obj{"ours": "+get"}}}, completion{},
			map[string]string{"firewall_rules.r.start_ip": "1.1.1.1", "firewall_rules.r.end_ip": "1.1.1.2", "access_policies.ours": "+get"}},
		{"children that are written", []obj{{"firewall_rules": obj{}}}, []obj{{"firewall_rules": obj{"r": obj{"start_ip": "1.1.1.1"}}}},
			completion{}, map[string]string{"firewall_rules": "empty"}},

		{"a setting", []obj{setting(obj{"storage_account_id": "s"})}, nil, completion{},
			map[string]string{d + "storage_account_id": "s", d + "log_category_groups": "allLogs", "removed_with_cache": "diagnostic_settings.d"}},
		{"a setting with categories", []obj{setting(obj{"storage_account_id": "s", "log_categories": []any{"c"}})}, nil, completion{},
			map[string]string{d + "storage_account_id": "s", d + "log_categories": "c", d + "log_category_groups": "empty",
				"removed_with_cache": "diagnostic_settings.d"}},
		{"a setting with unknown categories", []obj{setting(obj{"storage_account_id": "s", "log_categories": unknown})}, nil, completion{},
			map[string]string{d + "storage_account_id": "s", d + "log_categories": "unknown", d + "log_category_groups": "unknown",
				"removed_with_cache": "diagnostic_settings.d"}},
		{"the kind of tables stays", []obj{setting(obj{"log_analytics_workspace_id": "w", "log_category_groups": []any{"g"}})},
			[]obj{setting(obj{"log_analytics_destination_type": "Dedicated"})}, completion{},
			map[string]string{d + "log_analytics_workspace_id": "w", d + "log_analytics_destination_type": "Dedicated",
				d + "log_category_groups": "g", "removed_with_cache": "diagnostic_settings.d"}},
		{"a setting that is not known", []obj{{"diagnostic_settings": obj{"d": unknown}}}, nil, completion{},
			map[string]string{"diagnostic_settings.d": "unknown", "removed_with_cache": "diagnostic_settings.d"}},
		{"settings that are not known", []obj{{"diagnostic_settings": unknown}}, nil, completion{},
			map[string]string{"diagnostic_settings": "unknown", "removed_with_cache": "unknown"}},

		{"a new endpoint", []obj{endpoint(obj{"subnet_id": subnet})}, nil, completion{},
			map[string]string{pe + "subnet_id": subnet, pe + "name": "redis-a-private-endpoint", pe + "location": "westeurope",
				pe + "is_manual_connection": "false", pe + "id": "unknown", pe + "connection_status": "unknown",
				"removed_with_cache": "private_endpoint"}},
		{"no endpoint", []obj{endpoint(obj{})}, []obj{endpoint(stateEndpoint)}, completion{}, map[string]string{"private_endpoint": "null"}},
		{"an endpoint in an unknown subnet", []obj{endpoint(obj{"subnet_id": unknown})}, nil, completion{},
			map[string]string{pe + "subnet_id": "unknown", pe + "name": "unknown", pe + "location": "unknown",
				pe + "is_manual_connection": "unknown",
				pe + "private_dns_zone_ids": "unknown", pe + "id": "unknown", pe + "connection_status": "unknown", "removed_with_cache": "unknown"}},
		{"the endpoint as before", []obj{endpoint(obj{"subnet_id": subnet})}, []obj{endpoint(stateEndpoint), owned}, completion{},
			map[string]string{pe + "subnet_id": subnet, pe + "name": "pe-own", pe + "location": "westeurope", pe + "is_manual_connection": "false",
				pe + "id": "pe-id", pe + "connection_status": "Approved", pe + "private_dns_zone_ids": "z", "removed_with_cache": "private_endpoint"}},
		{"the endpoint of somebody else", []obj{endpoint(obj{"subnet_id": subnet})}, []obj{endpoint(stateEndpoint)}, completion{},
			map[string]string{pe + "subnet_id": subnet, pe + "name": "redis-a-private-endpoint", pe + "location": "westeurope",
				pe + "is_manual_connection": "false", pe + "id": "unknown", pe + "connection_status": "unknown",
				"removed_with_cache": "private_endpoint"}},
		{"the endpoint in another subnet", []obj{endpoint(obj{"subnet_id": subnet + "2"})}, []obj{endpoint(stateEndpoint), owned}, completion{},
			map[string]string{pe + "subnet_id": subnet + "2", pe + "name": "pe-own", pe + "location": "westeurope",
				pe + "is_manual_connection": "false", pe + "id": "unknown", pe + "connection_status": "unknown",
				"removed_with_cache": "private_endpoint"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := row.flags
			c.config = modelOf(t, cacheWith(row.config...))
			want := maps.Clone(secureDefaults)
			if row.prior != nil {
				prior := modelOf(t, existing(row.prior...))
				c.prior, want = &prior, maps.Clone(ofExisting)
			}
			for at, text := range row.want {
				if text == "null" {
					delete(want, at)
					continue
				}
				want[at] = text
			}
			if diff := cmp.Diff(want, leaves(t, c.plan(t.Context()))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
