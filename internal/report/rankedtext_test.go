package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// rankedTexts are n texts of random ranks and lengths, as they come and in order.
func rankedTexts(n, ranks int) (coming, ordered []rankedText) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		text := fmt.Sprintf("%d%s\n", i, strings.Repeat("x", random.IntN(3000)))
		coming = append(coming, rankedText{rank{low: random.IntN(ranks), destroyed: random.IntN(10) == 0}, text})
	}
	ordered = slices.Clone(coming)
	slices.SortStableFunc(ordered, func(a, b rankedText) int { return a.rank.compare(b.rank) })
	return coming, ordered
}

// All texts come back in order, whether or not they had to be compressed.
func TestAllTexts(t *testing.T) {
	for _, c := range []struct{ texts, ranks int }{{0, 1}, {1, 1}, {100, 5}, {3000, 1}, {3000, 700}} {
		coming, ordered := rankedTexts(c.texts, c.ranks)
		var all allTexts
		var got, want strings.Builder
		for _, text := range coming {
			all.add(text.rank, []byte(text.text))
		}
		for _, text := range ordered {
			want.WriteString(text.text)
		}
		if err := all.writeTo(&got); err != nil || got.String() != want.String() {
			t.Errorf("%+v: %v, %d bytes, want %d", c, err, got.Len(), want.Len())
		}
	}
}

// The worst texts are those that come first in the order of all, as many as fit.
func TestWorstTexts(t *testing.T) {
	for _, limits := range []worstTexts{
		{maxTexts: 10, maxBytes: math.MaxInt}, {maxTexts: math.MaxInt, maxBytes: 40_000},
		{maxTexts: 0, maxBytes: 0}, {maxTexts: 5000, maxBytes: 1 << 30},
	} {
		coming, ordered := rankedTexts(2000, 40)
		worst, rendered := limits, 0
		for _, text := range coming {
			worst.add(text.rank, func() string {
				rendered++
				return text.text
			})
		}
		for _, room := range []int{limits.maxBytes, limits.maxBytes / 3, 0} {
			var want strings.Builder
			n := 0
			for n < min(len(ordered), limits.maxTexts) && want.Len()+len(ordered[n].text) <= room {
				want.WriteString(ordered[n].text)
				n++
			}
			if got, count := worst.join(room); got != want.String() || count != n {
				t.Errorf("at most %d texts, %d bytes, room for %d: %d texts, %d bytes, want %d, %d", limits.maxTexts, limits.maxBytes, room,
					count, len(got), n, want.Len())
			}
		}
		if limits.maxTexts < 100 && rendered > 200 {
			t.Errorf("%d texts were rendered for %d", rendered, limits.maxTexts)
		}
	}
}
