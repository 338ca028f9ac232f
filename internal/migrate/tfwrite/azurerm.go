package tfwrite

import "slices"

// azurermTypes are the types of resources. The database is within its cluster, and a zone
// group within its endpoint.
var azurermTypes = map[role]string{
	cluster: "azurerm_managed_redis", privateEndpoint: "azurerm_private_endpoint", privateZone: "azurerm_private_dns_zone",
	networkLink: "azurerm_private_dns_zone_virtual_network_link", diagnosticSetting: "azurerm_monitor_diagnostic_setting",
	accessPolicyAssignment: "azurerm_managed_redis_access_policy_assignment", principals: "azurerm_managed_redis_access_policy_assignment",
}

var azurerm = &dialect{
	types: azurermTypes, provider: "hashicorp/azurerm",
	// public_network_access came with 4.53.0, persistence with 4.54.0, and access policy
	// assignments, which every target has, with 4.60.0.
	// Source: CHANGELOG-v4.md of terraform-provider-azurerm.
	version:     "4.60.0",
	inPlace:     ", access_keys_authentication_enabled = true while clients use keys, and what else the database has",
	host:        func(t *target) string { return azurermTypes[cluster] + "." + t.label + ".hostname" },
	writeTarget: azurermTarget,
	writeZone:   azurermZone,
	writeGroup:  azurermGroup,
}

// azurermAttribute is the expression of an attribute of a target.
func azurermAttribute(t *target, name string) expression {
	return code(azurermTypes[cluster] + "." + t.label + "." + name)
}

func azurermTarget(b *body, t *target) {
	id := azurermAttribute(t, "id")
	r := b.under(azurermTypes[cluster], t.label)
	r.comment(t.comment)
	r.set("name", t.name)
	r.set("resource_group_name", t.group)
	r.set("location", t.location)
	r.comment(t.sizeComments()...)
	r.set("sku_name", t.sku)
	r.set("high_availability_enabled", t.highAvailability)
	r.set("public_network_access", text("Disabled"))
	r.set("tags", t.tags)
	r.comment(t.encryptionComment())
	if t.key != nil {
		identity := r.block("identity")
		identity.set("type", text("UserAssigned"))
		identity.set("identity_ids", list(t.identities...))
		key := r.block("customer_managed_key")
		key.set("key_vault_key_id", t.key)
		key.set("user_assigned_identity_id", t.reader)
	}
	azurermDatabase(r.block("default_database"), t)
	for _, e := range t.endpoints {
		r := b.resource(azurermTypes[privateEndpoint], e.label, e.comment())
		r.set("name", e.name)
		r.set("resource_group_name", t.group)
		r.set("location", t.location)
		r.set("subnet_id", e.subnet)
		connection := r.block("private_service_connection")
		connection.set("name", text("redis"))
		connection.set("private_connection_resource_id", id)
		connection.set("subresource_names", texts("redisEnterprise"))
		connection.set("is_manual_connection", boolean(false))
		group := r.block("private_dns_zone_group")
		group.set("name", text("redis"))
		group.set("private_dns_zone_ids", list(e.zone))
	}
	for _, l := range t.logs {
		r := b.resource(azurermTypes[diagnosticSetting], l.label, l.comment())
		r.set("name", l.name)
		r.set("target_resource_id", azurermAttribute(t, "default_database[0].id"))
		for _, d := range l.destinations {
			r.set(d.azurerm, d.id)
		}
		r.block("enabled_log").set("category_group", text("allLogs"))
	}
	for _, g := range t.grants {
		r := b.resource(azurermTypes[accessPolicyAssignment], g.label, g.comment())
		r.set("managed_redis_id", id)
		r.set("object_id", g.objectID)
	}
	if t.principals != nil {
		r := b.resource(azurermTypes[principals], t.more)
		r.set("for_each", t.principals)
		r.set("managed_redis_id", id)
		r.set("object_id", code("each.value"))
	}
}

func azurermDatabase(b *body, t *target) {
	b.comment(t.databaseComments()...)
	b.set("access_keys_authentication_enabled", boolean(false))
	b.set("client_protocol", text("Encrypted"))
	b.set("clustering_policy", t.clusteringPolicy)
	b.set("eviction_policy", t.evictionPolicy)
	b.set("persistence_redis_database_backup_frequency", t.rdb)
	b.set("persistence_append_only_file_backup_frequency", t.aof)
	if t.geo != nil {
		b.set("geo_replication_group_name", text(t.geo.name))
	}
	for _, m := range t.modules {
		b.block("module").set("name", text(m))
	}
}

func azurermZone(b *body, z *zone) {
	r := b.resource(azurermTypes[privateZone], z.label, zoneComment)
	r.set("name", text(z.name))
	r.set("resource_group_name", z.group)
	for _, l := range z.links {
		r := b.resource(azurermTypes[networkLink], l.label, l.comment())
		r.set("name", text(l.name))
		r.set("resource_group_name", z.group)
		r.set("private_dns_zone_name", code(azurermTypes[privateZone]+"."+z.label+".name"))
		r.set("virtual_network_id", l.network)
	}
}

func azurermGroup(b *body, g *geoGroup) {
	var others []expression
	for _, m := range g.members[1:] {
		others = append(others, azurermAttribute(m, "id"))
	}
	if len(others) == 0 {
		b.gap()
		b.comment(slices.Concat([]string{"Group " + g.name + " has one member here."}, g.comments())...)
		return
	}
	r := b.resource("azurerm_managed_redis_geo_replication", g.members[0].label, g.comments()...)
	r.set("managed_redis_id", azurermAttribute(g.members[0], "id"))
	r.set("linked_managed_redis_ids", list(others...))
}
