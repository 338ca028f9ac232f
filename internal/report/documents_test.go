package report

import (
	"encoding/json"
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
		Baseline: second.ID, ID: "NS-2/disable-public-network-access", Control: "TC-9", Title: "Closed to the Internet", Severity: Low,
		PolicyIDs: []string{}, Help: "https://example.com/test#closed",
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
	const ofFirst, ofSecond = "NS-2 Disable Public Network Access", "TC-9 Closed to the Internet"
	for format, want := range map[string][]string{
		"text": {"HIGH      NS-2/disable-public-network-access  fails", "LOW       NS-2/disable-public-network-access  " + ofSecond},
		"markdown": {"**[NS\\-2 Disable Public Network Access](https://example.com/baseline#NS-2",
			"**[TC\\-9 Closed to the Internet](https://example.com/test#closed)** (low)"},
		"github": {"::error file=plan.json,title=" + ofFirst + "%3A azurerm_redis_cache.a",
			"::notice file=plan.json,title=" + ofSecond + "%3A azurerm_test_cache.b"},
		"gitlab": {`"description":"` + ofFirst + `: azurerm_redis_cache.a`, `"description":"` + ofSecond + `: azurerm_test_cache.b`,
			`"severity":"critical"`, `"severity":"minor"`},
		"junit": {"access Disable Public Network Access\">", "access Closed to the Internet\">", `type="high"`, `type="low"`},
		"html": {"<h3>Azure Cache for Redis</h3>", "<h3>Test Cache</h3>", `<span class="soft">` + ofFirst + `, Azure Cache for Redis</span>`,
			`<span class="soft">` + ofSecond + `, Test Cache</span>`, "<small>" + ofSecond + ", fails</small>"},
	} {
		got := encode(t, format, twoDocuments(), EncodeOptions{})
		for _, text := range want {
			if !strings.Contains(got, text) {
				t.Errorf("%s: no %q in\n%s", format, text, got)
			}
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
		if !strings.Contains(got, "<b class=address>"+link[2]+"</b> <small>create · 1 violation</small></summary><div id="+link[1]+">") {
			t.Errorf("%s does not lead to %s", link[1], link[2])
		}
	}
	if len(links) != 2 || strings.ContainsAny(got, cacheNumber+openMark) {
		t.Errorf("links %q", links)
	}
}
