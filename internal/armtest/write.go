package armtest

import (
	"net/http"
	"strings"
)

func (s *Server) put(r *http.Request, t target, k resourceType, version string, body object) response {
	if body == nil {
		return failure(http.StatusBadRequest, "InvalidRequestContent", "The request content was invalid: a body is required.")
	}
	if t.group != "" && s.store.groups[strings.ToLower("/subscriptions/"+t.sub+"/resourceGroups/"+t.group)] == nil {
		return s.groupMissing(t)
	}
	s.store.materialize(t)
	if answer := s.parentMissing(t, k, "write"); answer.failed() {
		return answer
	}
	if k.put != nil {
		return k.put(s, r, t, version, body)
	}
	return s.keep(r, t, k, version, body, false)
}

// keep stores an object, as most types do.
func (s *Server) keep(r *http.Request, t target, k resourceType, version string, body object, patch bool) response {
	if answer := s.cacheBusy(t, k); answer.failed() {
		return answer
	}
	existing := s.store.find(t)
	if existing != nil && existing.op != nil {
		return failure(http.StatusConflict, "AnotherOperationInProgress",
			"Another operation on this or dependent resource is in progress. The resource is '%s'.", t.lastName())
	}
	incoming := newResource(t.path, clone(body))
	if k.check != nil {
		if answer := k.check(s, change{incoming, existing, version, patch}); answer.failed() {
			return answer
		}
	}
	var cache Cache
	if owner := s.store.resources[t.cacheKey()]; owner != nil {
		cache = Cache{Name: owner.lastName(), Location: textAt(owner.body, "location")}
	}
	completeObject(incoming, existing, cache)

	status, created := http.StatusOK, existing == nil || existing.gone
	if created {
		status = http.StatusCreated
	}
	if k.name == "Microsoft.Insights/diagnosticSettings" {
		status = http.StatusOK
	}
	// The service says yes and forgets: the rule that came second stays away.
	if k.ofCache && s.opts.LoseConcurrentChildren && s.inFlight[t.cacheKey()] > 1 {
		return response{status: status, body: s.renderBody(incoming, incoming.body, version)}
	}
	stored := s.replace(incoming, existing)
	if !k.longRunning {
		stored.written(s)
		return response{status: status, body: s.render(stored, version)}
	}
	state := "Updating"
	if created {
		state = "Creating"
	}
	o := &operation{states: []string{state}, then: func() { stored.written(s) }}
	if existing != nil {
		o.before = existing.before
	}
	answer := s.begin(r, stored, o, version, response{status: status})
	answer.body = s.render(stored, version)
	return answer
}

// replace stores the object, or gives the stored one a new body; readers of a
// cache's children go on seeing the old one for a while.
func (s *Server) replace(incoming, existing *resource) *resource {
	if existing == nil {
		s.adopt(incoming)
		existing = incoming
		existing.before = nil
	} else {
		existing.before = existing.body
		if existing.gone {
			existing.before = nil
		}
		existing.gone = false
		s.splitInline(existing, incoming.body)
		existing.body = incoming.body
	}
	if existing.kind.ofCache {
		existing.stale = s.opts.StaleReads
	}
	return existing
}

func (s *Server) patch(r *http.Request, t target, k resourceType, version string, body object) response {
	s.store.materialize(t)
	existing := s.store.find(t)
	if existing == nil || existing.gone {
		return s.missing(t, k)
	}
	if k.patch != nil {
		return k.patch(s, r, existing, version, body)
	}
	merged := clone(existing.body)
	for name, value := range body {
		if name == "properties" {
			for inner, value := range objectAt(body, "properties") {
				if objectAt(merged, "properties") == nil {
					merged["properties"] = object{}
				}
				objectAt(merged, "properties")[inner] = value
			}
			continue
		}
		merged[name] = value
	}
	return s.keep(r, t, k, version, merged, true)
}

func (s *Server) delete(r *http.Request, t target, k resourceType, version string) response {
	s.store.materialize(t)
	if t.group != "" && s.store.groups[strings.ToLower("/subscriptions/"+t.sub+"/resourceGroups/"+t.group)] == nil {
		return s.groupMissing(t)
	}
	existing := s.store.find(t)
	if existing == nil || existing.gone {
		return response{status: http.StatusNoContent}
	}
	if k.cache != nil {
		if existing.op != nil {
			return busy(t.lastName())
		}
	} else if answer := s.cacheBusy(t, k); answer.failed() {
		return answer
	}
	if k.checkDelete != nil {
		if answer := k.checkDelete(s, existing); answer.failed() {
			return answer
		}
	}
	if !k.longRunning {
		if k.ofCache && s.opts.StaleReads > 0 {
			existing.before, existing.stale, existing.gone = existing.body, s.opts.StaleReads, true
		} else {
			s.store.drop(t.key)
		}
		return response{status: http.StatusOK}
	}
	o := &operation{deletes: true, states: []string{"Deleting"}, then: func() { existing.deleted(s) }}
	return s.begin(r, existing, o, version, response{status: http.StatusAccepted})
}

// cacheBusy refuses a write to a child while its cache changes. Diagnostic settings
// belong to another service, which does not refuse.
func (s *Server) cacheBusy(t target, k resourceType) response {
	cache := s.store.resources[t.cacheKey()]
	if cache == nil || k.extension {
		return response{}
	}
	if cache.op != nil {
		return busy(cache.lastName())
	}
	for _, collection := range cache.kind.cache.busy {
		for _, child := range s.store.in(cache.key + collection) {
			if child.op != nil {
				return busy(cache.lastName())
			}
		}
	}
	return response{}
}

// action answers a POST to an object.
func (s *Server) action(r *http.Request, t target, version string, body object) response {
	owner := t
	owner.types = t.types[:max(0, len(t.types)-1)]
	owner.key, owner.path = parentPath(t.key), parentPath(t.path)
	k := resourceTypes[owner.typeKey()]
	act := k.actions[strings.ToLower(t.lastType())]
	if act == nil || t.item() {
		return methodNotAllowed(r)
	}
	if !k.knows(version) {
		return failure(http.StatusBadRequest, "NoRegisteredProviderFound", "No registered resource provider found for API version '%s'.", version)
	}
	s.store.materialize(owner)
	on := s.store.resources[owner.key]
	if on == nil {
		return notFound(owner)
	}
	return act(s, r, on, version, body)
}
