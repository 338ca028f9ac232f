package cacheresource

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
)

func ptr[T any](v T) *T { return &v }

// everyArgument is a cache with a value for each argument that Azure gives back.
func everyArgument() obj {
	return existing(obj{
		"shard_count": 2, "subnet_id": subnet, "private_static_ip_address": "10.0.0.4", "zones": []any{"1", "2"},
		"zonal_allocation_policy": "UserDefined", "tenant_settings": obj{"a": "b"}, "tags": obj{"k": "v"},
		"identity": obj{"type": "SystemAssigned, UserAssigned", "identity_ids": []any{"i"}, "principal_id": "p", "tenant_id": "t"},
		"redis_configuration": obj{"active_directory_authentication_enabled": true, "authentication_enabled": false,
			"data_persistence_authentication_method": "SAS", "maxmemory_reserved": 1, "maxmemory_delta": 2, "maxfragmentationmemory_reserved": 3,
			"maxmemory_policy": "noeviction", "notify_keyspace_events": "KEA", "rdb_backup_enabled": true, "rdb_backup_frequency": 15,
			"rdb_backup_max_snapshot_count": 2, "aof_backup_enabled": false, "storage_account_subscription_id": "s", "databases": 32},
		"patch_schedule":            []any{obj{"day_of_week": "Monday", "start_hour_utc": 3, "maintenance_window": "PT5H"}},
		"firewall_rules":            obj{"r": obj{"start_ip": "1.1.1.1", "end_ip": "1.1.1.2"}},
		"access_policies":           obj{"ours": "+get"},
		"access_policy_assignments": obj{"a": obj{"access_policy_name": "ours", "object_id": "o", "object_id_alias": "x"}},
		"diagnostic_settings": obj{"d": obj{"log_analytics_workspace_id": workspace, "log_analytics_destination_type": "Dedicated",
			"storage_account_id": "s", "eventhub_authorization_rule_id": hub, "eventhub_name": "h", "partner_solution_id": "p",
			"servicebus_rule_id": "b", "log_categories": []any{"c"}, "log_category_groups": []any{}, "metric_categories": []any{"m"}}},
		"private_endpoint": obj{"subnet_id": subnet, "name": "pe", "location": "westeurope", "is_manual_connection": true,
			"request_message": "hello", "id": "pe-id", "connection_status": "Pending", "private_dns_zone_ids": []any{"z"}},
	})
}

// TestWishComesBack: what is sent of a plan and comes back from Azure as it was sent
// changes nothing, whatever the state was before; in another casing neither.
func TestWishComesBack(t *testing.T) {
	m := modelOf(t, everyArgument())
	d := desired(t.Context(), m, m)
	o := azurecache.Observed{
		ID: id, Name: "REDIS-A", ResourceGroup: "RG", Location: "West Europe", ProvisioningState: "Succeeded", HostName: "h",
		Port: 6379, SSLPort: 6380, PrincipalID: "p", TenantID: "t", Settings: d.Settings, Children: d.Children,
	}
	want := leaves(t, m)
	if diff := cmp.Diff(want, leaves(t, observed(t.Context(), m, o))); diff != "" {
		t.Errorf("after it was planned (-want +got)\n%s", diff)
	}
	maps.Copy(want, map[string]string{"name": "REDIS-A", "resource_group_name": "RG", "location": "West Europe"})
	if diff := cmp.Diff(want, leaves(t, observed(t.Context(), emptyModel(t.Context()), o))); diff != "" {
		t.Errorf("after an import (-want +got)\n%s", diff)
	}
}

// TestObserved: what becomes of a state when Azure says something else, or nothing.
func TestObserved(t *testing.T) {
	set := func(change func(*azurecache.Observed)) azurecache.Observed {
		o := azurecache.Observed{ID: id, Name: "redis-a", ResourceGroup: "rg", Location: "westeurope"}
		o.SKU = &azurecache.SKU{Name: "Premium", Capacity: 1}
		o.Tags = map[string]string{}
		change(&o)
		return o
	}
	type changes = map[string]string
	// What Azure does not mention has the default of the service, which is not the secure one.
	silent := changes{
		"provisioning_state": "Succeeded", "public_network_access_enabled": "true", "non_ssl_port_enabled": "false",
		"access_keys_authentication_enabled": "true", "update_channel": "Stable", "replicas_per_primary": "null",
		"redis_configuration.active_directory_authentication_enabled": "false", "redis_configuration.authentication_enabled": "true",
		"redis_configuration.maxmemory_policy": "volatile-lru", "redis_configuration.notify_keyspace_events": "",
		"redis_configuration.rdb_backup_enabled": "false", "redis_configuration.aof_backup_enabled": "false",
	}
	for _, row := range []struct {
		name   string
		was    []obj
		change func(*azurecache.Observed)
		want   changes
	}{
		{"silence", nil, func(*azurecache.Observed) {}, nil},
		{"other settings", nil, func(o *azurecache.Observed) {
			o.PublicNetworkAccess, o.EnableNonSSLPort, o.DisableAccessKeyAuthentication = ptr("disabled"), ptr(true), ptr(true)
			o.MinimumTLSVersion, o.RedisVersion, o.ShardCount, o.ReplicasPerPrimary = ptr("1.2"), ptr("6.0.14"), ptr(3), ptr(2)
			o.AADEnabled, o.AuthNotRequired, o.MaxmemoryReserved = ptr(true), ptr(true), ptr(7)
		}, changes{"public_network_access_enabled": "false", "non_ssl_port_enabled": "true", "access_keys_authentication_enabled": "false",
			"minimum_tls_version": "1.2", "redis_version": "6", "shard_count": "3", "replicas_per_primary": "2",
			"redis_configuration.active_directory_authentication_enabled": "true", "redis_configuration.authentication_enabled": "false",
			"redis_configuration.maxmemory_reserved": "7"}},
		{"another tier", nil, func(o *azurecache.Observed) { o.SKU = &azurecache.SKU{Name: "Standard", Capacity: 3} },
			changes{"sku_name": "Standard", "capacity": "3", "family": "C", "replicas_per_primary": "1"}},
		{"no shards", []obj{{"shard_count": 2}}, func(o *azurecache.Observed) { o.ShardCount = ptr(0) }, nil},
		{"the network is told in other letters", []obj{{"subnet_id": subnet}},
			func(o *azurecache.Observed) { o.SubnetID = ptr("/SUBSCRIPTIONS" + subnet[len("/subscriptions"):]) }, changes{"subnet_id": subnet}},
		{"the network is gone", []obj{{"subnet_id": subnet}}, func(*azurecache.Observed) {}, nil},
		{"tags", []obj{{"tags": obj{"a": "b"}}}, func(o *azurecache.Observed) { o.Tags = map[string]string{"c": "d"} }, changes{"tags.c": "d"}},
		{"no tags any more", []obj{{"tags": obj{"a": "b"}}}, func(*azurecache.Observed) {}, changes{"tags": "empty"}},
		{"zones in another order", []obj{{"zones": []any{"1", "2"}}}, func(o *azurecache.Observed) { o.Zones = []string{"2", "1"} },
			changes{"zones": "1,2"}},
		{"other zones", []obj{{"zones": []any{"1"}}}, func(o *azurecache.Observed) { o.Zones = []string{"3"} }, changes{"zones": "3"}},
		{"an identity", nil, func(o *azurecache.Observed) {
			o.Identity, o.PrincipalID = &azurecache.Identity{SystemAssigned: true}, "p"
		}, changes{"identity.type": "SystemAssigned", "identity.principal_id": "p"}},
		{"no identity any more", []obj{{"identity": obj{"type": "SystemAssigned"}}}, func(o *azurecache.Observed) {
			o.Identity = &azurecache.Identity{}
		}, nil},
		{"snapshots that Azure remembers", nil, func(o *azurecache.Observed) { o.RDBBackupFrequency = ptr(60) }, nil},
		{"snapshots", nil, func(o *azurecache.Observed) { o.RDBBackupEnabled, o.RDBBackupFrequency = ptr(true), ptr(60) },
			changes{"redis_configuration.rdb_backup_enabled": "true", "redis_configuration.rdb_backup_frequency": "60",
				"redis_configuration.data_persistence_authentication_method": "SAS"}},
		{"children that were not read stay", []obj{{"access_policies": obj{"ours": "+get"}}}, func(*azurecache.Observed) {},
			changes{"access_policies.ours": "+get"}},
		{"children that are gone", []obj{{"access_policies": obj{"ours": "+get"}}},
			func(o *azurecache.Observed) { o.AccessPolicies = map[string]string{} }, changes{"access_policies": "empty"}},
		{"a rule in other letters", []obj{{"firewall_rules": obj{"Office": obj{"start_ip": "1.1.1.1", "end_ip": "1.1.1.1"}}}},
			func(o *azurecache.Observed) {
				o.FirewallRules = map[string]azurecache.FirewallRule{"office": {StartIP: "1.1.1.1", EndIP: "1.1.1.9"}}
			}, changes{"firewall_rules.Office.start_ip": "1.1.1.1", "firewall_rules.Office.end_ip": "1.1.1.9"}},
		{"windows in another order", []obj{{"patch_schedule": []any{
			obj{"day_of_week": "Friday", "start_hour_utc": 1, "maintenance_window": "PT5H"},
			obj{"day_of_week": "Monday", "start_hour_utc": 1, "maintenance_window": "PT5H"}}}}, func(o *azurecache.Observed) {
			o.PatchSchedule = []azurecache.PatchWindow{{DayOfWeek: "Monday", StartHourUTC: 1}, {DayOfWeek: "Friday", StartHourUTC: 1}}
		}, changes{"patch_schedule": "null", "patch_schedule.0.day_of_week": "Friday", "patch_schedule.0.start_hour_utc": "1",
			"patch_schedule.0.maintenance_window": "PT5H", "patch_schedule.1.day_of_week": "Monday", "patch_schedule.1.start_hour_utc": "1",
			"patch_schedule.1.maintenance_window": "PT5H"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			want := leaves(t, modelOf(t, existing()))
			for _, more := range []changes{silent, row.want} {
				for at, text := range more {
					if text == "null" {
						delete(want, at)
						continue
					}
					want[at] = text
				}
			}
			got := leaves(t, observed(t.Context(), modelOf(t, existing(row.was...)), set(row.change)))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestPriorSpelling: what the configuration spells otherwise is no change.
func TestPriorSpelling(t *testing.T) {
	prior := modelOf(t, everyArgument())
	other := everyArgument()
	upper := "/SUBSCRIPTIONS" + subnet[len("/subscriptions"):]
	maps.Copy(other, obj{"name": "REDIS-A", "resource_group_name": "RG", "location": "West Europe", "subnet_id": upper})
	other["private_endpoint"].(obj)["subnet_id"], other["private_endpoint"].(obj)["name"] = upper, "PE"
	other["private_endpoint"].(obj)["location"], other["private_endpoint"].(obj)["private_dns_zone_ids"] = "West Europe", []any{"Z"}
	other["identity"].(obj)["identity_ids"] = []any{"I"}
	for _, name := range []string{"log_analytics_workspace_id", "eventhub_authorization_rule_id"} {
		settings := other["diagnostic_settings"].(obj)["d"].(obj)
		settings[name] = "/SUBSCRIPTIONS" + settings[name].(string)[len("/subscriptions"):]
	}
	for name, text := range map[string]string{"storage_account_id": "S", "partner_solution_id": "P", "servicebus_rule_id": "B"} {
		other["diagnostic_settings"].(obj)["d"].(obj)[name] = text
	}
	want := leaves(t, prior)
	if diff := cmp.Diff(want, leaves(t, withPriorSpelling(t.Context(), modelOf(t, other), prior))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for at, text := range map[string]string{"name": "redis-b", "location": "northeurope", "subnet_id": subnet + "2"} {
		changed := everyArgument()
		changed[at] = text
		if got := leaves(t, withPriorSpelling(t.Context(), modelOf(t, changed), prior))[at]; got != text {
			t.Errorf("%s: %s, want %s", at, got, text)
		}
	}
}
