package tfplan

import (
	"cmp"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// azapiSpec is what is kept of azapi_resource and azapi_update_resource. Body is
// an object in azapi 2 and JSON text in azapi 1.
func azapiSpec() *spec {
	s := keep("type", "parent_id", "resource_id")
	for _, of := range service.All {
		s.withNames(bodies[of].Names())
	}
	body := s.fields["body"].spec.with("location", nil)
	body.with("properties", azapiCompanionSpec(body.fields["properties"].spec))
	body.ignoreCase().asText(body.jsonText)
	return s
}

// azapiService returns the service of the cache that a resource of azapi makes or
// updates; nil where its type is not known, or that of no cache.
func azapiService(before, after view) *service.Service {
	return service.Of(cmp.Or(after.get("type").val.str(), before.get("type").val.str()))
}

// collectUpdates gives every azapi_update_resource of the type to the cache of
// the plan that it changes, or makes it a cache of its own.
func (p *linker) collectUpdates() {
	for _, in := range p.byType[resourceTypes["azapi_update_resource"]] {
		before, after := in.both()
		s := azapiService(before, after)
		if !in.after() || s == nil {
			continue // destroying the update leaves the cache as it is
		}
		t := p.updateTarget(s, in, before, after)
		if t.cache != nil {
			t.cache.overlays = append(t.cache.overlays, in)
			p.cacheAt[in.address] = t.cache
			continue
		}
		for _, g := range t.groups {
			if in.applied() {
				p.overlayDoubts[g] = append(p.overlayDoubts[g], overlayDoubt{in, t.detail})
			}
		}
		c := named(in, identifyUpdate(s, after))
		p.addCache(c)
		if c.afterID != "" {
			p.updatesOf[c.afterID] = append(p.updatesOf[c.afterID], in)
		}
	}
	for _, x := range p.patches {
		if !x.touches.has(kindCache) {
			continue
		}
		before, after := x.in.both()
		for _, s := range service.All { // its type is not known
			for _, g := range p.updateTarget(s, x.in, before, after).all() {
				p.overlayDoubts[g] = append(p.overlayDoubts[g], overlayDoubt{x.in, x.detail})
			}
		}
	}
}

// updateTarget returns the cache of a service that an update changes.
func (p *cacheIndex) updateTarget(s *service.Service, in *instance, before, after view) target {
	if after.get("resource_id").val.str() == "" && !p.config.resources[in.cfg].has("resource_id") {
		return p.updateByParent(s, in, after)
	}
	return p.onlyOf(s, p.targetOf(in, after.get("resource_id"), before.get("resource_id"), "resource_id", "id"))
}

// updateByParent resolves an update that names its target by parent and name.
func (p *cacheIndex) updateByParent(s *service.Service, in *instance, after view) target {
	name := after.get("name").val.str()
	if after.get("parent_id").val.str() == "" && name != "" {
		if rg := p.referred(in, "parent_id", kindResourceGroup); rg != nil {
			return p.match(s, armID{subscription: p.subscription(rg), group: strings.ToLower(rg.view().get("name").val.str()),
				names: []string{strings.ToLower(name)}})
		}
	}
	id := azapiID(after, s.Type).val.str()
	if id == "" {
		return target{groups: everyCache(s), reason: posture.ReasonUnresolvedReference,
			detail: "its target is not known; --config would settle it"}
	}
	return p.matchID(id)
}

func identifyUpdate(s *service.Service, after view) *cacheEntry {
	c := &cacheEntry{service: s}
	id := azapiID(after, s.Type).val.str()
	if arm, ok := parseID(id); ok && service.Of(arm.kind) == s {
		c.subscription, c.group, c.name = arm.subscription, arm.group, arm.name()
		c.afterID = strings.ToLower(id)
		c.beforeID = c.afterID
	}
	return c
}

// bodies are where azapi has the facts of the caches of each service.
var bodies = newBodies()

func newBodies() map[*service.Service]*vocabulary.Dialect[posture.Cache] {
	out := map[*service.Service]*vocabulary.Dialect[posture.Cache]{}
	for _, s := range service.All {
		out[s] = vocabulary.Of(s).Body()
	}
	return out
}

// azapiFacts maps the body of a cache of a service. A fact that the body does not set
// is unset; see existing.
func azapiFacts(s *service.Service, v view) *posture.Cache {
	body := v.get("body")
	if body.isUnknown() {
		body.val = node{}
	}
	c := &posture.Cache{Type: s.Type, Dialect: posture.DialectAzapi}
	vocabulary.Read(bodies[s], c, v, vocabulary.Reading[view]{Inside: func(path []string) view { return body.at(path[1:]...) }})
	if c.Location.IsUnset() {
		c.Location = body.get("location").str("body.location")
	}
	return c
}

// overlay puts what an azapi_update_resource sets over a cache.
func overlay(dst, src *posture.Cache) {
	vocabulary.OfCache(dst).Each(dst, src, func(x vocabulary.Property) {
		if !x.Other().Unset() {
			x.Take()
		}
	})
}

// doubtOverlay makes unknown what an azapi_update_resource sets whose target may
// be this cache.
func doubtOverlay(dst, src *posture.Cache, detail string) {
	vocabulary.OfCache(dst).Each(dst, src, func(x vocabulary.Property) {
		if !x.Other().Unset() && !x.Same() {
			x.Lose(posture.ReasonUnresolvedReference, detail)
		}
	})
}

// existing leaves unknown what a body does not set of a cache that exists: it may
// have been set elsewhere, and only a cache that is created takes the service's
// defaults. Basic and Standard are never in a virtual network.
func existing(c *posture.Cache) {
	subnet := c.SubnetID
	vocabulary.OfCache(c).Each(c, c, func(x vocabulary.Property) {
		if x.Now().Unset() {
			x.Lose(posture.ReasonNotObserved, "")
		}
	})
	if tier, ok := c.Tier.Get(); ok && (strings.EqualFold(tier, "Basic") || strings.EqualFold(tier, "Standard")) {
		c.SubnetID = subnet
	}
}
