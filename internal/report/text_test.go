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

// The worst caches come first, and a hundred caches fit on one screen.
func TestTextHundredCachesFitAScreen(t *testing.T) {
	for _, width := range []int{80, 60, 40} {
		got := encode(t, "text", manyCaches(100), EncodeOptions{Width: width})
		lines := strings.Split(strings.TrimSpace(got), "\n")
		if len(lines) > 40 {
			t.Errorf("%d lines", len(lines))
		}
		for _, l := range lines[1:] {
			if ansi.StringWidth(l) > width {
				t.Errorf("line is wider than the terminal of %d: %q", width, l)
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

// The findings of one cache too; --verbose keeps the order of the baseline.
func TestTextWorstFindingFirst(t *testing.T) {
	r := Report{Closing: Closing{Catalogue: []Entry{
		{ID: "A/a", Control: "A", Title: "open", Severity: High}, {ID: "B/b", Control: "B", Title: "minor", Severity: Low},
		{ID: "C/c", Control: "C", Title: "middle", Severity: Medium}, {ID: "D/d", Control: "D", Title: "severe", Severity: High},
		{ID: "E/e", Control: "E", Title: "severe too", Severity: High},
	}}, Caches: []Cache{{Features: []Finding{
		{ID: "A/a", Status: Unknown}, {ID: "B/b", Status: NonCompliant}, {ID: "C/c", Status: NonCompliant},
		{ID: "D/d", Status: NonCompliant}, {ID: "E/e", Status: NonCompliant},
	}}}}
	for verbose, want := range map[bool][]string{
		false: {"D severe", "E severe too", "C middle", "B minor", "A open"},
		true:  {"A open", "B minor", "C middle", "D severe", "E severe too"},
	} {
		got, at := encode(t, "text", r, EncodeOptions{Verbose: verbose}), -1
		for _, title := range want {
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
		title := strings.TrimPrefix(e.Name(), "advisory: ")
		if n := strings.Count(got, title); n < 12 {
			t.Errorf("%s is shown %d times for 12 caches", title, n)
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
