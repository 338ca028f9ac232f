package armtest

import (
	"strings"
)

// inline are, by type, the children that its body shows, with their place in the body.
var inline = map[string][2]string{
	"microsoft.network/virtualnetworks":       {"subnets", "subnets"},
	"microsoft.network/networksecuritygroups": {"securityRules", "securityrules"},
}

// renderInline puts subnets and security rules into their parent's body.
func (s *Server) renderInline(r *resource, body object) {
	names, has := inline[r.typeKey()]
	properties := objectAt(body, "properties")
	if !has || properties == nil {
		return
	}
	children := []any{}
	for _, child := range s.store.in(r.key + "/" + names[1]) {
		children = append(children, s.render(child, ""))
	}
	properties[names[0]] = children
}

// adopt stores a new object, its inline children as objects of their own.
func (s *Server) adopt(r *resource) {
	s.splitInline(r, r.body)
	s.store.add(r)
}

func (s *Server) splitInline(r *resource, body object) {
	names, has := inline[r.typeKey()]
	properties := objectAt(body, "properties")
	if !has || properties == nil {
		return
	}
	children, sent := properties[names[0]].([]any)
	delete(properties, names[0])
	if !sent {
		return
	}
	for _, old := range append([]*resource(nil), s.store.in(r.key+"/"+names[1])...) {
		s.store.drop(old.key)
	}
	for _, child := range children {
		one, isObject := child.(object)
		if !isObject {
			continue
		}
		incoming := newResource(r.path+"/"+names[0]+"/"+textAt(one, "name"), clone(one))
		completeChild(incoming, nil, Cache{})
		s.store.add(incoming)
	}
}

// after makes the change elsewhere that follows from a write: a private endpoint makes
// a connection on its cache.
func (s *Server) after(r *resource) {
	if r.typeKey() != "microsoft.network/privateendpoints" {
		return
	}
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
			if owner == nil || owner.typeKey() != redisType {
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

// afterDelete takes the connection of a deleted private endpoint away.
func (s *Server) afterDelete(r *resource) {
	if r.typeKey() != "microsoft.network/privateendpoints" {
		return
	}
	for key := range s.store.resources {
		if strings.HasSuffix(key, "/privateendpointconnections/"+strings.ToLower(connectionName(r))) {
			s.store.drop(key)
		}
	}
}
