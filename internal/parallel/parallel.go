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
		// A batch goes into the queue before it is worked on, so that the queue
		// keeps the order and bounds how far ahead anything runs.
		queue, stop := make(chan chan []U, min(runtime.GOMAXPROCS(0), mostAhead)), make(chan struct{})
		var running group
		defer running.wait()
		defer close(stop)
		hand := func(batch []T) bool {
			result := make(chan []U, 1)
			select {
			case queue <- result:
			case <-stop:
				return false
			}
			running.run(func() {
				defer close(result) // without results where work panics
				out := make([]U, 0, len(batch))
				for _, v := range batch {
					out = append(out, work(v))
				}
				result <- out
			})
			return true
		}
		running.run(func() {
			defer close(queue)
			batch := make([]T, 0, size)
			for v := range seq {
				batch = append(batch, v)
				if len(batch) == size {
					if !hand(batch) {
						return
					}
					batch = make([]T, 0, size)
				}
			}
			if len(batch) > 0 {
				hand(batch)
			}
		})
		for result := range queue {
			out, ok := <-result
			if !ok {
				return
			}
			for _, v := range out {
				if !yield(v) {
					return
				}
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
