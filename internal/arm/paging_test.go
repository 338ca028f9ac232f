package arm

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
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
				return List(t.Context(), d.client, cacheKind, "/subscriptions/"+sub, nil, func(json.RawMessage) {})
			},
			"writer's list": func() error {
				_, err := (&Writer{d.client}).List(t.Context(), ResourceKind{"the rules", "x/y", "2024-11-01"}, "/subscriptions/"+sub)
				return err
			},
			"query": func() error {
				return Query(t.Context(), d.client, GraphScope{Subscriptions: []string{sub}}, "resources", func(json.RawMessage) {})
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

// No answer makes a walk wait for hours.
func TestQuery_QuotaWaitIsBounded(t *testing.T) {
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

func TestQuery_HonoursTheQuota(t *testing.T) {
	var waits []time.Duration
	d := open(t, armtest.Options{GraphQueries: &armtest.GraphQuota{Queries: 1, Window: time.Millisecond}})
	d.client.sleep = func(_ context.Context, w time.Duration) error { waits = append(waits, w); return nil }
	h := http.Header{}
	h.Set("x-ms-user-quota-remaining", "0")
	h.Set("x-ms-user-quota-resets-after", "00:01:05")
	if err := d.client.honourQuota(t.Context(), h); err != nil || !slices.Equal(waits, []time.Duration{65 * time.Second}) {
		t.Errorf("%v, waits %v", err, waits)
	}
	h.Set("x-ms-user-quota-remaining", "3")
	if err := d.client.honourQuota(t.Context(), h); err != nil || len(waits) != 1 {
		t.Errorf("%v, waits %v", err, waits)
	}
}
