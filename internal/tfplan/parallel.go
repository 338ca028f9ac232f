package tfplan

import (
	"runtime"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/parallel"
)

// spread calls f for every i below n until the context ends. It uses all
// processors, but only one where f may ask the evaluator, which is not safe for
// concurrent use. f may write only what belongs to its i.
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
