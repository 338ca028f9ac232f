package armtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options are the settings of the fake. With the zero value there is no latency, no
// quota, and operations end after one poll.
type Options struct {
	// Now is the clock of quotas and tokens. Default time.Now.
	Now func() time.Time
	// Latency is how long every answer of ARM takes.
	Latency time.Duration
	// Sleep waits for Latency and Fault.Delay. Default: a real timer that stops
	// with the request's context.
	Sleep func(context.Context, time.Duration) error
	// Seed of the faults with a probability.
	Seed uint64

	// Throttle limits each subscription. Nil: no limit.
	Throttle *Throttle
	// GraphQueries is the quota of Resource Graph. Nil: 15 queries in 5 s.
	GraphQueries *GraphQuota
	// GraphTruncates makes Resource Graph drop the rows after the first page,
	// with resultTruncated and no token to go on with.
	GraphTruncates bool

	// PageSize of lists. Default 50.
	PageSize int
	// OddCasing returns the names of resource groups in upper case.
	OddCasing bool
	// StaleReads is how many reads of a cache's child still show the state before
	// a write.
	StaleReads int
	// LoseConcurrentChildren drops a write to a child, with a success for an
	// answer, when another write to a child of the same cache is under way.
	LoseConcurrentChildren bool
	// Operations says how long-running operations go.
	Operations Operations
	// ZonelessRegions have no availability zones: caches there have NoZones,
	// whatever was asked for.
	ZonelessRegions []string
	// HideZonalAllocation leaves zonalAllocationPolicy out of answers.
	HideZonalAllocation bool
	// Retired refuses new caches as ARM does for tenants that had none.
	Retired bool
	// RefuseUnknownProperties answers 400 for a property that the api-version
	// does not know. Default: ARM's way, it is ignored.
	RefuseUnknownProperties bool

	// TenantID of every token and subscription. Default DefaultTenant.
	TenantID string
	// ClientSecret that the token endpoint asks for. Empty: any.
	ClientSecret string
	// TokenLifetime, by Now. Default one hour.
	TokenLifetime time.Duration

	// KeepBodies keeps the bodies of requests in the log.
	KeepBodies bool
	// Before runs before each request, and After when a request has taken effect and
	// is not answered yet, both outside of all locks.
	Before, After func(*http.Request)
}

// DefaultTenant and DefaultSubscription are ids for tests that need just one.
const (
	DefaultTenant       = "11111111-1111-1111-1111-111111111111"
	DefaultSubscription = "22222222-2222-2222-2222-222222222222"
)

// Server is the fake Azure Resource Manager. Its methods may be called while it serves.
type Server struct {
	opts Options

	mu         sync.Mutex
	store      store
	operations map[string]*operation
	failures   []plannedFailure
	nextID     int
	tokens     map[string]time.Time
	denials    []denial
	buckets    map[string]*bucket
	graph      []time.Time
	inFlight   map[string]int

	faultMu sync.Mutex
	faults  []*Fault
	random  *rand.Rand

	logMu    sync.Mutex
	requests []Request
}

// New returns a fake without subscriptions; PutSubscription, PutCache and the
// other Put methods fill it.
func New(opts Options) *Server {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Sleep == nil {
		opts.Sleep = sleep
	}
	if opts.GraphQueries == nil {
		opts.GraphQueries = &GraphQuota{Queries: 15, Window: 5 * time.Second}
	}
	if opts.PageSize == 0 {
		opts.PageSize = 50
	}
	if opts.TenantID == "" {
		opts.TenantID = DefaultTenant
	}
	if opts.TokenLifetime == 0 {
		opts.TokenLifetime = time.Hour
	}
	return &Server{
		opts:       opts,
		store:      newStore(),
		operations: map[string]*operation{},
		tokens:     map[string]time.Time{},
		buckets:    map[string]*bucket{},
		inFlight:   map[string]int{},
		random:     rand.New(rand.NewPCG(opts.Seed, opts.Seed)),
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Handler serves the whole cloud: login, metadata and ARM.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if s.opts.Before != nil {
		s.opts.Before(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	t := parseTarget(r.URL.Path)
	entry := s.record(r, t, body)

	if s.opts.Latency > 0 && entry.Kind != KindToken && entry.Kind != KindDiscovery {
		if s.opts.Sleep(r.Context(), s.opts.Latency) != nil {
			return
		}
	}
	fault := s.fault(r)
	if fault != nil && fault.Delay > 0 {
		if s.opts.Sleep(r.Context(), fault.Delay) != nil {
			return
		}
	}
	if fault != nil && !fault.After && fault.replaces() {
		s.fail(w, r, entry.index, *fault)
		return
	}
	leave := s.enter(r, t)
	answer := s.answer(r, t, body)
	leave()
	if s.opts.After != nil {
		s.opts.After(r)
	}
	if fault != nil && fault.After && fault.replaces() {
		s.fail(w, r, entry.index, *fault)
		return
	}
	if fault != nil {
		answer.raw = append(append([]byte(nil), fault.Prefix...), answer.raw...)
	}
	s.write(w, r, entry.index, answer)
}

// answer holds the lock for the whole request, the encoding of the body
// included: bodies share maps with the store.
func (s *Server) answer(r *http.Request, t target, body []byte) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := s.route(r, t, body)
	if answer.body != nil {
		raw, err := json.Marshal(answer.body)
		if err != nil {
			return failure(http.StatusInternalServerError, "InternalServerError", "%v", err)
		}
		answer.raw = raw
	}
	return answer
}

func (s *Server) route(r *http.Request, t target, body []byte) response {
	if answer, served := s.login(r, body); served {
		return answer
	}
	if answer := s.authenticate(r); answer.failed() {
		return answer
	}
	version := r.URL.Query().Get("api-version")
	if version == "" {
		return failure(http.StatusBadRequest, "MissingApiVersionParameter",
			"The api-version query parameter (?api-version=) is required for all requests.")
	}
	if !wellFormedVersion.MatchString(version) {
		return failure(http.StatusBadRequest, "InvalidApiVersionParameter", "The api-version '%s' is invalid.", version)
	}
	if t.sub != "" && s.store.subscriptions[t.sub] == nil {
		return failure(http.StatusNotFound, "SubscriptionNotFound", "The subscription '%s' could not be found.", t.sub)
	}
	if answer := s.authorize(r, t); answer.failed() {
		return answer
	}
	if answer := s.throttle(r, t); answer.failed() {
		return answer
	}
	var parsed object
	if len(bytes.TrimSpace(body)) > 0 {
		if err := json.Unmarshal(body, &parsed); err != nil {
			return failure(http.StatusBadRequest, "InvalidRequestContent", "The request content was invalid and could not be deserialized: '%v'.",
				err)
		}
	}
	return s.dispatch(r, t, version, parsed)
}

func (s *Server) dispatch(r *http.Request, t target, version string, body object) response {
	switch key := t.typeKey(); {
	case strings.EqualFold(t.path, "/providers/Microsoft.ResourceGraph/resources"):
		return s.resourceGraph(r, body)
	case t.namespace == "":
		return s.containers(r, t, body)
	case strings.HasSuffix(key, "/asyncoperations") || strings.HasSuffix(key, "/operationresults"):
		return s.poll(r, t, version)
	case key == "microsoft.cache/checknameavailability":
		return s.checkName(r, body)
	case key == "microsoft.management/managementgroups/descendants" && r.Method == http.MethodGet:
		return s.descendants(r, t)
	case r.Method == http.MethodPost:
		return s.action(r, t, version, body)
	default:
		return s.resource(r, t, version, body)
	}
}

// resource serves the objects and lists of the types that the fake knows.
func (s *Server) resource(r *http.Request, t target, version string, body object) response {
	k, known := resourceTypes[t.typeKey()]
	if !known {
		return failure(http.StatusNotFound, "InvalidResourceType",
			"The resource type '%s' could not be found in the namespace '%s' for api version '%s'.", strings.Join(t.types, "/"), t.namespace,
			version)
	}
	if !k.knows(version) {
		return failure(http.StatusBadRequest, "NoRegisteredProviderFound",
			"No registered resource provider found for API version '%s' for type '%s'. The supported api-versions are '%s'.",
			version, strings.Join(t.types, "/"), strings.Join(k.versions, ", "))
	}
	if !t.item() {
		if r.Method != http.MethodGet {
			return methodNotAllowed(r)
		}
		return s.list(r, t, k, version)
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		return s.get(t, k, version)
	case http.MethodPut:
		return s.put(r, t, k, version, body)
	case http.MethodPatch:
		return s.patch(r, t, k, version, body)
	case http.MethodDelete:
		return s.delete(r, t, k, version)
	}
	return methodNotAllowed(r)
}

func (s *Server) write(w http.ResponseWriter, r *http.Request, index int, answer response) {
	for key, values := range answer.header {
		w.Header()[key] = values
	}
	if id := r.Header.Get("X-Ms-Correlation-Request-Id"); id != "" {
		w.Header().Set("X-Ms-Correlation-Request-Id", id)
	}
	w.Header().Set("X-Ms-Request-Id", fmt.Sprintf("00000000-0000-4000-8000-%012d", index))
	if answer.raw != nil && w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	s.answered(index, answer.status)
	w.WriteHeader(answer.status)
	if r.Method == http.MethodHead {
		return
	}
	// A client that is gone does not want the rest.
	if _, err := w.Write(answer.raw); err != nil && !errors.Is(err, http.ErrBodyNotAllowed) {
		return
	}
}

// enter counts the writes to children of one cache that are under way.
func (s *Server) enter(r *http.Request, t target) func() {
	key := t.cacheKey()
	if key == "" || key == t.key || r.Method == http.MethodGet {
		return func() {}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inFlight[key]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.inFlight[key]--; s.inFlight[key] == 0 {
			delete(s.inFlight, key)
		}
	}
}
