package report

import (
	"regexp"
	"strings"
	"testing"
)

func TestHTMLGolden(t *testing.T) {
	golden(t, "five.html", encode(t, "html", fiveCaches(), EncodeOptions{}))
	golden(t, "hostile.html", encode(t, "html", hostileReport(), EncodeOptions{}))
}

func TestHTMLHasARowPerCacheAndAColumnPerSupportedFeature(t *testing.T) {
	for _, n := range []int{0, 1, 100} {
		got := encode(t, "html", manyCaches(n), EncodeOptions{})
		if rows := strings.Count(got, "<tr data-cache="); rows != n {
			t.Errorf("%d rows for %d caches", rows, n)
		}
		if cells := strings.Count(got, `<td class="cell `); cells != 9*n {
			t.Errorf("%d cells for %d caches", cells, n)
		}
	}
}

// Nothing is loaded: no script, no image, no style sheet, no font.
func TestHTMLLoadsNothing(t *testing.T) {
	for name, r := range map[string]Report{"five": fiveCaches(), "hostile": hostileReport()} {
		got := encode(t, "html", r, EncodeOptions{})
		if m := regexp.MustCompile(`(?i)<script|<img|<iframe|<object|<link[^>]+href="[^d]|src=|@import|url\(|\son\w+=`).FindString(got); m != "" {
			t.Errorf("%s: %q", name, m)
		}
	}
}
