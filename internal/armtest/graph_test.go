package armtest

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

const graphPath = "/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01"

func (c call) query(text string, more object) reply {
	c.t.Helper()
	body := object{"query": text}
	for key, value := range more {
		body[key] = value
	}
	return c.do("POST", graphPath, body)
}

func ids(r reply) []string {
	var all []string
	rows, _ := r.body["data"].([]any)
	for _, row := range rows {
		all = append(all, textAt(row, "name"))
	}
	return all
}

func graphFleet(t *testing.T, opts Options) call {
	t.Helper()
	c := start(t, opts)
	c.s.PutSubscription(Subscription{ID: FleetSubscription(0), ManagementGroups: []string{"mg"}})
	c.s.PutFleet(Fleet{Subscriptions: 2, Caches: 5, Edit: func(i int, c *Cache) {
		if i == 3 {
			c.SKU = "Premium P1"
			c.Properties = object{"publicNetworkAccess": "Disabled"}
		}
	}})
	return c
}

func TestGraphQueries(t *testing.T) {
	c := graphFleet(t, Options{GraphQueries: &GraphQuota{Queries: 1000, Window: time.Second}})
	for text, want := range map[string]string{
		"resources | where type in~ ('Microsoft.Cache/Redis') | project id, name | order by id asc": "fleet-00000 fleet-00002 fleet-00004 " +
			"fleet-00001 fleet-00003",
		"resources | where type in~ ('microsoft.cache/redis', 'x') | project name": "fleet-00000 fleet-00002 fleet-00004 fleet-00001 fleet-00003",
		"resources | where type in~ ('x') | project id, name":                      "",
	} {
		got := c.query(text, nil)
		if got.status != 200 || strings.Join(ids(got), " ") != want {
			t.Errorf("%s\ngot %v %s", text, ids(got), got.raw)
		}
	}
	// Its index lags behind, so that nobody may read properties there.
	if raw := c.query("resources", nil).raw; strings.Contains(raw, "properties") || !strings.Contains(raw, `"tags":`) {
		t.Error(raw)
	}
}

// What the fake does not know is an error, never an empty answer.
func TestGraphRefuses(t *testing.T) {
	c := graphFleet(t, Options{GraphQueries: &GraphQuota{Queries: 1000, Window: time.Second}})
	for _, text := range []string{
		"", "virtualmachines", "resources | limit 5", "resources | take 5", "resources | join kind=inner (resources) on id",
		"resources | where type contains 'redis'", "resources | where type =~ 'x'", "resources | project id, properties",
		"resources | where type =~ 'a' or type =~ 'b'",
		"resources | order by id desc", "resources where", "resources | project", "resources; resources",
	} {
		if got := c.query(text, nil); got.status != 400 {
			t.Errorf("%q: got %d %s", text, got.status, got.raw)
		}
	}
	for name, more := range map[string]object{
		"too long a page":        {"options": object{"$top": 1001}},
		"a broken token":         {"options": object{"$skipToken": "%"}},
		"nothing that is there":  {"subscriptions": []string{DefaultSubscription}},
		"two scopes in one body": {"subscriptions": []string{FleetSubscription(0)}, "managementGroups": []string{"mg"}},
	} {
		if got := c.query("resources", more); got.status != 400 {
			t.Errorf("%s: got %d", name, got.status)
		}
	}
}

func TestGraphPages(t *testing.T) {
	const sorted = "resources | project id, name | order by id asc"
	all := func(c call, text string) (names []string, truncated any) {
		options := object{"$top": 2}
		for {
			got := c.query(text, object{"options": options})
			names = append(names, ids(got)...)
			token := textAt(got.body, "$skipToken")
			if token == "" {
				return names, got.body["resultTruncated"]
			}
			options["$skipToken"] = token
		}
	}
	c := graphFleet(t, Options{})
	if names, truncated := all(c, sorted); len(names) != 5 || truncated != "false" {
		t.Error(names, truncated)
	}
	if names, truncated := all(c, "resources | project name"); len(names) != 2 || truncated != "true" {
		t.Error("without ids there is no paging", names, truncated)
	}
	c = graphFleet(t, Options{GraphTruncates: true})
	if names, truncated := all(c, sorted); len(names) != 2 || truncated != "true" {
		t.Error(names, truncated)
	}
}

func TestGraphScope(t *testing.T) {
	c := graphFleet(t, Options{})
	if got := ids(c.query("resources", object{"managementGroups": []string{"MG"}})); len(got) != 3 {
		t.Error(got)
	}
	if got := ids(c.query("resources", object{"subscriptions": []string{FleetSubscription(1)}})); len(got) != 2 {
		t.Error(got)
	}
	c.s.DenySubscription(FleetSubscription(0))
	if got := c.query("resources", object{"subscriptions": []string{FleetSubscription(0), FleetSubscription(1)}}); got.status != 200 ||
		len(ids(got)) != 2 {
		t.Error("what may not be read is left out in silence", got.raw)
	}
	c.s.Deny(regexp.MustCompile("fleet-00001"), "Microsoft.Cache/redis/read")
	if got := ids(c.query("resources", nil)); len(got) != 1 {
		t.Error(got)
	}
}

func TestGraphQuota(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	c := graphFleet(t, Options{Now: func() time.Time { return now }})
	for i := range 15 {
		got := c.query("resources", nil)
		if got.status != 200 {
			t.Fatal(i, got.raw)
		}
		if i == 14 && got.header.Get("X-Ms-User-Quota-Remaining") != "0" {
			t.Error(got.header)
		}
	}
	now = now.Add(2 * time.Second)
	got := c.query("resources", nil)
	if got.status != 429 || got.code() != "RateLimiting" || got.header.Get("X-Ms-User-Quota-Resets-After") != "00:00:03" ||
		got.header.Get("Retry-After") != "3" {
		t.Error(got.status, got.header)
	}
	now = now.Add(3 * time.Second)
	if got := c.query("resources", nil); got.status != 200 {
		t.Error(got.raw)
	}
}
