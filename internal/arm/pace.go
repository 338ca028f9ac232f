package arm

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"
)

// Limits bound what a client asks of Azure Resource Manager.
type Limits struct {
	Concurrency             int // requests at once, over all
	SubscriptionConcurrency int // requests at once, per subscription
	// ReadBurst and ReadsPerSecond are ARM's bucket for reads, per subscription.
	ReadBurst      int
	ReadsPerSecond float64
	// QueryBurst queries of Resource Graph per QuerySeconds.
	QueryBurst   int
	QuerySeconds int
}

// DefaultLimits are the quotas that Azure documents, and a concurrency that
// stays well below what a subscription takes.
var DefaultLimits = Limits{
	Concurrency: 64, SubscriptionConcurrency: 16,
	ReadBurst: 250, ReadsPerSecond: 25,
	QueryBurst: 15, QuerySeconds: 5,
}

// pace lets requests through in the order in which they came, as fast as the
// quotas allow. What waits for the quota of its subscription holds no place.
type pace struct {
	limits  Limits
	waiting *atomic.Int64 // requests that wait for a quota; may be nil
	all     *semaphore.Weighted
	query   *rate.Limiter

	mu    sync.Mutex
	lanes map[string]*lane
}

// lane is the quota of one subscription.
type lane struct {
	slots *semaphore.Weighted
	reads *rate.Limiter
}

func newPace(l Limits, waiting *atomic.Int64) *pace {
	return &pace{
		limits:  l,
		waiting: waiting,
		all:     semaphore.NewWeighted(int64(l.Concurrency)),
		query:   rate.NewLimiter(rate.Limit(float64(l.QueryBurst)/float64(l.QuerySeconds)), l.QueryBurst),
		lanes:   map[string]*lane{},
	}
}

func (p *pace) lane(subscription string) *lane {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.lanes[subscription]
	if l == nil {
		l = &lane{
			slots: semaphore.NewWeighted(int64(p.limits.SubscriptionConcurrency)),
			reads: rate.NewLimiter(rate.Limit(p.limits.ReadsPerSecond), p.limits.ReadBurst),
		}
		p.lanes[subscription] = l
	}
	return l
}

// enter waits for the turn of a request; the returned function ends it.
func (p *pace) enter(ctx context.Context, path string) (func(), error) {
	if strings.HasSuffix(path, graphPath) {
		if err := p.turn(ctx, p.query); err != nil {
			return nil, waited(ctx, err)
		}
		return p.enterAll(ctx, func() {})
	}
	// What belongs to no subscription shares one bucket, the tenant's.
	l := p.lane(subscriptionOf(path))
	if err := p.turn(ctx, l.reads); err != nil {
		return nil, waited(ctx, err)
	}
	if err := l.slots.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	return p.enterAll(ctx, func() { l.slots.Release(1) })
}

// turn waits for a quota; a request counts as waiting while the quota is used up.
func (p *pace) turn(ctx context.Context, quota *rate.Limiter) error {
	if p.waiting != nil && quota.Tokens() < 1 {
		p.waiting.Add(1)
		defer p.waiting.Add(-1)
	}
	return quota.Wait(ctx)
}

func (p *pace) enterAll(ctx context.Context, release func()) (func(), error) {
	if err := p.all.Acquire(ctx, 1); err != nil {
		release()
		return nil, err
	}
	return func() { p.all.Release(1); release() }, nil
}

// waited is the error of a limiter, which gives up at once where the deadline comes
// before the turn.
func waited(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return quotaError{err}
}

type quotaError struct{ err error }

func (e quotaError) Error() string { return "the read quota leaves no turn before the deadline" }

func (e quotaError) Unwrap() error { return context.DeadlineExceeded }

// NonRetriable marks the error for azcore.
func (e quotaError) NonRetriable() {}
