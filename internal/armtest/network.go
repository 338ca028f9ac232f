package armtest

import (
	"strings"
)

// The types of networks, and of what leads from them to a cache.
func init() {
	resource := func(name string) resourceType {
		return resourceType{name: "Microsoft.Network/" + name, longRunning: true, showsState: true}
	}
	network, group, endpoint := resource("virtualNetworks"), resource("networkSecurityGroups"), resource("privateEndpoints")
	network.inline, group.inline = "subnets", "securityRules"
	endpoint.check, endpoint.written, endpoint.deleted = checkEndpoint, (*Server).connect, (*Server).disconnect
	addTypes(network, group, endpoint, resource("virtualNetworks/subnets"), resource("networkSecurityGroups/securityRules"),
		resource("privateEndpoints/privateDnsZoneGroups"), resource("privateDnsZones"), resource("privateDnsZones/virtualNetworkLinks"))
}

// renderInline puts subnets and security rules into their parent's body.
func (s *Server) renderInline(r *resource, body object) {
	properties := objectAt(body, "properties")
	if r.kind.inline == "" || properties == nil {
		return
	}
	children := []any{}
	for _, child := range s.store.in(r.key + "/" + strings.ToLower(r.kind.inline)) {
		children = append(children, s.render(child, ""))
	}
	properties[r.kind.inline] = children
}

// adopt stores a new object, its inline children as objects of their own.
func (s *Server) adopt(r *resource) {
	s.splitInline(r, r.body)
	s.store.add(r)
}

func (s *Server) splitInline(r *resource, body object) {
	properties := objectAt(body, "properties")
	if r.kind.inline == "" || properties == nil {
		return
	}
	children, sent := properties[r.kind.inline].([]any)
	delete(properties, r.kind.inline)
	if !sent {
		return
	}
	for _, old := range append([]*resource(nil), s.store.in(r.key+"/"+strings.ToLower(r.kind.inline))...) {
		s.store.drop(old.key)
	}
	for _, child := range children {
		one, isObject := child.(object)
		if !isObject {
			continue
		}
		incoming := newResource(r.path+"/"+r.kind.inline+"/"+textAt(one, "name"), clone(one))
		completeObject(incoming, nil, Cache{})
		s.store.add(incoming)
	}
}

// checkEndpoint refuses a private endpoint, new or written again, that leads to a
// linked cache, or names a sub-resource that its cache does not have.
func checkEndpoint(s *Server, endpoint change) response {
	for _, list := range []string{"privateLinkServiceConnections", "manualPrivateLinkServiceConnections"} {
		connections, _ := at(endpoint.body, "properties", list).([]any)
		for _, connection := range connections {
			cache := parseTarget(textAt(connection, "properties", "privateLinkServiceId"))
			if len(s.store.in(cache.key+"/linkedservers")) > 0 {
				return badRequest("Call to Microsoft.Cache/redis failed. Error message: This cache is geo replicated and cannot be the target of a " +
					"private endpoint.")
			}
			groups, _ := at(connection, "properties", "groupIds").([]any)
			for _, group := range groups {
				name, _ := group.(string)
				if of := resourceTypes[cache.typeKey()].cache; of != nil && !strings.EqualFold(name, of.subresource) {
					return badRequest("The private link resource '%s' has no group '%s'; it has '%s'.", cache.path, name, of.subresource)
				}
			}
		}
	}
	return response{}
}

// connect makes the connections of a private endpoint on its caches.
func (s *Server) connect(r *resource) {
	properties := objectAt(r.body, "properties")
	for list, status := range map[string]string{"privateLinkServiceConnections": "Approved",
		"manualPrivateLinkServiceConnections": "Pending"} {
		connections, _ := properties[list].([]any)
		for _, connection := range connections {
			inner := objectAt(connection, "properties")
			if inner == nil {
				continue
			}
			description := "Auto-Approved"
			if status == "Pending" {
				description = textAt(inner, "requestMessage")
			}
			state := object{"status": status, "description": description, "actionsRequired": "None"}
			inner["privateLinkServiceConnectionState"] = state
			cache := parseTarget(textAt(inner, "privateLinkServiceId"))
			s.store.materialize(cache)
			owner := s.store.resources[cache.key]
			if owner == nil || owner.kind.cache == nil {
				continue
			}
			child := newResource(owner.path+"/privateEndpointConnections/"+connectionName(r), object{"properties": object{
				"privateEndpoint": object{"id": r.id}, "privateLinkServiceConnectionState": clone(state), "provisioningState": "Succeeded"}})
			s.store.add(child)
		}
	}
}

func connectionName(endpoint *resource) string {
	return endpoint.lastName() + "." + stableID("connection"+endpoint.key)
}

// disconnect takes the connections of a deleted private endpoint away.
func (s *Server) disconnect(r *resource) {
	for key := range s.store.resources {
		if strings.HasSuffix(key, "/privateendpointconnections/"+strings.ToLower(connectionName(r))) {
			s.store.drop(key)
		}
	}
}
