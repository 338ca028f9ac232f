package conformance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// azapiModule is the module of a situation for azapi 2.
func azapiModule(s situation) string {
	w, f := &writer{}, s.facts
	w.later(f)
	w.moved(f, "azapi_resource")
	cache := ref{expression: "azapi_resource." + f.label() + ".id"}
	w.cache(f, "azapi_resource", func() {
		w.attr("type", f.armType()+"@"+f.apiVersion())
		w.attr("name", s.cacheName())
		w.attr("parent_id", groupID(s))
		w.attr("location", f.location())
		w.attr("schema_validation_enabled", false)
		w.attr("body", s.armBody(ref{expression: "azapi_resource.subnet.id"}))
		if f.SensitiveBody != nil {
			w.attr("sensitive_body", object{"properties": f.SensitiveBody})
		}
	})
	for _, c := range s.armCompanions(cache) {
		w.companion(f, "azapi_resource", c.label, func() {
			w.attr("type", c.typ+"@"+c.version)
			w.attr("name", c.name)
			w.attr("parent_id", c.parent)
			w.attr("schema_validation_enabled", false)
			w.attr("body", c.body)
		})
	}
	w.afterwards(s, cache)
	if f.Template != nil {
		mode, content := s.template()
		w.block(`resource "azapi_resource" "template"`, func() {
			w.attr("type", "Microsoft.Resources/deployments@2024-03-01")
			w.attr("name", "template")
			w.attr("parent_id", groupID(s))
			w.attr("body", object{"properties": object{"mode": mode, "template": content}})
		})
	}
	return w.String()
}

// armBody is the body of the cache in a request to ARM.
func (s situation) armBody(subnet ref) object {
	f := s.facts
	if f.Managed != nil {
		return s.armCluster()
	}
	tier, family, capacity := f.size()
	configuration := object{
		"authnotrequired": text(not(f.Authentication)), "aad-enabled": text(f.Entra),
		"rdb-backup-enabled": text(f.RDB), "aof-backup-enabled": text(f.AOF),
		"preferred-data-persistence-auth-method": f.StorageAuth, "maxmemory-reserved": text(f.Reserved),
		"maxfragmentationmemory-reserved": text(f.Fragmentation),
	}
	maps.DeleteFunc(configuration, func(_ string, v any) bool { return v == nil })
	properties := object{
		"sku":              object{"name": tier, "family": family, "capacity": capacity},
		"enableNonSslPort": f.PlainPort, "minimumTlsVersion": f.MinimumTLS, "publicNetworkAccess": word(f.PublicAccess, "Enabled", "Disabled"),
		"disableAccessKeyAuthentication": not(f.AccessKeys), "shardCount": f.Shards, "redisVersion": f.Version,
		"zonalAllocationPolicy": f.Allocation, "updateChannel": f.Channel, "subnetId": f.subnetID(subnet),
	}
	if len(configuration) > 0 {
		properties["redisConfiguration"] = configuration
	}
	return object{"properties": properties, "zones": f.Zones}
}

// armCluster is the body of a cluster in a request to ARM.
func (s situation) armCluster() object {
	f, m := s.facts, s.facts.Managed
	properties := object{"publicNetworkAccess": word(f.PublicAccess, "Enabled", "Disabled"), "minimumTlsVersion": f.MinimumTLS,
		"highAvailability": word(m.HighAvailability, "Enabled", "Disabled")}
	switch m.Key {
	case true:
		key := object{"keyEncryptionKeyUrl": customerKey}
		if m.KeyIdentity != nil {
			key["keyEncryptionKeyIdentity"] = object{"identityType": "userAssignedIdentity", "userAssignedIdentityResourceId": m.KeyIdentity}
		}
		properties["encryption"] = object{"customerManagedKeyEncryption": key}
	case later:
		properties["encryption"] = later
	}
	name, capacity, _ := strings.Cut(f.sku(), "-")
	sku := object{"name": name}
	if capacity != "" {
		sku["capacity"] = ref{expression: capacity}
	}
	body := object{"sku": sku, "properties": properties, "zones": f.Zones}
	if m.Identities != nil {
		identities := object{}
		for _, id := range m.Identities {
			identities[id] = object{}
		}
		body["identity"] = object{"type": "UserAssigned", "userAssignedIdentities": identities}
	}
	return body
}

// armDatabase are the properties of the database of a cluster in a request to ARM.
func (s situation) armDatabase() object {
	f, m := s.facts, s.facts.Managed
	properties := object{"clientProtocol": m.Protocol, "accessKeysAuthentication": word(f.AccessKeys, "Enabled", "Disabled"),
		"clusteringPolicy": m.Clustering, "deferUpgrade": m.DeferUpgrade}
	if anySet(f.RDB, f.AOF) {
		properties["persistence"] = object{"rdbEnabled": f.RDB, "aofEnabled": f.AOF}
	}
	var modules []object
	for _, name := range m.Modules {
		modules = append(modules, object{"name": name})
	}
	if modules != nil {
		properties["modules"] = modules
	}
	if m.GeoGroup != nil {
		linked := []object{{"id": cacheID(s) + databasePath}}
		if m.GeoLinked {
			linked = append(linked, object{"id": otherCluster(s) + databasePath})
		}
		properties["geoReplication"] = object{"groupNickname": m.GeoGroup, "linkedDatabases": linked}
	}
	return properties
}

// armResource is a resource beside the cache, with its body in a request to ARM.
type armResource struct {
	label, typ, version, name string
	parent                    any
	body                      object
}

// armCompanions are the resources around the cache but for its private endpoints.
func (s situation) armCompanions(cache ref) []armResource {
	f := s.facts
	var all []armResource
	add := func(label, typ, version, name string, parent any, properties object) {
		all = append(all, armResource{label: label, typ: typ, version: version, name: name, parent: parent,
			body: object{"properties": properties}})
	}
	if n := f.Subnet; n != nil && (n.managed() || n.Adopted) {
		subnet := object{"addressPrefix": "10.0.1.0/24"}
		if n.Group != nil {
			group := ref{"azapi_resource.group.id", securityGroupID(s)}
			subnet["networkSecurityGroup"] = object{"id": group}
			var inline []object
			for i, r := range n.Group.Rules {
				if n.Group.SeparateRules {
					name := fmt.Sprintf("rule%d", i)
					add(name, "Microsoft.Network/networkSecurityGroups/securityRules", "2024-05-01", name, group, r.arm(i))
				} else {
					inline = append(inline, object{"name": fmt.Sprintf("rule%d", i), "properties": r.arm(i)})
				}
			}
			properties := object{}
			if inline != nil {
				properties["securityRules"] = inline
			}
			all = slices.Insert(all, 0, armResource{label: "group", typ: "Microsoft.Network/networkSecurityGroups", version: "2024-05-01",
				name:   "nsg",
				parent: groupID(s), body: object{"properties": properties}})
		}
		parent := groupID(s)
		if n.Adopted {
			parent = elsewhere
		}
		add("subnet", "Microsoft.Network/virtualNetworks/subnets", "2024-05-01", "redis",
			parent+"/providers/Microsoft.Network/virtualNetworks/vnet", subnet)
	}
	database := f.database(cache)
	if f.Managed != nil && !f.Managed.NoDatabase {
		add("database", f.armType()+"/databases", f.apiVersion(), "default", cache, s.armDatabase())
		if cache.id != "" && f.Managed.OnDatabase {
			maps.Copy(all[len(all)-1].body["properties"].(object), f.Update)
		}
	}
	for i, e := range f.Endpoints {
		if cache.id == "" {
			all = append(all, s.armEndpoint(i, e, cache)...)
		}
	}
	for i, d := range f.Diagnostics {
		logs := []object{}
		for _, g := range d.Groups {
			logs = append(logs, object{"categoryGroup": g, "enabled": true})
		}
		for _, c := range d.Categories {
			logs = append(logs, object{"category": c, "enabled": true})
		}
		properties := object{"workspaceId": workspace, "logs": logs}
		if d.Metrics {
			properties["metrics"] = []object{{"category": "AllMetrics", "enabled": true}}
		}
		add(fmt.Sprintf("logs%d", i), "Microsoft.Insights/diagnosticSettings", "2021-05-01-preview", fmt.Sprintf("logs%d", i),
			d.target(s, cache), properties)
	}
	if f.ManagedEndpoint && cache.id == "" {
		add("managed", "Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints", "2018-06-01", "managed",
			factory+"/managedVirtualNetworks/default", object{"privateLinkResourceId": cache, "groupId": f.services(endpoint{})[0]})
	}
	for i, a := range f.Firewall {
		add(fmt.Sprintf("firewall%d", i), "Microsoft.Cache/redis/firewallRules", "2024-11-01", fmt.Sprintf("rule%d", i), cache,
			object{"startIP": a.From, "endIP": a.To})
	}
	for i, g := range f.Grants {
		if f.Managed != nil {
			properties := object{"user": object{"objectId": principal}}
			if g.Permissions != "" {
				properties["accessString"] = g.Permissions
			} else {
				properties["accessPolicyName"] = g.Policy
			}
			add(fmt.Sprintf("grant%d", i), f.armType()+"/databases/accessPolicyAssignments", f.apiVersion(), fmt.Sprintf("grant%d", i),
				database, properties)
			continue
		}
		policy := any(g.Policy)
		if g.Permissions != "" {
			add(fmt.Sprintf("access%d", i), "Microsoft.Cache/redis/accessPolicies", "2024-11-01", g.Policy, cache,
				object{"permissions": g.Permissions})
			policy = ref{fmt.Sprintf("azapi_resource.access%d.name", i), g.Policy}
		}
		add(fmt.Sprintf("grant%d", i), "Microsoft.Cache/redis/accessPolicyAssignments", "2024-11-01", fmt.Sprintf("grant%d", i), cache,
			object{"accessPolicyName": policy, "objectId": principal, "objectIdAlias": "app"})
	}
	if f.Window != "" {
		add("windows", "Microsoft.Cache/redis/patchSchedules", "2024-11-01", "default", cache,
			object{"scheduleEntries": []object{{"dayOfWeek": f.Window, "startHourUtc": 2}}})
	}
	for i, a := range f.Policies {
		all = append(all, a.arm(s, i, cache))
	}
	return all
}

func (r rule) arm(i int) object {
	return object{
		"priority": 100 + i, "direction": "Inbound", "access": r.Access, "protocol": "Tcp", "sourceAddressPrefix": r.From,
		"sourcePortRange": r.fromPorts(), "destinationAddressPrefix": "*", "destinationPortRange": r.Ports,
	}
}

func (s situation) armEndpoint(i int, e endpoint, cache ref) []armResource {
	list, label := "privateLinkServiceConnections", fmt.Sprintf("endpoint%d", i)
	if e.Manual {
		list = "manualPrivateLinkServiceConnections"
	}
	connections := []object{{"name": "connection", "properties": object{
		"privateLinkServiceId": e.target(s, cache), "groupIds": s.facts.services(e)}}}
	if e.Second {
		connections = append([]object{{"name": "other", "properties": object{
			"privateLinkServiceId": endpoint{Other: true}.target(s, cache), "groupIds": s.facts.services(e)}}}, connections...)
	}
	all := []armResource{{
		label: label, typ: "Microsoft.Network/privateEndpoints", version: "2024-05-01", name: label, parent: groupID(s),
		body: object{"properties": object{
			"subnet": object{"id": endpointSubnet},
			list:     connections,
		}},
	}}
	zone := ref{expression: fmt.Sprintf("azapi_resource.zone%d.id", i)}
	if e.Zone != "" {
		all = append(all, armResource{
			label: label + "dns", typ: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups", version: "2024-05-01", name: "default",
			parent: ref{expression: "azapi_resource." + label + ".id"}, body: object{"properties": object{
				"privateDnsZoneConfigs": []object{{"name": "redis", "properties": object{"privateDnsZoneId": e.zone(zone)}}}}},
		})
	}
	if e.ZoneInPlan {
		all = append(all, armResource{label: fmt.Sprintf("zone%d", i), typ: "Microsoft.Network/privateDnsZones", version: "2020-06-01",
			name: e.Zone, parent: groupID(s), body: object{"properties": object{}}})
	}
	if e.ZoneLinked {
		all = append(all, armResource{label: fmt.Sprintf("link%d", i), typ: "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
			version: "2020-06-01", name: "vnet", parent: zone, body: object{"properties": object{"virtualNetwork": object{"id": network}}}})
	}
	return all
}

func (a policyAssignment) arm(s situation, i int, cache ref) armResource {
	scope := any(groupID(s))
	switch {
	case a.Cache:
		scope = cache
	case a.Management:
		scope = managementGroup
	}
	properties := object{"policyDefinitionId": a.Definition}
	if a.NotEnforced {
		properties["enforcementMode"] = "DoNotEnforce"
	}
	if a.Excluded {
		properties["notScopes"] = []string{groupID(s)}
	}
	if a.Parameters != nil {
		values := object{}
		for name, value := range a.Parameters {
			values[name] = object{"value": value}
		}
		properties["parameters"] = values
	}
	if a.Override != "" {
		override := object{"kind": "policyEffect", "value": a.Override}
		if a.OverrideOf != "" {
			override["selectors"] = []object{{"kind": "policyDefinitionReferenceId", "in": []string{a.OverrideOf}}}
		}
		properties["overrides"] = []object{override}
	}
	if a.Selector != "" {
		properties["resourceSelectors"] = []object{{"name": "types", "selectors": []object{{"kind": "resourceType", "in": []string{a.Selector}}}}}
	}
	name := fmt.Sprintf("policy%d", i)
	return armResource{label: name, typ: "Microsoft.Authorization/policyAssignments", version: "2024-04-01", name: name, parent: scope,
		body: object{"properties": properties}}
}

// not is the value of a property of ARM that means the opposite of a fact.
func not(v any) any {
	if b, ok := v.(bool); ok {
		return !b
	}
	return v
}

// text is a value as redisConfiguration has it: a string.
func text(v any) any {
	if v == nil || v == later {
		return v
	}
	return fmt.Sprint(v)
}

// word is the value of a property of ARM that has a word for each of true and false.
func word(v any, on, off string) any {
	switch v {
	case true:
		return on
	case false:
		return off
	default:
		return v
	}
}
