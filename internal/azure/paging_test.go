package azure

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// unhurried are limits that keep no test waiting.
var unhurried = Limits{Concurrency: 64, SubscriptionConcurrency: 16, ReadBurst: 1e6, ReadsPerSecond: 1e6, QueryBurst: 1e6, QuerySeconds: 1}

// A list that never ends, or that comes back to a page, ends with an error soon.
func TestListsEnd(t *testing.T) {
	pages := map[string]struct {
		page func(n int) (value, next string)
		most int // requests
		want string
	}{
		"a page that is its own next one": {func(int) (string, string) { return `{"id":"x"}`, "again" }, 2, "was read already"},
		"two pages in turn":               {func(n int) (string, string) { return `{"id":"x"}`, fmt.Sprint("turn", n%2) }, 3, "was read already"},
		"no end of empty pages":           {func(n int) (string, string) { return "", fmt.Sprint(n) }, mostEmptyPages, "no end"},
		"no end of pages":                 {func(n int) (string, string) { return `{"id":"x"}`, fmt.Sprint(n) }, mostPages, "no end"},
		"no end of entries": {func(n int) (string, string) {
			return strings.TrimSuffix(strings.Repeat(`{"id":"x"},`, 50_000), ","), fmt.Sprint(n)
		}, mostItems/50_000 + 1, "longer than"},
	}
	for name, tt := range pages {
		asked := 0
		d := open(t, armtest.Options{}, func(o *Options) {
			o.Limits = unhurried
			o.Transport = handled(func(r *http.Request) (*http.Response, error) {
				asked++
				value, next := tt.page(asked)
				if r.Method == http.MethodPost {
					return answerOf(r, fmt.Sprintf(`{"data":[%s],"$skipToken":%q}`, value, next)), nil
				}
				return answerOf(r, fmt.Sprintf(`{"value":[%s],"nextLink":"https://%s/p?token=%s"}`, value, r.URL.Host, next)), nil
			})
		})
		for what, walk := range map[string]func() error{
			"list": func() error {
				return list(t.Context(), d.client, redisCaches, "/subscriptions/"+sub, nil, func(json.RawMessage) {})
			},
			"writer's list": func() error {
				_, err := (&Writer{d.client}).List(t.Context(), ResourceKind{"the rules", "x/y", "2024-11-01"}, "/subscriptions/"+sub)
				return err
			},
			"query": func() error {
				return d.client.query(t.Context(), graphScope{Subscriptions: []string{sub}}, func(graphRow) {})
			},
		} {
			asked = 0
			err := walk()
			if err == nil || !strings.Contains(err.Error(), tt.want) || asked > tt.most {
				t.Errorf("%s, %s: %v after %d requests; want %q after at most %d", name, what, err, asked, tt.want, tt.most)
			}
		}
	}
}

// Bytes count too: entries may be long.
func TestListsEnd_Bytes(t *testing.T) {
	var p paging
	for n := range 4 {
		if err := p.page(1, mostBytes, fmt.Sprint(n)); err != nil {
			t.Fatal(n, err)
		}
	}
	if err := p.page(1, 1, ""); err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Error(err)
	}
}

// Over TLS: a walk and the reading of one cache say that a list has no end, and
// what depends on it is unknown.
func TestListsEnd_Scan(t *testing.T) {
	d := open(t, armtest.Options{})
	id := d.fake.PutCache(armtest.Cache{})
	again := func(what string) armtest.Fault {
		return armtest.Fault{Path: regexp.MustCompile("(?i)" + what), Times: -1,
			Body: fmt.Appendf(nil, `{"value":[],"data":[],"$skipToken":"again","nextLink":"%s%s/diagnosticSettings?api-version=1"}`, d.endpoint.URL,
				id)}
	}
	d.fake.Inject(again("diagnosticSettings$"))
	c, err := d.reader.Read(t.Context(), id)
	if err == nil || !strings.Contains(err.Error(), "was read already") || c.DiagnosticSettings.Observed {
		t.Errorf("one cache: %v", err)
	}
	d.fake.Inject(again("resources$"))
	got, err := collect(t.Context(), d.reader.Scan(Selection{}))
	if err == nil || !strings.Contains(err.Error(), "was read already") || len(got) > 0 {
		t.Errorf("walk: %d caches, %v", len(got), err)
	}
}

// No answer makes a walk wait for hours.
func TestScan_QuotaWaitIsBounded(t *testing.T) {
	var waited time.Duration
	d := open(t, armtest.Options{})
	d.client.sleep = func(_ context.Context, w time.Duration) error { waited = w; return nil }
	h := http.Header{}
	h.Set("x-ms-user-quota-remaining", "0")
	h.Set("x-ms-user-quota-resets-after", "9999:00:00")
	if err := d.client.honourQuota(t.Context(), h); err != nil || waited > longestQuotaWait {
		t.Errorf("%v, waits %v", err, waited)
	}
}
