package azure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

func answerOf(r *http.Request, body string) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK, Status: "200 OK", Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)),
	}
}

var theCache = regexp.MustCompile(`(?i)/redis/cache$`)

// TestWeather_Passes: what goes over is not seen.
func TestWeather_Passes(t *testing.T) {
	tests := []struct {
		name  string
		fault armtest.Fault
		tries int
	}{
		{"reset connection", armtest.Fault{Reset: true}, 2},
		{"reset connections", armtest.Fault{Reset: true, Times: 3}, 4},
		{"429", armtest.Fault{Status: 429, Code: "TooManyRequests", Times: 5}, 6},
		{"429 with Retry-After", armtest.Fault{Status: 429, Header: map[string]string{"Retry-After": "0"}}, 2},
		{"500", armtest.Fault{Status: 500, Times: 2}, 3},
		{"503", armtest.Fault{Status: 503, Times: 4}, 5},
		{"byte order mark", armtest.Fault{Prefix: []byte("\xef\xbb\xbf")}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := open(t, armtest.Options{})
			id := d.fake.PutCache(armtest.Cache{})
			tt.fault.Path = theCache
			d.fake.Inject(tt.fault)
			if _, err := d.reader.Read(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			if n := d.fake.Count(armtest.KindRead, "Microsoft.Cache/redis"); n != tt.tries {
				t.Errorf("%d tries, want %d", n, tt.tries)
			}
		})
	}
}

// TestWeather_Stays: what does not go over is said plainly, with the path and
// without the body.
func TestWeather_Stays(t *testing.T) {
	tests := []struct {
		name  string
		fault armtest.Fault
		want  string
	}{
		{"HTML", armtest.Fault{Body: []byte("<html>" + armtest.Canary + "</html>"), Header: map[string]string{"Content-Type": "text/html"}},
			"HTML; a proxy may stand in between"},
		{"malformed JSON", armtest.Fault{Body: []byte(`{"id": "` + armtest.Canary + `", `)}, "not the JSON of Azure Resource Manager"},
		{"an array", armtest.Fault{Body: []byte(`["` + armtest.Canary + `"]`)}, "not the JSON of Azure Resource Manager"},
		{"deleted", armtest.Fault{Status: 404, Code: "ResourceNotFound"}, "does not exist"},
		{"400", armtest.Fault{Status: 400, Code: "BadRequest", Message: "no"}, "status 400 (BadRequest: no)"},
		{"401 for good", armtest.Fault{Status: 401, Code: "InvalidAuthenticationToken", Times: -1}, "does not accept the token"},
		{"503 for good", armtest.Fault{Status: 503, Times: -1}, "no good answer in time"},
		{"resets for good", armtest.Fault{Reset: true, Times: -1}, "no good answer in time"},
		{"no answer", armtest.Fault{Hang: true, Times: -1}, "no answer in time"},
		{"Retry-After beyond the deadline", armtest.Fault{Status: 429, Header: map[string]string{"Retry-After": "3600"}}, "status 429"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := open(t, armtest.Options{}, func(o *Options) { o.RequestTimeout = 300 * time.Millisecond })
			id := d.fake.PutCache(armtest.Cache{})
			tt.fault.Path = theCache
			d.fake.Inject(tt.fault)
			_, err := d.reader.Read(t.Context(), id)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), id) {
				t.Errorf("error %v, want one that says %q and names the path", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), armtest.Canary) {
				t.Errorf("the error holds the body")
			}
		})
	}
}

// TestWeather_Child: a child that cannot be read leaves its facts unknown, and
// is said besides.
func TestWeather_Child(t *testing.T) {
	for name, fault := range map[string]armtest.Fault{
		"HTML":       {Body: []byte("<html></html>")},
		"no list":    {Body: []byte(`{}`)},
		"null list":  {Body: []byte(`{"value":null}`)},
		"next host":  {Body: []byte(`{"value":[],"nextLink":"https://elsewhere.example.test/x"}`)},
		"a 400":      {Status: 400, Code: "BadRequest"},
		"not a rule": {Body: []byte(`{"value":["x"]}`)},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, armtest.Options{})
			id := d.fake.PutCache(armtest.Cache{})
			fault.Path = regexp.MustCompile(`(?i)diagnosticSettings$`)
			d.fake.Inject(fault)
			c, err := d.reader.Read(t.Context(), id)
			var incomplete *Incomplete
			if !errors.As(err, &incomplete) || c == nil {
				t.Fatalf("%v, %v", c, err)
			}
			if c.DiagnosticSettings.Observed || c.DiagnosticSettings.Detail == "" {
				t.Error("the diagnostic settings count as seen")
			}
			if !c.PublicNetworkAccess.IsKnown() || !c.PolicyAssignments.Observed {
				t.Error("what could be read is unknown")
			}
		})
	}
}

func TestWeather_TokenExpiresInTheMiddle(t *testing.T) {
	var d *door
	first := true
	d = open(t, armtest.Options{Before: func(r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "patchSchedules/default") && first {
			first = false
			d.fake.ExpireTokens()
		}
	}})
	id := d.fake.PutCache(armtest.Cache{})
	if _, err := d.reader.Read(t.Context(), id); err != nil {
		t.Fatal(err)
	}
}

func TestWeather_NoConnection(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"DNS", &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "management.azure.com", IsNotFound: true}},
			"the name management.azure.com cannot be resolved"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tries := 0
			d := open(t, armtest.Options{}, func(o *Options) {
				o.Transport = handled(func(*http.Request) (*http.Response, error) { tries++; return nil, tt.err })
			})
			_, err := d.reader.Read(t.Context(), armtest.Cache{}.ID())
			if err == nil || !strings.Contains(err.Error(), tt.want) || tries != 1 {
				t.Errorf("%v after %d tries, want %q after one", err, tries, tt.want)
			}
		})
	}
	t.Run("TLS", func(t *testing.T) {
		untrusting := &http.Transport{}
		t.Cleanup(untrusting.CloseIdleConnections)
		d := open(t, armtest.Options{}, func(o *Options) { o.Transport = &http.Client{Transport: untrusting} })
		_, err := d.reader.Read(t.Context(), armtest.Cache{}.ID())
		if err == nil || !strings.Contains(err.Error(), "unknown authority") {
			t.Errorf("%v", err)
		}
	})
}

func TestWeather_DeletedWhileRead(t *testing.T) {
	var d *door
	var id string
	d = open(t, armtest.Options{Before: func(r *http.Request) {
		if strings.HasSuffix(strings.ToLower(r.URL.Path), "diagnosticsettings") {
			d.fake.Remove(id)
		}
	}})
	id = d.fake.PutCache(armtest.Cache{})
	if c, err := d.reader.Read(t.Context(), id); c != nil || !IsNotFound(err) {
		t.Errorf("%v, %v; want not found", c, err)
	}
}

// TestWeather_CancelledAtEveryStep: however far it got, it ends; goleak sees to
// the goroutines.
func TestWeather_CancelledAtEveryStep(t *testing.T) {
	seed := func(s *armtest.Server) {
		injected(rule("clients", 100, "Allow", "10.0.2.0/24", "6380"))(s)
		assigned("/subscriptions/"+sub, mcsb, nil)(s)
		initiative(member(tlsOnly, ""))(s)
		s.PutCache(armtest.Cache{SKU: "Premium P1", Properties: object{"subnetId": subnetID},
			Configuration: map[string]string{"aad-enabled": "true"}})
		s.PutCache(armtest.Cache{Name: "second"})
	}
	whole := open(t, armtest.Options{})
	seed(whole.fake)
	if got, err := collect(t.Context(), whole.reader.Scan(Selection{})); err != nil || len(got) != 2 {
		t.Fatalf("%d caches, %v", len(got), err)
	}
	steps := len(whole.fake.Requests())
	for step := 1; step <= steps; step++ {
		t.Run(fmt.Sprint(step), func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			seen := make(chan struct{}, steps)
			d := open(t, armtest.Options{Before: func(*http.Request) {
				seen <- struct{}{}
				if len(seen) == step {
					cancel()
				}
			}})
			seed(d.fake)
			scan := d.reader.Scan(Selection{})
			got, err := collect(ctx, scan)
			if err == nil && len(got) == 2 {
				return // the last answers were already under way
			}
			if !errors.Is(err, context.Canceled) || !scan.Partial() {
				t.Errorf("%v, partial %v", err, scan.Partial())
			}
		})
	}
}

func collect(ctx context.Context, s *Scan) (all []*posture.Cache, err error) {
	for c, e := range s.Caches(ctx) {
		if c != nil {
			all = append(all, c)
		}
		if e != nil {
			err = e
		}
	}
	return all, err
}

// TestReadOnly: whatever a later version tries to send, nothing but reads leaves.
func TestReadOnly(t *testing.T) {
	d := open(t, armtest.Options{})
	id := d.fake.PutCache(armtest.Cache{})
	for _, r := range []struct{ method, path string }{
		{http.MethodPost, id + "/listKeys"}, {http.MethodPut, id}, {http.MethodPatch, id}, {http.MethodDelete, id},
		{http.MethodPost, "/subscriptions/" + sub + "/providers/Microsoft.Cache/register"},
	} {
		var into any
		if err := d.client.do(t.Context(), redisCache, r.method, r.path, nil, nil, &into); err == nil ||
			!strings.Contains(err.Error(), "sends no "+r.method) {
			t.Errorf("%s %s: %v", r.method, r.path, err)
		}
	}
	if n := len(d.fake.Requests()); n != 0 {
		t.Errorf("%d requests left", n)
	}
}

// TestRetryAfter: more than a minute is waited for where the deadline allows it.
func TestRetryAfter(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	throttled := func(after string) *http.Response {
		return &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {after}}}
	}
	for after, want := range map[string]bool{"120": true, "599": true, "601": false, "": true} {
		if got := (&retry{ctx: ctx}).again(throttled(after), nil); got != want {
			t.Errorf("Retry-After %q: %v, want %v", after, got, want)
		}
	}
}
