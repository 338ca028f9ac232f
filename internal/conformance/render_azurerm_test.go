package conformance

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
)

// azurermModule is the module of a situation for one major version of azurerm.
func azurermModule(s situation, generation int) string {
	w, f := &writer{}, s.facts
	names := map[string]string{"port": "non_ssl_port_enabled", "authentication": "authentication_enabled", "metrics": "metric"}
	switch generation {
	case 3:
		names["port"], names["authentication"] = "enable_non_ssl_port", "enable_authentication"
	case 5:
		names["metrics"] = "enabled_metric"
	}
	cache := ref{expression: f.azurermType() + "." + f.label() + ".id"}
	w.later(f)
	w.moved(f, f.azurermType())
	switch {
	case f.isEnterprise():
		w.azurermEnterprise(s, cache)
	case f.Managed != nil:
		w.azurermManaged(s, cache)
	default:
		w.azurermCache(s, names)
	}
	w.azurermNetwork(s)
	w.azurermPolicies(s, cache, generation)
	w.azurermManagedEndpoint(f, cache)
	w.azurermZones(s)
	for i, e := range f.Endpoints {
		w.azurermEndpoint(s, i, e, cache)
	}
	for i, d := range f.Diagnostics {
		w.companion(f, "azurerm_monitor_diagnostic_setting", fmt.Sprintf("logs%d", i), func() {
			w.attr("name", fmt.Sprintf("logs%d", i))
			w.attr("target_resource_id", d.target(s, cache))
			w.attr("log_analytics_workspace_id", workspace)
			for _, g := range d.Groups {
				w.block("enabled_log", func() { w.attr("category_group", g) })
			}
			for _, c := range d.Categories {
				w.block("enabled_log", func() { w.attr("category", c) })
			}
			if d.Metrics {
				w.block(names["metrics"], func() { w.attr("category", "AllMetrics") })
			}
		})
	}
	for i, a := range f.Firewall {
		w.companion(f, "azurerm_redis_firewall_rule", fmt.Sprintf("rule%d", i), func() {
			w.attr("name", fmt.Sprintf("rule%d", i))
			w.attr("redis_cache_name", ref{expression: "azurerm_redis_cache.cache.name"})
			w.attr("resource_group_name", s.groupName())
			w.attr("start_ip", a.From)
			w.attr("end_ip", a.To)
		})
	}
	for i, g := range f.Grants {
		if f.Managed != nil {
			w.companion(f, "azurerm_managed_redis_access_policy_assignment", fmt.Sprintf("grant%d", i), func() {
				w.attr("managed_redis_id", cache)
				w.attr("object_id", principal)
			})
			continue
		}
		policy := any(g.Policy)
		if g.Permissions != "" {
			w.block(fmt.Sprintf(`resource "azurerm_redis_cache_access_policy" "policy%d"`, i), func() {
				w.attr("name", g.Policy)
				w.attr("redis_cache_id", cache)
				w.attr("permissions", g.Permissions)
			})
			policy = ref{expression: fmt.Sprintf("azurerm_redis_cache_access_policy.policy%d.name", i)}
		}
		w.companion(f, "azurerm_redis_cache_access_policy_assignment", fmt.Sprintf("grant%d", i), func() {
			w.attr("name", fmt.Sprintf("grant%d", i))
			w.attr("redis_cache_id", cache)
			w.attr("access_policy_name", policy)
			w.attr("object_id", principal)
			w.attr("object_id_alias", "app")
		})
	}
	w.azurermKey(s)
	w.afterwards(s, cache)
	w.azurermTemplate(s)
	return w.String()
}

// azurermCache writes an azurerm_redis_cache; names are its arguments in one major
// version of azurerm.
func (w *writer) azurermCache(s situation, names map[string]string) {
	f := s.facts
	w.cache(f, "azurerm_redis_cache", func() {
		tier, family, capacity := f.size()
		w.attr("name", s.cacheName())
		w.attr("resource_group_name", s.groupName())
		w.attr("location", f.location())
		w.attr("sku_name", tier)
		w.attr("family", family)
		w.attr("capacity", capacity)
		w.attr("public_network_access_enabled", f.PublicAccess)
		w.attr(names["port"], f.PlainPort)
		w.attr("minimum_tls_version", f.MinimumTLS)
		w.attr("access_keys_authentication_enabled", f.AccessKeys)
		w.attr("shard_count", f.Shards)
		w.attr("zones", f.Zones)
		w.attr("redis_version", f.Version)
		w.attr("subnet_id", f.subnetID(ref{expression: "azurerm_subnet.subnet.id"}))
		if anySet(f.Authentication, f.Entra, f.RDB, f.AOF, f.StorageAuth, f.Reserved, f.Fragmentation) {
			w.block("redis_configuration", func() {
				w.attr(names["authentication"], f.Authentication)
				w.attr("active_directory_authentication_enabled", f.Entra)
				w.attr("rdb_backup_enabled", f.RDB)
				w.attr("aof_backup_enabled", f.AOF)
				w.attr("data_persistence_authentication_method", f.StorageAuth)
				w.attr("maxmemory_reserved", f.Reserved)
				w.attr("maxfragmentationmemory_reserved", f.Fragmentation)
			})
		}
		if f.Window != "" {
			w.block("patch_schedule", func() { w.attr("day_of_week", f.Window) })
		}
	})
}

// azurermManaged writes an azurerm_managed_redis.
func (w *writer) azurermManaged(s situation, cache ref) {
	f, m := s.facts, s.facts.Managed
	w.cache(f, "azurerm_managed_redis", func() {
		w.attr("name", s.cacheName())
		w.attr("resource_group_name", s.groupName())
		w.attr("location", f.location())
		w.attr("sku_name", f.sku())
		w.attr("public_network_access", word(f.PublicAccess, "Enabled", "Disabled"))
		w.attr("high_availability_enabled", m.HighAvailability)
		if m.Identities != nil {
			w.block("identity", func() {
				w.attr("type", "UserAssigned")
				w.attr("identity_ids", m.Identities)
			})
		}
		key := func() {
			w.attr("key_vault_key_id", customerKey)
			w.attr("user_assigned_identity_id", m.KeyIdentity)
		}
		switch m.Key {
		case true:
			w.block("customer_managed_key", key)
		case later:
			w.block(`dynamic "customer_managed_key"`, func() {
				w.attr("for_each", ref{expression: `terraform_data.later.output == "" ? [] : [1]`})
				w.block("content", key)
			})
		}
		if m.NoDatabase {
			return
		}
		w.block("default_database", func() {
			w.attr("client_protocol", m.Protocol)
			w.attr("access_keys_authentication_enabled", f.AccessKeys)
			w.attr("clustering_policy", m.Clustering)
			w.attr("geo_replication_group_name", m.GeoGroup)
			w.attr("persistence_redis_database_backup_frequency", word(f.RDB, "6h", ""))
			w.attr("persistence_append_only_file_backup_frequency", word(f.AOF, "1s", ""))
			for _, name := range m.Modules {
				w.block("module", func() { w.attr("name", name) })
			}
		})
	})
	if m.GeoLinked {
		w.block(`resource "azurerm_managed_redis_geo_replication" "group"`, func() {
			w.attr("managed_redis_id", cache)
			w.attr("linked_managed_redis_ids", []string{otherCluster(s)})
		})
	}
}

// azurermEnterprise writes an azurerm_redis_enterprise_cluster and its database.
func (w *writer) azurermEnterprise(s situation, cache ref) {
	f, m := s.facts, s.facts.Managed
	w.cache(f, "azurerm_redis_enterprise_cluster", func() {
		w.attr("name", s.cacheName())
		w.attr("resource_group_name", s.groupName())
		w.attr("location", f.location())
		w.attr("sku_name", f.sku())
		w.attr("minimum_tls_version", f.MinimumTLS)
		w.attr("zones", f.Zones)
	})
	if m.NoDatabase {
		return
	}
	w.block(`resource "azurerm_redis_enterprise_database" "database"`, func() {
		w.attr("cluster_id", cache)
		w.attr("client_protocol", m.Protocol)
		w.attr("clustering_policy", m.Clustering)
		w.attr("linked_database_group_nickname", m.GeoGroup)
		if m.GeoLinked {
			w.attr("linked_database_id", []string{cacheID(s) + databasePath, otherCluster(s) + databasePath})
		}
	})
}

// azurermKey writes the resource or output that reads an access key of the cache.
func (w *writer) azurermKey(s situation) {
	switch reader := s.facts.KeyConsumer; reader {
	case keyVaultSecret, secretCountZero, untakenBranch:
		value := strings.TrimSuffix(s.facts.database(ref{expression: s.facts.azurermType() + ".cache.id"}).expression, "id") +
			"primary_access_key"
		if reader == untakenBranch {
			w.block(`variable "share"`, func() { w.attr("default", false) })
			value = "var.share ? " + value + ` : "none"`
		}
		w.block(`resource "azurerm_key_vault_secret" "key"`, func() {
			if reader == secretCountZero {
				w.attr("count", 0)
			}
			w.attr("name", "key")
			w.attr("key_vault_id", groupID(s)+"/providers/Microsoft.KeyVault/vaults/kv")
			w.attr("value", ref{expression: value})
		})
	case cacheOutput, nullOutput:
		w.block(`output "cache"`, func() {
			value := s.facts.azurermType() + ".cache"
			if reader == nullOutput {
				value = "false ? azurerm_redis_cache.cache.primary_access_key : null"
			}
			w.attr("value", ref{expression: value})
			w.attr("sensitive", true)
		})
	}
}

// azurermManagedEndpoint writes a managed private endpoint, also for redisbaseline_cache.
func (w *writer) azurermManagedEndpoint(f facts, cache ref) {
	if !f.ManagedEndpoint {
		return
	}
	w.block(`resource "azurerm_data_factory_managed_private_endpoint" "managed"`, func() {
		w.attr("name", "managed")
		w.attr("data_factory_id", factory)
		w.attr("target_resource_id", cache)
		w.attr("subresource_name", f.services(endpoint{})[0])
	})
}

// azurermZones writes the private DNS zones of the plan, also for redisbaseline_cache.
func (w *writer) azurermZones(s situation) {
	for i, e := range s.facts.Endpoints {
		if !e.ZoneInPlan {
			continue
		}
		zone := fmt.Sprintf("azurerm_private_dns_zone.zone%d", i)
		w.block(fmt.Sprintf(`resource "azurerm_private_dns_zone" "zone%d"`, i), func() {
			w.attr("name", e.Zone)
			w.attr("resource_group_name", s.groupName())
		})
		if e.ZoneLinked {
			w.block(fmt.Sprintf(`resource "azurerm_private_dns_zone_virtual_network_link" "zone%d"`, i), func() {
				w.attr("name", "vnet")
				w.attr("resource_group_name", s.groupName())
				w.attr("private_dns_zone_name", ref{expression: zone + ".name"})
				w.attr("virtual_network_id", network)
			})
		}
	}
}

// afterwards writes the azapi resources that change the cache after it was created.
func (w *writer) afterwards(s situation, cache ref) {
	f := s.facts
	for typ, properties := range map[string]object{"azapi_update_resource": f.Update, "azapi_resource_action": f.Action} {
		if properties == nil {
			continue
		}
		w.block(fmt.Sprintf(`resource %q "afterwards"`, typ), func() {
			resource, kind := cache, f.armType()
			if f.Unordered {
				resource = ref{id: cacheID(s)}
			}
			if f.Managed != nil && f.Managed.OnDatabase {
				resource, kind = f.database(cache), kind+"/databases"
			}
			w.attr("type", kind+"@"+f.apiVersion())
			w.attr("resource_id", resource)
			if typ == "azapi_resource_action" {
				w.attr("method", cmp.Or(f.Method, "PATCH"))
				if f.Operation != "" {
					w.attr("action", f.Operation)
				}
			}
			if len(properties) > 0 {
				w.attr("body", object{"properties": properties})
			}
		})
	}
}

// azurermTemplate writes a deployment, also for redisbaseline_cache.
func (w *writer) azurermTemplate(s situation) {
	if s.facts.Template == nil {
		return
	}
	mode, content := s.template()
	text, err := json.Marshal(content)
	if err != nil {
		panic(err)
	}
	w.block(`resource "azurerm_resource_group_template_deployment" "template"`, func() {
		w.attr("name", "template")
		w.attr("resource_group_name", s.groupName())
		w.attr("deployment_mode", mode)
		w.attr("template_content", string(text))
	})
}

// template is the mode of a deployment and its ARM template.
func (s situation) template() (mode string, content object) {
	mode, name := "Incremental", s.cacheName()
	if s.facts.Template.Complete {
		mode = "Complete"
	}
	typ := s.facts.armType()
	if s.facts.Template.Other {
		typ, name = "Microsoft.Storage/storageAccounts", "other"
	}
	return mode, object{"contentVersion": "1.0.0.0", "resources": []object{{
		"type": typ, "apiVersion": s.facts.apiVersion(), "name": name, "location": s.facts.location(), "properties": s.facts.Template.Sets,
	}}}
}

// later writes the resource whose output is known after apply.
func (w *writer) later(f facts) {
	if f.hasLater() {
		w.block(`resource "terraform_data" "later"`, func() { w.attr("input", "later") })
	}
}

// azurermNetwork writes the subnet and its security group, also for redisbaseline_cache.
func (w *writer) azurermNetwork(s situation) {
	n := s.facts.Subnet
	if n == nil {
		return
	}
	if n.managed() {
		w.block(`resource "azurerm_subnet" "subnet"`, func() {
			w.attr("name", "redis")
			w.attr("resource_group_name", s.groupName())
			w.attr("virtual_network_name", "vnet")
			w.attr("address_prefixes", []string{"10.0.1.0/24"})
		})
	}
	if n.Group == nil {
		return
	}
	w.block(`resource "azurerm_network_security_group" "group"`, func() {
		w.attr("name", "nsg")
		w.attr("resource_group_name", s.groupName())
		w.attr("location", s.facts.location())
		for i, r := range n.Group.Rules {
			if !n.Group.SeparateRules {
				w.block("security_rule", func() { w.azurermRule(i, r) })
			}
		}
	})
	for i, r := range n.Group.Rules {
		if n.Group.SeparateRules {
			w.block(fmt.Sprintf(`resource "azurerm_network_security_rule" "rule%d"`, i), func() {
				w.attr("resource_group_name", s.groupName())
				w.attr("network_security_group_name", ref{expression: "azurerm_network_security_group.group.name"})
				w.azurermRule(i, r)
			})
		}
	}
	w.block(`resource "azurerm_subnet_network_security_group_association" "group"`, func() {
		w.attr("subnet_id", s.facts.subnetID(ref{expression: "azurerm_subnet.subnet.id"}))
		w.attr("network_security_group_id", ref{expression: "azurerm_network_security_group.group.id"})
	})
}

func (w *writer) azurermRule(i int, r rule) {
	w.attr("name", fmt.Sprintf("rule%d", i))
	w.attr("priority", 100+i)
	w.attr("direction", "Inbound")
	w.attr("access", r.Access)
	w.attr("protocol", "Tcp")
	w.attr("source_address_prefix", r.From)
	w.attr("source_port_range", r.fromPorts())
	w.attr("destination_address_prefix", "*")
	w.attr("destination_port_range", r.Ports)
}

func (w *writer) azurermEndpoint(s situation, i int, e endpoint, cache ref) {
	w.companion(s.facts, "azurerm_private_endpoint", fmt.Sprintf("endpoint%d", i), func() {
		w.attr("name", fmt.Sprintf("endpoint%d", i))
		w.attr("resource_group_name", s.groupName())
		w.attr("location", "westeurope") // of its network, also for a cache elsewhere
		w.attr("subnet_id", endpointSubnet)
		w.block("private_service_connection", func() {
			w.attr("name", "connection")
			w.attr("private_connection_resource_id", e.target(s, cache))
			w.attr("subresource_names", s.facts.services(e))
			w.attr("is_manual_connection", e.Manual)
		})
		if e.Zone != "" {
			w.block("private_dns_zone_group", func() {
				w.attr("name", "default")
				w.attr("private_dns_zone_ids", []any{e.zone(azurermZone(i))})
			})
		}
	})
}

func azurermZone(i int) ref {
	return ref{expression: fmt.Sprintf("azurerm_private_dns_zone.zone%d.id", i)}
}

// azurermPolicies writes the policy assignments, also for redisbaseline_cache.
func (w *writer) azurermPolicies(s situation, cache ref, generation int) {
	for i, a := range s.facts.Policies {
		typ, argument, scope := "azurerm_resource_group_policy_assignment", "resource_group_id", any(groupID(s))
		switch {
		case a.Cache:
			typ, argument, scope = "azurerm_resource_policy_assignment", "resource_id", cache
		case a.Management:
			typ, argument, scope = "azurerm_management_group_policy_assignment", "management_group_id", managementGroup
		}
		w.companion(s.facts, typ, fmt.Sprintf("policy%d", i), func() {
			w.attr("name", fmt.Sprintf("policy%d", i))
			w.attr(argument, scope)
			w.attr("policy_definition_id", a.Definition)
			if a.NotEnforced {
				w.attr("enforce", false)
			}
			if a.Excluded {
				w.attr("not_scopes", []string{groupID(s)})
			}
			if a.Parameters != nil {
				values := object{}
				for name, value := range a.Parameters {
					values[name] = object{"value": value}
				}
				text, err := json.Marshal(values)
				if err != nil {
					panic(err)
				}
				w.attr("parameters", string(text))
			}
			if a.Override != "" {
				w.block("overrides", func() {
					w.attr("value", a.Override)
					if a.OverrideOf != "" {
						w.block("selectors", func() { // in azurerm 3 the kind is computed
							if generation > 3 {
								w.attr("kind", "policyDefinitionReferenceId")
							}
							w.attr("in", []string{a.OverrideOf})
						})
					}
				})
			}
			if a.Selector != "" {
				w.block("resource_selectors", func() {
					w.attr("name", "types")
					w.block("selectors", func() {
						w.attr("kind", "resourceType")
						w.attr("in", []string{a.Selector})
					})
				})
			}
		})
	}
}

func anySet(values ...any) bool {
	for _, v := range values {
		if v != nil {
			return true
		}
	}
	return false
}

func (s situation) cacheName() string { return "redis-" + strings.ReplaceAll(s.name, "_", "-") }
func (s situation) groupName() string { return "rg-" + strings.ReplaceAll(s.name, "_", "-") }
