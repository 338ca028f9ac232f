package runtask

import (
	"sync"
	"sync/atomic"
	"time"
)

// Task results are remembered for an hour, the time in which they can be reported.
// The token of a request that is delivered again after that has expired.
const (
	remember    = time.Hour
	rememberMax = 10000
)

// claims are the task results that this instance has accepted, so that a request
// that is delivered again is not judged again. Another instance may judge it too,
// which does no harm: both report the same.
type claims struct {
	mu       sync.Mutex
	capacity int
	active   map[string]bool
	reported map[string]bool
	order    []reportedClaim
}

type reportedClaim struct {
	id string
	at time.Time
}

// claimed is the outcome of a claim.
type claimed int

const (
	claimNew claimed = iota
	claimDuplicate
	claimFull
	claimStopping
)

func newClaims(capacity int) *claims {
	return &claims{capacity: capacity, active: map[string]bool{}, reported: map[string]bool{}}
}

func (c *claims) claim(id string, stopping *atomic.Bool) claimed {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.order) > 0 && (len(c.order) > rememberMax || time.Since(c.order[0].at) > remember) {
		delete(c.reported, c.order[0].id)
		c.order = c.order[1:]
	}
	switch {
	case c.active[id] || c.reported[id]:
		return claimDuplicate
	case stopping.Load():
		return claimStopping
	case len(c.active) >= c.capacity:
		return claimFull
	}
	c.active[id] = true
	return claimNew
}

// stop sets the flag so that no claim succeeds afterwards.
func (c *claims) stop(stopping *atomic.Bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	stopping.Store(true)
}

// release ends a claim. One that was not reported may be claimed again.
func (c *claims) release(id string, reported bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.active, id)
	if reported {
		c.reported[id] = true
		c.order = append(c.order, reportedClaim{id, time.Now()})
	}
}
