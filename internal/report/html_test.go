package report

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestHTMLGolden(t *testing.T) {
	golden(t, "five.html", encode(t, "html", fiveCaches(), EncodeOptions{}))
	golden(t, "hostile.html", encode(t, "html", hostileReport(), EncodeOptions{}))
}

func TestHTMLHasARowPerCacheAndACellPerSupportedFeature(t *testing.T) {
	for _, n := range []int{0, 1, 100} {
		got := encode(t, "html", manyCaches(n), EncodeOptions{})
		rows := regexp.MustCompile(`(?m)^<tr class="item.*$`).FindAllString(got, -1)
		if len(rows) != n || strings.Count(got, "<details class=\"item") != n {
			t.Errorf("%d rows for %d caches", len(rows), n)
		}
		for _, row := range rows {
			if cells := strings.Count(row, "<td"); cells != 11 { // nine features, the change and the advisories
				t.Errorf("%d cells in %s", cells, row)
			}
		}
	}
}

// Nothing is loaded: no image, no style sheet, no font; and the one script is the one
// whose hash stands in the content security policy.
func TestHTMLLoadsNothing(t *testing.T) {
	for name, r := range map[string]Report{"five": fiveCaches(), "hostile": hostileReport()} {
		got := encode(t, "html", r, EncodeOptions{})
		scripts := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindAllStringSubmatch(got, -1)
		if len(scripts) != 1 || strings.Count(strings.ToLower(got), "<script") != 1 {
			t.Fatalf("%s: %d scripts", name, len(scripts))
		}
		sum := sha256.Sum256([]byte(scripts[0][1]))
		policy := html.UnescapeString(regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(got)[1])
		if want := "script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"; !strings.Contains(policy, want) {
			t.Errorf("%s: the policy %q lacks %s", name, policy, want)
		}
		rest := strings.Replace(got, scripts[0][0], "", 1)
		if m := regexp.MustCompile(`(?i)<img|<iframe|<object|<link[^>]+href="[^d]|\ssrc=|@import|url\(|\son\w+=`).FindString(rest); m != "" {
			t.Errorf("%s: %q", name, m)
		}
	}
}

// The head tells whether the run passes, what was judged, when, by which version and
// by which settings. No run that passes prints the word "fail".
func TestHTMLVerdict(t *testing.T) {
	nothing := func(Finding) bool { return false }
	introduced := func(f Finding) bool {
		return f.Status == NonCompliant && !f.IsAdvisory() && f.Since != nil && *f.Since == Introduced
	}
	const notAll = "; not every violation does.</p>"
	for name, c := range map[string]struct {
		report func(*Report)
		fails  func(Finding) bool
		want   []string
		not    string
	}{
		"fails": {nil, nil, []string{"</span>Fails: 4 violations in 2 of 5 caches</h1>", "<p>4 findings fail this run.</p>"}, "Passes"},
		"some fail": {nil, introduced,
			[]string{"Fails: 4 violations", "<p>2 findings fail this run" + notAll, "introduced, fails", "existing, passes"}, "Passes"},
		"passes": {nil, nothing, []string{"</span>Passes: 4 violations in 2 of 5 caches</h1>", "existing, passes"}, "(?i)fail"},
		"nothing to object to": {func(r *Report) { r.Caches = r.Caches[3:4] }, nil,
			[]string{"Passes: no violation in 1 cache"}, "(?i)fail"},
		"no cache": {func(r *Report) { r.Caches = nil }, nil, []string{"Nothing was judged: no Azure Cache for Redis in the input"},
			"(?i)fail|passes"},
		"only a cache that is destroyed": {func(r *Report) { r.Caches = r.Caches[:1] }, nil,
			[]string{"Nothing was judged: 1 cache destroyed"}, "(?i)fail|Passes"},
		"nothing could be seen": {func(r *Report) {
			r.Caches, r.Gaps, r.Unseen = nil, []string{"no role"}, []Unseen{{Kind: "subscription", ID: "s"}}
		}, nil,
			[]string{"Incomplete: no Azure Cache for Redis was judged"}, "(?i)fail|Passes"},
		"what no finding shows": {func(r *Report) { r.Failing = 1 }, nothing,
			[]string{"Fails: ", "<p>1 finding fails this run" + notAll}, "Passes"},
		"incomplete": {func(r *Report) { r.Gaps = []string{"a.json could not be read"} }, nil,
			[]string{"Incomplete: 4 violations in 2"}, "Fails:|Passes:"},
	} {
		t.Run(name, func(t *testing.T) {
			r := fiveCaches()
			r.Source.Settings = "infra/.redisbaseline.yaml"
			if c.report != nil {
				c.report(&r)
				r.Summary = r.summed().Summary
			}
			got := encode(t, "html", r, EncodeOptions{FailsRun: c.fails})
			for _, text := range append(c.want, "<dt>judged</dt><dd><span class=\"address\">plan.<wbr>json</span></dd>",
				"<time>2026-11-28 10:00 UTC</time>",
				"redisbaseline 1.2.3, with the settings of <span class=\"address\">infra/<wbr>.<wbr>redisbaseline.<wbr>yaml") {
				if !strings.Contains(got, text) {
					t.Errorf("no %q in\n%s", text, got)
				}
			}
			if m := regexp.MustCompile(c.not).FindString(got); m != "" {
				t.Errorf("the page says %q", m)
			}
		})
	}
}

// The totals of a rule select the rows and the details of as many caches, and the
// most severe rule comes first.
func TestHTMLTotalsSelectTheirCaches(t *testing.T) {
	got := encode(t, "html", manyCaches(100), EncodeOptions{})
	totals := regexp.MustCompile(`id="(\w+)" aria-label="([^"]*)">(?:. |<b>)(\d+)<`).FindAllStringSubmatch(got, -1)
	var labels []string
	for _, total := range totals {
		labels = append(labels, total[2])
		with := regexp.MustCompile(`class="item[^"]* ` + total[1] + `[ "]`)
		if n := len(with.FindAllString(got, -1)); fmt.Sprint(n/2) != total[3] {
			t.Errorf("%s selects %d rows and details", total[2], n)
		}
		if !strings.Contains(got, "body:has(#"+total[1]+":checked) .item:not(."+total[1]+") { display: none; }") {
			t.Errorf("no style for %s", total[2])
		}
	}
	want := []string{
		"34 in violation", "7 undecided", "59 compliant",
		"NS-2/disable-public-network-access violated: 34 caches", "DP-3/data-in-transit-encryption violated: 12 caches",
		"LT-4/azure-resource-logs undecided: 10 caches", "AM-2/azure-policy-support not observed: 100 caches",
		"advisory/access-keys-disabled violated: 34 caches",
	}
	if !slices.Equal(labels, want) {
		t.Errorf("totals %q, want %q", labels, want)
	}
}

// An advisory that many caches share is told once, with their number, and linked
// from each of them.
func TestHTMLTellsOnceWhatIsShared(t *testing.T) {
	got := encode(t, "html", manyCaches(100), EncodeOptions{})
	told := regexp.MustCompile(`<li id="(t\d+)"><b>34 caches</b><p>access keys are accepted`).FindAllStringSubmatch(got, -1)
	if len(told) != 1 || strings.Count(got, "access keys are accepted") != 1 {
		t.Fatalf("told %q, %d times", told, strings.Count(got, "access keys are accepted"))
	}
	if links := strings.Count(got, "<a href=#"+told[0][1]+">access-keys-disabled</a>"); links != 34 {
		t.Errorf("%d links to it", links)
	}
	// One that fails the run stands with each cache.
	fails := func(f Finding) bool { return f.IsAdvisory() && f.Status == NonCompliant }
	failing := encode(t, "html", manyCaches(100), EncodeOptions{FailsRun: fails})
	if n := strings.Count(failing, "existing, fails</small><p>access keys are accepted"); n != 34 {
		t.Errorf("an advisory that fails the run stands with %d caches", n)
	}
}

// 300 caches with 375 violations, three features that were not observed and two
// advisories each stay well below 400 KB, which leaves room for three more advisories.
func TestHTMLSize(t *testing.T) {
	r := manyCaches(300)
	for i := range r.Caches {
		c := sampleCache(fmt.Sprintf("azurerm_redis_cache.cache_%03d", i), fmt.Sprintf("redis-%03d", i), "update").
			with("advisory/tier", violated(Existing, "the Basic tier has no SLA", known("sku_name", `"Basic"`))).
			with("advisory/access-keys-disabled", violated(Existing, "access keys are accepted"))
		for _, id := range []string{"NS-2/azure-private-link", "AM-2/azure-policy-support", "LT-4/azure-resource-logs"} {
			c = c.with(id, unknown(ReasonNotObserved, "not in this plan"))
		}
		if i%2 == 0 {
			c = c.with("DP-3/data-in-transit-encryption", violated(Introduced, "the non-TLS port is on", known("non_ssl_port_enabled", "true")))
		}
		if i%4 != 3 {
			c = c.with("NS-2/disable-public-network-access", violated(Existing, "public network access is enabled",
				known("public_network_access_enabled", "true")))
		}
		r.Caches[i] = c
	}
	if r = r.summed(); r.Summary.NonCompliant != 375 {
		t.Fatal(r.Summary)
	}
	got := encode(t, "html", r, EncodeOptions{})
	if n := len(got); n > 355_000 {
		t.Errorf("%d bytes", n)
	}
	if strings.Contains(got, " open>") {
		t.Error("the details of 200 caches are unfolded")
	}
	if n := strings.Count(encode(t, "html", fiveCaches(), EncodeOptions{}), " open>"); n != 3 {
		t.Errorf("the details of %d of three caches with objections are unfolded", n)
	}
}

// Findings stand by severity; the document has NS-2 before DP-3 before LT-4.
func TestHTMLFindingsBySeverity(t *testing.T) {
	c := sampleCache("azurerm_redis_cache.a", "a", "create").
		with("NS-1/virtual-network-integration", violated("", "no network")).
		with("LT-4/azure-resource-logs", violated("", "no logs")).
		with("DP-3/data-in-transit-encryption", violated("", "no TLS")).
		with("NS-2/azure-private-link", unknown("unresolved_reference", "may be"))
	r := sampleHeader("plan.json")
	r.Caches = []Cache{c}
	got := encode(t, "html", r.summed(), EncodeOptions{})
	var order []string
	for _, m := range regexp.MustCompile(`<li><b class=\w+>([^<]*)</b> <code>([^<]*)`).FindAllStringSubmatch(got, -1) {
		order = append(order, m[1]+" "+m[2])
	}
	want := []string{"high violation DP-3/data-in-transit-encryption", "medium violation LT-4/azure-resource-logs",
		"low violation NS-1/virtual-network-integration", "unresolved reference NS-2/azure-private-link"}
	if !slices.Equal(order, want) {
		t.Errorf("%q, want %q", order, want)
	}
}

// Ids of resources are short, and stand in full with the details of their cache.
func TestHTMLShortIDs(t *testing.T) {
	const id = "/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/rg-shop/providers/Microsoft.Cache/Redis/fleet-00021"
	c := sampleCache("", "fleet-00021", "")
	c.ResourceID = new(string)
	*c.ResourceID = id
	r := sampleHeader()
	r.Source.Kind = SourceExisting
	r.Caches = []Cache{c}
	got := encode(t, "html", r.summed(), EncodeOptions{})
	if strings.Count(got, "33333333…/<wbr>rg-shop/<wbr>fleet-00021") != 2 || strings.Count(got, AddressMarkup(id)) != 1 {
		t.Errorf("the id is not short in\n%s", got)
	}
	for _, of := range []string{">change<", "introduced by this plan"} {
		if strings.Contains(got, of) {
			t.Errorf("a scan has no plan, and the page says %q", of)
		}
	}
}

// Addresses break behind dots and slashes only, and stay what they are.
func TestAddressMarkup(t *testing.T) {
	for address, want := range map[string]string{
		`module.a["eu"].azurerm_redis_cache.this`: "module.<wbr>a[&#34;eu&#34;].<wbr>azurerm_redis_cache.<wbr>this",
		"/a-b/c":     "/<wbr>a-b/<wbr>c",
		"<b>\x00.\n": `&lt;b&gt;\x00.<wbr>\n`,
	} {
		if got := AddressMarkup(address); got != want {
			t.Errorf("%q: %s, want %s", address, got, want)
		}
	}
}

// A block stands as in a file.
func TestRemedyLines(t *testing.T) {
	for remedy, want := range map[string]string{
		`add patch_schedule { day_of_week = "Sunday", start_hour_utc = 3 }, written as a block`: `add
patch_schedule {
  day_of_week = "Sunday"
  start_hour_utc = 3
}`,
		"add customer_managed_key { id = var.key_id }, written as a block, and the same identity": `add
customer_managed_key {
  id = var.key_id
}
and the same identity`,
		"set a = { b = 1, c = 2 }":      "set a = { b = 1, c = 2 }",
		"first\nsecond \x1b[31m ##[x]y": "first\nsecond \\x1b[31m #\\x23[x]y",
		"":                              "",
	} {
		if got := remedyLines(remedy); got != want {
			t.Errorf("%q: %q, want %q", remedy, got, want)
		}
	}
}

// A number of objects is told as such.
func TestEvidenceOfANumber(t *testing.T) {
	for want, e := range map[string]Evidence{
		"0 patch schedules": known("patch_schedule", "0"), "1 firewall rule": known("firewall_rule", "1"),
		"capacity = 1": known("capacity", "1"), "patch_schedule is not known": {Path: "patch_schedule", State: EvidenceUnknown},
	} {
		if got := e.Text(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
