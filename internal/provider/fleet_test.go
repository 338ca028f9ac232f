package provider

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

const secondSubscription = "44444444-4444-4444-4444-444444444444"

// smallFleet has two sound caches and three public ones in two subscriptions.
func smallFleet(t *testing.T, config obj) (*terraform, *armtest.Server) {
	t.Helper()
	tf, fake := againstFake(t, config)
	withPolicy(fake)
	for i, c := range []armtest.Cache{public("redis-a"), sound("redis-b"), public("redis-c"), public("redis-d"), sound("redis-e")} {
		if i > 2 {
			c.Subscription = secondSubscription
		}
		c.ResourceGroup = fmt.Sprintf("rg-%d", i%2)
		c.Tags = map[string]string{"team": []string{"shop", "search"}[i%2], "Env": "prod"}
		fake.PutCache(c)
	}
	return tf, fake
}

func namesOf(state obj) []string {
	var names []string
	for _, c := range state["caches"].(arr) {
		names = append(names, c.(obj)["name"].(string))
	}
	return names
}

func TestFleetSelection(t *testing.T) {
	for _, test := range []struct {
		name   string
		config obj
		want   []string
	}{
		{"everything", nil, []string{"redis-a", "redis-b", "redis-c", "redis-d", "redis-e"}},
		{"a subscription", obj{"subscription_ids": arr{secondSubscription}}, []string{"redis-d", "redis-e"}},
		{"a subscription by its whole id", obj{"subscription_ids": arr{"/subscriptions/" + secondSubscription}}, []string{"redis-d", "redis-e"}},
		{"a management group", obj{"management_group_ids": arr{"mg-demo"}}, []string{"redis-a", "redis-b", "redis-c"}},
		{"both", obj{"management_group_ids": arr{"mg-demo"}, "subscription_ids": arr{secondSubscription}},
			[]string{"redis-a", "redis-b", "redis-c", "redis-d", "redis-e"}},
		{"resource groups, in any casing", obj{"resource_group_names": arr{"RG-1"}}, []string{"redis-b", "redis-d"}},
		{"a tag", obj{"tags": obj{"team": "search"}}, []string{"redis-b", "redis-d"}},
		{"a tag's name in any casing", obj{"tags": obj{"env": ""}, "subscription_ids": arr{secondSubscription}}, []string{"redis-d", "redis-e"}},
		{"a tag's value in its own casing", obj{"tags": obj{"team": "Search"}}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			tf, _ := smallFleet(t, nil)
			state, _ := tf.readData(fleetType, test.config)
			got := namesOf(state)
			// Sorted by id: by subscription, and there by resource group.
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if state["partial"] != false {
				t.Errorf("partial: %v", state["unseen"])
			}
		})
	}
}

func TestFleetValidation(t *testing.T) {
	for name, config := range map[string]obj{
		"no subscriptions":    {"subscription_ids": arr{}},
		"an empty id":         {"subscription_ids": arr{""}},
		"no groups":           {"management_group_ids": arr{}},
		"no resource groups":  {"resource_group_names": arr{}},
		"a tag without name":  {"tags": obj{"": "x"}},
		"unknown diagnostics": {"diagnostics": "all"},
		"unknown effect":      {"effect": "Warn"},
		"a wrong exemption":   {"exemption": arr{obj{"feature": "XX-1/x", "cache": "*", "category": "Waiver", "description": "x"}}},
	} {
		if diags := startProvider(t).validate(fleetType, config); len(diags) == 0 {
			t.Errorf("%s is accepted", name)
		}
	}
	if diags := startProvider(t).validate(fleetType, nil); len(diags) > 0 {
		t.Error(said(diags))
	}
}

func TestFleetDiagnostics(t *testing.T) {
	const many = "NS-2 Disable Public Network Access: 3 of 5 caches violate it, redis-a first"
	one := func(name string) string {
		return "NS-2 Disable Public Network Access: " + name + " is reachable from the internet"
	}
	waiver := func(cache, expires string) obj {
		return obj{"feature": "NS-2/disable-public-network-access", "cache": cache, "category": "Waiver", "description": "migration",
			"expires_on": expires}
	}
	for _, test := range []struct {
		name     string
		provider obj
		config   obj
		want     []string
	}{
		{"one per rule", nil, obj{"management_group_ids": arr{"mg-demo"}},
			[]string{"warning: NS-2 Disable Public Network Access: 2 of 3 caches violate it, redis-a first"}},
		{"one cache is named as ever", nil, obj{"subscription_ids": arr{secondSubscription}, "tags": obj{"team": "search"}}, []string{
			"warning: " + one("redis-d"), "warning: AM-2 Azure Policy Support: redis-d is watched by no Azure Policy assignment",
		}},
		{"deny in the block", nil, obj{"effect": "Deny", "management_group_ids": arr{"mg-demo"}},
			[]string{"error: NS-2 Disable Public Network Access: 2 of 3 caches violate it, redis-a first"}},
		{"deny in the provider does not reach it", obj{"effect": "Deny"}, nil,
			[]string{"warning: " + many, "warning: AM-2 Azure Policy Support: 2 of 5 caches violate it, redis-e first"}},
		{"disabled", nil, obj{"effect": "Disabled"}, nil},
		{"disabled in the provider", obj{"effect": "Disabled"}, nil, nil},
		{"each", nil, obj{"diagnostics": "each", "management_group_ids": arr{"mg-demo"}},
			[]string{"warning: " + one("redis-a"), "warning: " + one("redis-c")}},
		{"each denies", nil, obj{"diagnostics": "each", "effect": "Deny", "management_group_ids": arr{"mg-demo"}},
			[]string{"error: " + one("redis-a"), "error: " + one("redis-c")}},
		{"exempt", nil, obj{"management_group_ids": arr{"mg-demo"}, "exemption": arr{waiver("redis-*", "2026-11-23")}}, nil},
		{"expired, said once", nil, obj{"management_group_ids": arr{"mg-demo"}, "exemption": arr{waiver("redis-*", "2026-11-22")}}, []string{
			"warning: NS-2 Disable Public Network Access: 2 of 3 caches violate it, redis-a first",
			`warning: the exemption of NS-2/disable-public-network-access for "redis-*" expired on 2026-11-22 and does not count`,
		}},
		{"unused", nil, obj{"resource_group_names": arr{"nowhere"}, "exemption": arr{waiver("redis-x", "2027-11-22")}}, []string{
			`warning: the exemption of NS-2/disable-public-network-access for "redis-x" is unused: no verdict became exempt by it`,
			"warning: no cache that was read matches resource group nowhere",
		}},
		{"a filter that matches nothing, beside one that does", nil, obj{"resource_group_names": arr{"rg-1", "rg-2"},
			"tags": obj{"team": "search"}, "subscription_ids": arr{armtest.DefaultSubscription}},
			[]string{"warning: no cache that was read matches resource group rg-2"}},
		{"filters that match nothing together", nil, obj{"resource_group_names": arr{"rg-1"}, "tags": obj{"team": "shop"}},
			[]string{"warning: no cache that was read matches resource group rg-1 and tag team=shop"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			tf, _ := smallFleet(t, test.provider)
			_, diags := tf.readData(fleetType, test.config)
			if diff := cmp.Diff(test.want, said(diags)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFleetAdvisories(t *testing.T) {
	tf, fake := againstFake(t, nil)
	withPolicy(fake)
	for _, name := range []string{"redis-a", "redis-b"} {
		c := sound(name)
		c.Properties["disableAccessKeyAuthentication"] = false
		fake.PutCache(c)
	}
	for _, test := range []struct {
		config obj
		want   []string
	}{
		{nil, []string{"warning: Advisory Access-key authentication: 2 of 2 caches, redis-a first"}},
		{obj{"effect": "Deny"}, []string{"warning: Advisory Access-key authentication: 2 of 2 caches, redis-a first"}},
		{obj{"advisories": false}, nil},
	} {
		state, diags := tf.readData(fleetType, test.config)
		if diff := cmp.Diff(test.want, said(diags)); diff != "" {
			t.Error(diff)
		}
		if state["compliant"] != true {
			t.Error("advisories never decide")
		}
	}
}

func TestFleetExports(t *testing.T) {
	tf, _ := smallFleet(t, nil)
	state, _ := tf.readData(fleetType, obj{"exemption": arr{obj{"feature": "NS-2/disable-public-network-access", "cache": "redis-c",
		"category": "Waiver", "description": "migration"}}})
	if state["compliant"] != false {
		t.Errorf("compliant: %v", state["compliant"])
	}
	caches := map[string]obj{}
	var ids []string
	for _, c := range state["caches"].(arr) {
		caches[c.(obj)["name"].(string)] = c.(obj)
		ids = append(ids, strings.ToLower(c.(obj)["resource_id"].(string)))
	}
	if !slices.IsSorted(ids) {
		t.Errorf("not sorted: %v", ids)
	}
	for name, want := range map[string]obj{
		"redis-a": {"compliant": false, "violations": arr{"NS-2/disable-public-network-access"}, "exempt": arr{}, "resource_group_name": "rg-0",
			"subscription_id": armtest.DefaultSubscription},
		"redis-b": {"compliant": true, "violations": arr{}, "exempt": arr{}, "resource_group_name": "rg-1"},
		"redis-c": {"compliant": true, "violations": arr{}, "exempt": arr{"NS-2/disable-public-network-access"}},
		"redis-d": {"compliant": false, "violations": arr{"NS-2/disable-public-network-access", "AM-2/azure-policy-support"},
			"subscription_id": secondSubscription},
	} {
		for attribute, v := range want {
			if diff := cmp.Diff(v, caches[name][attribute]); diff != "" {
				t.Errorf("%s, %s: %s", name, attribute, diff)
			}
		}
	}
	row := func(list, key, id string) obj {
		for _, r := range state[list].(arr) {
			if r.(obj)[key] == id {
				return r.(obj)
			}
		}
		t.Fatalf("no %s in %s", id, list)
		return nil
	}
	for _, test := range []struct {
		list, key, id string
		want          obj
	}{
		{"feature_totals", "id", "NS-2/disable-public-network-access",
			obj{"control": "NS-2", "severity": "high", "compliant": 2, "non_compliant": 2, "exempt": 1, "unknown": 0}},
		{"control_totals", "control", "NS-2", obj{"compliant": 7, "non_compliant": 2, "exempt": 1}},
		{"control_totals", "control", "BR-1", obj{"not_supported": 10}},
		{"advisory_totals", "id", "advisory/retirement", obj{"severity": "warning", "non_compliant": 5}},
	} {
		got := row(test.list, test.key, test.id)
		for name, v := range test.want {
			if got[name] != v {
				t.Errorf("%s %s: %s is %v, want %v", test.list, test.id, name, got[name], v)
			}
		}
	}
	if n := len(state["feature_totals"].(arr)); n != 25 {
		t.Errorf("%d features", n)
	}
	if s := state["summary"].(obj); s["caches"] != 5 || s["exempt"] != 1 {
		t.Errorf("summary: %v", s)
	}
	r := reportOf(t, state)
	if r.Source.Kind != report.SourceExisting || len(r.Caches) != 5 || r.Summary.Caches != 5 || len(r.Caches[0].Features) != 25 {
		t.Errorf("report of %d caches from %v", len(r.Caches), r.Source)
	}
	if state, _ := tf.readData(fleetType, obj{"report": false}); state["report_json"] != nil || len(state["caches"].(arr)) != 5 {
		t.Error("report = false leaves out the report and nothing else")
	}
}

// What could not be seen is a warning, in the report, and leaves compliant open.
func TestFleetUnseen(t *testing.T) {
	const nowhere = "99999999-9999-9999-9999-999999999999"
	for _, test := range []struct {
		name    string
		deny    string
		config  obj
		unseen  []string
		caches  int
		warning string
	}{
		{"a subscription that does not exist", "", obj{"subscription_ids": arr{secondSubscription, nowhere}}, []string{"subscription " + nowhere},
			2, "subscription " + nowhere},
		{"a management group that may not be read", "managementGroups", obj{"management_group_ids": arr{"mg-demo"}},
			[]string{"management group mg-demo"}, 3, "management group mg-demo"},
		{"everything", ".", nil, []string{"subscription *"}, 0, "subscription *"},
	} {
		t.Run(test.name, func(t *testing.T) {
			tf, fake := smallFleet(t, nil)
			if test.deny != "" {
				fake.Deny(regexp.MustCompile(test.deny), "")
			}
			for _, effect := range []string{"Audit", "Disabled"} {
				config := obj{"effect": effect}
				for k, v := range test.config {
					config[k] = v
				}
				state, diags := tf.readData(fleetType, config)
				var got []string
				for _, u := range state["unseen"].(arr) {
					got = append(got, u.(obj)["kind"].(string)+" "+u.(obj)["id"].(string))
				}
				if diff := cmp.Diff(test.unseen, got); diff != "" {
					t.Error(diff)
				}
				if state["partial"] != true || state["compliant"] == true || len(state["caches"].(arr)) != test.caches {
					t.Errorf("partial %v, compliant %v, %d caches", state["partial"], state["compliant"], len(state["caches"].(arr)))
				}
				if !strings.Contains(state["report_json"].(string), test.warning+" could not be seen") {
					t.Error("the report does not say so")
				}
				warned := slices.ContainsFunc(seen(diags), func(d diagnosed) bool {
					return d.severity == "warning" && strings.Contains(d.summary, test.warning+" could not be seen") &&
						strings.Contains(d.detail, "Reader")
				})
				if !warned {
					t.Errorf("no warning: %v", said(diags))
				}
			}
		})
	}
	t.Run("a whole subscription is hidden", func(t *testing.T) {
		tf, fake := smallFleet(t, nil)
		fake.DenySubscription(secondSubscription)
		state, _ := tf.readData(fleetType, obj{"subscription_ids": arr{armtest.DefaultSubscription, secondSubscription}})
		if len(state["caches"].(arr)) != 3 || state["partial"] != true || state["unseen"].(arr)[0].(obj)["id"] != secondSubscription {
			t.Errorf("%d caches, unseen: %v", len(state["caches"].(arr)), state["unseen"])
		}
	})
	t.Run("a cache that a proxy does not find is missing", func(t *testing.T) {
		tf, fake := smallFleet(t, nil)
		fake.Inject(armtest.Fault{Path: regexp.MustCompile("(?i)redis-b/"), Status: http.StatusNotFound, Times: -1,
			Body: []byte("<html>404</html>")})
		fake.Inject(armtest.Fault{Path: regexp.MustCompile("(?i)redis-b$"), Status: http.StatusNotFound, Times: -1,
			Body: []byte("<html>404</html>")})
		state, _ := tf.readData(fleetType, nil)
		if strings.Contains(state["report_json"].(string), "redis-b was deleted while") {
			t.Error("the cache counts as deleted")
		}
	})
	t.Run("a cache deleted while it is read is none", func(t *testing.T) {
		tf, fake := smallFleet(t, nil)
		id := sound("redis-b")
		id.ResourceGroup = "rg-1"
		fake.Inject(armtest.Fault{Path: regexp.MustCompile("(?i)redis-b"), Status: http.StatusNotFound, Times: -1, Code: "ResourceNotFound",
			Message: "The Resource 'Microsoft.Cache/redis/redis-b' under resource group 'rg-1' was not found."})
		state, _ := tf.readData(fleetType, nil)
		if len(state["caches"].(arr)) != 4 || state["partial"] != false ||
			!strings.Contains(state["report_json"].(string), "redis-b was deleted while") {
			t.Errorf("%d caches, partial %v: %v", len(state["caches"].(arr)), state["partial"], state["unseen"])
		}
	})
}

func TestFleetForbiddenChildren(t *testing.T) {
	tf, fake := smallFleet(t, nil)
	fake.Deny(regexp.MustCompile("(?i)diagnosticSettings|patchSchedules"), "")
	state, diags := tf.readData(fleetType, obj{"effect": "Disabled"})
	got := seen(diags)
	if len(got) != 1 || got[0].severity != "warning" || !strings.HasPrefix(got[0].summary, "5 of 5 caches could not be judged wholly") {
		t.Fatalf("got %+v", got)
	}
	for _, want := range []string{"Microsoft.Insights/diagnosticSettings/read: redis-a, ", "Microsoft.Cache/redis/patchSchedules/read: ",
		"role Reader"} {
		if !strings.Contains(got[0].detail, want) {
			t.Errorf("no %q in %s", want, got[0].detail)
		}
	}
	if state["compliant"] != false || state["partial"] != false {
		t.Errorf("compliant %v, partial %v: every cache was seen", state["compliant"], state["partial"])
	}
}

// An error that no role would mend is an error, and what was judged by then is
// still said.
func TestFleetUnreadable(t *testing.T) {
	tf, fake := smallFleet(t, nil)
	fake.Inject(armtest.Fault{Path: regexp.MustCompile("(?i)^/subscriptions$"), Status: http.StatusConflict, Times: -1})
	state, diags := tf.readData(fleetType, nil)
	if got := seen(diags); len(got) != 1 || got[0].severity != "error" || got[0].summary != "the caches could not be read" ||
		state["caches"] != nil {
		t.Errorf("got %+v", got)
	}
}

// A thousand caches print one box per rule, with ten names.
func TestThousandCaches(t *testing.T) {
	tf, fake := againstFake(t, nil)
	fake.PutFleet(armtest.Fleet{Subscriptions: 4, Caches: 1000})
	state, diags := tf.readData(fleetType, obj{"report": false})
	if n := len(state["caches"].(arr)); n != 1000 {
		t.Fatalf("%d caches", n)
	}
	rules := map[string]bool{}
	for _, d := range seen(diags) {
		_, rule, found := strings.Cut(d.detail, "  Rule:")
		if !found {
			t.Errorf("%s\n%s", d.summary, d.detail)
			continue
		}
		rule, _, _ = strings.Cut(rule, "\n")
		rule = strings.TrimSpace(rule)
		if rules[rule] {
			t.Errorf("%s is there twice", rule)
		}
		rules[rule] = true
		if !strings.Contains(d.summary, "1000 of 1000 caches") || strings.Count(d.detail, "fleet-") != 10 ||
			!strings.Contains(d.detail, "and 990 more") {
			t.Errorf("%s\n%s", d.summary, d.detail)
		}
	}
	if len(rules) < 4 || !rules["NS-2/disable-public-network-access"] {
		t.Errorf("got %v", rules)
	}
}

// Caches of every service are in a fleet.
func TestFleetOfEveryService(t *testing.T) {
	tf, fake := againstFake(t, nil)
	withPolicy(fake)
	fake.PutCache(sound("redis-a"))
	id := fake.PutManagedCache(armtest.ManagedCache{Subscription: secondSubscription, Name: "managed-b", Database: obj{}})
	state, diags := tf.readData(fleetType, nil)
	if n := state["summary"].(obj)["caches"]; n != 2 {
		t.Errorf("%v of 2 caches, %v", n, said(diags))
	}
	if text, _ := state["report_json"].(string); !strings.Contains(text, `"`+id+`"`) {
		t.Error("the report does not name it")
	}
}

// A rule of one service counts the caches of that service, and names it where the
// fleet has another one too.
func TestFleetCountsByService(t *testing.T) {
	tf, fake := againstFake(t, nil)
	withPolicy(fake)
	for _, name := range []string{"redis-a", "redis-b", "redis-c"} {
		fake.PutCache(public(name))
	}
	for _, name := range []string{"managed-a", "managed-b"} {
		fake.PutManagedCache(armtest.ManagedCache{Subscription: secondSubscription, Name: name, Database: obj{}})
	}
	_, diags := tf.readData(fleetType, nil)
	got := said(diags)
	for _, want := range []string{
		"warning: NS-2 Disable Public Network Access: 3 of 3 caches of Azure Cache for Redis violate it, redis-a first",
		"warning: LT-4 Azure Resource Logs: 2 of 2 caches of Azure Managed Redis violate it, managed-a first",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, strings.Join(got, "\n"))
		}
	}
	for _, summary := range got {
		if strings.Contains(summary, "of 5 caches") {
			t.Errorf("it counts caches of the other service: %s", summary)
		}
	}
}

// Caches of which Azure returns a value that is not documented are named once for each
// argument, or one by one.
func TestFleetUndocumentedValues(t *testing.T) {
	const odd = "the value of properties.minimumTlsVersion is not a documented one"
	for diagnostics, want := range map[string][]string{
		"summary": {"warning: " + odd},
		"each":    {"warning: redis-a: " + odd, "warning: redis-b: " + odd},
	} {
		tf, fake := againstFake(t, nil)
		withPolicy(fake)
		for _, name := range []string{"redis-a", "redis-b"} {
			c := sound(name)
			c.Properties["minimumTlsVersion"] = "1.9"
			fake.PutCache(c)
		}
		_, diags := tf.readData(fleetType, obj{"diagnostics": diagnostics})
		if diff := cmp.Diff(want, said(diags)); diff != "" {
			t.Errorf("%s: %s", diagnostics, diff)
		}
	}
}
