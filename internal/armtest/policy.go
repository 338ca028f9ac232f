package armtest

import (
	"net/http"
	"strings"
)

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

// inherited lists what stands at a scope and what it gets from above; without
// a filter, also what stands below.
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
