package arm

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// elsewhere is a server that a redirect leads to. It must never be asked.
type elsewhere struct {
	*httptest.Server

	mu   sync.Mutex
	seen []string
}

func newElsewhere(t *testing.T, secure bool) *elsewhere {
	t.Helper()
	e := &elsewhere{}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		e.mu.Lock()
		defer e.mu.Unlock()
		e.seen = append(e.seen, fmt.Sprintf("%s %s, Authorization %q, body %q", r.Method, r.URL, r.Header.Get("Authorization"), body))
		_, _ = io.WriteString(w, `{"value":[],"access_token":"x","expires_in":3600,"token_type":"Bearer"}`)
	})
	if secure {
		e.Server = httptest.NewTLSServer(handler)
	} else {
		e.Server = httptest.NewServer(handler)
	}
	t.Cleanup(e.Close)
	return e
}

// trusting is a client that trusts the fake and the other server, and knows no
// limit of redirects of its own.
func trusting(t *testing.T, endpoint *armtest.Endpoint, other *elsewhere) *http.Client {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(endpoint.CA)
	if c := other.Certificate(); c != nil {
		pool.AddCert(c)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

var redirects = []int{301, 302, 303, 307, 308}

// Neither a read nor a write nor the question for a token leaves its host, and
// the error says where it was to go.
func TestRedirectsAreNotFollowed(t *testing.T) {
	type world struct {
		client *Client
		writer *Writer
		id     string
	}
	secretBody := map[string]any{"properties": map[string]any{"key": armtest.Canary}}
	acts := []struct {
		name   string
		method string
		path   string
		act    func(*testing.T, world) error
	}{
		{"read", "GET", `/redis/`, func(t *testing.T, w world) error {
			return w.client.Get(t.Context(), cacheKind, w.id, &json.RawMessage{})
		}},
		{"list", "GET", `/redis/?$`, func(t *testing.T, w world) error {
			return List(t.Context(), w.client, cacheKind, cachesPath, nil, func(json.RawMessage) {})
		}},
		{"query", "POST", `/resources$`, func(t *testing.T, w world) error {
			return Query(t.Context(), w.client, GraphScope{Subscriptions: []string{sub}}, "resources", func(json.RawMessage) {})
		}},
		{"keys", "POST", `/listKeys$`, func(t *testing.T, w world) error {
			return w.writer.Post(t.Context(), cacheKind, w.id, "listKeys", nil, &json.RawMessage{})
		}},
		{"put", "PUT", `/redis/`, func(t *testing.T, w world) error {
			_, err := w.writer.Put(t.Context(), cacheKind, w.id, secretBody)
			return err
		}},
		{"put once", "PUT", `/redis/`, func(t *testing.T, w world) error {
			_, err := w.writer.PutOnce(t.Context(), cacheKind, w.id, secretBody)
			return err
		}},
		{"patch", "PATCH", `/redis/`, func(t *testing.T, w world) error {
			_, err := w.writer.Patch(t.Context(), cacheKind, w.id, secretBody)
			return err
		}},
		{"delete", "DELETE", `/redis/`, func(t *testing.T, w world) error {
			_, err := w.writer.Delete(t.Context(), cacheKind, w.id)
			return err
		}},
		{"operation", "GET", `/(operations|asyncOperations)/`, func(t *testing.T, w world) error {
			o, err := w.writer.Patch(t.Context(), cacheKind, w.id, map[string]any{"properties": map[string]any{"enableNonSslPort": true}})
			if err != nil {
				t.Fatal(err)
			}
			for range 5 {
				done, err := o.Poll(t.Context())
				if done || err != nil {
					return err
				}
			}
			return nil
		}},
		{"token", "POST", `/token$`, func(t *testing.T, w world) error {
			return w.client.Get(t.Context(), cacheKind, w.id, &json.RawMessage{})
		}},
	}
	for _, scheme := range []string{"https", "http"} {
		for _, tt := range acts {
			for _, status := range redirects {
				t.Run(fmt.Sprintf("%s to %s by %d", tt.name, scheme, status), func(t *testing.T) {
					other := newElsewhere(t, scheme == "https")
					d := &door{fake: armtest.New(armtest.Options{})}
					d.endpoint = d.fake.StartTLS(t)
					values := custom(d.endpoint.URL)
					values[ClientSecret] = secret
					config, err := NewConfig(values, nil)
					if err != nil {
						t.Fatal(err)
					}
					o := Options{Config: config, Transport: trusting(t, d.endpoint, other), RequestTimeout: 10 * time.Second, RetryDelay: time.Millisecond}
					w := world{id: d.fake.PutCache(armtest.Cache{})}
					if w.client, err = NewClient(o); err != nil {
						t.Fatal(err)
					}
					if w.writer, err = NewWriter(o); err != nil {
						t.Fatal(err)
					}
					// The same name as the fake's: net/http would keep the token.
					at := strings.Replace(other.URL, "127.0.0.1", "localhost", 1)
					d.fake.Inject(armtest.Fault{
						Method: tt.method, Path: regexp.MustCompile("(?i)" + tt.path), Times: -1, Status: status,
						Header: map[string]string{"Location": at + "/stolen?sig=" + armtest.Canary},
					})
					err = tt.act(t, w)
					if len(other.seen) > 0 {
						t.Errorf("sent to another host: %s", other.seen)
					}
					host := strings.TrimPrefix(strings.TrimPrefix(at, "https://"), "http://")
					if err == nil || !strings.Contains(err.Error(), "redirect") || !strings.Contains(err.Error(), host) {
						t.Fatalf("the error does not say that a redirect to %s was not followed: %v", host, err)
					}
					if strings.Contains(err.Error(), armtest.Canary) || strings.Contains(err.Error(), secret) {
						t.Errorf("the error holds a secret: %v", err)
					}
				})
			}
		}
	}
}

// A CI system that redirects gets the request token nowhere else.
func TestRedirectsAreNotFollowed_OIDC(t *testing.T) {
	for _, connection := range []string{"", "conn"} {
		for _, status := range redirects {
			other := newElsewhere(t, true)
			ci := httptest.NewTLSServer(http.RedirectHandler(strings.Replace(other.URL, "127.0.0.1", "localhost", 1)+"/stolen", status))
			t.Cleanup(ci.Close)
			pool := x509.NewCertPool()
			pool.AddCert(ci.Certificate())
			transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "example.com"}}
			t.Cleanup(transport.CloseIdleConnections)
			config, err := NewConfig(map[string]string{
				UseOIDC: "true", OIDCRequestURL: ci.URL + "/token", OIDCRequestToken: secret, ADOServiceConnectionID: connection,
				TenantID: armtest.DefaultTenant, ClientID: armtest.DefaultTenant, UseCLI: "false", DisableInstanceDiscovery: "true",
				Environment: "custom", ResourceManagerEndpoint: ci.URL, AuthorityHost: ci.URL,
			}, nil)
			if err != nil {
				t.Fatal(err)
			}
			request := oidcRequest{url: config.String(OIDCRequestURL), token: secret, serviceConnection: connection}
			request.options.Transport = newTransport(&http.Client{Transport: transport})
			_, err = request.fetch(t.Context())
			if len(other.seen) > 0 || err == nil || !strings.Contains(err.Error(), "redirect") || strings.Contains(err.Error(), secret) {
				t.Errorf("%d: %v, sent elsewhere: %s", status, err, other.seen)
			}
		}
	}
}

// Within its host a read is followed, but not for ever.
func TestRedirectsWithinTheHost(t *testing.T) {
	d := open(t, armtest.Options{})
	id := d.fake.PutCache(armtest.Cache{})
	d.fake.Inject(armtest.Fault{Path: regexp.MustCompile(`(?i)/redis/cache$`), Status: 307,
		Header: map[string]string{"Location": id + "?api-version=2024-11-01&again"}})
	if err := d.client.Get(t.Context(), cacheKind, id, &json.RawMessage{}); err != nil {
		t.Error(err)
	}
	d.fake.Inject(armtest.Fault{Path: regexp.MustCompile(`(?i)/redis/cache$`), Times: -1, Status: 302,
		Header: map[string]string{"Location": id}})
	if err := d.client.Get(t.Context(), cacheKind, id, &json.RawMessage{}); err == nil || !strings.Contains(err.Error(), "redirect") {
		t.Errorf("a redirect to itself: %v", err)
	}
}
