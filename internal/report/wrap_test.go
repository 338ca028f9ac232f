package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{"short", 10, []string{"short"}},
		{"on 2000-01-01 or --strict refuses", 12, []string{"on", "2000-01-01", "or --strict", "refuses"}},
		{"abcdefghijklmno pq", 6, []string{"abcdef", "ghijkl", "mno pq"}},
		{"日本語 日本", 6, []string{"日本語", "日本"}},
		{"\x1b[31mred word\x1b[0m on", 8, []string{"\x1b[31mred word\x1b[0m", "on"}},
	} {
		if diff := cmp.Diff(c.want, Wrap(c.text, c.width)); diff != "" {
			t.Errorf("%q at %d: %s", c.text, c.width, diff)
		}
	}
}

// Addresses that differ at the end, as those of for_each do, differ when they are cut.
func TestMiddleCut(t *testing.T) {
	for _, tt := range []struct {
		text  string
		width int
		want  string
	}{
		{"azurerm_redis_cache.a", 21, "azurerm_redis_cache.a"},
		{`module.a.azurerm_redis_cache.this["eu"]`, 20, `module…he.this["eu"]`},
		{`module.a.azurerm_redis_cache.this["us"]`, 20, `module…he.this["us"]`},
		{`x.y["日本"]`, 10, `x.y…日本"]`},
	} {
		got := middleCut(tt.text, tt.width)
		if got != tt.want || ansi.StringWidth(got) > tt.width {
			t.Errorf("%s at %d: got %s (%d columns), want %s", tt.text, tt.width, got, ansi.StringWidth(got), tt.want)
		}
	}
}

func TestTextRowsDifferOnANarrowTerminal(t *testing.T) {
	many := manyCaches(100)
	for i := range many.Caches {
		address := fmt.Sprintf("module.platform.module.redis.azurerm_redis_cache.this[%q]", fmt.Sprintf("tenant-%03d", i))
		many.Caches[i].Address, many.Caches[i].DisplayName = &address, address
	}
	rows := map[string]bool{}
	for _, l := range strings.Split(encode(t, "text", many, EncodeOptions{Width: 40}), "\n") {
		if strings.HasPrefix(l, "  ✗ ") {
			rows[l] = true
			if ansi.StringWidth(l) > 40 {
				t.Errorf("%q is wider than 40 columns", l)
			}
		}
	}
	if len(rows) != worstShown {
		t.Errorf("%d rows differ, want %d: %v", len(rows), worstShown, rows)
	}
}
