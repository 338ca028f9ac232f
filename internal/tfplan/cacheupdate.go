package tfplan

import (
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// An azapi_update_resource decides what a cache is after apply only if the plan
// applies it after the cache itself. An update without changes is not applied
// again: what it once set still holds for a cache that the plan does not change,
// and may be overwritten where the plan changes the cache.

// patchOf reads one side of an azapi_update_resource of a cache.
func (p *document) patchOf(s *service.Service, in *instance, v view) *posture.Cache {
	patch := p.azapiFacts(s, v, false)
	p.hideSensitive(s, in, v, patch)
	return patch
}

// hideSensitive leaves of what a resource of azapi sets only what a sensitive_body, which
// may set anything, cannot make good.
func (p *document) hideSensitive(s *service.Service, in *instance, v view, facts *posture.Cache) {
	if !p.config.resources[in.cfg].has("sensitive_body") {
		return
	}
	for _, part := range partsOf(s, v) {
		for _, asked := range part.asked(p.migration) {
			asked.table.HideBehindSensitiveBody(facts)
		}
	}
}

// overlayDoubt is an azapi_update_resource, or something else that writes, which
// may change a cache of the plan.
type overlayDoubt struct {
	in     *instance
	detail string
}

// mergedDoubt is what all updates together set that may change a group of caches.
type mergedDoubt struct {
	patch  *posture.Cache
	detail string
}

// doubtsOf returns what may change a group of caches of a service; nil for nothing.
func (p *linker) doubtsOf(s *service.Service, group string) *mergedDoubt {
	list := p.overlayDoubts[group]
	if merged, ok := p.mergedDoubts[group]; ok || len(list) == 0 || group == "" {
		return merged
	}
	merged := &mergedDoubt{p.azapiFacts(s, view{}, false), list[0].detail}
	for _, d := range list {
		mergeInto(merged.patch, p.patchOf(s, d.in, d.in.view()), d.detail)
	}
	p.mergedDoubts[group] = merged
	return merged
}

// updatesTogether returns what several updates of one cache outside the plan set
// together; nil where there is one at most.
func (p *linker) updatesTogether(c *cacheEntry, before bool) *posture.Cache {
	list := p.updatesOf[c.afterID]
	if len(list) < 2 {
		return nil
	}
	sides, ok := p.together[c.afterID]
	if !ok {
		sides = map[bool]*posture.Cache{}
		for _, before := range []bool{false, true} {
			sides[before] = p.azapiFacts(c.service, view{}, false)
			var writers []writer
			for _, in := range list {
				is := in.side(before)
				switch {
				case !is.exists():
				case !before && in.applied():
					writers = append(writers, writer{in, p.patchOf(c.service, in, is), true})
				default:
					mergeInto(sides[before], p.patchOf(c.service, in, is), "several updates set it")
				}
			}
			p.settle(sides[before], writers)
		}
		p.together[c.afterID] = sides
	}
	return sides[before]
}

// writer is an update that the plan applies, not known to be before the cache.
type writer struct {
	in    *instance
	patch *posture.Cache
	after bool // it is known to be applied after the cache
}

// applyUpdates puts over a cache what updates of it set.
func (p *linker) applyUpdates(c *cacheEntry, out *posture.Cache, before bool) {
	var writers []writer
	for _, in := range c.overlays {
		is := in.side(before)
		if !is.exists() {
			continue
		}
		patch := p.patchOf(c.service, in, is)
		switch {
		case before, c.in.unchanged() && !in.applied():
			eachOpen(out, patch, vocabulary.Property.Take)
		case c.in.unchanged():
			writers = append(writers, writer{in, patch, true})
		case in.applied() && p.appliedAfter(in, is, c):
			writers = append(writers, writer{in, patch, true})
		case in.applied() && !p.follows(c.in, in):
			writers = append(writers, writer{in, patch, false})
		case c.in.change == posture.ChangeUpdate:
			eachOpen(out, patch, func(x vocabulary.Property) { // what the plan does not send may fall back
				x.Lose(posture.ReasonKnownAfterApply, in.address+" set it before the plan changes the cache")
			})
		}
	}
	p.settle(out, writers)
}

// appliedAfter reports whether an update is known to be applied after a cache: it
// waits for its id, or depends on it in another way.
func (p *linker) appliedAfter(in *instance, v view, c *cacheEntry) bool {
	return v.get("resource_id").isUnknown() || p.follows(in, c.in)
}

// setting is what one of several writers sets a property to.
type setting struct {
	by   writer
	what vocabulary.Property
}

// settle gives each property the value that it has once all writers were applied.
func (p *linker) settle(out *posture.Cache, writers []writer) {
	settings := map[any][]setting{}
	for _, w := range writers {
		vocabulary.OfCache(out).Each(out, w.patch, func(x vocabulary.Property) {
			if !x.Other().Unset() {
				settings[x.Key()] = append(settings[x.Key()], setting{w, x})
			}
		})
	}
	for _, set := range settings {
		p.settleOne(set)
	}
}

func (p *linker) settleOne(set []setting) {
	last := set
	if !agree(set) {
		last = p.lastSettings(set)
	}
	ordered := slices.ContainsFunc(set, func(s setting) bool { return s.by.after })
	switch x, by := last[0].what, last[0].by.in.address; {
	case !agree(last):
		x.Lose(posture.ReasonKnownAfterApply, by+" and "+last[1].by.in.address+" set it, and no dependency says which is applied last")
	case ordered:
		x.Take()
	case !x.Same():
		x.Lose(posture.ReasonKnownAfterApply, "no dependency says whether "+by+" is applied before or after the cache")
	}
}

func agree(set []setting) bool {
	return !slices.ContainsFunc(set[1:], func(s setting) bool { return !s.what.SameOther(set[0].what) })
}

// lastSettings are the settings after which no other one is known to be applied.
// One of them gives the property its value, in whatever order Terraform applies them.
func (p *linker) lastSettings(set []setting) []setting {
	list := make([]*instance, len(set))
	for i, s := range set {
		list[i] = s.by.in
	}
	last := p.lastOf(list)
	if len(last) == 0 {
		return set // a cycle, which Terraform would refuse
	}
	return slices.DeleteFunc(slices.Clone(set), func(s setting) bool { return !last[s.by.in.cfg] })
}

// mergeInto puts what one of several sets beside what others do; where they
// differ, it is not known.
func mergeInto(dst, src *posture.Cache, detail string) {
	vocabulary.OfCache(dst).Each(dst, src, func(x vocabulary.Property) {
		switch {
		case x.Other().Unset():
		case x.Now().Unset():
			x.Take()
		case !x.Same():
			x.Lose(posture.ReasonKnownAfterApply, detail)
		}
	})
}

// eachOpen applies a function to every fact that an update sets and the resource of
// the cache leaves open: in Azure it may have been set from elsewhere.
func eachOpen(dst, src *posture.Cache, apply func(vocabulary.Property)) {
	vocabulary.OfCache(dst).Each(dst, src, func(x vocabulary.Property) {
		now := x.Now()
		open := now.Unknown() || now.State == posture.StateKnown && now.Source.Origin == posture.OriginDefault
		if open && !x.Other().Unset() {
			apply(x)
		}
	})
}
