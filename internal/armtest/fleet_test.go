package armtest

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"testing"
)

func TestFleet(t *testing.T) {
	c := start(t, Options{PageSize: 15})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	c.s.PutFleet(Fleet{Subscriptions: 500, Caches: 10_000, Edit: func(i int, c *Cache) {
		c.Children = map[string]object{"firewallRules/r": {"startIP": fmt.Sprint("10.0.0.", i%250), "endIP": "10.0.1.0"}}
	}})
	runtime.GC()
	runtime.ReadMemStats(&after)
	if used := int64(after.HeapAlloc) - int64(before.HeapAlloc); used > 32<<20 {
		t.Errorf("10,000 caches hold %d MiB", used>>20)
	}
	url, seen := "/subscriptions/"+FleetSubscription(7)+"/providers/Microsoft.Cache/redis", 0
	for pages := 0; url != ""; pages++ {
		got := c.do("GET", url, nil)
		values, _ := got.body["value"].([]any)
		seen += len(values)
		url = textAt(got.body, "nextLink")
		if pages > 1 {
			t.Fatal("too many pages")
		}
	}
	if seen != 20 {
		t.Error(seen)
	}
	id := Cache{Subscription: FleetSubscription(7), ResourceGroup: "rg-fleet", Name: "fleet-00007"}.ID()
	rule := c.do("GET", id+"/firewallRules/r", nil)
	if textAt(rule.body, "properties", "startIP") != "10.0.0.7" {
		t.Error(rule.raw)
	}
	// A write turns the generated cache into a stored one with all that it had.
	c.do("PUT", id+"/firewallRules/other", props(object{"startIP": "1.1.1.1", "endIP": "1.1.1.1"}))
	rules := c.do("GET", id+"/firewallRules", nil)
	if values, _ := rules.body["value"].([]any); len(values) != 2 {
		t.Error(rules.raw)
	}
}

func BenchmarkFleetList(b *testing.B) {
	s := New(Options{})
	s.PutFleet(Fleet{Subscriptions: 500, Caches: 10_000})
	e := s.StartTLS(b)
	token, _ := s.Token()
	for i := 0; b.Loop(); i++ {
		if err := fetch(e, token, "/subscriptions/"+FleetSubscription(i%500)+
			"/providers/Microsoft.Cache/redis?api-version=2024-11-01"); err != nil {
			b.Fatal(err)
		}
	}
}

func fetch(e *Endpoint, token, path string) error {
	request, err := http.NewRequest(http.MethodGet, e.URL+path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := e.Client().Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", answer.StatusCode)
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}
