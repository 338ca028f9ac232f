package arm

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

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
			if err := d.read(t, id); err != nil {
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
			err := d.read(t, id)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), id) {
				t.Errorf("error %v, want one that says %q and names the path", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), armtest.Canary) {
				t.Errorf("the error holds the body")
			}
		})
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
			err := d.read(t, armtest.Cache{}.ID())
			if err == nil || !strings.Contains(err.Error(), tt.want) || tries != 1 {
				t.Errorf("%v after %d tries, want %q after one", err, tries, tt.want)
			}
		})
	}
	t.Run("TLS", func(t *testing.T) {
		untrusting := &http.Transport{}
		t.Cleanup(untrusting.CloseIdleConnections)
		d := open(t, armtest.Options{}, func(o *Options) { o.Transport = &http.Client{Transport: untrusting} })
		err := d.read(t, armtest.Cache{}.ID())
		if err == nil || !strings.Contains(err.Error(), "unknown authority") {
			t.Errorf("%v", err)
		}
	})
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
		if err := d.client.do(t.Context(), cacheKind.endpoint("read"), r.method, r.path, nil, nil, &into); err == nil ||
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
