package armtest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// containers answers about tenants, subscriptions and resource groups.
func (s *Server) containers(r *http.Request, t target, body object) response {
	parts := strings.Split(strings.TrimPrefix(t.key, "/"), "/")
	if r.Method != http.MethodGet && r.Method != http.MethodHead && (r.Method != http.MethodPut || len(parts) != 4) {
		return methodNotAllowed(r)
	}
	switch {
	case t.key == "/tenants":
		return ok(object{"value": []any{object{"id": "/tenants/" + s.opts.TenantID, "tenantId": s.opts.TenantID}}})
	case t.key == "/subscriptions":
		var all []any
		for _, key := range s.store.order {
			if !s.denied("/subscriptions/"+key, "Microsoft.Resources/subscriptions/read") {
				all = append(all, s.subscription(key))
			}
		}
		from, to := s.page(r, len(all))
		return s.paged(r, orEmpty(all[from:to]), to, len(all))
	case len(parts) == 2 && parts[0] == "subscriptions":
		return ok(s.subscription(parts[1]))
	case len(parts) == 3 && parts[2] == "resourcegroups":
		var all []any
		for _, key := range slices.Sorted(maps.Keys(s.store.groups)) {
			if strings.HasPrefix(key, t.key+"/") {
				all = append(all, s.group(key))
			}
		}
		from, to := s.page(r, len(all))
		return s.paged(r, orEmpty(all[from:to]), to, len(all))
	case len(parts) == 4 && parts[2] == "resourcegroups":
		if r.Method == http.MethodPut {
			s.putGroup(t.sub, t.group, textAt(body, "location"))
			return response{status: http.StatusCreated, body: s.group(t.key)}
		}
		if s.store.groups[t.key] == nil {
			return s.groupMissing(t)
		}
		return ok(s.group(t.key))
	}
	return failure(http.StatusNotFound, "NotFound", "The fake does not serve '%s'.", t.path)
}

func (s *Server) subscription(key string) object {
	sub := s.store.subscriptions[key]
	return object{
		"id": "/subscriptions/" + sub.ID, "subscriptionId": sub.ID, "tenantId": s.opts.TenantID, "displayName": sub.Name,
		"state": "Enabled", "authorizationSource": "RoleBased", "managedByTenants": []any{},
		"subscriptionPolicies": object{"locationPlacementId": "Public_2014-09-01", "quotaId": "PayAsYouGo_2014-09-01", "spendingLimit": "Off"},
	}
}

func (s *Server) group(key string) object {
	group := clone(s.store.groups[key])
	if s.opts.OddCasing {
		group["id"] = oddGroup(textAt(group, "id"))
	}
	return group
}

// checkName answers whether a name is free for a cache: all tenants share one set of
// names.
func (s *Server) checkName(r *http.Request, body object) response {
	if r.Method != http.MethodPost {
		return methodNotAllowed(r)
	}
	if _, taken := s.store.cacheNames[strings.ToLower(textAt(body, "name"))]; taken {
		return nameTaken(textAt(body, "name"))
	}
	return response{status: http.StatusOK}
}

func nameTaken(name string) response {
	return failure(http.StatusConflict, "NameNotAvailable",
		"An error occurred when trying to reserve the DNS name for the cache. This may be a temporary issue. "+
			"If the DNS name '%s' is unavailable, please choose another.", name)
}
