package runtask

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/runtask/hcptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var testKey = []byte("a key for tests, which is long enough")

// Plans that the real Terraform made.
const (
	insecure = "insecure-public-cache"
	hardened = "hardened-private-link"
	existing = "existing-caches"
	locals   = "locals-and-dynamic"
	mixed    = "../../../tfplan/testdata/plans/mixed-estate/plan"
	template = "../cases/template-only" // makes a cache that nothing else of the plan describes
)

func planFile(name string) func(io.Writer) error {
	return func(w io.Writer) error {
		f, err := os.Open(filepath.Join("..", "cli", "testdata", "plans", name+".json"))
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = io.Copy(w, f)
		return err
	}
}

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

// inMemory is a listener without a network, which works under a fake clock.
func inMemory(host string) (hcptest.Listener, error) {
	p := &pipe{conns: make(chan net.Conn), done: make(chan struct{})}
	return hcptest.Listener{Listener: p, Host: host, Dial: p.dial}, nil
}

// pipe is a listener in memory.
type pipe struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (p *pipe) dial(ctx context.Context) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.conns <- far:
		return near, nil
	case <-p.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipe) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipe) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipe) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "memory"} }

// world is a service and a simulated HCP Terraform. In a bubble of synctest both
// live in memory, under a fake clock.
type world struct {
	t       *testing.T
	hcp     *hcptest.HCP
	service *Service
	http    *http.Client
	logs    *logs
}

func deny(o *Options) { o.Rules = Rules{{Effect: Deny, Enforce: judge.EnforceAll}} }

func newWorld(t *testing.T, change ...func(*Options)) *world {
	t.Helper()
	hcp, err := hcptest.Start(testKey, inMemory)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, hcp: hcp, logs: &logs{}}
	o := Options{
		Documents: baseline.Published(), Version: "test", Keys: Keys{testKey}, Workers: 4, Capacity: 100,
		Dial: hcp.Dial, TLS: hcp.TLS(), Log: slog.New(slog.NewJSONHandler(w.logs, nil)),
	}
	for _, c := range change {
		c(&o)
	}
	if w.service, err = New(o); err != nil {
		t.Fatal(err)
	}
	w.http = &http.Client{Transport: direct{w.service.Handler()}}
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		w.service.Shutdown(ctx, 0)
		hcp.Close()
		for _, f := range hcp.Faults() {
			t.Errorf("HCP Terraform: %s", f)
		}
		if l := w.logs.String(); strings.Contains(l, "token-of-") || strings.Contains(l, "secret-link") || strings.Contains(l, string(testKey)) {
			t.Errorf("a secret is in the log:\n%s", l)
		}
	})
	return w
}

// direct calls a handler without a network.
type direct struct{ http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	r.RemoteAddr = "192.0.2.7:4711"
	d.ServeHTTP(rec, r)
	return rec.Result(), nil
}

type logs struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// deliver delivers a run and returns the answers.
func (w *world) deliver(r *hcptest.Run) []int {
	w.t.Helper()
	codes, err := w.hcp.Deliver(w.t.Context(), w.http, "https://task.example.com/", w.hcp.Add(r))
	if err != nil {
		w.t.Fatal(err)
	}
	return codes
}

// play delivers a run and waits for its end; nothing in the exchange may be wrong.
func (w *world) play(r *hcptest.Run) *hcptest.Result {
	w.t.Helper()
	if codes := w.deliver(r); codes[len(codes)-1] != http.StatusOK {
		w.t.Fatalf("answers %v", codes)
	}
	if err := r.Wait(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	synctest.Wait()
	for _, f := range r.Record().Faults {
		w.t.Errorf("run: %s", f)
	}
	result := r.Record().Result
	if result == nil {
		w.t.Fatalf("no result; state %s\n%s", r.Record().State, w.logs)
	}
	return result
}

// bubble runs a test under a fake clock.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f(t)
	})
}

func (w *world) want(r *hcptest.Result, status Status, message string) {
	w.t.Helper()
	if r.Status != string(status) || !strings.Contains(r.Message, message) {
		w.t.Errorf("%s %q, want %s with %q", r.Status, r.Message, status, message)
	}
}

func contextFor(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), d)
}
