package glob_test

import (
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/glob"
)

func TestMatch(t *testing.T) {
	for _, tt := range []struct {
		pattern, s string
		want, fold bool
	}{
		{"", "", true, true},
		{"", "a", false, false},
		{"*", "", true, true},
		{"*", "a\nb", true, true},
		{"?", "", false, false},
		{"?", "é", true, true},
		{"??", "é", false, false},
		{"*??y", "€y", false, false},
		{"a*c", "abc", true, true},
		{"a*c", "abcd", false, false},
		{"a*c", "acbc", true, true},
		{"*b*b", "abab", true, true},
		{"*ab", "aab", true, true},
		{"A?C", "abc", false, true},
		{"É*", "éa", false, true},
		{"a.c", "abc", false, false},
		{"a[b]*", "a[b]c", true, true},
		{"a[b]*", "abc", false, false},
		{`module.*.azurerm_redis_cache.this["?"]`, `module.a.b.azurerm_redis_cache.this["x"]`, true, true},
		{"a*c", "abbd", false, false},
		{"*a*b*", "xxaxxbxx", true, true},
		{"*a*b*", "xxbxxa", false, false},
		{"[a]", "[a]", true, true},
		{"a", "ab", false, false},
		{"a**", "a", true, true},
		{"redis-*-prod", "redis-eu-prod", true, true},
		{"redis-*-prod", "redis-eu-test", false, false},
	} {
		if got := glob.Match(tt.pattern, tt.s); got != tt.want {
			t.Errorf("Match(%q, %q) is %v", tt.pattern, tt.s, got)
		}
		if got := glob.MatchFold(tt.pattern, tt.s); got != tt.fold {
			t.Errorf("MatchFold(%q, %q) is %v", tt.pattern, tt.s, got)
		}
	}
}

func TestMatchAllocatesNothing(t *testing.T) {
	pattern, s := strings.Repeat("*a", 20)+"*B?", strings.Repeat("a", 200)
	if n := testing.AllocsPerRun(10, func() { glob.Match(pattern, s); glob.MatchFold(pattern, s) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
