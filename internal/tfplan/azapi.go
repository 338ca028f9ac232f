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
var azapiSpec = newAzapiSpec()

func newAzapiSpec() *spec {
	s := keep("type", "parent_id", "resource_id")
	for _, part := range parts {
		s.withNames(part.judged.body.Names())
	}
	s.with("identity", keep("identity_ids"))
	body := s.fields["body"].spec.with("location", nil)
	body.with("properties", azapiCompanionSpec(body.fields["properties"].spec))
	s.withMigration(keep("tags").with("identity", keep("type")))
	for _, part := range parts {
		s.withMigration(keep().withNames(part.migration.body.Names()))
	}
	body.ignoreCase().asText(body.jsonText)
	return s
}

// azapiService returns the service of the cache that a resource of azapi makes; nil where
// its type is not known, or that of no cache.
func azapiService(before, after view) *service.Service {
	return service.Of(cmp.Or(after.get("type").val.str(), before.get("type").val.str()))
}

// serviceOfPart returns the service of the cache of which a resource of azapi makes or
// updates a part; nil where its type is not known, or that of no part of a cache.
func serviceOfPart(before, after view) *service.Service {
	typ, _, _ := strings.Cut(cmp.Or(after.get("type").val.str(), before.get("type").val.str()), "@")
	return serviceOfType(typ)
}

// serviceOfType is the same for an ARM type without its version.
func serviceOfType(typ string) *service.Service {
	for _, part := range parts {
		if strings.EqualFold(typ, part.typ) {
			return part.service
		}
	}
	return nil
}

// collectUpdates gives every azapi_update_resource of the type to the cache of
// the plan that it changes, or makes it a cache of its own.
func (p *linker) collectUpdates() {
	for _, in := range p.byType[resourceTypes["azapi_update_resource"]] {
		before, after := in.both()
		s := serviceOfPart(before, after)
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
	return p.onlyOf(s, p.targetOf(in, cacheID(after.get("resource_id")), cacheID(before.get("resource_id")), "resource_id", "id"))
}

// cacheID returns an id of a cache in place of that of its database.
func cacheID(id view) view {
	if cache, rest, s := cutCache(id.val.str()); rest != "" && strings.EqualFold(rest, s.Database) {
		id.val.text = cache
	}
	return id
}

// updatedID returns the id of the cache that an azapi_update_resource changes.
func updatedID(s *service.Service, v view) view {
	typ, _, _ := strings.Cut(v.get("type").known(), "@")
	return cacheID(azapiID(v, cmp.Or(typ, s.Type)))
}

// updateByParent resolves an update that names its target by parent and name.
func (p *cacheIndex) updateByParent(s *service.Service, in *instance, after view) target {
	name := after.get("name").val.str()
	ofCluster := len(partsOf(s, after)) > 0 && partsOf(s, after)[0].typ == strings.ToLower(s.Type)
	if !ofCluster && after.get("parent_id").val.str() == "" {
		return p.onlyOf(s, p.targetOf(in, after.get("parent_id"), view{}, "parent_id", "id"))
	}
	if ofCluster && after.get("parent_id").val.str() == "" && name != "" {
		if rg := p.referred(in, "parent_id", kindResourceGroup); rg != nil {
			return p.match(s, armID{subscription: p.subscription(rg), group: strings.ToLower(rg.view().get("name").val.str()),
				names: []string{strings.ToLower(name)}})
		}
	}
	id := updatedID(s, after).val.str()
	if id == "" {
		return target{groups: everyCache(s), reason: posture.ReasonUnresolvedReference,
			detail: "its target is not known; --config would settle it"}
	}
	return p.matchID(id)
}

func identifyUpdate(s *service.Service, after view) *cacheEntry {
	c := &cacheEntry{service: s}
	id := updatedID(s, after).val.str()
	if arm, ok := parseID(id); ok && service.Of(arm.kind) == s {
		c.subscription, c.group, c.name = arm.subscription, arm.group, arm.name()
		c.afterID = strings.ToLower(id)
		c.beforeID = c.afterID
	}
	return c
}

// part is an ARM type of which a resource has facts of a cache: the cache itself, or
// the database that holds its data.
type part struct {
	service           *service.Service
	typ               string // in lower case
	judged, migration factsOfPart
}

// factsOfPart are facts of a cache, and where a body has them.
type factsOfPart struct {
	table vocabulary.Table[posture.Cache]
	body  *vocabulary.Dialect[posture.Cache]
}

// asked are the facts that are read: the judged ones, and where they are asked for those of
// a migration.
func (x part) asked(migration bool) []factsOfPart {
	if migration {
		return []factsOfPart{x.judged, x.migration}
	}
	return []factsOfPart{x.judged}
}

// parts are the parts of the caches of all services.
var parts = newParts()

func newParts() (out []part) {
	facts := func(t vocabulary.Table[posture.Cache]) factsOfPart { return factsOfPart{t, t.Azapi()} }
	for _, s := range service.All {
		cache, database := vocabulary.Of(s).Parts()
		cacheMigration, databaseMigration := vocabulary.Migration(s).Parts()
		out = append(out, part{s, strings.ToLower(s.Type), facts(cache), facts(cacheMigration)})
		if s.Database != "" {
			out = append(out, part{s, strings.ToLower(s.DatabaseType()), facts(database), facts(databaseMigration)})
		}
	}
	return out
}

// partsOf returns the parts of the caches of a service of which a resource of azapi has
// facts: all of them where its type is not known.
func partsOf(s *service.Service, v view) (out []part) {
	typ, _, _ := strings.Cut(strings.ToLower(v.get("type").known()), "@")
	for _, part := range parts {
		if part.service == s && (typ == "" || typ == part.typ) {
			out = append(out, part)
		}
	}
	return out
}

// azapiFacts maps the body of a cache of a service, or of its database. A fact that the
// body does not set is unset; see existing. fresh says that the object is created by
// this plan.
func (p *document) azapiFacts(s *service.Service, v view, fresh bool) *posture.Cache {
	body := v.get("body")
	if body.isUnknown() {
		body.val = node{}
	}
	_, version, _ := strings.Cut(strings.ToLower(v.get("type").known()), "@")
	c := nothingSet(s, p.migration)
	c.Dialect = posture.DialectAzapi
	c.Name, c.ResourceID = posture.Unset[string]("name"), posture.Unset[string]("id")
	c.Location = posture.Unset[string]("location")
	if s.Database != "" {
		c.HasDatabase = posture.Known(true, databasePath) // a resource of the cluster does not tell
	}
	reading := vocabulary.Reading[view]{New: fresh, Version: version, Inside: func(path []string) view { return body.at(path[1:]...) }}
	for _, part := range partsOf(s, v) {
		for _, facts := range part.asked(p.migration) {
			vocabulary.Read(facts.body, c, v, reading)
		}
	}
	identity := v.get("identity").first()
	if c.Identities.IsUnset() {
		c.Identities = identity.get("identity_ids").list("identity.identity_ids")
	}
	if p.migration && c.SystemIdentity.IsUnset() {
		c.SystemIdentity = vocabulary.Flag(identity.get("type").Scalar(), "identity.type", vocabulary.SystemAssigned)
	}
	if p.migration && c.Tags.IsUnset() {
		c.Tags = vocabulary.TextsByName(v.get("tags"), "tags")
	}
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
	vocabulary.OfCache(c).Each(c, c, loseUnset)
	if tier, ok := c.Tier.Get(); ok && (strings.EqualFold(tier, "Basic") || strings.EqualFold(tier, "Standard")) {
		c.SubnetID = subnet
	}
}

// loseUnset makes unknown a fact that is not set.
func loseUnset(x vocabulary.Property) {
	if x.Now().Unset() {
		x.Lose(posture.ReasonNotObserved, "")
	}
}
