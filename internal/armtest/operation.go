package armtest

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// Style is how ARM tells where to ask for the end of an operation.
type Style int

// The two styles.
const (
	AsyncOperation Style = iota // Azure-AsyncOperation, and Location for the result
	LocationOnly                // 202 from Location until it is over
)

// Operations are the settings of long-running operations.
type Operations struct {
	Style Style
	// Polls is how often an operation answers that it is still going on. Reading
	// the object, alone or in a list, counts as well. 0 means once, -1 never.
	Polls int
	// RetryAfter in seconds, when not 0.
	RetryAfter int
	// RetryAfterMs is sent as Retry-After-Ms. 0 means 5, -1 leaves it out.
	RetryAfterMs int
	// States are shown one after the other while an operation goes on, the last
	// until its end. Default: the state that fits the change.
	States []string
	// SettleReads is how many reads after the end still show the last state.
	SettleReads int
}

// operation is one change that is under way.
type operation struct {
	id       string
	resource *resource
	version  string
	deletes  bool
	polls    int
	step     int
	states   []string
	done     bool
	failure  *plannedFailure
	before   object // what a failed update falls back to
	then     func()
	// result is what the operation ends with; nil for the object itself.
	result func(r *resource, version string) object
}

func (o *operation) state() string { return o.states[min(o.step, len(o.states)-1)] }

type plannedFailure struct {
	path          *regexp.Regexp
	code, message string
}

// FailOperation lets the next operation on a matching path end as Failed.
func (s *Server) FailOperation(path *regexp.Regexp, code, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = append(s.failures, plannedFailure{path, code, message})
}

// Finish ends all operations that are going on, as if enough time had passed.
func (s *Server) Finish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.operations {
		if !o.done {
			o.finish(s)
		}
	}
}

// begin starts an operation on an object and adds its headers to the answer.
func (s *Server) begin(r *http.Request, res *resource, o *operation, version string, answer response) response {
	s.nextID++
	o.id = stableID(fmt.Sprint("operation", s.nextID))
	o.resource, o.version = res, version
	o.polls = s.opts.Operations.Polls
	if o.polls == 0 {
		o.polls = 1
	}
	if s.opts.Operations.States != nil {
		o.states = s.opts.Operations.States
	}
	for i, f := range s.failures {
		if f.path == nil || f.path.MatchString(res.path) {
			o.failure = &f
			s.failures = append(s.failures[:i:i], s.failures[i+1:]...)
			break
		}
	}
	res.op = o
	s.operations[o.id] = o
	return s.pollHeaders(r, o, answer)
}

func (s *Server) pollHeaders(r *http.Request, o *operation, answer response) response {
	base := fmt.Sprintf("https://%s/subscriptions/%s/providers/%s/locations/westeurope/", r.Host, o.resource.sub,
		strings.Split(o.resource.kind.name, "/")[0])
	query := "/" + o.id + "?api-version=" + o.version
	answer = answer.with("Location", base+"operationResults"+query)
	if s.opts.Operations.Style == AsyncOperation {
		answer = answer.with("Azure-Asyncoperation", base+"asyncOperations"+query)
	}
	return s.retryHeaders(answer)
}

func (s *Server) retryHeaders(answer response) response {
	if seconds := s.opts.Operations.RetryAfter; seconds > 0 {
		answer = answer.with("Retry-After", strconv.Itoa(seconds))
	}
	if ms := s.opts.Operations.RetryAfterMs; ms >= 0 {
		if ms == 0 {
			ms = 5
		}
		answer = answer.with("Retry-After-Ms", strconv.Itoa(ms))
	}
	return answer
}

// advance counts one poll or read of an operation, and ends the operation after its
// last.
func (o *operation) advance(s *Server) {
	switch {
	case o.done:
	case o.polls <= 0:
		o.finish(s)
	default:
		o.polls--
		o.step++
	}
}

func (o *operation) finish(s *Server) {
	o.done = true
	r := o.resource
	r.op = nil
	switch {
	case o.failure != nil && o.deletes:
	case o.failure != nil:
		if o.before != nil {
			r.body = o.before
		}
		setState(r.body, "Failed")
	case o.deletes:
		s.store.drop(r.key)
	default:
		setState(r.body, "Succeeded")
		r.settle, r.lastState = s.opts.Operations.SettleReads, o.states[len(o.states)-1]
	}
	if o.failure == nil && o.then != nil {
		o.then()
	}
}

func setState(body object, state string) {
	if properties := objectAt(body, "properties"); properties != nil {
		properties["provisioningState"] = state
	}
}

// poll answers a request to either address that begin gave out.
func (s *Server) poll(r *http.Request, t target, version string) response {
	if r.Method != http.MethodGet {
		return methodNotAllowed(r)
	}
	o := s.operations[t.lastName()]
	if o == nil || o.resource.sub != t.sub {
		return failure(http.StatusNotFound, "OperationNotFound", "The operation '%s' was not found.", t.lastName())
	}
	o.advance(s)
	if strings.EqualFold(t.lastType(), "asyncOperations") {
		body := object{"id": t.path, "name": o.id, "status": "InProgress"}
		switch {
		case o.done && o.failure != nil:
			body["status"] = "Failed"
			body["error"] = object{"code": o.failure.code, "message": o.failure.message}
		case o.done:
			body["status"] = "Succeeded"
		default:
			return s.retryHeaders(ok(body))
		}
		return ok(body)
	}
	switch {
	case !o.done:
		return s.pollHeaders(r, o, response{status: http.StatusAccepted})
	case o.failure != nil:
		return failure(http.StatusBadRequest, o.failure.code, "%s", o.failure.message)
	case o.deletes:
		return response{status: http.StatusOK}
	}
	// The result of an operation is final; only reads lag behind.
	settled := *o.resource
	settled.settle = 0
	if o.result != nil {
		return ok(o.result(&settled, version))
	}
	return ok(s.render(&settled, version))
}
