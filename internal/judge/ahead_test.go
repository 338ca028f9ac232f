package judge

import (
	"slices"
	"testing"
)

// TestAhead: everything comes once and in order, and a loop that ends early ends
// what runs ahead of it.
func TestAhead(t *testing.T) {
	for _, n := range []int{0, 1, batchSize - 1, batchSize, batchSize + 1, 20*batchSize + 7} {
		var in, want []int
		for i := range n {
			in, want = append(in, i), append(want, 2*i)
		}
		double := func(i int) int { return 2 * i }
		if got := slices.Collect(ahead(slices.Values(in), double)); !slices.Equal(got, want) {
			t.Errorf("%d elements: got %v", n, got)
		}
		made := 0
		for range ahead(func(yield func(int) bool) {
			for i := range n {
				made++
				if !yield(i) {
					return
				}
			}
		}, double) {
			break
		}
		if most := 64 * batchSize; made > most {
			t.Errorf("%d elements: %d were made for a loop that wanted one", n, made)
		}
	}
}
