package tfplan

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
)

// spread calls f for every i below n, unless the reading has ended by then, on all processors at once unless the
// source may be asked, whose evaluator answers one at a time. f may write only
// what belongs to its i.
func (p *references) spread(n int, f func(i int)) {
	workers := runtime.GOMAXPROCS(0)
	if p.evaluator != nil || n < 64*workers {
		workers = 1
	}
	var running crew
	for w := range workers {
		running.hire(func() {
			for i := w * n / workers; i < (w+1)*n/workers && p.ctx.Err() == nil; i++ {
				f(i)
			}
		})
	}
	running.wait()
}

// crew is goroutines whose faults belong to whoever waits for them: a program
// that survives the panic of a call shall survive this one too.
type crew struct {
	running  sync.WaitGroup
	once     sync.Once
	panicked any
}

func (c *crew) hire(work func()) {
	c.running.Go(func() {
		done := false
		defer func() {
			if !done {
				fault := fmt.Sprintf("%v\n%s", recover(), debug.Stack())
				c.once.Do(func() { c.panicked = fault })
			}
		}()
		work()
		done = true
	})
}

func (c *crew) wait() {
	c.running.Wait()
	if c.panicked != nil {
		panic(c.panicked)
	}
}
