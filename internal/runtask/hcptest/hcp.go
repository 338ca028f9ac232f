package hcptest

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// The hosts of HCP Terraform.
const (
	Host        = "app.terraform.io"
	ArchiveHost = "archivist.terraform.io"
)

// linkLife is how long a link into the archive works.
const linkLife = time.Minute

// HCP is a simulated HCP Terraform.
type HCP struct {
	host    string // of the API, as it stands in addresses
	archive string
	key     []byte
	servers []*http.Server
	dial    map[string]func(context.Context) (net.Conn, error)
	// certificate is that of both hosts.
	certificate *x509.Certificate

	handlers sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	runs    map[string]*Run
	links   map[string]link
	faults  []string
	reached []string
}

type link struct {
	write   func(io.Writer) error
	expires time.Time
}

// Listener is where a simulated host listens.
type Listener struct {
	net.Listener
	Host string // the host as it stands in addresses
	Dial func(context.Context) (net.Conn, error)
}

// Loopback is a listener on this machine for a host, under its real name: only
// [HCP.Dial] finds it.
func Loopback(host string) (Listener, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return Listener{}, err
	}
	return Listener{l, host, func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", l.Addr().String())
	}}, nil
}

// Start starts a simulated HCP Terraform that signs with key, and whose hosts listen
// where listen says.
func Start(key []byte, listen func(host string) (Listener, error)) (*HCP, error) {
	h := &HCP{host: Host, archive: ArchiveHost, key: key, runs: map[string]*Run{}, links: map[string]link{},
		dial: map[string]func(context.Context) (net.Conn, error){}}
	cert, err := certificate(Host, ArchiveHost, "localhost")
	if err != nil {
		return nil, err
	}
	h.certificate = cert.Leaf
	api := http.NewServeMux()
	api.HandleFunc("GET /api/v2/plans/{id}/json-output", h.plan)
	api.HandleFunc("GET /api/v2/plans/{id}/sanitized-plan", h.sanitized)
	api.HandleFunc("GET /api/v2/configuration-versions/{id}/download", h.configuration)
	api.HandleFunc("PATCH /api/v2/task-results/{id}/callback", h.callback)
	archive := http.NewServeMux()
	archive.HandleFunc("GET /v1/object/{key}", h.object)
	for host, handler := range map[*string]http.Handler{&h.host: api, &h.archive: archive} {
		l, err := listen(*host)
		if err != nil {
			h.Close()
			return nil, err
		}
		h.dial[*host+":443"], *host = l.Dial, l.Host
		h.serve(l, handler, cert)
	}
	return h, nil
}

// Hosts are the hosts of the API and of the archive.
func (h *HCP) Hosts() (api, archive string) { return h.host, h.archive }

// Certificate is the certificate that clients have to trust.
func (h *HCP) Certificate() *x509.Certificate { return h.certificate }

func (h *HCP) serve(l net.Listener, handler http.Handler, cert tls.Certificate) {
	counted := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		closed := h.closed
		if !closed {
			h.handlers.Add(1)
		}
		h.mu.Unlock()
		if closed {
			panic(http.ErrAbortHandler)
		}
		defer h.handlers.Done()
		handler.ServeHTTP(w, r)
	})
	server := &http.Server{Handler: counted, ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: time.Minute}
	h.servers = append(h.servers, server)
	secure := tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}})
	go func() { _ = server.Serve(secure) }() // ends with Close
}

// Dial connects to the simulated host that an address names.
func (h *HCP) Dial(ctx context.Context, _, address string) (net.Conn, error) {
	h.mu.Lock()
	h.reached = append(h.reached, address)
	dial := h.dial[address]
	h.mu.Unlock()
	if dial == nil {
		return nil, fmt.Errorf("no host %s", address)
	}
	return dial(ctx)
}

// Reached returns the addresses that were dialed.
func (h *HCP) Reached() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.reached...)
}

// TLS trusts the simulated hosts.
func (h *HCP) TLS() *tls.Config {
	trust := x509.NewCertPool()
	trust.AddCert(h.certificate)
	return &tls.Config{RootCAs: trust}
}

// Close stops the hosts and waits for the requests that are being answered.
func (h *HCP) Close() {
	for _, s := range h.servers {
		_ = s.Close()
	}
	h.mu.Lock()
	h.closed = true // no handler starts from now on
	h.mu.Unlock()
	h.handlers.Wait()
}

// Faults are violations of the protocol that belong to no run.
func (h *HCP) Faults() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.faults...)
}

// Add adds a run.
func (h *HCP) Add(r *Run) *Run {
	h.mu.Lock()
	defer h.mu.Unlock()
	r.live = &live{hcp: h, ID: strconv.Itoa(len(h.runs) + 1), ended: make(chan struct{}), record: Record{State: "running"}}
	r.token = "token-of-" + r.ID
	for _, d := range []struct {
		field *string
		value string
	}{{&r.Stage, "post_plan"}, {&r.Organization, "acme"}, {&r.Project, "Default Project"}, {&r.Workspace, "redis"}} {
		if *d.field == "" {
			*d.field = d.value
		}
	}
	h.runs[r.ID] = r
	return r
}

// Deliver posts the request of a run to a service until it answers 200, at most
// a few times, as HCP Terraform does; it returns the answers, 0 for none.
func (h *HCP) Deliver(ctx context.Context, client *http.Client, service string, r *Run) ([]int, error) {
	r.begin()
	var codes []int
	for try := 0; try < 5; try++ {
		code, err := h.Post(ctx, client, service, r.Request())
		if codes = append(codes, code); err == nil && code == http.StatusOK || ctx.Err() != nil {
			return codes, ctx.Err()
		}
		select {
		case <-time.After(time.Second << try):
		case <-ctx.Done():
			return codes, ctx.Err()
		}
	}
	return codes, nil
}

// Post posts a signed body once.
func (h *HCP) Post(ctx context.Context, client *http.Client, service string, body []byte) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, service, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "TFC/1.0 (+https://app.terraform.io; TFC)")
	req.Header.Set("X-TFC-Task-Signature", Sign(h.key, body))
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, resp.Body.Close()
}

func (h *HCP) run(id string) *Run {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.runs[id]
}

// authorized finds the run of a request, where it has the token of the run.
func (h *HCP) authorized(w http.ResponseWriter, r *http.Request) *Run {
	run := h.run(r.PathValue("id"))
	if run == nil || r.Header.Get("Authorization") != "Bearer "+run.token {
		w.WriteHeader(http.StatusUnauthorized)
		return nil
	}
	return run
}

func (h *HCP) plan(w http.ResponseWriter, r *http.Request) {
	run := h.authorized(w, r)
	if run == nil {
		return
	}
	run.mu.Lock()
	code, hangUp := http.StatusOK, run.Hangups > 0
	switch {
	case hangUp:
		run.Hangups--
	case run.NotReady != 0:
		run.NotReady--
		code = http.StatusNoContent
	case len(run.PlanCodes) > 0:
		code, run.PlanCodes = run.PlanCodes[0], run.PlanCodes[1:]
	case run.Sanitized != nil:
		code = http.StatusUnprocessableEntity
	case run.Plan == nil:
		code = http.StatusNotFound
	}
	run.mu.Unlock()
	switch {
	case hangUp:
		panic(http.ErrAbortHandler)
	case code != http.StatusOK:
		w.WriteHeader(code)
	case run.Location != "":
		w.Header().Set("Location", run.Location)
		w.WriteHeader(http.StatusTemporaryRedirect)
	default:
		h.redirect(w, r, run.Plan, http.StatusTemporaryRedirect)
	}
}

func (h *HCP) sanitized(w http.ResponseWriter, r *http.Request) {
	run := h.authorized(w, r)
	switch {
	case run == nil:
	case run.Sanitized == nil:
		http.NotFound(w, r)
	default:
		h.redirect(w, r, run.Sanitized, http.StatusTemporaryRedirect)
	}
}

func (h *HCP) configuration(w http.ResponseWriter, r *http.Request) {
	run := h.authorized(w, r)
	if run == nil {
		return
	}
	h.redirect(w, r, func(w io.Writer) error { _, err := w.Write(run.Configuration); return err }, http.StatusFound)
}

func (h *HCP) redirect(w http.ResponseWriter, r *http.Request, write func(io.Writer) error, code int) {
	h.mu.Lock()
	key := fmt.Sprintf("secret-link-%d", len(h.links)+1)
	h.links[key] = link{write, time.Now().Add(linkLife)}
	h.mu.Unlock()
	http.Redirect(w, r, "https://"+h.archive+"/v1/object/"+key, code)
}

// object serves the archive. It refuses a request with a token, as the real archive
// does, and records a fault: the archive must not be given the token.
func (h *HCP) object(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	l, ok := h.links[r.PathValue("key")]
	leaked := r.Header.Get("Authorization") != ""
	if leaked {
		h.faults = append(h.faults, "the archive was given a token")
	}
	h.mu.Unlock()
	switch {
	case leaked:
		w.WriteHeader(http.StatusBadRequest)
	case !ok || time.Now().After(l.expires):
		w.WriteHeader(http.StatusForbidden)
	default:
		w.Header().Set("Content-Type", "application/json")
		if err := l.write(w); err != nil {
			panic(http.ErrAbortHandler) // the answer breaks off
		}
	}
}

// certificate makes a certificate for the hosts, which is valid under a fake clock too.
func certificate(hosts ...string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: hosts, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf, err := x509.ParseCertificate(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, err
}
