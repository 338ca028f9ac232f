package armtest

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// idOf is the id as an answer shows it.
func (s *Server) idOf(r *resource) string {
	if !s.opts.OddCasing || r.group == "" {
		return r.id
	}
	return oddGroup(r.id)
}

func oddGroup(id string) string {
	parts := strings.Split(id, "/")
	if len(parts) > 4 {
		parts[3], parts[4] = "resourcegroups", strings.ToUpper(parts[4])
	}
	return strings.Join(parts, "/")
}

// render is an object as an answer shows it.
func (s *Server) render(r *resource, version string) object {
	return s.renderBody(r, r.content(), version)
}

func (s *Server) renderBody(r *resource, content object, version string) object {
	body := clone(content)
	body["id"], body["name"], body["type"] = s.idOf(r), r.lastName(), r.kind.name
	if r.kind.parentInName {
		body["name"] = strings.Join(r.names, "/")
	}
	if r.kind.showsState {
		properties := objectAt(body, "properties")
		if properties == nil {
			properties = object{}
			body["properties"] = properties
		}
		if r.op != nil {
			properties["provisioningState"] = r.op.state()
		} else if properties["provisioningState"] == nil {
			properties["provisioningState"] = "Succeeded"
		}
	}
	s.renderInline(r, body)
	if r.kind.render != nil {
		r.kind.render(s, r, body, version)
	}
	return body
}

func (s *Server) get(t target, k resourceType, version string) response {
	if answer := s.parentMissing(t, k, "read"); answer.failed() {
		return answer
	}
	r := s.store.find(t)
	if r == nil {
		return s.missing(t, k)
	}
	if r.op != nil {
		r.op.advance(s)
	}
	if r.stale > 0 {
		r.stale--
		before := r.before
		if r.stale == 0 && r.gone {
			s.store.drop(r.key)
		}
		if before == nil {
			return s.missing(t, k)
		}
		return ok(s.renderBody(r, before, version))
	}
	if r.gone || s.store.find(t) == nil {
		return s.missing(t, k)
	}
	body := s.render(r, version)
	if r.op == nil && r.settle > 0 {
		r.settle--
	}
	return ok(body)
}

func (s *Server) missing(t target, k resourceType) response {
	switch name := k.name[strings.IndexByte(k.name, '/')+1:]; {
	case strings.HasPrefix(k.name, "Microsoft.Authorization/policy"):
		code := strings.ToUpper(name[:1]) + name[1:len(name)-1] + "NotFound"
		return failure(http.StatusNotFound, code, "The %s '%s' is not found.", name[:len(name)-1], t.lastName())
	case t.group != "" && s.store.groups[strings.ToLower("/subscriptions/"+t.sub+"/resourceGroups/"+t.group)] == nil:
		return s.groupMissing(t)
	}
	return notFound(t)
}

func (s *Server) groupMissing(t target) response {
	return failure(http.StatusNotFound, "ResourceGroupNotFound", "Resource group '%s' could not be found.", t.group)
}

// parentMissing is an error when the outer resource of a child, or the resource
// that an extension stands on, is not there.
func (s *Server) parentMissing(t target, k resourceType, verb string) response {
	parent := parseTarget(t.parent())
	if !t.item() {
		parent = parseTarget(parentPath(t.key))
		if len(t.types) == 1 {
			parent = parseTarget(strings.ToLower(t.scope))
		}
	}
	if _, known := resourceTypes[parent.typeKey()]; !known || strings.HasPrefix(parent.typeKey(), "microsoft.management/") {
		return response{}
	}
	if r := s.store.find(parent); r != nil && !r.gone {
		return response{}
	}
	if verb == "read" && k.extension {
		return notFound(parent)
	}
	return failure(http.StatusNotFound, "ParentResourceNotFound",
		"Failed to perform '%s' on resource(s) of type '%s', because the parent resource '%s' could not be found.",
		verb, strings.Join(t.types, "/"), parent.path)
}

func (s *Server) list(r *http.Request, t target, k resourceType, version string) response {
	if answer := s.parentMissing(t, k, "read"); answer.failed() {
		return answer
	}
	var found []*resource
	switch {
	case k.listsInherited:
		var answer response
		if found, answer = s.inherited(t, r.URL.Query().Get("$filter")); answer.failed() {
			return answer
		}
	case k.elements != nil:
		return ok(object{"value": k.elements(t)})
	case t.group == "" && t.sub != "" && !k.extension:
		found = s.store.bySub[t.sub+" "+t.typeKey()]
	default:
		if t.group != "" && s.store.groups[strings.ToLower("/subscriptions/"+t.sub+"/resourceGroups/"+t.group)] == nil {
			return s.groupMissing(t)
		}
		found = s.store.in(t.key)
	}
	// The page is cut before the bodies are made: a long list costs no more than
	// a short one.
	page, next := s.page(r, len(found))
	values := []any{}
	for _, one := range append([]*resource(nil), found[page:next]...) {
		body := s.listed(one, version)
		if body != nil {
			values = append(values, body)
		}
	}
	return s.paged(r, values, next, len(found))
}

// listed is an object as a list shows it; nil where the list does not.
func (s *Server) listed(r *resource, version string) object {
	if r.stale > 0 {
		r.stale--
		before := r.before
		if r.stale == 0 && r.gone {
			s.store.drop(r.key)
		}
		if before == nil {
			return nil
		}
		return s.renderBody(r, before, version)
	}
	if op := r.op; op != nil {
		if op.advance(s); op.done && op.deletes && op.failure == nil {
			return nil
		}
	}
	if r.gone {
		return nil
	}
	return s.render(r, version)
}

func (s *Server) page(r *http.Request, total int) (from, to int) {
	from, err := strconv.Atoi(r.URL.Query().Get("$skiptoken"))
	if err != nil || from < 0 {
		from = 0
	}
	from = min(from, total)
	return from, min(from+s.opts.PageSize, total)
}

func (s *Server) paged(r *http.Request, values []any, next, total int) response {
	body := object{"value": values}
	if next < total {
		query := url.Values{}
		for key, value := range r.URL.Query() {
			query[key] = value
		}
		query.Set("$skiptoken", strconv.Itoa(next))
		body["nextLink"] = "https://" + r.Host + r.URL.EscapedPath() + "?" + query.Encode()
	}
	return ok(body)
}
