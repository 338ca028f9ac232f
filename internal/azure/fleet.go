package azure

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/parallel"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// Scan is one walk over the caches of a selection.
type Scan struct {
	reader    *Reader
	selection Selection

	mu       sync.Mutex
	unseen   []Unseen
	vanished []string
	total    int
	partial  bool
	fitting  map[string]bool // names of filters that some cache fits
	selected bool            // some cache fits all of them
}

// Scan prepares a walk. It asks nothing before the caches are ranged over.
func (r *Reader) Scan(selection Selection) *Scan {
	return &Scan{reader: r, selection: selection, partial: true, fitting: map[string]bool{}}
}

// Unseen returns what was asked for and could not be seen, sorted. It is whole
// once the caches were ranged over.
func (s *Scan) Unseen() []Unseen {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(s.unseen)
	slices.SortFunc(out, func(a, b Unseen) int { return strings.Compare(a.Kind+" "+armid.Key(a.ID), b.Kind+" "+armid.Key(b.ID)) })
	return out
}

// Vanished returns the ids of caches that were found and deleted before they
// were read, sorted.
func (s *Scan) Vanished() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(s.vanished)
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(armid.Key(a), armid.Key(b)) })
	return out
}

// Unmatched names the resource groups and tags of the selection that no cache fits,
// sorted, as in "resource group rg-orders" and "tag env=prod"; all of them as one
// where some cache fits each, and none fits all. It is whole once the caches were
// ranged over to the end.
func (s *Scan) Unmatched() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	filters := slices.Sorted(maps.Keys(s.selection.filters(CacheID{}, &cacheModel{})))
	unmatched := slices.DeleteFunc(slices.Clone(filters), func(filter string) bool { return s.fitting[filter] })
	if len(filters) > 0 && len(unmatched) == 0 && !s.selected {
		return []string{strings.Join(filters, " and ")}
	}
	return unmatched
}

// wants reports whether a cache is selected, and takes note of the filters that it fits.
func (s *Scan) wants(id CacheID, m *cacheModel) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for filter, fits := range s.selection.filters(id, m) {
		s.fitting[filter] = s.fitting[filter] || fits
	}
	wanted := s.selection.wants(id, m)
	s.selected = s.selected || wanted
	return wanted
}

// Total returns how many caches Resource Graph knows in the selection, before
// resource groups and tags; 0 before it was asked. It serves a progress bar.
func (s *Scan) Total() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total
}

// Partial reports whether the walk did not reach its end.
func (s *Scan) Partial() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.partial
}

const (
	listsAhead = 64   // subscriptions that are listed at the same time
	workers    = 160  // caches that are read at the same time
	window     = 2000 // caches that are read ahead of the one that is handed out
)

// result is a cache that was or could not be read.
type result struct {
	subscription string
	cache        *posture.Cache
	err          error
}

// Caches reads the caches and hands them out sorted by id, whatever order the
// answers come in. At most a window of them is in memory.
//
// A cache comes with an error as from [Reader.Read]. A last nil cache comes with
// the error that ended the walk, among them that of ctx; what was handed out
// until then holds. When the sequence ends, every goroutine has.
func (s *Scan) Caches(ctx context.Context) iter.Seq2[*posture.Cache, error] {
	return func(yield func(*posture.Cache, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		t, err := s.reader.resolve(ctx, s.selection)
		if err != nil {
			yield(nil, err)
			return
		}
		s.start(t)
		subscription := ""
		var failed error
		for r := range parallel.Requests(s.found(ctx, t), workers, window, func(c located) result { return s.read(ctx, c) }) {
			if r.subscription != subscription {
				s.reader.forget(subscription) // its caches are all read
				subscription = r.subscription
			}
			switch {
			case r.cache != nil:
				if !yield(r.cache, r.err) {
					cancel() // requests under way need not end
					return
				}
			case r.err != nil && failed == nil:
				// What was read by then is still handed out.
				failed = r.err
				cancel()
			}
		}
		if failed == nil {
			failed = ctx.Err()
		}
		if failed != nil {
			yield(nil, failed)
			return
		}
		s.mu.Lock()
		s.partial = false
		s.mu.Unlock()
	}
}

// start takes over what Resource Graph found.
func (s *Scan) start(t *target) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unseen = append(s.unseen, t.unseen...)
	for _, ids := range t.known {
		s.total += len(ids)
	}
}

// located is a cache that was found.
type located struct {
	subscription string // in lower case
	id           CacheID
	m            *cacheModel // nil for a cache that only the graph knows
	err          error       // instead of a cache: what ends the walk
}

// found lists the caches, subscription by subscription.
func (s *Scan) found(ctx context.Context, t *target) iter.Seq[located] {
	lists := parallel.Requests(slices.Values(t.subscriptions), listsAhead, listsAhead, func(subscription string) []located {
		return s.list(ctx, subscription, t.known[subscription])
	})
	return func(yield func(located) bool) {
		for list := range lists {
			for _, c := range list {
				if !yield(c) {
					return
				}
			}
		}
	}
}

// forget drops the policies of a subscription whose caches are all read.
func (r *Reader) forget(subscription string) {
	scope := armid.Key("/subscriptions/" + subscription)
	r.policies.forget(scope)
	r.exemptions.forget(scope)
}

// unlisted turns caches of a subscription that could not be listed into something
// to report. The error that it returns ends the walk; otherwise the rest goes on.
func (s *Scan) unlisted(ctx context.Context, subscription string, kind arm.ResourceKind, err error) error {
	var credential *arm.CredentialError
	if ctx.Err() != nil || errors.As(err, &credential) {
		return err
	}
	detail := err.Error()
	if arm.IsForbidden(err) {
		detail = needs(kind)
	}
	s.report(Unseen{Kind: "subscription", ID: subscription, Detail: detail, Forbidden: arm.IsForbidden(err)})
	return nil
}

func (s *Scan) report(u Unseen) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unseen = append(s.unseen, u)
}

// list reads the caches of a subscription, of one service after the other.
func (s *Scan) list(ctx context.Context, subscription string, known []string) (found []located) {
	for _, of := range service.All {
		models, err := s.listOf(ctx, of, subscription, known)
		if err != nil {
			if err = s.unlisted(ctx, subscription, cachesKind(of), err); err != nil {
				return []located{{err: err}}
			}
		}
		found = append(found, models...)
	}
	slices.SortFunc(found, func(a, b located) int { return strings.Compare(armid.Key(a.id.ID), armid.Key(b.id.ID)) })
	return found
}

// listOf reads the caches of one service in one request a page. A cache that the
// graph knows and the list does not is looked up by itself: it is gone, or the
// identity may read it but not its neighbours.
func (s *Scan) listOf(ctx context.Context, of *service.Service, subscription string, known []string) (models []located, err error) {
	seen := map[string]bool{}
	kind, path := cachesIn(subscription, of)
	var odd error
	err = arm.List(ctx, s.reader.client, kind, path, nil, func(m cacheModel) {
		cacheID := m.str("id")
		id, err := ParseCacheID(cacheID)
		if err != nil {
			odd = &arm.Error{Path: path, What: kind.What, Message: "an entry of the list is no cache: " + arm.Short(cacheID)}
		}
		if err != nil || seen[armid.Key(cacheID)] {
			return
		}
		seen[armid.Key(cacheID)] = true
		if s.wants(id, &m) {
			models = append(models, located{subscription: subscription, id: id, m: &m})
		}
	})
	if err == nil {
		err = odd
	}
	var missing []CacheID
	for _, text := range known {
		if id, err := ParseCacheID(text); err == nil && id.Service == of {
			missing = append(missing, id)
		}
	}
	if arm.IsForbidden(err) && len(missing) > 0 && ctx.Err() == nil {
		// A role at a resource group does not list the subscription.
		s.report(Unseen{
			Kind: "subscription", ID: subscription, Forbidden: true,
			Detail: "only the caches that Azure Resource Graph knows were read; " + needs(kind),
		})
		err = nil
	}
	if err != nil {
		return nil, err
	}
	for _, id := range missing {
		if !seen[armid.Key(id.ID)] {
			seen[armid.Key(id.ID)] = true
			models = append(models, located{subscription: subscription, id: id})
		}
	}
	return models, nil
}

// cachesIn is the kind and the path of the list of a service's caches.
func cachesIn(subscription string, of *service.Service) (arm.ResourceKind, string) {
	return cachesKind(of), "/subscriptions/" + subscription + "/providers/" + of.Type
}

// CacheIDs lists the ids of a service's caches in a subscription, sorted as Azure
// compares them.
func (r *Reader) CacheIDs(ctx context.Context, of *service.Service, subscription string) ([]string, error) {
	var ids []string
	kind, path := cachesIn(subscription, of)
	err := arm.List(ctx, r.client, kind, path, nil, func(m struct {
		ID string `json:"id"`
	}) {
		ids = append(ids, m.ID)
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(ids, func(a, b string) int { return strings.Compare(armid.Key(a), armid.Key(b)) })
	return ids, nil
}

// read reads one cache of a walk.
func (s *Scan) read(ctx context.Context, c located) result {
	r := result{subscription: c.subscription, err: c.err}
	if r.err != nil {
		return r
	}
	if c.m == nil {
		c.m = &cacheModel{}
		switch err := s.reader.client.Get(ctx, cacheKind(c.id.Service), c.id.ID, c.m); {
		case arm.IsForbidden(err):
			s.wants(c.id, c.m) // its group is known, its tags are not
			r.cache, r.err = s.reader.forbiddenCache(c.id), err
			return r
		case err != nil:
			r.err = s.unread(ctx, c.id, err)
			return r
		case !s.wants(c.id, c.m):
			return r
		}
	}
	if r.cache, r.err = s.reader.complete(ctx, c.id, c.m, perSubscription); r.cache == nil {
		r.err = s.unread(ctx, c.id, r.err)
	}
	return r
}

// unread reports a cache that could not be read, or that was deleted before it was.
// The error that it returns ends the walk.
func (s *Scan) unread(ctx context.Context, id CacheID, err error) error {
	var credential *arm.CredentialError
	if ctx.Err() != nil || errors.As(err, &credential) {
		return err
	}
	if !arm.IsGone(err, id.ID) {
		s.report(Unseen{Kind: "cache", ID: id.ID, Detail: err.Error()})
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.vanished = append(s.vanished, id.ID)
	return nil
}
