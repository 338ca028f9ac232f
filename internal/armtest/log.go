package armtest

import (
	"net/http"
	"strings"
)

// Kind is the purpose of a request.
type Kind string

// The kinds of requests.
const (
	KindToken     Kind = "token"     // the login host
	KindDiscovery Kind = "discovery" // metadata of the cloud and of the login host
	KindRead      Kind = "read"      // GET of an object
	KindList      Kind = "list"      // GET of a list, each page counts
	KindPoll      Kind = "poll"      // GET of a long-running operation
	KindQuery     Kind = "query"     // Resource Graph
	KindAction    Kind = "action"    // any other POST
	KindWrite     Kind = "write"     // PUT and PATCH
	KindDelete    Kind = "delete"
)

// Request is one line of the log. It holds no token and no query but the
// api-version.
type Request struct {
	Kind         Kind
	Method       string
	Path         string
	APIVersion   string
	Subscription string // lower case
	// Type is the resource type in lower case, for example
	// microsoft.cache/redis/firewallrules.
	Type string
	// Actions are the rights that the request needs, as names of actions.
	Actions       []string
	UserAgent     string
	CorrelationID string
	// Status is 0 while the request is under way and -1 when the connection was
	// cut.
	Status int
	// Body is kept when Options.KeepBodies is set, and never for tokens.
	Body []byte

	index int
}

func classify(r *http.Request, t target) Kind {
	key := t.key
	switch {
	case strings.HasSuffix(key, "/oauth2/v2.0/token"), strings.HasSuffix(key, "/oauth2/token"):
		return KindToken
	case strings.Contains(key, "/.well-known/"), strings.HasPrefix(key, "/metadata/"), strings.HasSuffix(key, "/discovery/instance"):
		return KindDiscovery
	case r.Method == http.MethodPost && key == "/providers/microsoft.resourcegraph/resources":
		return KindQuery
	case r.Method == http.MethodPost:
		return KindAction
	case r.Method == http.MethodPut, r.Method == http.MethodPatch:
		return KindWrite
	case r.Method == http.MethodDelete:
		return KindDelete
	case strings.Contains(key, "/asyncoperations/"), strings.Contains(key, "/operationresults/"):
		return KindPoll
	case t.namespace != "" && t.item(), t.namespace == "" && strings.Count(key, "/")%2 == 0:
		return KindRead
	}
	return KindList
}

func (s *Server) record(r *http.Request, t target, body []byte) Request {
	entry := Request{
		Kind:          classify(r, t),
		Method:        r.Method,
		Path:          r.URL.Path,
		APIVersion:    r.URL.Query().Get("api-version"),
		Subscription:  t.sub,
		Type:          t.typeKey(),
		Actions:       actionsOf(r, t, body),
		UserAgent:     r.UserAgent(),
		CorrelationID: r.Header.Get("X-Ms-Correlation-Request-Id"),
	}
	if s.opts.KeepBodies && entry.Kind != KindToken {
		entry.Body = body
	}
	s.logMu.Lock()
	defer s.logMu.Unlock()
	entry.index = len(s.requests)
	s.requests = append(s.requests, entry)
	return entry
}

func (s *Server) answered(index, status int) {
	s.logMu.Lock()
	defer s.logMu.Unlock()
	if index < len(s.requests) {
		s.requests[index].Status = status
	}
}

// Requests returns the log so far, in order of arrival.
func (s *Server) Requests() []Request {
	s.logMu.Lock()
	defer s.logMu.Unlock()
	return append([]Request(nil), s.requests...)
}

// ClearRequests empties the log. Call it between requests only.
func (s *Server) ClearRequests() {
	s.logMu.Lock()
	defer s.logMu.Unlock()
	s.requests = nil
}

// Count tells how many requests were of a kind and, unless typ is empty, of a
// resource type (any case).
func (s *Server) Count(kind Kind, typ string) int {
	n := 0
	for _, r := range s.Requests() {
		if r.Kind == kind && (typ == "" || strings.EqualFold(r.Type, typ)) {
			n++
		}
	}
	return n
}

// Changes returns the requests to ARM that were not GET, HEAD or a query of
// Resource Graph, which an evaluation must never send.
func (s *Server) Changes() []Request {
	var changes []Request
	for _, r := range s.Requests() {
		switch {
		case r.Kind == KindToken, r.Kind == KindQuery, r.Method == http.MethodGet, r.Method == http.MethodHead:
		default:
			changes = append(changes, r)
		}
	}
	return changes
}

// TB is the part of testing.TB that the helpers use.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// AssertReadOnly fails the test when the client sent anything but GET and queries of
// Resource Graph.
func (s *Server) AssertReadOnly(t TB) {
	t.Helper()
	for _, r := range s.Changes() {
		t.Errorf("%s %s left a read-only client", r.Method, r.Path)
	}
}
