package plangen

import "strings"

// shape is the JSON of one resource type: its members as azurerm 5 plans them.
// @N stands for the number of the resource, @PEER for its cache, @TARGET and
// @ZONES for members in a block that only an endpoint that exists already has.
type shape struct {
	typ      string
	values   string // members known while planning
	computed string // members of an object that exists already
	unknown  string // after_unknown of one that is created
	// sensitive is what is marked, in all of the plan's masks.
	sensitive string
	config    string // expressions, where the block stands in the root module
	inModule  string // and where it stands in the module of the caches
}

const (
	group    = `"location":{"references":["azurerm_resource_group.main.location","azurerm_resource_group.main"]},"resource_group_name":{"references":["azurerm_resource_group.main.name","azurerm_resource_group.main"]}`
	cacheID  = `/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-fleet/providers/Microsoft.Cache/redis/redis-@N`
	networks = `/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-fleet/providers/Microsoft.Network/`
)

var cacheShape = &shape{
	typ: "azurerm_redis_cache",
	values: `"access_keys_authentication_enabled":false,"capacity":2,"family":"C","identity":[],"location":"westeurope","minimum_tls_version":"1.2","name":"redis-@N",` +
		`"non_ssl_port_enabled":false,"patch_schedule":[],"public_network_access_enabled":false,"redis_configuration":[{"active_directory_authentication_enabled":true,` +
		`"aof_backup_enabled":null,"aof_storage_connection_string_0":null,"aof_storage_connection_string_1":null,"authentication_enabled":true,` +
		`"data_persistence_authentication_method":null,"maxmemory_policy":"volatile-lru","notify_keyspace_events":null,"rdb_backup_enabled":null,` +
		`"rdb_backup_frequency":null,"rdb_backup_max_snapshot_count":null,"rdb_storage_connection_string":null,"storage_account_subscription_id":null}],` +
		`"redis_version":"6","resource_group_name":"rg-fleet","shard_count":null,"sku_name":"Standard","subnet_id":null,"tags":null,"tenant_settings":null,"timeouts":null,"zones":null`,
	computed: `"hostname":"redis-@N.redis.cache.windows.net","id":"` + cacheID +
		`","port":6379,"primary_access_key":"generated-primary-key-@N-aaaaaaaaaaaaaaaaaa=",` +
		`"primary_connection_string":"redis-@N.redis.cache.windows.net:6380,password=generated-primary-key-@N-aaaaaaaaaaaaaaaaaa=,ssl=true,abortConnect=False",` +
		`"private_static_ip_address":"","replicas_per_master":1,"replicas_per_primary":1,"secondary_access_key":"generated-secondary-key-@N-aaaaaaaaaaaaaaaa=",` +
		`"secondary_connection_string":"redis-@N.redis.cache.windows.net:6380,password=generated-secondary-key-@N-aaaaaaaaaaaaaaaa=,ssl=true,abortConnect=False","ssl_port":6380`,
	unknown: `{"hostname":true,"id":true,"identity":[],"patch_schedule":[],"port":true,"primary_access_key":true,"primary_connection_string":true,` +
		`"private_static_ip_address":true,"redis_configuration":[{"maxclients":true,"maxfragmentationmemory_reserved":true,"maxmemory_delta":true,"maxmemory_reserved":true}],` +
		`"replicas_per_master":true,"replicas_per_primary":true,"secondary_access_key":true,"secondary_connection_string":true,"ssl_port":true}`,
	sensitive: `{"identity":[],"patch_schedule":[],"primary_access_key":true,"primary_connection_string":true,"redis_configuration":[{"aof_storage_connection_string_0":true,` +
		`"aof_storage_connection_string_1":true,"rdb_storage_connection_string":true}],"secondary_access_key":true,"secondary_connection_string":true}`,
	config:   cacheConfig,
	inModule: strings.ReplaceAll(cacheConfig, `{"constant_value":"redis-@N"}`, `{"references":["each.key"]}`),
}

const cacheConfig = `"access_keys_authentication_enabled":{"constant_value":false},"capacity":{"constant_value":2},"family":{"constant_value":"C"},` +
	`"minimum_tls_version":{"constant_value":"1.2"},"name":{"constant_value":"redis-@N"},"non_ssl_port_enabled":{"constant_value":false},` +
	`"public_network_access_enabled":{"constant_value":false},"redis_configuration":[{"active_directory_authentication_enabled":{"constant_value":true}}],` +
	`"sku_name":{"constant_value":"Standard"},` + group

var endpointShape = &shape{
	typ: "azurerm_private_endpoint",
	values: `"custom_network_interface_name":null,"edge_zone":null,"ip_configuration":[],"location":"westeurope","name":"pe-redis-@N","private_dns_zone_group":[{"name":"redis"@ZONES}],` +
		`"private_service_connection":[{@TARGET"is_manual_connection":false,"name":"redis-@N","private_connection_resource_alias":null,"request_message":null,` +
		`"subresource_names":["redisCache"]}],"resource_group_name":"rg-fleet","tags":null,"timeouts":null`,
	computed: `"id":"` + networks + `privateEndpoints/pe-redis-@N","subnet_id":"` + networks + `virtualNetworks/vnet/subnets/main"`,
	unknown: `{"custom_dns_configs":true,"id":true,"ip_configuration":[],"network_interface":true,"private_dns_zone_configs":true,` +
		`"private_dns_zone_group":[{"id":true,"private_dns_zone_ids":true}],"private_service_connection":[{"private_connection_resource_id":true,` +
		`"private_ip_address":true,"subresource_names":[false]}],"subnet_id":true}`,
	sensitive: `{"custom_dns_configs":[],"ip_configuration":[],"network_interface":[],"private_dns_zone_configs":[],"private_dns_zone_group":[{"private_dns_zone_ids":[]}],` +
		`"private_service_connection":[{"subresource_names":[false]}]}`,
	config:   strings.ReplaceAll(endpointConfig, "@ZONE", `"azurerm_private_dns_zone.main.id","azurerm_private_dns_zone.main"`),
	inModule: strings.ReplaceAll(endpointConfig, "@ZONE", `"var.zone_id"`),
}

const endpointConfig = `"name":{"constant_value":"pe-redis-@N"},"private_dns_zone_group":[{"name":{"constant_value":"redis"},"private_dns_zone_ids":{"references":[@ZONE]}}],` +
	`"private_service_connection":[{"is_manual_connection":{"constant_value":false},"name":{"constant_value":"redis-@N"},` +
	`"private_connection_resource_id":{"references":["@PEER.id","@PEER"]},"subresource_names":{"constant_value":["redisCache"]}}],` +
	`"subnet_id":{"references":["azurerm_subnet.main.id","azurerm_subnet.main"]},` + group

var diagnosticShape = &shape{
	typ: "azurerm_monitor_diagnostic_setting",
	values: `"enabled_log":[{"category":"","category_group":"allLogs"}],"enabled_metric":[{"category":"AllMetrics"}],"eventhub_authorization_rule_id":null,` +
		`"eventhub_name":null,"name":"redis-@N","partner_solution_id":null,"storage_account_id":null,"timeouts":null`,
	computed: `"id":"` + cacheID +
		`|redis-@N","log_analytics_destination_type":"","log_analytics_workspace_id":"/subscriptions/11111111-1111-1111-1111-111111111111` +
		`/resourceGroups/rg-fleet/providers/Microsoft.OperationalInsights/workspaces/log","target_resource_id":"` + cacheID + `"`,
	unknown: `{"enabled_log":[{}],"enabled_metric":[{}],"id":true,"log_analytics_destination_type":true,"log_analytics_workspace_id":true,"target_resource_id":true}`,

	sensitive: `{"enabled_log":[{}],"enabled_metric":[{}]}`,
	config: strings.ReplaceAll(diagnosticConfig, "@WORKSPACE",
		`"azurerm_log_analytics_workspace.main.id","azurerm_log_analytics_workspace.main"`),
	inModule: strings.ReplaceAll(diagnosticConfig, "@WORKSPACE", `"var.workspace_id"`),
}

const diagnosticConfig = `"enabled_log":[{"category_group":{"constant_value":"allLogs"}}],"enabled_metric":[{"category":{"constant_value":"AllMetrics"}}],` +
	`"log_analytics_workspace_id":{"references":[@WORKSPACE]},"name":{"constant_value":"redis-@N"},"target_resource_id":{"references":["@PEER.id","@PEER"]}`

var workspaceShape = &shape{
	typ: "azurerm_log_analytics_workspace",
	values: `"allow_resource_only_permissions":true,"cmk_for_query_forced":null,"daily_quota_gb":-1,"data_collection_rule_id":null,"identity":[],` +
		`"immediate_data_purge_on_30_days_enabled":null,"internet_ingestion_access_type":"Enabled","internet_query_access_type":"Enabled",` +
		`"local_authentication_enabled":true,"location":"westeurope","name":"log-@N","reservation_capacity_in_gb_per_day":null,"resource_group_name":"rg-fleet","tags":null,"timeouts":null`,
	unknown:   `{"id":true,"identity":[],"primary_shared_key":true,"retention_in_days":true,"secondary_shared_key":true,"sku":true,"workspace_id":true}`,
	sensitive: `{"identity":[],"primary_shared_key":true,"secondary_shared_key":true}`,
	config:    `"name":{"constant_value":"log-@N"},` + group,
}

var identityShape = &shape{
	typ:       "azurerm_user_assigned_identity",
	values:    `"isolation_scope":null,"location":"westeurope","name":"id-@N","resource_group_name":"rg-fleet","tags":{"owner":"platform","environment":"production","cost-center":"4711"},"timeouts":null`,
	unknown:   `{"client_id":true,"id":true,"principal_id":true,"tags":{},"tenant_id":true}`,
	sensitive: `{"tags":{}}`,
	config:    `"name":{"constant_value":"id-@N"},"tags":{"references":["local.tags"]},` + group,
}

var accountShape = &shape{
	typ: "azurerm_storage_account",
	values: `"access_tier":"Hot","account_kind":"StorageV2","account_replication_type":"ZRS","account_tier":"Standard","allow_nested_items_to_be_public":false,"azure_files_authentication":[],` +
		`"cross_tenant_replication_enabled":false,"custom_domain":[],"customer_managed_key":[],"default_to_oauth_authentication":true,"dns_endpoint_type":"Standard","edge_zone":null,` +
		`"https_traffic_only_enabled":true,"identity":[],"immutability_policy":[],"infrastructure_encryption_enabled":true,"is_hns_enabled":false,"local_user_enabled":false,` +
		`"location":"westeurope","min_tls_version":"TLS1_2","name":"st@N","network_rules":[{"bypass":["AzureServices"],"default_action":"Deny","ip_rules":["203.0.113.0/24"],"private_link_access":[],` +
		`"virtual_network_subnet_ids":[]}],"nfsv3_enabled":false,"public_network_access_enabled":true,"resource_group_name":"rg-fleet","sas_policy":[],"sftp_enabled":false,` +
		`"shared_access_key_enabled":false,"tags":{"description":"invoices of \"last\" year"},"timeouts":null`,
	unknown: `{"id":true,"network_rules":[{"bypass":[false],"ip_rules":[false],"private_link_access":[],"virtual_network_subnet_ids":[]}],"primary_access_key":true,` +
		`"primary_blob_endpoint":true,"primary_blob_host":true,"primary_connection_string":true,"primary_location":true,"secondary_access_key":true,"secondary_connection_string":true,"tags":{}}`,
	sensitive: `{"network_rules":[{"bypass":[false],"ip_rules":[false]}],"primary_access_key":true,"primary_connection_string":true,"secondary_access_key":true,"secondary_connection_string":true,"tags":{}}`,
	config: `"account_replication_type":{"constant_value":"ZRS"},"account_tier":{"constant_value":"Standard"},"name":{"constant_value":"st@N"},"network_rules":[{"bypass":{"constant_value":["AzureServices"]},` +
		`"default_action":{"constant_value":"Deny"},"ip_rules":{"references":["var.location"]}}],"tags":{"constant_value":{"description":"invoices of \"last\" year"}},` + group,
}

var groupShape = &shape{
	typ:       "azurerm_resource_group",
	values:    `"location":"westeurope","managed_by":null,"name":"rg-@N","tags":null,"timeouts":null`,
	unknown:   `{"id":true}`,
	sensitive: `{}`,
	config:    `"location":{"constant_value":"westeurope"},"name":{"constant_value":"rg-@N"}`,
}

var networkShape = &shape{
	typ: "azurerm_virtual_network",
	values: `"address_space":["10.20.0.0/16"],"bgp_community":null,"ddos_protection_plan":[],"edge_zone":null,"encryption":[],"flow_timeout_in_minutes":null,"ip_address_pool":[],` +
		`"location":"westeurope","name":"vnet-@N","private_endpoint_vnet_policies":"Disabled","resource_group_name":"rg-fleet","tags":null,"timeouts":null`,
	unknown:   `{"address_space":[false],"ddos_protection_plan":[],"dns_servers":true,"encryption":[],"guid":true,"id":true,"ip_address_pool":[],"subnet":true}`,
	sensitive: `{"address_space":[false],"ddos_protection_plan":[],"dns_servers":[],"encryption":[],"ip_address_pool":[],"subnet":[]}`,
	config:    `"address_space":{"constant_value":["10.20.0.0/16"]},"name":{"constant_value":"vnet-@N"},` + group,
}

var subnetShape = &shape{
	typ: "azurerm_subnet",
	values: `"address_prefixes":["10.20.1.0/24"],"default_outbound_access_enabled":true,"delegation":[],"ip_address_pool":[],"name":"snet-@N","network_security_group_id_wo":null,` +
		`"network_security_group_id_wo_version":null,"private_endpoint_network_policies":"Disabled","private_link_service_network_policies_enabled":true,"resource_group_name":"rg-fleet",` +
		`"route_table_id_wo":null,"route_table_id_wo_version":null,"service_endpoint":[],"service_endpoint_policy_ids":null,"sharing_scope":null,"timeouts":null,"virtual_network_name":"vnet-@N"`,
	unknown:   `{"address_prefixes":[false],"delegation":[],"id":true,"ip_address_pool":[],"network_security_group_id":true,"route_table_id":true,"service_endpoint":[]}`,
	sensitive: `{"address_prefixes":[false],"delegation":[],"ip_address_pool":[],"service_endpoint":[]}`,
	config: `"address_prefixes":{"constant_value":["10.20.1.0/24"]},"name":{"constant_value":"snet-@N"},"resource_group_name":{"references":["azurerm_resource_group.main.name","azurerm_resource_group.main"]},` +
		`"virtual_network_name":{"references":["azurerm_virtual_network.main.name","azurerm_virtual_network.main"]}`,
}

var zoneShape = &shape{
	typ:       "azurerm_private_dns_zone",
	values:    `"name":"privatelink.redis.cache.windows.net","resource_group_name":"rg-fleet","tags":null,"timeouts":null`,
	unknown:   `{"id":true,"max_number_of_record_sets":true,"number_of_record_sets":true,"soa_record":true}`,
	sensitive: `{"soa_record":[]}`,
	config:    `"name":{"constant_value":"privatelink.redis.cache.windows.net"},"resource_group_name":{"references":["azurerm_resource_group.main.name","azurerm_resource_group.main"]}`,
}

var policyShape = &shape{
	typ: "azurerm_resource_group_policy_assignment",
	values: `"description":null,"display_name":null,"enforce":true,"identity":[],"location":null,"name":"mcsb","non_compliance_message":[],"not_scopes":null,"overrides":[],"parameters":null,` +
		`"policy_definition_id":"/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8","resource_selectors":[],"timeouts":null`,
	unknown:   `{"id":true,"identity":[],"metadata":true,"non_compliance_message":[],"overrides":[],"resource_group_id":true,"resource_selectors":[]}`,
	sensitive: `{"identity":[],"non_compliance_message":[],"overrides":[],"resource_selectors":[]}`,
	config: `"name":{"constant_value":"mcsb"},"policy_definition_id":{"constant_value":"/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8"},` +
		`"resource_group_id":{"references":["azurerm_resource_group.main.id","azurerm_resource_group.main"]}`,
}

// fleetShape is the resource group that everything else is in.
var fleetShape = &shape{
	typ: groupShape.typ, unknown: groupShape.unknown, sensitive: groupShape.sensitive,
	values: strings.ReplaceAll(groupShape.values, "@N", "fleet"), config: strings.ReplaceAll(groupShape.config, "@N", "fleet"),
}

// foundation stands once in every plan.
var foundation = []*shape{fleetShape, networkShape, subnetShape, workspaceShape, zoneShape, policyShape}

// others is the mix of the other resources, in turn: 3 in 20 are kept for linking.
var others = []*shape{
	workspaceShape, identityShape, accountShape, identityShape, groupShape,
	identityShape, workspaceShape, identityShape, accountShape, identityShape,
	networkShape, identityShape, workspaceShape, identityShape, accountShape,
	identityShape, subnetShape, identityShape, workspaceShape, identityShape,
}
