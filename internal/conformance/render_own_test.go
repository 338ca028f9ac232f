package conformance

import "fmt"

// ownModule is the module of a situation for redisbaseline_cache; other resources are
// those of azurerm.
func ownModule(s situation) string {
	w, f := &writer{}, s.facts
	w.later(f)
	w.block(`resource "redisbaseline_cache" "cache"`, func() {
		tier, _, capacity := f.size()
		w.attr("name", s.cacheName())
		w.attr("resource_group_name", s.groupName())
		w.attr("location", f.location())
		w.attr("sku_name", tier)
		w.attr("capacity", capacity)
		w.attr("public_network_access_enabled", f.PublicAccess)
		w.attr("non_ssl_port_enabled", f.PlainPort)
		w.attr("minimum_tls_version", f.MinimumTLS)
		w.attr("access_keys_authentication_enabled", f.AccessKeys)
		w.attr("shard_count", f.Shards)
		w.attr("zones", f.Zones)
		w.attr("zonal_allocation_policy", f.Allocation)
		w.attr("redis_version", f.Version)
		w.attr("update_channel", f.Channel)
		w.attr("subnet_id", f.subnetID(ref{expression: "azurerm_subnet.subnet.id"}))
		configuration := object{
			"authentication_enabled": f.Authentication, "active_directory_authentication_enabled": f.Entra, "rdb_backup_enabled": f.RDB,
			"aof_backup_enabled": f.AOF, "data_persistence_authentication_method": f.StorageAuth, "maxmemory_reserved": f.Reserved,
			"maxfragmentationmemory_reserved": f.Fragmentation,
		}
		if anySet(f.Authentication, f.Entra, f.RDB, f.AOF, f.StorageAuth, f.Reserved, f.Fragmentation) {
			w.attr("redis_configuration", configuration)
		}
		if anySet(f.RDB, f.AOF) {
			w.attr("identity", object{"type": "SystemAssigned"})
			w.attr("storage_connection_strings", object{
				"rdb_storage_connection_string": "BlobEndpoint=https://s/", "aof_storage_connection_string_0": "BlobEndpoint=https://s/",
			})
		}
		windows := []object{}
		if f.Window != "" {
			windows = append(windows, object{"day_of_week": f.Window})
		}
		w.attr("patch_schedule", windows)
		w.attr("private_endpoint", ownEndpoint(s))
		w.ownChildren(f)
	})
	w.azurermNetwork(s)
	w.azurermZones(s)
	w.azurermManagedEndpoint(f, ref{expression: "redisbaseline_cache.cache.id"})
	w.azurermPolicies(s, ref{expression: "redisbaseline_cache.cache.id"}, 5)
	w.afterwards(s, ref{expression: "redisbaseline_cache.cache.id"})
	w.azurermTemplate(s)
	return w.String()
}

func ownEndpoint(s situation) any {
	if len(s.facts.Endpoints) == 0 {
		return nil
	}
	e := s.facts.Endpoints[0]
	out := object{"subnet_id": endpointSubnet, "is_manual_connection": e.Manual}
	if e.Manual {
		out["request_message"] = "please"
	}
	if e.Zone != "" {
		out["private_dns_zone_ids"] = []any{e.zone(azurermZone(0))}
	}
	return out
}

func (w *writer) ownChildren(f facts) {
	rules, grants, policies, logs := object{}, object{}, object{}, object{}
	for i, a := range f.Firewall {
		rules[fmt.Sprintf("rule%d", i)] = object{"start_ip": a.From, "end_ip": a.To}
	}
	for i, g := range f.Grants {
		if g.Permissions != "" {
			policies[g.Policy] = g.Permissions
		}
		grants[fmt.Sprintf("grant%d", i)] = object{"access_policy_name": g.Policy, "object_id": principal, "object_id_alias": "app"}
	}
	for i, d := range f.Diagnostics {
		setting := object{"log_analytics_workspace_id": workspace, "log_category_groups": orEmpty(d.Groups)}
		if d.Categories != nil {
			setting["log_categories"] = d.Categories
		}
		if d.Metrics {
			setting["metric_categories"] = []string{"AllMetrics"}
		}
		logs[fmt.Sprintf("logs%d", i)] = setting
	}
	w.attr("firewall_rules", rules)
	w.attr("access_policies", policies)
	w.attr("access_policy_assignments", grants)
	w.attr("diagnostic_settings", logs)
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
