package parallel

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
)

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// TestAhead: everything comes once and in order, and a loop that ends early ends
// what runs ahead of it.
func TestAhead(t *testing.T) {
	const size = 32
	for _, n := range []int{0, 1, size - 1, size, size + 1, 20*size + 7} {
		var want []int
		for i := range n {
			want = append(want, 2*i)
		}
		double := func(i int) int { return 2 * i }
		for _, size := range []int{1, size} {
			if got := slices.Collect(Ahead(count(n), size, double)); !slices.Equal(got, want) {
				t.Errorf("%d elements in batches of %d: got %v", n, size, got)
			}
		}
		made := 0
		for range Ahead(func(yield func(int) bool) {
			for i := range count(n) {
				made++
				if !yield(i) {
					return
				}
			}
		}, size, double) {
			break
		}
		if most := (2*mostAhead + 2) * size; made > most {
			t.Errorf("%d elements: %d were made for a loop that wanted one", n, made)
		}
	}
}

func TestForCallsEachOnce(t *testing.T) {
	for _, workers := range []int{1, 3, 8} {
		called := make([]int, 100)
		For(workers, len(called), func(i int) { called[i]++ })
		if slices.Min(called) != 1 || slices.Max(called) != 1 {
			t.Errorf("%d workers: %v", workers, called)
		}
	}
}

// TestPanicReachesTheCaller: whether the elements, the work on them or the loop
// is at fault, the caller may recover, and no goroutine is left behind.
func TestPanicReachesTheCaller(t *testing.T) {
	fault := func(i int) int {
		if i == 70 {
			panic("seventy")
		}
		return i
	}
	same := func(i int) int { return i }
	for name, f := range map[string]func(){
		"for":      func() { For(4, 100, func(i int) { fault(i) }) },
		"work":     func() { drain(Ahead(count(1000), 8, fault)) },
		"elements": func() { drain(Ahead(func(yield func(int) bool) { yield(fault(70)) }, 8, same)) },
		"loop": func() {
			for i := range Ahead(count(1000), 8, same) {
				fault(i)
			}
		},
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, "seventy") {
					t.Errorf("%s: %q", name, got)
				}
			}()
			f()
			t.Errorf("%s: no panic", name)
		}()
	}
}

func drain(seq iter.Seq[int]) {
	for range seq {
	}
}
