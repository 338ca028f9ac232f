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
		{"a /sub/groups/rg-shop/x", 12, []string{"a", "/sub/groups/", "rg-shop/x"}},
		{`module.a.cache.this["eu-west"]`, 18, []string{"module.a.cache.", `this["eu-west"]`}},
		{"load under 40 % of it", 14, []string{"load under", "40 % of it"}},
		{"日本語 日本", 6, []string{"日本語", "日本"}},
		{"\x1b[31mred word\x1b[0m on", 8, []string{"\x1b[31mred word\x1b[0m", "on"}},
	} {
		if diff := cmp.Diff(c.want, Wrap(c.text, c.width)); diff != "" {
			t.Errorf("%q at %d: %s", c.text, c.width, diff)
		}
	}
}

// A command stays whole on a line of its own, at any width, with its comment.
func TestCommandsAreNotWrapped(t *testing.T) {
	const one, two = "az resource patch --ids /subscriptions/33333333/resourceGroups/rg --properties '{}'", "az b # each one; or another"
	r := sampleHeader("-")
	r.Caches = []Cache{sampleCache("x.a", "a", "").with("DP-3/data-in-transit-encryption", func(f *Finding) {
		violated("", "it is bad")(f)
		f.Remediation = "give the cache an identity, which has a name; or another; " + one + "; make it anew; " + two
	})}
	for _, width := range []int{40, 80} {
		got := encode(t, "text", r.summed(), EncodeOptions{Width: width})
		for _, line := range []string{"write:", "  " + one, "  make it anew", "  " + two} {
			if !strings.Contains(got, "\n"+indent+line+"\n") {
				t.Errorf("width %d: no line %q in\n%s", width, line, got)
			}
		}
	}
}

// A resource id is shortened by what all ids have in common, an address not at all.
func TestShortLabel(t *testing.T) {
	id := "/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/rg-shop/providers/Microsoft.Cache/Redis/fleet-00021"
	address := `module.a.azurerm_redis_cache.this["/a/b/c/d/e/f/g/h"]`
	for _, c := range []struct {
		cache Cache
		want  string
	}{
		{Cache{ResourceID: &id}, "33333333…/rg-shop/fleet-00021"},
		{Cache{ResourceID: &id, Address: &address}, address},
		{Cache{ResourceID: new("/subscriptions/3")}, "/subscriptions/3"},
		{Cache{}, "the cache"},
	} {
		if got := c.cache.ShortLabel(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// On a narrow terminal too, the worst caches can be told apart.
func TestTextRowsDifferOnANarrowTerminal(t *testing.T) {
	many := manyCaches(100)
	for i := range many.Caches {
		address := fmt.Sprintf("module.platform.module.redis.azurerm_redis_cache.this[%q]", fmt.Sprintf("tenant-%03d", i))
		many.Caches[i].Address, many.Caches[i].DisplayName = &address, address
	}
	rows := map[string]bool{}
	for _, l := range strings.Split(encode(t, "text", many, EncodeOptions{Width: 40}), "\n") {
		if strings.Contains(l, `"tenant-`) {
			rows[l] = true
		}
		if ansi.StringWidth(l) > 40 {
			t.Errorf("%q is wider than 40 columns", l)
		}
	}
	if len(rows) != detailLimit {
		t.Errorf("%d rows differ, want %d: %v", len(rows), detailLimit, rows)
	}
}
