package provider

// cacheShape lists what rules ask of azurerm_redis_cache, in the names of
// azurerm 3.114 to 5. Nothing that is not listed ever enters this process.
var cacheShape = object(map[string]*shape{
	"id":                                 link("ARM id; tells which companions belong elsewhere."),
	"name":                               text("Name of the cache."),
	"location":                           text("Azure region."),
	"resource_group_name":                link("Resource group; tells which companions belong elsewhere."),
	"sku_name":                           text("`Basic`, `Standard` or `Premium`."),
	"family":                             text("`C` or `P`."),
	"capacity":                           number("Size within the family."),
	"shard_count":                        number("Number of shards of a clustered Premium cache."),
	"subnet_id":                          text("Subnet into which a Premium cache is injected."),
	"public_network_access_enabled":      flag("Whether the public endpoint is on."),
	"non_ssl_port_enabled":               flag("Whether port 6379 without TLS is on."),
	"enable_non_ssl_port":                flag("Name of `non_ssl_port_enabled` in azurerm 3."),
	"minimum_tls_version":                text("`1.0`, `1.1` or `1.2`."),
	"access_keys_authentication_enabled": flag("Whether access keys authenticate; absent in azurerm 3."),
	"redis_version":                      text("Version of Redis."),
	"zones":                              set(text(""), "Availability zones."),
	"patch_schedule": list(object(map[string]*shape{
		"day_of_week": text("Day of the maintenance window."),
	}), "Maintenance windows."),
	"redis_configuration": list(object(map[string]*shape{
		"authentication_enabled":                  flag("Whether clients must authenticate."),
		"enable_authentication":                   flag("Name of `authentication_enabled` in azurerm 3."),
		"active_directory_authentication_enabled": flag("Whether Microsoft Entra authentication is on."),
		"rdb_backup_enabled":                      flag("Whether snapshots are persisted."),
		"aof_backup_enabled":                      flag("Whether the append-only file is persisted."),
		"data_persistence_authentication_method":  text("`SAS` or `ManagedIdentity`."),
		"maxmemory_reserved":                      number("MB kept free for failover."),
		"maxfragmentationmemory_reserved":         number("MB kept free for fragmentation."),
	}), "The block `redis_configuration`."),
})

var securityRuleShape = object(map[string]*shape{
	"name":                                  text("Name of the rule."),
	"priority":                              number("100 to 4096; the lowest number wins."),
	"direction":                             text("`Inbound` or `Outbound`."),
	"access":                                text("`Allow` or `Deny`."),
	"protocol":                              text("`Tcp`, `Udp`, `*` and others."),
	"source_address_prefix":                 text("Source prefix or service tag."),
	"source_address_prefixes":               set(text(""), "Source prefixes."),
	"source_application_security_group_ids": set(text(""), "Source application security groups."),
	"destination_address_prefix":            text("Destination prefix or service tag."),
	"destination_address_prefixes":          set(text(""), "Destination prefixes."),
	"destination_application_security_group_ids": set(text(""), "Destination application security groups."),
	"destination_port_range":                     text("Destination port or range."),
	"destination_port_ranges":                    set(text(""), "Destination ports and ranges."),
	"source_port_range":                          text("Source port or range."),
	"source_port_ranges":                         set(text(""), "Source ports and ranges."),
})

// selectionShape is what rules ask of an override or a resource selector.
var selectionShape = object(map[string]*shape{
	"selectors": list(object(map[string]*shape{
		"kind":   text("What it selects by: `resourceType`, `policyDefinitionReferenceId` and others."),
		"in":     list(text(""), "Values that are selected."),
		"not_in": list(text(""), "Values that are left out."),
	}), "Conditions that all have to hold."),
})

// companionShape is the union of what rules ask of all kinds of companions.
// Names that several kinds share have the same type in all of them.
var companionShape = object(map[string]*shape{
	"id":                  link("ARM id."),
	"name":                text("Name."),
	"resource_group_name": link("Resource group."),

	// azurerm_private_endpoint
	"private_service_connection": list(object(map[string]*shape{
		"is_manual_connection":           flag("Whether a person must approve the connection."),
		"private_connection_resource_id": link("Id of the cache."),
		"subresource_names":              list(text(""), "`redisCache` for a cache."),
	}), "Private endpoint: the connection."),
	"private_dns_zone_group": list(object(map[string]*shape{
		"private_dns_zone_ids": list(text(""), "Ids of private DNS zones."),
	}), "Private endpoint: the DNS zone group."),

	// azurerm_monitor_diagnostic_setting
	"target_resource_id": link("Diagnostic setting: id of the cache."),
	"enabled_log": set(object(map[string]*shape{
		"category":       text("Log category."),
		"category_group": text("Log category group."),
	}), "Diagnostic setting: enabled logs."),
	"log": set(object(map[string]*shape{
		"category":       text("Log category."),
		"category_group": text("Log category group."),
		"enabled":        flag("Whether the log is enabled."),
	}), "Diagnostic setting: logs in the form of azurerm 3."),
	"log_analytics_workspace_id":     text("Diagnostic setting: destination workspace."),
	"storage_account_id":             text("Diagnostic setting: destination storage account."),
	"eventhub_authorization_rule_id": text("Diagnostic setting: destination event hub rule."),
	"partner_solution_id":            text("Diagnostic setting: destination partner solution."),

	// azurerm_subnet_network_security_group_association
	"subnet_id":                 link("Network security group association: the subnet."),
	"network_security_group_id": link("Network security group association: the group."),

	// azurerm_network_security_group
	"security_rule": set(securityRuleShape, "Network security group: its rules."),

	// azurerm_redis_firewall_rule
	"redis_cache_name": link("Firewall rule: name of the cache."),
	"start_ip":         text("Firewall rule: first address."),
	"end_ip":           text("Firewall rule: last address."),

	// azurerm_*_policy_assignment
	"policy_definition_id": text("Policy assignment: definition or initiative."),
	"enforce":              flag("Policy assignment: whether it is enforced."),
	"not_scopes":           list(text(""), "Policy assignment: excluded scopes."),
	"parameters":           text("Policy assignment: parameters as JSON."),
	"overrides":            list(selectionShape, "Policy assignment: overrides."),
	"resource_selectors":   list(selectionShape, "Policy assignment: which resources it is for."),
	"resource_id":          link("Policy assignment: the resource."),
	"resource_group_id":    link("Policy assignment: the resource group."),
	"subscription_id":      link("Policy assignment: the subscription."),
	"management_group_id":  link("Policy assignment: the management group."),

	// azurerm_redis_cache_access_policy_assignment
	"redis_cache_id":     link("Access policy assignment: id of the cache."),
	"access_policy_name": text("Access policy assignment: the policy."),
})

// snapshotShape is what snapshot returns and redisbaseline_evaluation takes: the
// cache, its companions, and what is not known yet.
var snapshotShape = cacheShape.with(map[string]*shape{
	"companions": list(companionShape.with(map[string]*shape{
		"kind": text("Resource type; told from the attributes when the snapshot was taken."),
	}), "What stands around the cache."),
	"undecided": list(text(""), "Paths of the attributes that are not known yet."),
}).ordered()
