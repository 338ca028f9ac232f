package azure

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

func names(caches []*posture.Cache) []string {
	var out []string
	for _, c := range caches {
		out = append(out, c.Name.V)
	}
	return out
}

func TestScan_Selection(t *testing.T) {
	other := armtest.FleetSubscription(7)
	seed := func(s *armtest.Server) {
		s.PutSubscription(armtest.Subscription{ID: sub, ManagementGroups: []string{"corp"}})
		s.PutCache(armtest.Cache{Name: "b", ResourceGroup: "rg1", Tags: map[string]string{"env": "prod"}})
		s.PutCache(armtest.Cache{Name: "a", ResourceGroup: "rg2", Tags: map[string]string{"Env": "test"}})
		s.PutCache(armtest.Cache{Name: "c", ResourceGroup: "rg1", Subscription: other})
	}
	tests := []struct {
		name      string
		selection Selection
		want      []string
		unseen    []string
	}{
		{"everything", Selection{}, []string{"b", "a", "c"}, nil},
		{"a subscription", Selection{SubscriptionIDs: []string{strings.ToUpper(other)}}, []string{"c"}, nil},
		{"a subscription that is not there", Selection{SubscriptionIDs: []string{other, "99999999-0000-0000-0000-000000000000"}}, []string{"c"},
			[]string{"subscription 99999999-0000-0000-0000-000000000000"}},
		{"a resource group", Selection{ResourceGroupNames: []string{"RG1"}}, []string{"b", "c"}, nil},
		{"a tag", Selection{Tags: map[string]string{"ENV": "prod"}}, []string{"b"}, nil},
		{"a tag of any value", Selection{Tags: map[string]string{"env": ""}}, []string{"b", "a"}, nil},
		{"the value of a tag has a casing", Selection{Tags: map[string]string{"env": "Prod"}}, nil, nil},
		{"a management group", Selection{ManagementGroupIDs: []string{"/providers/Microsoft.Management/managementGroups/corp"}},
			[]string{"b", "a"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := open(t, armtest.Options{}, descendants)
			seed(d.fake)
			scan := d.reader.Scan(tt.selection)
			got, err := collect(t.Context(), scan)
			if err != nil || scan.Partial() {
				t.Fatal(err, scan.Partial())
			}
			if !slices.Equal(names(got), tt.want) {
				t.Errorf("%v, want %v", names(got), tt.want)
			}
			var unseen []string
			for _, u := range scan.Unseen() {
				unseen = append(unseen, u.Kind+" "+u.ID)
			}
			if !slices.Equal(unseen, tt.unseen) {
				t.Errorf("unseen %v, want %v", unseen, tt.unseen)
			}
		})
	}
}

// descendants answers for the management group corp, which the fake knows by
// name only.
func descendants(o *arm.Options) {
	next := o.Transport
	o.Transport = handled(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/managementGroups/corp/descendants") {
			return answerOf(r,
				`{"value":[{"type":"Microsoft.Management/managementGroups/subscriptions","name":"`+sub+
					`"},{"type":"Microsoft.Management/managementGroups","name":"below"}]}`), nil
		}
		return next.Do(r)
	})
}

// Every resource group and tag that no cache fits is named, and all where only their
// combination fits none.
func TestScan_Unmatched(t *testing.T) {
	d := open(t, armtest.Options{})
	d.fake.PutCache(armtest.Cache{Name: "a", ResourceGroup: "rg1", Tags: map[string]string{"env": "prod"}})
	d.fake.PutCache(armtest.Cache{Name: "b", ResourceGroup: "rg2"})
	for _, tt := range []struct {
		selection Selection
		want      []string
	}{
		{Selection{}, nil},
		{Selection{ResourceGroupNames: []string{"RG1"}}, nil},
		{Selection{ResourceGroupNames: []string{"rg1", "rg-none"}}, []string{"resource group rg-none"}},
		{Selection{ResourceGroupNames: []string{"rg1"}, Tags: map[string]string{"env": "prd", "owner": ""}},
			[]string{"tag env=prd", "tag owner"}},
		{Selection{ResourceGroupNames: []string{"rg1"}, Tags: map[string]string{"ENV": "prod"}}, nil},
		{Selection{ResourceGroupNames: []string{"rg2"}, Tags: map[string]string{"env": "prod"}},
			[]string{"resource group rg2 and tag env=prod"}},
	} {
		scan := d.reader.Scan(tt.selection)
		if _, err := collect(t.Context(), scan); err != nil || !slices.Equal(scan.Unmatched(), tt.want) {
			t.Errorf("%+v: %q and %v, want %q", tt.selection, scan.Unmatched(), err, tt.want)
		}
	}
}

func TestScan_Refusals(t *testing.T) {
	other := armtest.FleetSubscription(7)
	tests := []struct {
		name   string
		deny   func(*armtest.Server)
		want   []string
		unseen []string
	}{
		{"a subscription is hidden", func(s *armtest.Server) { s.DenySubscription(other) }, []string{"a", "b"},
			[]string{"subscription " + other}},
		{"the list is refused", func(s *armtest.Server) {
			s.Deny(regexp.MustCompile(`(?i)`+other+`/providers/Microsoft.Cache/redis$`), "Microsoft.Cache/redis/read")
		}, []string{"a", "b", "c"}, []string{"subscription " + other}},
		{"the policies of the subscription are refused", func(s *armtest.Server) {
			s.Deny(regexp.MustCompile(`(?i)^/subscriptions/[^/]+/providers/Microsoft.Authorization`), "Microsoft.Authorization/*/read")
		}, []string{"a", "b", "c"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := open(t, armtest.Options{})
			d.fake.PutCache(armtest.Cache{Name: "a"})
			d.fake.PutCache(armtest.Cache{Name: "b"})
			d.fake.PutCache(armtest.Cache{Name: "c", Subscription: other})
			tt.deny(d.fake)
			scan := d.reader.Scan(Selection{SubscriptionIDs: []string{sub, other}})
			got, err := collect(t.Context(), scan)
			if err != nil || !slices.Equal(names(got), tt.want) {
				t.Errorf("%v, %v; want %v", names(got), err, tt.want)
			}
			for _, c := range got {
				if !c.PolicyAssignments.Observed {
					t.Errorf("the policies of %s were not read: %s", c.Name.V, c.PolicyAssignments.Detail)
				}
			}
			var unseen []string
			for _, u := range scan.Unseen() {
				unseen = append(unseen, u.Kind+" "+u.ID)
				if !u.Forbidden || !strings.Contains(u.Detail, "Reader") {
					t.Errorf("unseen without a cure: %+v", u)
				}
			}
			if !slices.Equal(unseen, tt.unseen) {
				t.Errorf("unseen %v, want %v", unseen, tt.unseen)
			}
		})
	}
}

func TestScan_ForbiddenEverywhere(t *testing.T) {
	d := open(t, armtest.Options{})
	d.fake.PutCache(armtest.Cache{})
	d.fake.Deny(regexp.MustCompile(`.`), "")
	got, err := collect(t.Context(), d.reader.Scan(Selection{}))
	if len(got) != 0 || !arm.IsForbidden(err) || !strings.Contains(err.Error(), "Reader") {
		t.Errorf("%d caches, %v", len(got), err)
	}
}

// TestScan_DeletedBetweenListAndRead: reported, not lost.
func TestScan_DeletedBetweenListAndRead(t *testing.T) {
	var d *door
	victim := armtest.Cache{Name: "b"}.ID()
	for _, when := range []string{"/providers/Microsoft.Cache/redis", "/b/patchSchedules/default"} {
		t.Run(when, func(t *testing.T) {
			d = open(t, armtest.Options{Before: func(r *http.Request) {
				if strings.HasSuffix(strings.ToLower(r.URL.Path), strings.ToLower(when)) {
					d.fake.Remove(victim)
				}
			}}, func(o *arm.Options) {
				o.Limits = arm.Limits{Concurrency: 1, SubscriptionConcurrency: 1, ReadBurst: 100, ReadsPerSecond: 100, QueryBurst: 15, QuerySeconds: 5}
			})
			for _, name := range []string{"a", "b", "c"} {
				d.fake.PutCache(armtest.Cache{Name: name})
			}
			scan := d.reader.Scan(Selection{})
			got, err := collect(t.Context(), scan)
			if err != nil {
				t.Fatal(err)
			}
			if gone := scan.Vanished(); len(got)+len(gone) != 3 || len(gone) == 1 && !armid.Same(gone[0], victim) {
				t.Errorf("read %v, vanished %v: one is lost", names(got), gone)
			}
		})
	}
}

func TestScan_TruncatedGraphIsAnError(t *testing.T) {
	d := open(t, armtest.Options{GraphTruncates: true})
	d.fake.PutFleet(armtest.Fleet{Subscriptions: 1, Caches: 1001})
	got, err := collect(t.Context(), d.reader.Scan(Selection{}))
	if len(got) != 0 || err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("%d caches, %v", len(got), err)
	}
}

// An entry that is no cache may be one that nobody judges.
func TestScan_ListWithAnOddEntry(t *testing.T) {
	d := open(t, armtest.Options{})
	d.fake.PutCache(armtest.Cache{})
	d.fake.Inject(armtest.Fault{Path: regexp.MustCompile(`(?i)Microsoft.Cache/redis$`), Body: []byte(`{"value":[{}]}`), Times: -1})
	s := d.reader.Scan(Selection{})
	if got, err := collect(t.Context(), s); len(got) != 0 || err != nil || len(s.Unseen()) != 1 ||
		!strings.Contains(s.Unseen()[0].Detail, "is no cache") {
		t.Errorf("%d caches, %v, %v", len(got), err, s.Unseen())
	}
}

// TestScan_GraphLagsBehind: a subscription that was asked for by name is listed,
// whatever Resource Graph knows of it.
func TestScan_GraphLagsBehind(t *testing.T) {
	d := open(t, armtest.Options{})
	d.fake.PutCache(armtest.Cache{})
	d.fake.Inject(armtest.Fault{Path: regexp.MustCompile(`(?i)resourcegraph`),
		Body: []byte(`{"totalRecords":0,"count":0,"data":[],"resultTruncated":"false"}`), Times: -1})
	got, err := collect(t.Context(), d.reader.Scan(Selection{SubscriptionIDs: []string{sub}}))
	if err != nil || len(got) != 1 {
		t.Errorf("%d caches, %v", len(got), err)
	}
}

// TestScan_EveryService: one query finds the caches of every service, and what a
// selection wants of them is read.
func TestScan_EveryService(t *testing.T) {
	d := open(t, armtest.Options{})
	d.fake.PutCache(armtest.Cache{Name: "c"})
	d.fake.PutManagedCache(armtest.ManagedCache{Name: "b", Database: object{}, Tags: map[string]string{"team": "x"}})
	d.fake.PutManagedCache(armtest.ManagedCache{Name: "a", Database: object{}, ResourceGroup: "other"})
	for name, tt := range map[string]struct {
		selection Selection
		want      []string
	}{
		"everything": {Selection{}, []string{"a", "c", "b"}},
		"a group":    {Selection{ResourceGroupNames: []string{"RG"}}, []string{"c", "b"}},
		"a tag":      {Selection{Tags: map[string]string{"team": "x"}}, []string{"b"}},
		"a subscription": {Selection{SubscriptionIDs: []string{sub}, ResourceGroupNames: []string{"other"}},
			[]string{"a"}},
		"nothing of this": {Selection{ResourceGroupNames: []string{"none"}}, nil},
	} {
		before := d.fake.Count(armtest.KindQuery, "")
		got, err := collect(t.Context(), d.reader.Scan(tt.selection))
		if err != nil || !slices.Equal(names(got), tt.want) {
			t.Errorf("%s: %v, %v, want %v", name, names(got), err, tt.want)
		}
		if n := d.fake.Count(armtest.KindQuery, "") - before; n != 1 {
			t.Errorf("%s: %d queries", name, n)
		}
	}
}

// TestScan_OneSubscriptionFails: the others go on, and it is reported.
func TestScan_OneSubscriptionFails(t *testing.T) {
	d := open(t, armtest.Options{})
	d.fake.PutFleet(fleetOf(3, 9))
	broken := armtest.FleetSubscription(1)
	d.fake.Inject(armtest.Fault{Path: regexp.MustCompile(broken + `/providers/Microsoft.Cache/redis$`), Body: []byte("<html>"), Times: -1})
	scan := d.reader.Scan(Selection{})
	got, err := collect(t.Context(), scan)
	unseen := scan.Unseen()
	if err != nil || len(got) != 6 || len(unseen) != 1 || unseen[0].ID != broken || unseen[0].Forbidden ||
		!strings.Contains(unseen[0].Detail, "HTML") {
		t.Errorf("%d caches, unseen %+v, %v", len(got), unseen, err)
	}
}

func TestScan_StopsWhenTheReaderStops(t *testing.T) {
	d := open(t, armtest.Options{})
	d.fake.PutFleet(armtest.Fleet{Subscriptions: 5, Caches: 50})
	scan := d.reader.Scan(Selection{})
	for _, err := range scan.Caches(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if !scan.Partial() {
		t.Error("a walk that was left is whole")
	}
}

// TestScan_OrderRequestsAndFaults: 300 caches in 12 subscriptions, 5 % of the
// answers bad: all caches, in order, each child read once.
func TestScan_OrderRequestsAndFaults(t *testing.T) {
	d := open(t, armtest.Options{Seed: 7})
	d.fake.PutFleet(fleetOf(12, 300))
	for n := range 12 {
		assigned("/subscriptions/"+armtest.FleetSubscription(n), mcsb, nil)(d.fake)
	}
	initiative(member(tlsOnly, ""))(d.fake)
	for _, f := range faults() {
		d.fake.Inject(f)
	}
	scan := d.reader.Scan(Selection{})
	got, err := collect(t.Context(), scan)
	if err != nil || len(scan.Unseen())+len(scan.Vanished()) > 0 {
		t.Fatal(err, scan.Unseen(), scan.Vanished())
	}
	var ids []string
	for _, c := range got {
		ids = append(ids, armid.Key(c.ResourceID.V))
		if len(c.PolicyAssignments.Items) != 1 || !c.PolicyAssignments.Items[0].Members.IsKnown() {
			t.Errorf("the policies of %s: %+v", c.Name.V, c.PolicyAssignments)
		}
	}
	if len(ids) != 300 || !slices.IsSorted(ids) || len(slices.Compact(ids)) != 300 {
		t.Errorf("%d caches, sorted %v", len(ids), slices.IsSorted(ids))
	}
	seen := map[string]int{}
	for _, r := range d.fake.Requests() {
		if r.Status == http.StatusOK || r.Status == http.StatusNotFound {
			seen[fmt.Sprint(r.Method, r.Path)]++
		}
	}
	for path, n := range seen {
		// The pages of a list share a path; the fake has 50 to a page.
		if n > 1 && !strings.HasSuffix(path, "/resources") && !strings.Contains(path, "/subscriptions/") {
			t.Errorf("%s was read %d times", path, n)
		}
	}
}

func fleetOf(subscriptions, caches int) armtest.Fleet {
	return armtest.Fleet{Subscriptions: subscriptions, Caches: caches, Edit: func(i int, c *armtest.Cache) {
		c.Children = map[string]object{}
		if i%2 == 0 {
			c.Properties = object{"publicNetworkAccess": "Disabled"}
		} else {
			c.Children["firewallRules/office"] = object{"startIP": "203.0.113.1", "endIP": "203.0.113.4"}
		}
		if i%3 == 0 {
			c.Configuration = map[string]string{"aad-enabled": "true"}
		}
		if i%5 != 0 {
			c.Children[logsPath] = object{"workspaceId": "/subscriptions/s/resourceGroups/r/providers/Microsoft.OperationalInsights/workspaces/w",
				"logs": []any{object{"categoryGroup": "allLogs", "enabled": true}}}
		}
	}}
}

// faults: 5 % of all answers.
func faults() []armtest.Fault {
	share := func(f armtest.Fault) armtest.Fault { f.Times, f.Probability = -1, 0.0125; return f }
	return []armtest.Fault{
		share(armtest.Fault{Status: 429, Code: "TooManyRequests", Header: map[string]string{"Retry-After": "1"}}),
		share(armtest.Fault{Status: 500, Code: "InternalServerError"}),
		share(armtest.Fault{Status: 503, Code: "ServiceUnavailable"}),
		share(armtest.Fault{Reset: true}),
	}
}

// Over TLS: a walk and the reading of one cache say that a list has no end, and
// what depends on it is unknown.
func TestScan_ListsEnd(t *testing.T) {
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
