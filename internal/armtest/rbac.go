package armtest

import (
	"net/http"
	"path"
	"regexp"
	"strings"
)

type denial struct {
	path   *regexp.Regexp
	action string
}

// Deny takes the right to an action away wherever the pattern matches the path
// of the request. The action is a name such as Microsoft.Cache/redis/read, with
// * and ? as wildcards, any case; empty means every action.
func (s *Server) Deny(pattern *regexp.Regexp, action string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.denials = append(s.denials, denial{pattern, strings.ToLower(action)})
}

// DenySubscription takes every right in a subscription away: it is in no list,
// and Resource Graph says nothing of it.
func (s *Server) DenySubscription(id string) {
	s.Deny(regexp.MustCompile("(?i)^/subscriptions/"+regexp.QuoteMeta(id)+"(/|$)"), "")
}

// AllowAll takes all denials back.
func (s *Server) AllowAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.denials = nil
}

func (s *Server) denied(at, action string) bool {
	for _, d := range s.denials {
		if !d.path.MatchString(at) {
			continue
		}
		// The separators of an action mean nothing to a wildcard.
		flat := strings.NewReplacer("/", ":")
		if matched, err := path.Match(flat.Replace(d.action), flat.Replace(strings.ToLower(action))); d.action == "" || err == nil && matched {
			return true
		}
	}
	return false
}

// authorize returns ARM's refusal of a request, which names the missing action.
func (s *Server) authorize(r *http.Request, t target) response {
	// The two requests leave out objects that may not be seen.
	if strings.EqualFold(t.path, "/subscriptions") || strings.EqualFold(t.path, "/providers/Microsoft.ResourceGraph/resources") {
		return response{}
	}
	action := actionOf(r, t)
	if !s.denied(t.path, action) {
		return response{}
	}
	scope := t.path
	if !t.item() && t.namespace != "" {
		scope = parentPath(t.path)
		if len(t.types) == 1 {
			scope = t.scope
		}
	}
	return failure(http.StatusForbidden, "AuthorizationFailed",
		"The client 'armtest' with object id '%s' does not have authorization to perform action '%s' over scope '%s' or the scope is invalid. "+
			"If access was recently granted, please refresh your credentials.", stableID("principalstub"), action, scope)
}

var tableType = regexp.MustCompile(`(?i)'(microsoft\.[^']+/[^']+)'`)

// actionsOf are the actions that a request needs. Resource Graph shows only rows
// of types that the caller may read, so a query needs those rights too.
func actionsOf(r *http.Request, t target, body []byte) []string {
	if !strings.EqualFold(t.path, "/providers/Microsoft.ResourceGraph/resources") {
		return []string{actionOf(r, t)}
	}
	actions := []string{"Microsoft.ResourceGraph/resources/read"}
	for _, m := range tableType.FindAllStringSubmatch(string(body), -1) {
		name := m[1]
		if k, known := resourceTypes[strings.ToLower(name)]; known {
			name = k.actionName()
		}
		actions = append(actions, name+"/read")
	}
	return actions
}

func actionOf(r *http.Request, t target) string {
	name := t.namespaceType()
	if k, known := resourceTypes[strings.ToLower(name)]; known {
		name = k.actionName()
	}
	if t.namespace == "" {
		name = "Microsoft.Resources/subscriptions"
		if strings.Contains(t.key, "/resourcegroups") {
			name += "/resourceGroups"
		}
	}
	switch r.Method {
	case http.MethodPut, http.MethodPatch:
		return name + "/write"
	case http.MethodDelete:
		return name + "/delete"
	case http.MethodPost:
		outer := t
		outer.types = t.types[:max(0, len(t.types)-1)]
		if k, known := resourceTypes[outer.typeKey()]; known {
			name = k.actionName() + "/" + t.lastType()
		}
		return name + "/action"
	}
	return name + "/read"
}
