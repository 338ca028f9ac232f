package controls

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// The state of a control is the worst of its features.
func TestWorstState(t *testing.T) {
	all := []report.Status{
		report.NonCompliant, report.Unknown, notObserved, report.Exempt, report.Compliant, report.NotApplicable, report.NotSupported,
	}
	for i, one := range all {
		for j, other := range all {
			r, _ := merged(t, scan(1, cache("", shopID, states{privateLink: one, publicAccess: other})))
			for row := range r.Rows(false) {
				if want := States[min(i, j)]; row.Control.ID == "NS-2" && row.State != want {
					t.Errorf("%s and %s: %s, want %s", one, other, row.State, want)
				}
			}
		}
	}
}

// told is a result in lines: the states of NS-2, what is missing, the trend of NS-2, and the changes.
func told(r *Result, refused []error) string {
	var b strings.Builder
	for row := range r.Rows(true) {
		if row.Control.ID == "NS-2" {
			fmt.Fprintf(&b, "%s %s %s %s current=%v\n",
				row.Report.Name, row.Report.GeneratedAt.Format("02"), short(row.History), row.State, row.Current)
		}
	}
	for _, m := range r.Missing {
		fmt.Fprintf(&b, "missing %s: last in %s, not in %s, gone=%v, %s\n", short(m.History), m.In, m.Without, m.Gone, m.Why)
	}
	for _, c := range r.Trend {
		if c.Control == "NS-2" {
			fmt.Fprintf(&b, "trend %s %s%v\n", c.Date[8:10], strings.TrimPrefix(string(c.Kind)+" ", "existing "), c.States)
		}
	}
	for _, c := range r.Changes {
		fmt.Fprintf(&b, "%s %s %s %s %s→%s\n", c.Date[8:10], short(c.History), c.Control, c.Kind, c.From, c.To)
	}
	for _, err := range refused {
		fmt.Fprintf(&b, "refused %v\n", err)
	}
	return b.String()
}

func short(h *History) string {
	label := h.Label()
	return label[strings.LastIndexByte(label, '/')+1:]
}

func TestMerge(t *testing.T) {
	bad, good := states{publicAccess: report.NonCompliant}, states{}
	id := func(name string) string { return strings.TrimSuffix(shopID, "shop") + name }
	unseen := func(r report.Report, u ...report.Unseen) report.Report {
		r.Unseen = u
		return r
	}
	destroyed := func(c report.Cache) report.Cache {
		c.Change, c.Features = new(string), []report.Finding{}
		*c.Change = "delete"
		return c
	}
	inputs := func(r report.Report, names ...string) report.Report {
		r.Source.Inputs = names
		return r
	}
	partial := func(r report.Report) report.Report {
		r.Partial = "interrupted"
		return r
	}
	named := func(c report.Cache, name string) report.Cache {
		c.Name = &name
		return c
	}
	managed := func(address, name string, of states) report.Cache {
		c := named(cache(address, "", of), name)
		c.Type = "Microsoft.Cache/redisEnterprise"
		return c
	}
	configuration := func(date int, caches ...report.Cache) report.Report {
		r := scan(date, caches...)
		r.Source = report.Source{Kind: report.SourceConfiguration, Inputs: []string{"."}}
		return r
	}
	common := cache("redis.z", id("z"), good)
	of := func(reports ...report.Report) []report.Report { return reports }
	for name, row := range map[string]struct {
		reports []report.Report
		want    string
	}{
		"one": {of(scan(1, cache("", shopID, bad))), `
a 01 shop non_compliant current=true
trend 01 [1 0 0 0 0 0 0]`},
		"newer first": {of(scan(2, cache("", shopID, good)), scan(1, cache("", strings.ToUpper(shopID), bad))), `
a 02 shop compliant current=true
b 01 shop non_compliant current=false
trend 01 [1 0 0 0 0 0 0]
trend 02 [0 0 0 0 1 0 0]
02 shop NS-2 mended non_compliant→compliant`},
		"every change": {of(scan(1, cache("", shopID, good)), scan(2, cache("", shopID, states{publicAccess: report.Unknown})),
			scan(3, cache("", shopID, states{publicAccess: notObserved})), scan(4, cache("", shopID, bad)),
			scan(5, cache("", shopID, states{publicAccess: report.Exempt})), scan(6, cache("", shopID, good)),
			scan(7, cache("", shopID, bad)), scan(8, cache("", shopID, states{publicAccess: report.Unknown}))), `
h 08 shop unknown current=true
g 07 shop non_compliant current=false
f 06 shop compliant current=false
e 05 shop exempt current=false
d 04 shop non_compliant current=false
c 03 shop not_observed current=false
b 02 shop unknown current=false
a 01 shop compliant current=false
trend 01 [0 0 0 0 1 0 0]
trend 02 [0 1 0 0 0 0 0]
trend 03 [0 0 1 0 0 0 0]
trend 04 [1 0 0 0 0 0 0]
trend 05 [0 0 0 1 0 0 0]
trend 06 [0 0 0 0 1 0 0]
trend 07 [1 0 0 0 0 0 0]
trend 08 [0 1 0 0 0 0 0]
02 shop NS-2 newly_undecided compliant→unknown
03 shop NS-2 changed unknown→not_observed
04 shop NS-2 newly_violated not_observed→non_compliant
05 shop NS-2 newly_exempt non_compliant→exempt
06 shop NS-2 changed exempt→compliant
07 shop NS-2 newly_violated compliant→non_compliant
08 shop NS-2 newly_undecided non_compliant→unknown`},
		"appeared and gone": {of(scan(1, cache("", shopID, good)), scan(2, cache("", id("new"), bad))), `
b 02 new non_compliant current=true
a 01 shop compliant current=false
missing shop: last in a, not in b, gone=true, gone
trend 01 [0 0 0 0 1 0 0]
trend 02 [1 0 0 0 0 0 0]
02 new  appeared →
02 shop  gone →`},
		"gone and there again": {of(scan(1, cache("", shopID, good)), scan(2), scan(3, cache("", shopID, bad))), `
c 03 shop non_compliant current=true
a 01 shop compliant current=false
trend 01 [0 0 0 0 1 0 0]
trend 02 [0 0 0 0 0 0 0]
trend 03 [1 0 0 0 0 0 0]
02 shop  gone →
03 shop  appeared →
03 shop NS-2 newly_violated compliant→non_compliant`},
		"not seen is not gone": {of(scan(1, cache("", shopID, good)), unseen(scan(2), report.Unseen{Kind: "subscription", ID: "0000"})), `
a 01 shop compliant current=true
missing shop: last in a, not in b, gone=false, that report did not see everything
trend 01 [0 0 0 0 1 0 0]
trend 02 [0 0 0 0 1 0 0]`},
		"partial is not gone": {of(scan(1, cache("", shopID, good)), partial(scan(2))), `
a 01 shop compliant current=true
missing shop: last in a, not in b, gone=false, that report did not see everything
trend 01 [0 0 0 0 1 0 0]
trend 02 [0 0 0 0 1 0 0]`},
		"a plan without caches": {of(plan(1, "p", cache("redis.shop", shopID, good)), plan(2, "p")), `
a 01 redis.shop compliant current=false
missing redis.shop: last in a, not in b, gone=true, gone
trend 01 plan [0 0 0 0 1 0 0]
trend 02 plan [0 0 0 0 0 0 0]
02 redis.shop  gone →`},
		"another name at one address": {of(plan(1, "p", named(cache("redis.a", "", bad), "one"), common),
			plan(2, "p", named(cache("redis.a", "", good), "two"), common)), `
a 01 redis.a non_compliant current=false
b 02 redis.a compliant current=true
b 02 redis.z compliant current=true
a 01 redis.z compliant current=false
missing redis.a: last in a, not in b, gone=true, gone
trend 01 plan [1 0 0 0 1 0 0]
trend 02 plan [0 0 0 0 2 0 0]
02 redis.a  gone →
02 redis.a  appeared →`},
		"another address of one name": {of(plan(1, "p", named(cache("redis.a", "", bad), "one"), common),
			plan(2, "p", named(cache("redis.b", "", good), "one"), common)), `
a 01 redis.a non_compliant current=false
b 02 redis.b compliant current=true
b 02 redis.z compliant current=true
a 01 redis.z compliant current=false
missing redis.a: last in a, not in b, gone=true, gone
trend 01 plan [1 0 0 0 1 0 0]
trend 02 plan [0 0 0 0 2 0 0]
02 redis.a  gone →
02 redis.b  appeared →`},
		"another id of one name and address": {of(plan(1, "p", named(cache("redis.a", id("a"), bad), "one"), common),
			plan(2, "p", named(cache("redis.a", id("b"), good), "one"), common)), `
a 01 redis.a non_compliant current=false
b 02 redis.a compliant current=true
b 02 redis.z compliant current=true
a 01 redis.z compliant current=false
missing redis.a: last in a, not in b, gone=true, gone
trend 01 plan [1 0 0 0 1 0 0]
trend 02 plan [0 0 0 0 2 0 0]
02 redis.a  gone →
02 redis.a  appeared →`},
		"one id twice in a report": {of(plan(1, "p", cache("redis.a", shopID, bad), cache("redis.b", shopID, good)),
			plan(2, "p", cache("redis.a", shopID, bad), cache("redis.b", shopID, good))), `
b 02 redis.a non_compliant current=true
a 01 redis.a non_compliant current=false
b 02 redis.b compliant current=true
a 01 redis.b compliant current=false
trend 01 plan [1 0 0 0 1 0 0]
trend 02 plan [1 0 0 0 1 0 0]`},
		"another subscription was not seen": {of(scan(1, cache("", shopID, good)),
			unseen(scan(2), report.Unseen{Kind: "subscription", ID: "0001"})), `
a 01 shop compliant current=false
missing shop: last in a, not in b, gone=true, gone
trend 01 [0 0 0 0 1 0 0]
trend 02 [0 0 0 0 0 0 0]
02 shop  gone →`},
		"seen at last": {of(unseen(scan(1), report.Unseen{Kind: "subscription", ID: "0000"}), scan(2, cache("", shopID, good))), `
b 02 shop compliant current=true
trend 02 [0 0 0 0 1 0 0]`},
		"another source": {of(scan(1, cache("", shopID, good)), inputs(scan(2, cache("", id("new"), bad)), "0001")), `
b 02 new non_compliant current=true
a 01 shop compliant current=true
trend 01 [0 0 0 0 1 0 0]
trend 02 [1 0 0 0 1 0 0]`},
		"a plan and a scan of one cache": {of(plan(1, "plan.json", cache("redis.shop", shopID, bad)), scan(2, cache("", shopID, good))), `
b 02 shop compliant current=true
a 01 redis.shop non_compliant current=true
trend 01 plan [1 0 0 0 0 0 0]
trend 02 [0 0 0 0 1 0 0]
trend 02 plan [1 0 0 0 0 0 0]`},
		"a plan and a configuration mend nothing": {of(scan(1, cache("", shopID, bad)),
			plan(2, "plan.json", cache("redis.shop", shopID, good)), configuration(3, named(cache("redis.shop", "", good), "shop"))), `
a 01 shop non_compliant current=true
b 02 redis.shop compliant current=true
c 03 redis.shop compliant current=true
trend 01 [1 0 0 0 0 0 0]
trend 02 [1 0 0 0 0 0 0]
trend 02 plan [0 0 0 0 1 0 0]
trend 03 [1 0 0 0 0 0 0]
trend 03 plan [0 0 0 0 1 0 0]
trend 03 configuration [0 0 0 0 1 0 0]`},
		"a plan that destroys takes nothing that exists away": {of(scan(1, cache("", shopID, bad)),
			plan(2, "plan.json", destroyed(cache("redis.shop", shopID, nil)))), `
a 01 shop non_compliant current=true
trend 01 [1 0 0 0 0 0 0]
trend 02 [1 0 0 0 0 0 0]`},
		"gone from Azure, and in a plan": {of(scan(1, cache("", shopID, good)),
			plan(2, "plan.json", cache("redis.shop", shopID, good)), scan(3)), `
a 01 shop compliant current=false
b 02 redis.shop compliant current=true
missing shop: last in a, not in c, gone=true, gone
trend 01 [0 0 0 0 1 0 0]
trend 02 [0 0 0 0 1 0 0]
trend 02 plan [0 0 0 0 1 0 0]
trend 03 [0 0 0 0 0 0 0]
trend 03 plan [0 0 0 0 1 0 0]
03 shop  gone →`},
		"gone from one source, seen by another": {of(scan(1, cache("", shopID, good)),
			inputs(scan(2, cache("", shopID, good)), "group"), scan(3)), `
b 02 shop compliant current=true
a 01 shop compliant current=false
missing shop: last in b, not in c, gone=false, a report of another source has it
trend 01 [0 0 0 0 1 0 0]
trend 02 [0 0 0 0 1 0 0]
trend 03 [0 0 0 0 1 0 0]`},
		"one name of Azure Cache for Redis in two plans": {of(plan(1, "a.json", named(cache("redis.a", "", bad), "one")),
			plan(2, "b.json", named(cache("redis.b", "", good), "one"))), `
b 02 redis.b compliant current=true
a 01 redis.b non_compliant current=false
trend 01 plan [1 0 0 0 0 0 0]
trend 02 plan [0 0 0 0 1 0 0]
02 redis.b NS-2 mended non_compliant→compliant`},
		"one name of Azure Managed Redis in two regions": {of(plan(1, "eu.json", managed("redis.this", "one", bad)),
			plan(2, "us.json", managed("redis.this", "one", good)), plan(3, "us.json", managed("redis.this", "one", bad))), `
a 01 redis.this non_compliant current=true
c 03 redis.this non_compliant current=true
b 02 redis.this compliant current=false
trend 01 plan [1 0 0 0 0 0 0]
trend 02 plan [1 0 0 0 1 0 0]
trend 03 plan [2 0 0 0 0 0 0]
03 redis.this NS-2 newly_violated compliant→non_compliant`},
		"one name of Azure Managed Redis at two addresses": {of(plan(1, "p", managed("redis.eu", "one", bad), managed("redis.us", "one", good)),
			plan(2, "p", managed("redis.us", "one", bad), managed("redis.eu", "one", good))), `
b 02 redis.eu compliant current=true
a 01 redis.eu non_compliant current=false
b 02 redis.us non_compliant current=true
a 01 redis.us compliant current=false
trend 01 plan [1 0 0 0 1 0 0]
trend 02 plan [1 0 0 0 1 0 0]
02 redis.eu NS-2 mended non_compliant→compliant
02 redis.us NS-2 newly_violated compliant→non_compliant`},
		"one date and file name, two configurations": {of(plan(1, "plan.json", managed("redis.this", "one", bad)),
			plan(1, "plan.json", managed("redis.this", "one", good)), plan(1, "plan.json", cache("redis.this", "", bad)),
			plan(1, "plan.json", cache("redis.this", "", good))), `
c 01 redis.this non_compliant current=true
d 01 redis.this compliant current=true
a 01 redis.this non_compliant current=true
b 01 redis.this compliant current=true
trend 01 plan [2 0 0 0 2 0 0]`},
		"which of two configurations is not known": {of(plan(1, "plan.json", managed("redis.this", "one", bad)),
			plan(1, "plan.json", managed("redis.this", "one", states{publicAccess: report.Unknown})),
			plan(2, "plan.json", managed("redis.this", "one", good))), `
a 01 redis.this non_compliant current=true
b 01 redis.this unknown current=true
c 02 redis.this compliant current=true
trend 01 plan [1 1 0 0 0 0 0]
trend 02 plan [1 1 0 0 1 0 0]`},
		"created, then known by its id": {of(plan(1, "plan.json", cache("redis.shop", "", bad)),
			plan(2, "plan.json", cache("redis.shop", shopID, good))), `
b 02 redis.shop compliant current=true
a 01 redis.shop non_compliant current=false
trend 01 plan [1 0 0 0 0 0 0]
trend 02 plan [0 0 0 0 1 0 0]
02 redis.shop NS-2 mended non_compliant→compliant`},
		"one address with two ids": {of(plan(1, "plan.json", cache("redis.shop", shopID, bad)),
			plan(2, "plan.json", cache("redis.shop", id("other"), good))), `
b 02 redis.shop compliant current=true
a 01 redis.shop non_compliant current=true
trend 01 plan [1 0 0 0 0 0 0]
trend 02 plan [1 0 0 0 1 0 0]`},
		"one address in two plans of one name": {of(plan(1, "plan.json", cache("redis.this", shopID, bad)),
			plan(1, "plan.json", cache("redis.this", id("other"), good), cache("redis.more", id("more"), good))), `
b 01 redis.more compliant current=true
b 01 redis.this compliant current=true
a 01 redis.this non_compliant current=true
trend 01 plan [1 0 0 0 2 0 0]`},
		"two caches of one address in a report": {of(plan(1, "a.json", cache("redis.this", "", bad), cache("redis.this", "", good)),
			plan(2, "a.json", cache("redis.this", "", bad), cache("redis.this", "", bad))), `
b 02 redis.this non_compliant current=true
a 01 redis.this non_compliant current=false
b 02 redis.this non_compliant current=true
a 01 redis.this compliant current=false
trend 01 plan [1 0 0 0 1 0 0]
trend 02 plan [2 0 0 0 0 0 0]
02 redis.this NS-2 newly_violated compliant→non_compliant`},
		"moved to another address": {of(plan(1, "plan.json", cache("redis.shop", shopID, bad)),
			plan(2, "plan.json", cache("module.m.redis.shop", shopID, bad))), `
b 02 module.m.redis.shop non_compliant current=true
a 01 module.m.redis.shop non_compliant current=false
trend 01 plan [1 0 0 0 0 0 0]
trend 02 plan [1 0 0 0 0 0 0]`},
		"destroyed": {of(plan(1, "plan.json", cache("redis.shop", shopID, bad)),
			plan(2, "plan.json", destroyed(cache("redis.shop", shopID, nil)))), `
a 01 redis.shop non_compliant current=false
missing redis.shop: last in a, not in b, gone=true, gone
trend 01 plan [1 0 0 0 0 0 0]
trend 02 plan [0 0 0 0 0 0 0]
02 redis.shop  gone →`},
		"without a date, alone": {of(scan(0, cache("", shopID, bad))), `
a 01 shop non_compliant current=true`},
		"without a date, about other caches": {of(scan(0, cache("", shopID, bad)), plan(2, "p.json", cache("redis.x", id("x"), good))), `
a 01 shop non_compliant current=true
b 02 redis.x compliant current=true
trend 02 plan [0 0 0 0 1 0 0]`},
		"without a date, beside another": {of(scan(0, cache("", shopID, bad)), scan(2, cache("", shopID, good))), `
b 02 shop compliant current=true
trend 02 [0 0 0 0 1 0 0]
refused a: has no generated_at, and b is about ` + shopID + ` too: which of them is newer cannot be told; ` +
			`the report_json of Terraform has no date, give it alone`},
		"two without a date": {of(scan(0, cache("", shopID, bad)), inputs(scan(0, cache("", shopID, good)), "0001")), `
a 01 shop non_compliant current=true
refused b: has no generated_at, and a is about ` + shopID + ` too: which of them is newer cannot be told; ` +
			`the report_json of Terraform has no date, give it alone`},
		"a scan and a plan without a date": {of(scan(0, cache("", shopID, bad)), plan(0, "p", cache("redis.shop", shopID, good))), `
a 01 shop non_compliant current=true
b 01 redis.shop compliant current=true`},
		"twice": {of(scan(1, cache("", shopID, bad)), scan(1, cache("", shopID, bad))), `
a 01 shop non_compliant current=true
trend 01 [1 0 0 0 0 0 0]
refused b: is the same report as a: give each report once`},
		"one date, the same said": {of(scan(1, cache("", shopID, bad)), inputs(scan(1, cache("", shopID, bad)), "0001")), `
a 01 shop non_compliant current=true
trend 01 [1 0 0 0 0 0 0]`},
		"one date, a scan and a plan": {of(scan(1, cache("", shopID, bad)), plan(1, "p", cache("redis.shop", shopID, good))), `
a 01 shop non_compliant current=true
b 01 redis.shop compliant current=true
trend 01 [1 0 0 0 0 0 0]
trend 01 plan [0 0 0 0 1 0 0]`},
		"one date, two statements": {of(scan(1, cache("", shopID, bad)), inputs(scan(1, cache("", shopID, good)), "0001"),
			scan(2, cache("", shopID, good))), `
c 02 shop compliant current=true
a 01 shop non_compliant current=false
trend 01 [1 0 0 0 0 0 0]
trend 02 [0 0 0 0 1 0 0]
02 shop NS-2 mended non_compliant→compliant
refused b: has the date of a (2026-11-01T12:00:00Z) and says something else: NS-2/disable-public-network-access of ` + shopID + ` ` +
			`is compliant here and non_compliant there`},
		"one date, destroyed in one": {of(plan(1, "p", cache("redis.shop", shopID, bad)),
			plan(1, "p", destroyed(cache("redis.shop", shopID, nil)))), `
a 01 redis.shop non_compliant current=true
trend 01 plan [1 0 0 0 0 0 0]
refused b: has the date of a (2026-11-01T12:00:00Z) and says something else: redis.shop is destroyed here`},
		"one date and source, other caches": {of(scan(1, cache("", shopID, bad)), scan(1, cache("", id("x"), bad))), `
a 01 shop non_compliant current=true
b 01 x non_compliant current=true
trend 01 [2 0 0 0 0 0 0]`},
	} {
		if got, want := told(merged(t, row.reports...)), strings.TrimPrefix(row.want, "\n")+"\n"; got != want {
			t.Errorf("%s:\n%swant\n%s", name, got, want)
		}
	}
}

// The order of the arguments decides nothing but names.
func TestMergeInAnyOrder(t *testing.T) {
	reports := []report.Report{
		scan(1, cache("", shopID, states{publicAccess: report.NonCompliant})), scan(2, cache("", shopID, nil)),
		plan(3, "p.json", cache("redis.shop", shopID, states{transit: report.Unknown}), cache("redis.new", "", nil)), scan(4),
	}
	want := told(merged(t, reports...))
	for range 20 {
		slices.Reverse(reports[1:])
		slices.Reverse(reports)
		r, refused := merged(t, reports...)
		for i, one := range r.Reports { // as they were called
			one.Name = string(rune('a' + i))
		}
		for i := range r.Missing {
			r.Missing[i].In, r.Missing[i].Without = r.Missing[i].History.last().report.Name, "d"
		}
		if got := told(r, refused); got != want {
			t.Fatalf("%s\nwant\n%s", got, want)
		}
	}
}

// What a report does not judge stands with the report.
func TestUnjudged(t *testing.T) {
	change := "delete"
	gone := report.Cache{
		Type: "Microsoft.Cache/Redis", Baseline: classic, Change: &change, Features: []report.Finding{}, Advisories: []report.Finding{},
	}
	gone.Address = &change
	odd := report.Cache{Type: "Microsoft.Other/redis", Features: []report.Finding{}, Advisories: []report.Finding{}}
	r := plan(1, "p", gone, odd)
	r.Unjudged = []report.Unjudged{{Address: "redis.x", Type: "y"}}
	result, _ := merged(t, r)
	var got []string
	for _, u := range result.Reports[0].Unjudged {
		got = append(got, u.Address+" "+u.Type+" "+u.Why)
	}
	want := []string{
		"delete Microsoft.Cache/Redis the plan destroys it", "the cache Microsoft.Other/redis no baseline is known for its type", "redis.x y ",
	}
	if !slices.Equal(got, want) || len(result.Histories) != 0 {
		t.Errorf("%q, %d caches", got, len(result.Histories))
	}
}

// A violation that is mended is told as such, also where another feature of the control is undecided.
func TestMendedBesideUndecided(t *testing.T) {
	for now, want := range map[report.Status]ChangeKind{
		report.Compliant: Mended, report.NotApplicable: Mended, report.Unknown: NewlyUndecided,
		notObserved: NewlyUndecided, report.Exempt: NewlyUndecided,
	} {
		r, _ := merged(t, scan(1, cache("", shopID, states{publicAccess: report.NonCompliant, privateLink: notObserved})),
			scan(2, cache("", shopID, states{publicAccess: now, privateLink: notObserved})))
		if len(r.Changes) != 1 || r.Changes[0].Kind != want {
			t.Errorf("%s: %+v", now, r.Changes)
		}
	}
}
