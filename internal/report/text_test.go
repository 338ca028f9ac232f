package report

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestTextGolden(t *testing.T) {
	for name, c := range map[string]struct {
		report Report
		opts   EncodeOptions
	}{
		"five.txt":         {fiveCaches(), EncodeOptions{}},
		"five-colour.txt":  {fiveCaches(), EncodeOptions{Color: true, Width: 100}},
		"five-verbose.txt": {fiveCaches(), EncodeOptions{Verbose: true, Width: 100}},
		"hundred.txt":      {manyCaches(100), EncodeOptions{}},
		"hostile.txt":      {hostileReport(), EncodeOptions{}},
		"empty.txt":        {sampleHeader("plan.json"), EncodeOptions{}},
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, encode(t, "text", c.report, c.opts)) })
	}
}

// An exempt finding has the terms and the place of its exemption once.
func TestTextExemption(t *testing.T) {
	got := strings.Join(strings.Fields(strings.ReplaceAll(encode(t, "text", fiveCaches(), EncodeOptions{}), "│", "")), " ")
	want := "exempt DP-3/data-in-transit-encryption (Waiver, until 2027-01-01, approved by jane, exemptions.yaml:3): legacy client; " +
		"without the exemption: minimum TLS 1.0"
	if !strings.Contains(got, want) || strings.Contains(got, "exempt (") {
		t.Error(got)
	}
}

// A value that is not documented is named by its argument, without Verbose too, and is
// marked in JSON, whose reasons have no word for it.
func TestUndocumentedIsNamed(t *testing.T) {
	r := Report{Caches: []Cache{sampleCache("azurerm_redis_cache.a", "a", "create").
		with("DP-3/data-in-transit-encryption", undocumentedVersion)}}
	for _, opts := range []EncodeOptions{{}, {Verbose: true}} {
		if got := encode(t, "text", r, opts); !strings.Contains(got, "minimum_tls_version has a value that is not documented\n") {
			t.Error(got)
		}
	}
	if got := jsonOf(t, r, EncodeOptions{}); strings.Count(got, `{"path":"minimum_tls_version","state":"unknown","undocumented":true}`) != 1 {
		t.Error(got)
	}
}

// The worst caches come first, and behind them what holds for all fits on one screen.
func TestTextHundredCachesFitAScreen(t *testing.T) {
	for _, width := range []int{80, 60, 40} {
		got := encode(t, "text", manyCaches(100), EncodeOptions{Width: width})
		lines := strings.Split(strings.TrimSpace(got), "\n")
		if _, after, _ := strings.Cut(got, "more caches"); width > 40 && (strings.Count(after, "\n") > 30 || len(lines) > 150) {
			t.Errorf("width %d: %d lines:\n%s", width, len(lines), got)
		}
		for _, l := range lines {
			if ansi.StringWidth(l) > width {
				t.Errorf("line is wider than the terminal of %d: %q", width, l)
			}
		}
	}
}

// Each of the worst of many caches has what fails, where, and what to write.
func TestTextOverviewSaysWhatToWrite(t *testing.T) {
	many := manyCaches(100)
	for i := range many.Caches {
		for k := range many.Caches[i].Features {
			many.Caches[i].Features[k].Position = &Position{"modules/redis/main.tf", 14}
		}
	}
	got := encode(t, "text", many, EncodeOptions{})
	for _, cache := range strings.Split(got, "\n✗ ")[1:] {
		cache, _, _ = strings.Cut(cache, "\n  and ")
		for _, want := range []string{"NS-2/disable-public-network-access", "introduced, fails", "modules/redis/main.tf:14", "write: "} {
			if !strings.Contains(cache, want) {
				t.Errorf("no %s in\n%s", want, cache)
			}
		}
	}
	if n := strings.Count(got, "\n✗ "); n != detailLimit {
		t.Errorf("%d caches, want %d", n, detailLimit)
	}
}

// A few violations among many caches are shown in full, and the others counted.
func TestTextOneViolationOfMany(t *testing.T) {
	many := manyCaches(100)
	for i := range many.Caches {
		for k := range many.Caches[i].Features {
			if i != 42 {
				many.Caches[i].Features[k].Status = Compliant
			}
		}
	}
	many.Caches[42] = many.Caches[42].with("DP-3/data-in-transit-encryption", violated(Introduced, "the non-TLS port is on"))
	got := encode(t, "text", many.summed(), EncodeOptions{})
	if !strings.Contains(got, "the non-TLS port is on") || strings.Count(got, "\n✗ ") != 1 {
		t.Errorf("got:\n%s", got)
	}
}

// What fails the run is marked, comes first, and is told from what passes.
func TestTextMarksWhatFails(t *testing.T) {
	introduced := func(f Finding) bool { return f.Since != nil && *f.Since == Introduced && !f.IsAdvisory() }
	old := sampleCache("x.old", "old", "no-op").
		with("NS-2/disable-public-network-access", violated(Existing, "open")).
		with("DP-3/data-in-transit-encryption", violated(Existing, "plain text"))
	fresh := sampleCache("x.new", "new", "create").with("LT-4/azure-resource-logs", violated(Introduced, "no logs"))
	r := sampleHeader("plan.json")
	r.Caches = []Cache{old, fresh}
	got := encode(t, "text", r.summed(), EncodeOptions{FailsRun: introduced})
	for _, want := range []string{"existing, passes", "introduced, fails"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Index(got, "x.new") > strings.Index(got, "x.old") {
		t.Errorf("what fails does not come first:\n%s", got)
	}
	if got := encode(t, "text", r.summed(), EncodeOptions{FailsRun: func(Finding) bool { return false }}); strings.Contains(got, "fail") {
		t.Errorf("nothing fails, and yet:\n%s", got)
	}
	strict := func(f Finding) bool {
		return f.Status == Unknown || f.ID == "advisory/access-keys-disabled" && f.Status == NonCompliant
	}
	got = encode(t, "text", fiveCaches(), EncodeOptions{FailsRun: strict})
	for _, want := range []string{
		"AM-2/azure-policy-support  not observed, fails", "advisory  advisory/access-keys-disabled: access keys are accepted; fails",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// What many caches share is told once, with their number, and where it is about one
// cache with its name.
func TestTextSharedAdvisories(t *testing.T) {
	r := sampleHeader("plan.json")
	for _, name := range []string{"a", "b", "c"} {
		c := sampleCache("x."+name, name, "create").with("advisory/access-keys-disabled", violated(Introduced, "keys are on"))
		r.Caches = append(r.Caches, c)
	}
	r.Caches[1] = r.Caches[1].with("advisory/access-keys-disabled", violated(Introduced, "the key of b is on"))
	got := encode(t, "text", r.summed(), EncodeOptions{})
	for _, want := range []string{
		"advisory/access-keys-disabled  2 caches\n  │   keys are on\n", "advisory/access-keys-disabled  x.b\n  │   the key of b is on\n",
	} {
		if strings.Count(got, want) != 1 {
			t.Errorf("not once %q in\n%s", want, got)
		}
	}
}

// Every id that text prints can be typed: explain and exemptions take it.
func TestTextPrintsIDs(t *testing.T) {
	for _, opts := range []EncodeOptions{{}, {Verbose: true}} {
		for _, r := range []Report{fiveCaches(), manyCaches(100)} {
			got := encode(t, "text", r, opts)
			for _, e := range sampleCatalogue() {
				if strings.Contains(got, e.Control+" "+e.Title) && e.Control != "" {
					t.Errorf("%s is named by its title", e.ID)
				}
			}
			if !strings.Contains(got, "NS-2/disable-public-network-access") {
				t.Errorf("no id in\n%s", got)
			}
		}
	}
}

// Where no cache has anything to object to, there is no list of the worst.
func TestTextHundredCompliantCaches(t *testing.T) {
	many := manyCaches(100)
	for i := range many.Caches {
		for k := range many.Caches[i].Features {
			many.Caches[i].Features[k].Status = Compliant
		}
	}
	if got := encode(t, "text", many, EncodeOptions{Verbose: false}); strings.Contains(got, "worst first") ||
		!strings.Contains(got, "--verbose shows") {
		t.Errorf("got:\n%s", got)
	}
}

func TestTextWorstFirst(t *testing.T) {
	got := encode(t, "text", fiveCaches(), EncodeOptions{})
	at := -1
	for _, address := range []string{`module.a.azurerm_redis_cache.this["eu"]`, "azurerm_redis_cache.orders", "azurerm_redis_cache.session",
		`module.a.azurerm_redis_cache.this["us"]`, "azurerm_redis_cache.old"} {
		next := strings.Index(got, " "+address+"  ")
		if next <= at {
			t.Errorf("%s does not come after the worse ones", address)
		}
		at = next
	}
}

// The findings of one cache too, and with --verbose.
func TestTextWorstFindingFirst(t *testing.T) {
	r := Report{Closing: Closing{Catalogue: []Entry{
		{ID: "A/a", Control: "A", Title: "open", Severity: High}, {ID: "B/b", Control: "B", Title: "minor", Severity: Low},
		{ID: "C/c", Control: "C", Title: "middle", Severity: Medium}, {ID: "D/d", Control: "D", Title: "severe", Severity: High},
		{ID: "E/e", Control: "E", Title: "severe too", Severity: High},
	}}, Caches: []Cache{{Features: []Finding{
		{ID: "A/a", Status: Unknown}, {ID: "B/b", Status: NonCompliant}, {ID: "C/c", Status: NonCompliant},
		{ID: "D/d", Status: NonCompliant}, {ID: "E/e", Status: NonCompliant},
	}}}}
	for _, verbose := range []bool{false, true} {
		got, at := encode(t, "text", r, EncodeOptions{Verbose: verbose}), -1
		for _, title := range []string{"D/d", "E/e", "C/c", "B/b", "A/a"} {
			next := strings.Index(got, title)
			if next <= at {
				t.Errorf("verbose %v: %s is not where it belongs:\n%s", verbose, title, got)
			}
			at = next
		}
	}
}

func TestTextVerboseShowsEveryFeatureOfEveryCache(t *testing.T) {
	got := encode(t, "text", manyCaches(12), EncodeOptions{Verbose: true, Width: 120})
	for _, e := range sampleCatalogue() {
		if n := strings.Count(got, e.ID); n < 12 {
			t.Errorf("%s is shown %d times for 12 caches", e.ID, n)
		}
	}
}

func TestTextColourOnlyWhenAsked(t *testing.T) {
	if got := encode(t, "text", fiveCaches(), EncodeOptions{}); strings.Contains(got, "\x1b") {
		t.Error("an escape sequence without colour")
	}
	plain := encode(t, "text", fiveCaches(), EncodeOptions{Width: 100})
	colour := encode(t, "text", fiveCaches(), EncodeOptions{Width: 100, Color: true})
	if !strings.Contains(colour, "\x1b") || ansi.Strip(colour) != plain {
		t.Error("colour changes more than the colour")
	}
}

// Pipelines obey lines that start with "::", after any white space.
func TestTextNoLineStartsWithTextFromThePlan(t *testing.T) {
	for _, width := range []int{40, 60, 80, 120} {
		for _, l := range strings.Split(encode(t, "text", hostileReport(), EncodeOptions{Width: width, Verbose: true}), "\n") {
			if strings.HasPrefix(strings.TrimSpace(l), "::") {
				t.Errorf("width %d: %q", width, l)
			}
		}
	}
}

func TestTextManyUndecidedNamesNoMoreThanItShows(t *testing.T) {
	got := encode(t, "text", manyCaches(100), EncodeOptions{})
	for _, want := range []string{"34 in violation", "7 undecided", "59 compliant", "and 31 more caches"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// A note of the report that stands under a cache, as on an expired exemption, is not said
// again where all caches are shown.
func TestTextSaysANoteOnce(t *testing.T) {
	const note = "the exemption of a for b expired"
	for _, caches := range []int{1, 2 * plainLimit} {
		r := manyCaches(caches)
		for i := range r.Caches {
			r.Caches[i].Notes = nil
		}
		r.Caches[0].Notes = []string{note}
		got := encode(t, "text", r.summed(note, "another"), EncodeOptions{})
		if strings.Count(got, note) != 1 || strings.Count(got, "note: another") != 1 {
			t.Errorf("%d caches:\n%s", caches, got)
		}
	}
}

// With every feature, too, violations come first, then what is undecided, then the rest.
func TestTextVerboseWorstFirst(t *testing.T) {
	r := sampleHeader("plan.json")
	r.Caches = []Cache{sampleCache("x.a", "a", "create").
		with("NS-1/virtual-network-integration", func(f *Finding) { f.Status = NotApplicable }).
		with("NS-2/azure-private-link", unknown("known_after_apply", "it is not known")).
		with("NS-1/network-security-group-support", violated(Introduced, "it is bad")).
		with("DP-3/data-in-transit-encryption", violated(Introduced, "it is bad")).
		with("advisory/tier", violated(Introduced, "it is bad"))}
	got := encode(t, "text", r.summed(), EncodeOptions{Verbose: true})
	last := 0
	for _, id := range []string{"DP-3/data-in-transit", "NS-1/network-security", "NS-2/azure-private-link", "NS-2/disable-public",
		"LT-4/azure",
		"NS-1/virtual-network", "IM-7/conditional", "advisory/tier", "advisory/access-keys"} {
		if at := strings.Index(got, id); at < last {
			t.Errorf("%s is too early in\n%s", id, got)
		} else {
			last = at
		}
	}
}
