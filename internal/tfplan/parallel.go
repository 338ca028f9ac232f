package tfplan

import (
	"runtime"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/parallel"
)

// spread calls f for every i below n, unless the reading has ended by then, on
// all processors at once unless the source may be asked, whose evaluator answers
// one at a time. f may write only what belongs to its i.
func (p *references) spread(n int, f func(i int)) {
	workers := runtime.GOMAXPROCS(0)
	if p.evaluator != nil || n < 64*workers {
		workers = 1
	}
	parallel.For(workers, n, func(i int) {
		if p.ctx.Err() == nil {
			f(i)
		}
	})
}
