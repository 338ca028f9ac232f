package armtest

import (
	"net/http"
	"slices"
	"strings"
)

// The types of Azure Policy, and management groups.
func init() {
	addTypes(
		resourceType{name: "Microsoft.Authorization/policyAssignments", extension: true, listsInherited: true},
		resourceType{name: "Microsoft.Authorization/policyExemptions", extension: true, listsInherited: true},
		resourceType{name: "Microsoft.Authorization/policyDefinitions", extension: true},
		resourceType{name: "Microsoft.Authorization/policySetDefinitions", extension: true},
		resourceType{name: "Microsoft.Management/managementGroups", extension: true},
	)
}

// scopesAbove returns the scopes whose assignments reach an object, the object
// itself first, all in lower case.
func (s *Server) scopesAbove(scope string) []string {
	t := parseTarget(scope)
	var scopes []string
	add := func(one string) {
		if len(scopes) == 0 || scopes[len(scopes)-1] != one {
			scopes = append(scopes, one)
		}
	}
	add(t.key)
	if t.group != "" {
		add("/subscriptions/" + t.sub + "/resourcegroups/" + strings.ToLower(t.group))
	}
	if t.sub != "" {
		add("/subscriptions/" + t.sub)
		if sub := s.store.subscriptions[t.sub]; sub != nil {
			for _, group := range sub.ManagementGroups {
				add(managementGroup(group))
			}
		}
	}
	return scopes
}

func managementGroup(name string) string {
	return "/providers/microsoft.management/managementgroups/" + strings.ToLower(name)
}

// inherited lists the objects of a type at a scope and the scopes above; without a
// filter, also those below.
func (s *Server) inherited(t target, filter string) ([]*resource, response) {
	suffix := "/providers/" + t.typeKey()
	var found []*resource
	add := func(list []*resource) {
		for _, r := range list {
			found = insert(found, r)
		}
	}
	scope := strings.ToLower(t.scope)
	switch strings.ReplaceAll(strings.ToLower(filter), " ", "") {
	case "atexactscope()":
		add(s.store.collections[scope+suffix])
	case "atscope()", "":
		for _, above := range s.scopesAbove(scope) {
			add(s.store.collections[above+suffix])
		}
		if filter == "" {
			for key, list := range s.store.collections {
				if strings.HasPrefix(key, scope+"/") && strings.HasSuffix(key, suffix) {
					add(list)
				}
			}
		}
	default:
		return nil, failure(http.StatusBadRequest, "InvalidFilterInQueryString", "The filter '%s' is not one that the fake knows.", filter)
	}
	return found, response{}
}

// descendants lists the management groups and subscriptions below a management
// group. ARM does not tell one that is not there from one that may not be seen.
func (s *Server) descendants(r *http.Request, t target) response {
	group := strings.Join(t.names, "/")
	known := s.store.resources[strings.TrimSuffix(t.key, "/descendants")] != nil
	below := map[string]bool{}
	var all []any
	for _, key := range s.store.order {
		sub := s.store.subscriptions[key]
		at := slices.IndexFunc(sub.ManagementGroups, func(one string) bool { return strings.EqualFold(one, group) })
		if at < 0 {
			continue
		}
		known = true
		for i, name := range sub.ManagementGroups[:at] {
			if !below[strings.ToLower(name)] {
				below[strings.ToLower(name)] = true
				all = append(all, descendant("/providers/Microsoft.Management/managementGroups/"+name, name, name,
					"Microsoft.Management/managementGroups", sub.ManagementGroups[i+1]))
			}
		}
		all = append(all, descendant("/subscriptions/"+sub.ID, sub.ID, sub.Name, "/subscriptions", sub.ManagementGroups[0]))
	}
	if !known {
		return failure(http.StatusForbidden, "AuthorizationFailed",
			"The client 'armtest' with object id '%s' does not have authorization to perform action "+
				"'Microsoft.Management/managementGroups/descendants/read' over scope '%s' or the scope is invalid. "+
				"If access was recently granted, please refresh your credentials.", stableID("principalstub"), parentPath(t.path))
	}
	from, to := s.page(r, len(all))
	return s.paged(r, orEmpty(all[from:to]), to, len(all))
}

func descendant(id, name, display, typ, parent string) object {
	return object{"id": id, "name": name, "type": typ, "properties": object{
		"displayName": display, "parent": object{"id": "/providers/Microsoft.Management/managementGroups/" + parent}}}
}
