package armtest

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// Throttle is ARM's token bucket for one subscription and one direction.
type Throttle struct {
	Burst     float64
	PerSecond float64
}

// Reads is the quota that ARM documents for reads of one subscription.
var Reads = Throttle{Burst: 250, PerSecond: 25}

// GraphQuota is Resource Graph's quota for one user.
type GraphQuota struct {
	Queries int
	Window  time.Duration
}

type bucket struct {
	tokens float64
	last   time.Time
}

func (s *Server) throttle(r *http.Request, t target) response {
	if s.opts.Throttle == nil || t.sub == "" {
		return response{}
	}
	direction := "writes"
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		direction = "reads"
	}
	now, limit := s.opts.Now(), *s.opts.Throttle
	b := s.buckets[t.sub+direction]
	if b == nil {
		b = &bucket{tokens: limit.Burst, last: now}
		s.buckets[t.sub+direction] = b
	}
	b.tokens = min(limit.Burst, b.tokens+now.Sub(b.last).Seconds()*limit.PerSecond)
	b.last = now
	if b.tokens < 1 {
		wait := int(math.Ceil((1 - b.tokens) / limit.PerSecond))
		return failure(http.StatusTooManyRequests, "SubscriptionRequestsThrottled",
			"Number of '%s' requests for subscription '%s' exceeded. Please try again after '%d' seconds.", direction, t.sub, wait).
			with("Retry-After", strconv.Itoa(wait)).with("x-ms-ratelimit-remaining-subscription-"+direction, "0")
	}
	b.tokens--
	return response{}
}

// graphQuota counts a query, or refuses the query.
func (s *Server) graphQuota() (http.Header, response) {
	now, quota := s.opts.Now(), *s.opts.GraphQueries
	recent := s.graph[:0]
	for _, at := range s.graph {
		if now.Sub(at) < quota.Window {
			recent = append(recent, at)
		}
	}
	s.graph = recent
	resets := quota.Window
	if len(recent) > 0 {
		resets = quota.Window - now.Sub(recent[0])
	}
	header := http.Header{}
	header.Set("X-Ms-User-Quota-Resets-After", clockText(resets))
	if len(recent) >= quota.Queries {
		header.Set("X-Ms-User-Quota-Remaining", "0")
		header.Set("Retry-After", strconv.Itoa(int(math.Ceil(resets.Seconds()))))
		answer := failure(http.StatusTooManyRequests, "RateLimiting",
			"Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed.")
		answer.header = header
		return nil, answer
	}
	s.graph = append(s.graph, now)
	header.Set("X-Ms-User-Quota-Remaining", strconv.Itoa(quota.Queries-len(s.graph)))
	return header, response{}
}

func clockText(d time.Duration) string {
	seconds := int(math.Ceil(d.Seconds()))
	return fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}
