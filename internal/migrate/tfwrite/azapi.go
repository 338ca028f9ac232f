package tfwrite

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

const azapiType = "azapi_resource"

// azapi writes every object as an azapi_resource, those around a cache too, so that a
// configuration without azurerm needs no second provider.
var azapi = &dialect{
	types: map[role]string{
		cluster: azapiType, database: azapiType, privateEndpoint: azapiType, zoneGroup: azapiType, privateZone: azapiType,
		networkLink: azapiType, diagnosticSetting: azapiType, accessPolicyAssignment: azapiType, principals: azapiType,
	},
	provider: "Azure/azapi", version: "2.0.0", // in which a body is an object
	inPlace: `, accessKeysAuthentication = "Enabled" while clients use keys, and what else the database has, but no zones and no ` +
		`sku.capacity`,
	importSuffix: "?api-version=" + service.ManagedRedis.APIVersion,
	host:         func(t *target) string { return azapiType + "." + t.label + ".output.properties.hostName" },
	writeTarget:  azapiTarget,
	writeZone:    azapiZone,
	writeGroup:   azapiGroup,
}

// The types of ARM with the versions in which they are written.
const (
	endpointVersion  = "Microsoft.Network/privateEndpoints@2024-05-01"
	zoneGroupVersion = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01"
	zoneVersion      = "Microsoft.Network/privateDnsZones@2020-06-01"
	zoneLinkVersion  = "Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01"
	logsVersion      = "Microsoft.Insights/diagnosticSettings@2021-05-01-preview"
)

var (
	cacheVersion    = service.ManagedRedis.Type + "@" + service.ManagedRedis.APIVersion
	databaseVersion = service.ManagedRedis.DatabaseType() + "@" + service.ManagedRedis.APIVersion
	grantVersion    = service.ManagedRedis.DatabaseType() + "/" + service.AccessPolicyAssignments + "@" + service.ManagedRedis.APIVersion
)

// azapiID is the id of an azapi_resource.
func azapiID(label string) expression { return code(azapiType + "." + label + ".id") }

// properties are a body with properties only.
func properties(attributes ...attribute) expression {
	return object(attribute{"properties", object(attributes...)})
}

func azapiTarget(b *body, t *target) {
	r := b.under(azapiType, t.label)
	r.set("type", text(cacheVersion))
	r.comment(t.comment)
	r.set("name", t.name)
	r.set("parent_id", t.group)
	r.set("location", t.location)
	r.set("tags", t.tags)
	r.comment(append(t.sizeComments(), t.encryptionComment())...)
	var encryption expression
	if t.key != nil {
		encryption = object(attribute{"customerManagedKeyEncryption", object(
			attribute{"keyEncryptionKeyUrl", t.key},
			attribute{"keyEncryptionKeyIdentity", object(
				attribute{"identityType", text("userAssignedIdentity")},
				attribute{"userAssignedIdentityResourceId", t.reader},
			)},
		)})
	}
	r.set("body", object(
		attribute{"sku", object(attribute{"name", t.sku})},
		attribute{"properties", object(
			attribute{"highAvailability", enabled(t.highAvailability)},
			attribute{"publicNetworkAccess", text("Disabled")},
			attribute{"minimumTlsVersion", text("1.2")},
			attribute{"encryption", encryption},
		)},
	))
	r.set("response_export_values", texts("properties.hostName"))
	if t.key != nil {
		identity := r.block("identity")
		identity.set("type", text("UserAssigned"))
		identity.set("identity_ids", list(t.identities...))
	}
	azapiDatabase(b, t)
	for _, e := range t.endpoints {
		r := b.resource(azapiType, e.label, e.comment())
		r.set("type", text(endpointVersion))
		r.set("name", e.name)
		r.set("parent_id", t.group)
		r.set("location", t.location)
		r.set("body", properties(
			attribute{"subnet", object(attribute{"id", e.subnet})},
			attribute{"privateLinkServiceConnections", list(object(
				attribute{"name", text("redis")},
				attribute{"properties", object(
					attribute{"privateLinkServiceId", azapiID(t.label)},
					attribute{"groupIds", texts(service.ManagedRedis.Subresource)},
				)},
			))},
		))
		r = b.resource(azapiType, e.zones)
		r.set("type", text(zoneGroupVersion))
		r.set("name", text("default"))
		r.set("parent_id", azapiID(e.label))
		r.set("body", properties(attribute{"privateDnsZoneConfigs", list(object(
			attribute{"name", text("redis")},
			attribute{"properties", object(attribute{"privateDnsZoneId", e.zone})},
		))}))
	}
	for _, l := range t.logs {
		destinations := []attribute{{"logs", list(object(
			attribute{"categoryGroup", text("allLogs")},
			attribute{"enabled", boolean(true)},
		))}}
		for _, d := range l.destinations {
			destinations = append(destinations, attribute{d.arm, d.id})
		}
		r := b.resource(azapiType, l.label, l.comment())
		r.set("type", text(logsVersion))
		r.set("name", l.name)
		r.set("parent_id", azapiID(t.database))
		r.set("body", properties(destinations...))
	}
	for _, g := range t.grants {
		azapiGrant(b, t, g.label, nil, g.objectID, g.comment())
	}
	if t.principals != nil {
		azapiGrant(b, t, t.more, t.principals, code("each.value"), "")
	}
}

// enabled is the expression of a fact that ARM writes as Enabled or Disabled.
func enabled(flag expression) expression {
	switch source := sourceOf(flag); source {
	case "true":
		return text("Enabled")
	case "false":
		return text("Disabled")
	default:
		return code(source + ` ? "Enabled" : "Disabled"`)
	}
}

func azapiDatabase(b *body, t *target) {
	r := b.resource(azapiType, t.database, t.databaseComments()...)
	r.set("type", text(databaseVersion))
	r.set("name", text("default"))
	r.set("parent_id", azapiID(t.label))
	var persistence, modules, geo expression
	switch {
	case t.aof != nil:
		persistence = object(attribute{"aofEnabled", boolean(true)}, attribute{"aofFrequency", t.aof})
	case t.rdb != nil:
		persistence = object(attribute{"rdbEnabled", boolean(true)}, attribute{"rdbFrequency", t.rdb})
		if source := sourceOf(t.rdb); strings.HasPrefix(source, "var.") {
			persistence = object(attribute{"rdbEnabled", code(source + " != null")}, attribute{"rdbFrequency", t.rdb})
		}
	}
	if len(t.modules) > 0 {
		var all []expression
		for _, m := range t.modules {
			all = append(all, object(attribute{"name", text(m)}))
		}
		modules = list(all...)
	}
	if t.geo != nil {
		geo = t.geo.linked(t)
	}
	r.set("body", properties(
		attribute{"accessKeysAuthentication", text("Disabled")},
		attribute{"clientProtocol", text("Encrypted")},
		attribute{"clusteringPolicy", t.clusteringPolicy},
		attribute{"evictionPolicy", t.evictionPolicy},
		attribute{"persistence", persistence},
		attribute{"modules", modules},
		attribute{"geoReplication", geo},
	))
	if t.geo != nil && len(t.geo.members) > 1 {
		if before := t.geo.before(t); before != nil { // members join one by one
			r.set("depends_on", list(code(azapiType+"."+before.database)))
		}
		r.block("lifecycle").set("ignore_changes", list(code("body.properties.geoReplication")))
	}
}

// before is the member that joins the group before another one.
func (g *geoGroup) before(t *target) (last *target) {
	for _, m := range g.members {
		if m == t {
			return last
		}
		last = m
	}
	return nil
}

// linked is the property of the group of a member: it joins those before it.
func (g *geoGroup) linked(t *target) expression {
	var all []expression
	for _, m := range g.members {
		all = append(all, object(attribute{"id", code(`"${` + azapiType + "." + m.label + `.id}/databases/default"`)}))
		if m == t {
			break
		}
	}
	return object(attribute{"groupNickname", text(g.name)}, attribute{"linkedDatabases", list(all...)})
}

func azapiGrant(b *body, t *target, label string, each, objectID expression, comment string) {
	r := b.resource(azapiType, label, comment)
	r.set("for_each", each)
	r.set("type", text(grantVersion))
	r.set("name", call("replace", objectID, text("-"), text("")))
	r.set("parent_id", azapiID(t.database))
	r.set("body", properties(
		attribute{"accessPolicyName", text(service.ManagedRedis.AccessPolicies[0].Name)},
		attribute{"user", object(attribute{"objectId", objectID})},
	))
}

func azapiZone(b *body, z *zone) {
	r := b.resource(azapiType, z.label, zoneComment)
	r.set("type", text(zoneVersion))
	r.set("name", text(z.name))
	r.set("parent_id", z.group)
	r.set("location", text("global"))
	for _, l := range z.links {
		r := b.resource(azapiType, l.label, l.comment())
		r.set("type", text(zoneLinkVersion))
		r.set("name", text(l.name))
		r.set("parent_id", azapiID(z.label))
		r.set("location", text("global"))
		r.set("body", properties(
			attribute{"registrationEnabled", boolean(false)},
			attribute{"virtualNetwork", object(attribute{"id", l.network})},
		))
	}
}

// azapiGroup says what a group needs besides the properties of its members.
func azapiGroup(b *body, g *geoGroup) {
	b.gap()
	b.comment("The geo-replication group " + g.name + ".")
	b.comment(g.comments()...)
}
