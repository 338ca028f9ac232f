package report

import (
	"testing"

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
