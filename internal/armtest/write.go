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
	if t.typeKey() == redisType {
		return s.putCache(r, t, version, body)
	}
	if answer := s.cacheBusy(t, k); answer.failed() {
		return answer
	}
	existing := s.store.find(t)
	if existing != nil && existing.op != nil {
		return failure(http.StatusConflict, "AnotherOperationInProgress",
			"Another operation on this or dependent resource is in progress. The resource is '%s'.", t.lastName())
	}
	incoming := newResource(t.path, clone(body))
	if answer := s.checkChild(incoming, existing); answer.failed() {
		return answer
	}
	var cache Cache
	if owner := s.store.resources[t.cacheKey()]; owner != nil {
		cache = Cache{Name: owner.lastName(), Location: textAt(owner.body, "location")}
	}
	completeChild(incoming, existing, cache)

	status, created := http.StatusOK, existing == nil || existing.gone
	if created {
		status = http.StatusCreated
	}
	if k.name == "Microsoft.Insights/diagnosticSettings" {
		status = http.StatusOK
	}
	// The service says yes and forgets: the rule that came second stays away.
	if k.ofCache && s.opts.LoseConcurrentChildren && s.inFlight[t.cacheKey()] > 1 {
		return response{status: status, body: s.renderBody(incoming, incoming.body)}
	}
	stored := s.replace(incoming, existing)
	if !k.longRunning {
		s.after(stored)
		return response{status: status, body: s.render(stored, version)}
	}
	o := &operation{states: []string{"Updating"}, then: func() { s.after(stored) }}
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
	if t.typeKey() == redisType {
		return s.patchCache(r, existing, version, body)
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
	return s.put(r, t, k, version, merged)
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
	if t.typeKey() == redisType {
		if existing.op != nil {
			return busy(t.lastName())
		}
	} else if answer := s.cacheBusy(t, k); answer.failed() {
		return answer
	}
	if answer := s.checkDelete(existing); answer.failed() {
		return answer
	}
	if !k.longRunning {
		if k.ofCache && s.opts.StaleReads > 0 {
			existing.before, existing.stale, existing.gone = existing.body, s.opts.StaleReads, true
		} else {
			s.store.drop(t.key)
		}
		return response{status: http.StatusOK}
	}
	o := &operation{deletes: true, states: []string{"Deleting"}, then: func() { s.afterDelete(existing) }}
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
	for _, collection := range []string{"/linkedservers", "/accesspolicies", "/accesspolicyassignments"} {
		for _, child := range s.store.in(cache.key + collection) {
			if child.op != nil {
				return busy(cache.lastName())
			}
		}
	}
	return response{}
}

func (s *Server) action(r *http.Request, t target, version string) response {
	owner := t
	owner.types = t.types[:max(0, len(t.types)-1)]
	owner.key, owner.path = parentPath(t.key), parentPath(t.path)
	if owner.typeKey() != redisType || t.item() {
		return methodNotAllowed(r)
	}
	if !resourceTypes[redisType].knows(version) {
		return failure(http.StatusBadRequest, "NoRegisteredProviderFound", "No registered resource provider found for API version '%s'.", version)
	}
	s.store.materialize(owner)
	cache := s.store.resources[owner.key]
	if cache == nil {
		return notFound(owner)
	}
	switch strings.ToLower(t.lastType()) {
	case "listkeys":
		return ok(accessKeys(cache))
	case "regeneratekey":
		cache.keyGeneration++
		return ok(accessKeys(cache))
	case "forcereboot":
		return ok(object{"message": "Reboot is requested."})
	}
	return methodNotAllowed(r)
}
