package judge

import (
	"iter"
	"runtime"
	"sync"
)

// batchSize is how many elements go from hand to hand at once: enough that
// handing them on costs nothing beside the work on them, and few in memory.
const batchSize = 32

// ahead yields what work makes of the elements of seq, in their order. Making
// elements, working on them, and the loop over the results each go on at the
// same time; work runs on all processors, so it must not share anything that it
// changes.
func ahead[T, U any](seq iter.Seq[T], work func(T) U) iter.Seq[U] {
	return func(yield func(U) bool) {
		// A batch goes into the queue before it is worked on, so that the queue
		// keeps the order and bounds how far ahead anything runs.
		queue, stop := make(chan chan []U, runtime.GOMAXPROCS(0)), make(chan struct{})
		var running sync.WaitGroup
		defer running.Wait()
		defer close(stop)
		running.Go(func() {
			defer close(queue)
			hand := func(batch []T) bool {
				result := make(chan []U, 1)
				select {
				case queue <- result:
				case <-stop:
					return false
				}
				running.Go(func() {
					out := make([]U, 0, len(batch))
					for _, v := range batch {
						out = append(out, work(v))
					}
					result <- out
				})
				return true
			}
			var batch []T
			for v := range seq {
				batch = append(batch, v)
				if len(batch) == batchSize {
					if !hand(batch) {
						return
					}
					batch = make([]T, 0, batchSize)
				}
			}
			if len(batch) > 0 {
				hand(batch)
			}
		})
		for result := range queue {
			for _, v := range <-result {
				if !yield(v) {
					return
				}
			}
		}
	}
}
