package report

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
)

// twoDocuments is a report of a cache of a second service, whose document gives
// the same rule another title, control and severity, and of one of the first.
func twoDocuments() Report {
	r := sampleHeader("plan.json")
	second := r.Baselines[0]
	second.ID, second.Title, second.ServiceName = "test-cache", "Security baseline for Test Cache", "Test Cache"
	r.Baselines = append(r.Baselines, second)
	r.Catalogue = append(r.Catalogue, Entry{
		Baseline: second.ID, ID: "NS-2/disable-public-network-access", Control: "TC-9", Controls: Controls{V2: "TC-9"},
		Title:    "Closed to the Internet",
		Severity: Low, PolicyIDs: []string{}, Help: "https://example.com/test#closed",
	})
	open := violated("", "public network access is enabled")
	first := sampleCache("azurerm_redis_cache.a", "a", "create").with("NS-2/disable-public-network-access", open)
	other := sampleCache("azurerm_test_cache.b", "b", "create").with("NS-2/disable-public-network-access", open)
	other.Baseline, other.Advisories = second.ID, []Finding{}
	other.Features = []Finding{*find(other.Features, "NS-2/disable-public-network-access")}
	r.Caches = []Cache{other, first}
	return r.summed()
}

// The texts of a finding are those of the document that judged its cache.
func TestTextsOfTwoDocuments(t *testing.T) {
	const ofFirst, ofSecond = "NS-2 Disable Public Network Access", "NS-2 Closed to the Internet (MCSB v2: TC-9)"
	for format, want := range map[string][]string{
		"text": {"HIGH      NS-2/disable-public-network-access  fails", "LOW       NS-2/disable-public-network-access  MCSB v2: TC-9  fails"},
		"markdown": {"**[NS\\-2 Disable Public Network Access](https://example.com/baseline#NS-2",
			"**[NS\\-2 Closed to the Internet \\(MCSB v2: TC\\-9\\)](https://example.com/test#closed)** " +
				"`NS-2/disable-public-network-access` (low)"},
		"github": {"::error file=plan.json,title=" + ofFirst + "%3A azurerm_redis_cache.a",
			"::notice file=plan.json,title=" + strings.ReplaceAll(ofSecond, ":", "%3A") + "%3A azurerm_test_cache.b"},
		"azuredevops": {"##vso[task.logissue type=error;sourcepath=plan.json;linenumber=1;columnnumber=1;" +
			"code=NS-2/disable-public-network-access]" + ofFirst + ": azurerm_redis_cache.a: ",
			"code=NS-2/disable-public-network-access]" + ofSecond + ": azurerm_test_cache.b: "},
		"gitlab": {`"description":"` + ofFirst + `: azurerm_redis_cache.a`, `"description":"` + ofSecond + `: azurerm_test_cache.b`,
			`"severity":"critical"`, `"severity":"minor"`},
		"junit": {"access Disable Public Network Access\">", "access Closed to the Internet\">", `type="high"`, `type="low"`},
		"html": {"<h3>Azure Cache for Redis</h3>", "<h3>Test Cache</h3>", `<span class="soft">` + ofFirst + `, Azure Cache for Redis</span>`,
			`<span class="soft">` + ofSecond + `, Test Cache</span>`, "<small>MCSB v2: TC-9, fails</small>"},
	} {
		got := encode(t, format, twoDocuments(), EncodeOptions{})
		for _, text := range want {
			if !strings.Contains(got, text) {
				t.Errorf("%s: no %q in\n%s", format, text, got)
			}
		}
	}
}

// threeCaches is a report of a cache of the second service between two of the first, of
// which the second is the worse one.
func threeCaches() Report {
	r := twoDocuments()
	worse := sampleCache("azurerm_redis_cache.c", "c", "create").with("NS-2/disable-public-network-access", violated("", "open")).
		with("DP-3/data-in-transit-encryption", violated("", "plain"))
	r.Caches = []Cache{r.Caches[1], r.Caches[0], worse}
	r.Summary = Summary{}
	return r.summed()
}

// The caches of a service stand together under its name, the worst first in formats
// that order them so.
func TestCachesOfTwoServices(t *testing.T) {
	for format, order := range map[string][]string{
		"text": {"Azure security baseline for Azure Cache for Redis", "✗ azurerm_redis_cache.c", "✗ azurerm_redis_cache.a",
			"Security baseline for Test Cache", "✗ azurerm_test_cache.b", "3 caches"},
		"markdown": {"#### Azure Cache for Redis\n\n| |", "<code>azurerm\\_redis\\_cache.c", "<code>azurerm\\_redis\\_cache.a", "<details>",
			"#### Test Cache\n\n<details open><summary>❌ <code>azurerm_test_cache.b</code> create: "}, // one cache, no table
		"junit": {`<testsuite name="Azure Cache for Redis: azurerm_redis_cache.a"`, `classname="azurerm_redis_cache.a"`,
			`<testsuite name="Azure Cache for Redis: azurerm_redis_cache.c"`, `<testsuite name="Test Cache: azurerm_test_cache.b"`,
			`classname="azurerm_test_cache.b"`},
	} {
		rest := encode(t, format, threeCaches(), EncodeOptions{})
		for _, text := range order {
			_, after, found := strings.Cut(rest, text)
			if !found {
				t.Fatalf("%s: no %q in\n%s", format, text, rest)
			}
			rest = after
		}
	}
}

// A report of one service has no names of groups, whatever documents may judge.
func TestCachesOfOneService(t *testing.T) {
	r := threeCaches()
	r.Caches = []Cache{r.Caches[0], r.Caches[2]}
	for format, name := range map[string]string{"text": "caches of Azure Cache", "markdown": "####", "junit": `name="Azure Cache for Redis`} {
		if got := encode(t, format, r, EncodeOptions{}); strings.Contains(got, name) || strings.ContainsRune(got, 0) {
			t.Errorf("%s: %q in\n%s", format, name, got)
		}
	}
}

// Of many caches of two services, each has its worst ones and its own counts.
func TestManyCachesOfTwoServices(t *testing.T) {
	r := threeCaches()
	first, other := r.Caches[0], r.Caches[1]
	r.Caches = nil
	for range 12 {
		r.Caches = append(r.Caches, first)
	}
	for range 11 {
		r.Caches = append(r.Caches, other)
	}
	r.Summary = Summary{}
	got := encode(t, "text", r.summed(), EncodeOptions{})
	for _, want := range []string{"and 2 more caches with", "and 1 more cache with",
		"12 caches of Azure Cache for Redis", "11 caches of Test Cache"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if n := strings.Count(got, "worst first"); n != 2 {
		t.Errorf("%d lists in\n%s", n, got)
	}
	for range 6 { // more than a comment holds
		r.Caches = append(r.Caches, r.Caches...)
	}
	markdown := encode(t, "markdown", r, EncodeOptions{})
	for _, cache := range []string{"redis\\_cache.a</code>", "test\\_cache.b</code>",
		"<code>azurerm_redis_cache.a", "<code>azurerm_test_cache.b"} {
		if n := strings.Count(markdown, cache); n < 10 || len(markdown) > markdownLimit {
			t.Errorf("%d of %s in a comment of %d bytes", n, cache, len(markdown))
		}
	}
}

// A result of SARIF points to the rule of the document that judged its cache.
func TestSARIFRulesOfTwoDocuments(t *testing.T) {
	var log sarifLog
	if err := json.Unmarshal([]byte(sarifOf(t, twoDocuments())), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	for i, want := range []string{"Closed to the Internet", "Disable Public Network Access"} {
		result := run.Results[i]
		if rule := run.Tool.Driver.Rules[result.RuleIndex]; rule.ID != result.RuleID || rule.Name != want {
			t.Errorf("result %d is of the rule %s, %q", i, rule.ID, rule.Name)
		}
	}
}

// Each document has a matrix with the columns of its features, and the numbers of
// the rows lead to the caches.
func TestHTMLMatrixOfEachDocument(t *testing.T) {
	got := encode(t, "html", twoDocuments(), EncodeOptions{})
	tables := strings.Count(got, `<table class="matrix"`)
	if tables != 2 || strings.Contains(got, "not judged") || strings.Count(got, `id="matrix"`) != 1 ||
		strings.Count(got, `id="matrix2"`) != 1 {
		t.Errorf("%d matrices in\n%s", tables, got)
	}
	links := regexp.MustCompile(`href=#(c\d)>(.*?)</a>`).FindAllStringSubmatch(got, -1)
	for _, link := range links {
		if !strings.Contains(got, "<summary><b>"+link[2]+"</b> <small>create · 1 violation</small></summary><div id="+link[1]+">") {
			t.Errorf("%s does not lead to %s", link[1], link[2])
		}
	}
	if len(links) != 2 || strings.ContainsAny(got, cacheNumber+openMark) {
		t.Errorf("links %q", links)
	}
}

// A report without caches names every service that was looked for, although its closing
// has the first document only.
func TestNoCacheOfAnyService(t *testing.T) {
	for format, want := range map[string]string{
		"text": "no Azure Cache for Redis or Test Cache in plan.json",
		"html": "<h1><span class=\"sign na\" aria-hidden=\"true\">–</span>" +
			"Nothing was judged: no Azure Cache for Redis or Test Cache in the input",
		"markdown": "### ➖ Nothing was judged: no Azure Cache for Redis or Test Cache in the input\n",
	} {
		var out strings.Builder
		e, err := NewEncoder(format, &out, EncodeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		r := twoDocuments()
		if err := errors.Join(e.Begin(Report{Source: r.Source, Closing: r.Closing}), e.End(Closing{Baselines: r.Baselines[:1]})); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: no %q in\n%s", format, want, out.String())
		}
	}
}
