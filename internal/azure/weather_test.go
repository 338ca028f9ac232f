package azure

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

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

func TestWeather_DeletedWhileRead(t *testing.T) {
	var d *door
	var id string
	d = open(t, armtest.Options{Before: func(r *http.Request) {
		if strings.HasSuffix(strings.ToLower(r.URL.Path), "diagnosticsettings") {
			d.fake.Remove(id)
		}
	}})
	id = d.fake.PutCache(armtest.Cache{})
	if c, err := d.reader.Read(t.Context(), id); c != nil || !arm.IsNotFound(err) {
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
