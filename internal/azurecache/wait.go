package azurecache

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// pause is the pause between two readings: as long as ARM asked for last, otherwise
// longer each time.
type pause struct {
	hint  time.Duration
	n     int
	reads int  // readings of a child that was written and is not returned yet
	young bool // whether the cache was created a moment ago
}

const longestPause = 15 * time.Second

func (p *pause) next() time.Duration {
	if p.hint > 0 {
		return p.hint
	}
	d := min(time.Second<<min(p.n, 10), longestPause)
	p.n++
	return d
}

func (p *pause) take(hint time.Duration) {
	if hint > 0 {
		p.hint = hint
	}
}

// isFinal reports whether a state is final. All other states are taken as passing,
// because the service returns states that it does not document.
func isFinal(state string) bool {
	return slices.ContainsFunc([]string{"Succeeded", "Failed", "Disabled", "Canceled"}, func(s string) bool {
		return strings.EqualFold(s, state)
	})
}

func isFailed(state string) bool { return isFinal(state) && !strings.EqualFold(state, "Succeeded") }

// settle reads the cache until its state is final.
func (c *Client) settle(ctx context.Context, id string, p *pause) (Observed, error) {
	missed := 0
	for {
		l, err := c.readCache(ctx, id)
		switch {
		case err == nil && isFinal(l.ProvisioningState):
			return l, nil
		case err == nil:
			missed = 0
		case isBusy(err):
			// A cache that is changing may not be readable.
		case isGone(err) && p.young && missed < 10:
			missed++ // a new cache may be missing in some answers at first
		default:
			return l, err
		}
		if sleeping := c.sleep(ctx, p.next()); sleeping != nil {
			return l, overdue(id, l.ProvisioningState, sleeping)
		}
	}
}

// overdue is the error for a cache that was still changing at the deadline.
func overdue(id, state string, err error) error {
	if state == "" {
		state = "on its way"
	}
	return fmt.Errorf("the cache %s was still %s: %w", id, state, err)
}

// finish polls an operation until it is over. The first error is the failure of the
// operation; the second means that the time is over. An operation that can no
// longer be polled counts as over, since the caller reads the cache anyway.
func (c *Client) finish(ctx context.Context, op *arm.Operation, p *pause) (ended, interrupted error) {
	p.take(op.Hint())
	failures := 0 // to poll, in a row
	for first := true; ; first = false {
		if !first || op.Hint() > 0 {
			if op.Token() != "" {
				if err := c.sleep(ctx, p.next()); err != nil {
					return nil, err
				}
			}
		}
		done, err := op.Poll(ctx)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case done:
			return err, nil
		case err != nil && (failures == 2 || arm.IsNotFound(err)):
			return nil, nil
		case err != nil:
			failures++
		default:
			failures = 0
		}
		p.take(op.Hint())
	}
}

// follow reports that a step was accepted, polls its operation until it is over, and
// reports that it is; state is the state of the cache at the deadline.
func (c *Client) follow(ctx context.Context, id, name, state string, op *arm.Operation, p *pause,
	tell func(step, token string)) (ended, overtime error) {
	tell(name, op.Token())
	ended, interrupted := c.finish(ctx, op, p)
	if interrupted != nil {
		return nil, overdue(id, state, interrupted)
	}
	tell(name, "")
	return ended, nil
}

func isGone(err error) bool {
	var gone *NotFoundError
	return errors.As(err, &gone)
}

// isBusy reports whether the cache, or a resource that it depends on, is changing,
// so that the same request will be accepted later. A conflict about names or
// destinations in use does not pass.
func isBusy(err error) bool {
	var e *arm.Error
	if !errors.As(err, &e) || e.Status != http.StatusConflict {
		return false
	}
	switch strings.ToLower(e.Code) {
	case "namenotavailable", "invalidresourcelocation", "invalidresourcegrouplocation":
		return false
	}
	return !says(e, lastingConflict)
}

// isUnanswered reports whether ARM may have accepted the request although no answer
// came.
func isUnanswered(err error) bool {
	var e *arm.Error
	return errors.As(err, &e) && (e.Status == 0 || e.Status == http.StatusRequestTimeout || e.Status >= http.StatusInternalServerError)
}

// isRefused reports whether ARM understood the request and refused it.
func isRefused(err error) bool {
	var e *arm.Error
	return errors.As(err, &e) && e.Status == http.StatusBadRequest
}

func isRetired(err error) bool {
	var e *arm.Error
	return errors.As(err, &e) && e.Status == http.StatusBadRequest && says(e, retired)
}

// locks are held while a cache is written, by all clients of the process.
var locks sync.Map // of chan struct{}, by lower-case id

// lock parses the id of a cache and waits until nobody else writes the cache.
func lock(ctx context.Context, text string) (id string, unlock func(), err error) {
	parsed, err := azure.ParseCacheIDOf(service.Redis, text)
	if err != nil {
		return "", nil, err
	}
	made, _ := locks.LoadOrStore(armid.Key(parsed.ID), make(chan struct{}, 1))
	turn := made.(chan struct{}) //nolint:forcetypeassert // nothing else is stored
	select {
	case turn <- struct{}{}:
		return parsed.ID, func() { <-turn }, nil
	case <-ctx.Done():
		return "", nil, fmt.Errorf("another change of the cache %s was still under way: %w", parsed.ID, ctx.Err())
	}
}
