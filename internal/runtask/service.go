package runtask

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
	"golang.org/x/time/rate"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// Options are the settings of a service.
type Options struct {
	Documents baseline.Documents
	Version   string
	Keys      Keys // none: requests are not verified
	Rules     Rules

	Hosts        []string // API hosts; empty means HCP Terraform
	ArchiveHosts []string // in addition to the known ones and the API hosts
	AllowPrivate bool     // addresses in private networks

	Workers  int   // tasks that are worked on at a time
	Capacity int   // tasks that are accepted at a time
	MaxPlan  int64 // bytes; 0 for no limit

	Pages  PageOptions
	Now    func() time.Time // clock of reports and of the pages; nil means time.Now
	Log    *slog.Logger
	Tracer trace.TracerProvider // nil for none

	// Dial and TLS replace the connection to hosts, for tests and simulations.
	Dial dialFunc
	TLS  *tls.Config
}

// Service answers run task requests and works on them.
type Service struct {
	opts       Options
	client     *client
	pages      *pages
	metrics    *metrics
	log        *slog.Logger
	tracer     trace.Tracer
	rules      atomic.Pointer[Rules]
	workers    chan struct{}
	claims     *claims
	refusalLog *rate.Limiter                                 // limits the log lines about refused requests
	judge      func(context.Context, *task) (*Result, error) // replaced by tests

	stopping atomic.Bool
	tasks    sync.WaitGroup
	// soft ends the judging of tasks, hard also the reporting of their results.
	soft     context.Context
	stopSoft context.CancelCauseFunc
	hard     context.Context
	stopHard context.CancelFunc
}

// New returns a service that is ready to serve.
func New(o Options) (*Service, error) {
	h, err := newHosts(o.Hosts, o.ArchiveHosts)
	if err != nil {
		return nil, err
	}
	for _, key := range o.Keys {
		if err := CheckKey(key); err != nil {
			return nil, err
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Pages.Now = o.Now
	p, err := newPages(o.Pages, o.Keys)
	if err != nil {
		return nil, err
	}
	if o.Dial == nil {
		o.Dial = dialer(o.AllowPrivate)
	}
	if o.Tracer == nil {
		o.Tracer = noop.NewTracerProvider()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Workers, o.Capacity = max(o.Workers, 1), max(o.Capacity, 1)
	s := &Service{
		opts: o, pages: p, client: newClient(h, o.Dial, o.TLS, o.Version), metrics: newMetrics(), log: o.Log,
		tracer: o.Tracer.Tracer("redisbaseline"), workers: make(chan struct{}, o.Workers), claims: newClaims(o.Capacity),
		refusalLog: rate.NewLimiter(rate.Every(time.Second), 5),
		judge:      func(ctx context.Context, t *task) (*Result, error) { return t.examine(ctx) },
	}
	s.SetRules(o.Rules)
	s.soft, s.stopSoft = context.WithCancelCause(context.Background())
	s.hard, s.stopHard = context.WithCancel(context.Background())
	return s, nil
}

// SetRules replaces the rules for requests from now on.
func (s *Service) SetRules(r Rules) { s.rules.Store(&r) }

// Reloaded counts an attempt to reload the rules.
func (s *Service) Reloaded(ok bool) { s.metrics.reloads.WithLabelValues(strconv.FormatBool(ok)).Inc() }

// Handler serves run task requests at /, report pages and health.
func (s *Service) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{$}", s.serve)
	health := s.Health()
	mux.Handle("GET /healthz", health)
	mux.Handle("GET /readyz", health)
	if s.pages != nil {
		mux.Handle("GET /reports/{id}", s.pages)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.URL.Path != "/" {
			// The log tells the owner of the service that another path was registered.
			s.answer(w, r, answer{http.StatusNotFound, "run task requests go to the path /, not to another"})
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// Health serves /healthz, which says that the process answers, and /readyz, which
// says that requests are taken.
func (s *Service) Health() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if s.stopping.Load() {
			http.Error(w, "stopping", http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, "ok\n")
	})
	return mux
}

// Metrics serves the counters of the service.
func (s *Service) Metrics() http.Handler { return s.metrics.handler() }

// answer is the answer to a request.
type answer struct {
	code int
	text string
}

func (s *Service) serve(w http.ResponseWriter, r *http.Request) { s.answer(w, r, s.receive(w, r)) }

func (s *Service) answer(w http.ResponseWriter, r *http.Request, a answer) {
	a.text = cut(report.OneLine(a.text)) // it may quote the request
	s.metrics.requests.WithLabelValues(strconv.Itoa(a.code)).Inc()
	if a.code == http.StatusOK {
		w.WriteHeader(http.StatusOK)
		return
	}
	if s.refusalLog.Allow() {
		s.log.Warn("request refused", "code", a.code, "reason", a.text, "remote", r.RemoteAddr)
	}
	if a.code == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "30")
	}
	if a.code == http.StatusRequestEntityTooLarge {
		w.Header().Set("Connection", "close")
	}
	http.Error(w, a.text, a.code)
}

// receive checks a request and starts the work on it. A request is refused before it
// is accepted or never, because HCP Terraform does not deliver it again after 200.
func (s *Service) receive(w http.ResponseWriter, r *http.Request) answer {
	if r.ContentLength > maxRequest {
		return answer{http.StatusRequestEntityTooLarge, "the request is too large"}
	}
	var body bytes.Buffer
	if r.ContentLength > 0 {
		body.Grow(int(r.ContentLength) + bytes.MinRead) // one allocation: there may be hundreds of requests
	}
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, maxRequest))
	raw := body.Bytes()
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return answer{http.StatusRequestEntityTooLarge, "the request is too large"}
	case err != nil:
		return answer{http.StatusBadRequest, "the request could not be read"}
	}
	if len(s.opts.Keys) > 0 && !s.opts.Keys.Verify(raw, r.Header.Get(signatureHeader)) {
		return answer{http.StatusUnauthorized, "the signature is missing or does not fit the body: give the run task the same HMAC key"}
	}
	req, err := ParseRequest(raw)
	if err != nil {
		return answer{http.StatusBadRequest, err.Error()}
	}
	if req.IsVerification() {
		s.log.Info("verified")
		return answer{http.StatusOK, ""}
	}
	if _, err := s.client.hosts.check(req.CallbackURL); err != nil {
		return answer{http.StatusBadRequest, "task_result_callback_url: " + err.Error()}
	}
	return s.accept(r.Context(), req)
}

func (s *Service) accept(ctx context.Context, req *Request) answer {
	switch s.claims.claim(req.TaskResultID, &s.stopping) {
	case claimDuplicate:
		s.log.Info("delivered again", "task_result_id", req.TaskResultID, "run_id", cut(req.RunID))
		return answer{http.StatusOK, ""}
	case claimFull:
		return answer{http.StatusServiceUnavailable, "busy: deliver this again"}
	case claimStopping:
		return answer{http.StatusServiceUnavailable, "stopping: deliver this again"}
	}
	s.metrics.accepted.Inc()
	rule, _ := s.rules.Load().For(req.Organization, req.Project, req.Workspace)
	t := &task{
		s: s, req: req, accepted: time.Now(), rule: rule,
		callback: &callback{client: s.client, url: req.CallbackURL, token: req.AccessToken},
		log: s.log.With("run_id", cut(req.RunID), "workspace_id", cut(req.WorkspaceID), "task_result_id", req.TaskResultID,
			"stage", cut(string(req.Stage))),
	}
	t.log.Info("accepted", "effect", string(t.rule.Effect), "enforcement_level", cut(req.EnforcementLevel))
	// The task keeps the values of the request's context (a trace), and outlives it.
	base := context.WithoutCancel(ctx)
	s.tasks.Go(func() {
		base, cancel := context.WithCancelCause(base)
		defer cancel(nil)
		defer context.AfterFunc(s.soft, func() { cancel(context.Cause(s.soft)) })()
		reported := t.run(base)
		s.claims.release(req.TaskResultID, reported)
		s.metrics.accepted.Dec()
	})
	return answer{http.StatusOK, ""}
}

// logWithin is the time to log which results were lost.
const logWithin = time.Second

// Shutdown refuses new requests and waits for the accepted ones. When ctx ends, the
// tasks that are not done are stopped and report that they were, for which they have
// the time of reporting; then Shutdown returns, even if one still computes.
func (s *Service) Shutdown(ctx context.Context, reporting time.Duration) {
	s.claims.stop(&s.stopping)
	done := make(chan struct{})
	go func() { s.tasks.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		s.stopSoft(errShutdown)
		select {
		case <-done:
		case <-time.After(reporting):
			s.stopHard()
			select {
			case <-done:
			case <-time.After(logWithin):
			}
		}
	}
	s.stopSoft(errShutdown)
	s.stopHard()
	s.client.http.CloseIdleConnections()
	s.pages.close()
}
