// Package parallel does work on several processors at once, with results in
// order. A panic in the work is a panic of whoever waits for it, so that a
// program that survives the panic of a call survives this one too.
package parallel

import (
	"fmt"
	"iter"
	"runtime"
	"runtime/debug"
	"sync"
)

// mostAhead is how many batches are worked on at once at most: what makes the
// elements, or takes the results, keeps up with no more.
const mostAhead = 8

// For calls f for every i below n, on so many workers; f may write only what
// belongs to its i.
func For(workers, n int, f func(i int)) {
	var running group
	for w := range workers {
		running.run(func() {
			for i := w * n / workers; i < (w+1)*n/workers; i++ {
				f(i)
			}
		})
	}
	running.wait()
}

// Ahead yields what work makes of the elements of seq, in their order. Making
// elements, working on them, and the loop over the results each go on at the
// same time; work runs on all processors, so it must not share anything that it
// changes. Elements go from hand to hand in batches of size: enough that handing
// them on costs nothing beside the work on them, and few in memory.
func Ahead[T, U any](seq iter.Seq[T], size int, work func(T) U) iter.Seq[U] {
	return func(yield func(U) bool) {
		most := min(runtime.GOMAXPROCS(0), mostAhead)
		for batch := range Requests(batches(seq, size), most, most, func(batch []T) []U {
			out := make([]U, 0, len(batch))
			for _, v := range batch {
				out = append(out, work(v))
			}
			return out
		}) {
			for _, v := range batch {
				if !yield(v) {
					return
				}
			}
		}
	}
}

func batches[T any](seq iter.Seq[T], size int) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		batch := make([]T, 0, size)
		for v := range seq {
			if batch = append(batch, v); len(batch) == size {
				if !yield(batch) {
					return
				}
				batch = make([]T, 0, size)
			}
		}
		if len(batch) > 0 {
			yield(batch)
		}
	}
}

// Requests yields what work makes of the elements of seq, in their order. At most
// workers elements are worked on at the same time, and at most window results are
// ahead of the loop. A loop that ends early waits for the work under way.
func Requests[T, U any](seq iter.Seq[T], workers, window int, work func(T) U) iter.Seq[U] {
	return func(yield func(U) bool) {
		// An element goes into the queue before it is worked on, so that the queue
		// keeps the order and bounds how far ahead anything runs.
		queue, slots, stop := make(chan chan U, window), make(chan struct{}, workers), make(chan struct{})
		var running group
		defer running.wait()
		defer close(stop)
		running.run(func() {
			defer close(queue)
			for v := range seq {
				result := make(chan U, 1)
				select {
				case slots <- struct{}{}:
				case <-stop:
					return
				}
				select {
				case queue <- result:
				case <-stop:
					return
				}
				running.run(func() {
					defer close(result) // without a result where work panics
					defer func() { <-slots }()
					result <- work(v)
				})
			}
		})
		for result := range queue {
			out, ok := <-result
			if !ok || !yield(out) {
				return
			}
		}
	}
}

// group is goroutines whose first panic is raised again in wait.
type group struct {
	running  sync.WaitGroup
	once     sync.Once
	panicked any
}

func (g *group) run(work func()) {
	g.running.Go(func() {
		done := false
		defer func() {
			if !done {
				fault := fmt.Sprintf("%v\n%s", recover(), debug.Stack())
				g.once.Do(func() { g.panicked = fault })
			}
		}()
		work()
		done = true
	})
}

func (g *group) wait() {
	g.running.Wait()
	if g.panicked != nil {
		panic(g.panicked)
	}
}
