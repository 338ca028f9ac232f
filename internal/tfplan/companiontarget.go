package tfplan

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// target is what a companion is for: one cache, none, or a cache of some groups.
type target struct {
	cache    *cacheEntry
	groups   []string // in doubt: groups of caches; see groups
	reason   posture.Reason
	detail   string
	nameless bool // no cache is known to have its name
	// misdirected is a cache that an endpoint names with the sub-resource of another
	// service, or that a diagnostic setting names in place of its database.
	misdirected *cacheEntry
}

// all returns the groups of caches that a target may mean.
func (t target) all() []string {
	if t.cache != nil {
		return []string{t.cache.in.address}
	}
	return t.groups
}

// targetOf resolves the argument at path of a companion to a cache. attribute is
// what a reference must end in: id, or name for children that are linked by name.
func (p *cacheIndex) targetOf(in *instance, v, before view, path, attribute string) target {
	switch {
	case isRedacted(v.val), v.val.absent() && v.stripped:
		return target{groups: everyCache(in.typ.service), reason: posture.ReasonRemoved, detail: path + " was taken out of this plan"}
	case !v.isUnknown():
		if attribute != "id" {
			return target{} // targetByName matches a known name
		}
		return p.matchID(v.val.str())
	case in.hidden && strings.HasPrefix(path, "body."):
		return target{groups: everyCache(in.typ.service), reason: posture.ReasonUnresolvedReference, detail: "sensitive_body may set it"}
	}
	if id, ok := p.askID(in, path); ok && attribute == "id" {
		// What lies in a cache, as a database does, is found by references.
		if _, within, _ := cutCache(id); within == "" {
			return p.matchID(id)
		}
	}
	t := p.targetOfLeaves(in, p.trace(in, path), path, attribute)
	if t.cache != nil || len(t.groups) == 0 || attribute != "id" {
		return t
	}
	if id, ok := p.askString(in, path); ok && strings.HasPrefix(path, "body.") {
		return p.matchID(id) // a body of JSON text is unknown as a whole
	}
	if c := p.byBeforeID[armid.Key(before.val.str())]; c != nil && p.onlyNew(in, c, t.groups, path) {
		return target{cache: c}
	}
	return t
}

// childKinds lie within a cache, and can be for nothing else.
var childKinds = kindsOf(kindDatabase, kindGeoReplication, kindFirewall, kindAccessAssignment, kindAccessPolicy, kindPatchSchedule,
	kindLinkedServer)

// onlyNew reports whether a target that is known after apply can only be this cache:
// it gets a new id, and no other cache that may be meant does. Where several do,
// the ids before do not decide, since endpoints may swap caches while all of them
// are replaced.
func (p *cacheIndex) onlyNew(in *instance, c *cacheEntry, groups []string, path string) bool {
	n := 0
	for _, g := range groups {
		if isEvery(g) && in.typ.kind != kindEndpoint && !childKinds.has(in.typ.kind) && path != "redis_cache_id" {
			return false // the target need not be a cache at all
		}
		n += p.newIDs[g]
	}
	return n == 1 && c.in.after() && c.afterID == "" && inGroups(c, groups)
}

func inGroups(c *cacheEntry, groups []string) bool {
	for _, g := range c.groups {
		if g != "" && slices.Contains(groups, g) {
			return true
		}
	}
	return false
}

func (p *cacheIndex) targetOfLeaves(in *instance, leaves []leaf, path, attribute string) target {
	find := p.cacheOf
	l := soleLeaf(leaves)
	if t, ok := p.atDatabase(l); ok && attribute == "id" {
		if in.typ.kind == kindEndpoint {
			return target{} // private endpoints reach clusters, and no database
		}
		return t
	}
	if l.data {
		find = p.cacheOfData
	}
	if l.attribute == attribute && l.address != "" && (!l.data || attribute == "id") {
		if t, ok := find(l); ok {
			return t
		}
	}
	t := target{reason: posture.ReasonUnresolvedReference}
	for _, l := range leaves {
		switch {
		case !l.mayBeCache():
		case l.opaque || l.data:
			t.groups = append(t.groups, everyCache(in.typ.service)...)
		default:
			t.groups = append(t.groups, p.cachesOf(l)...)
		}
	}
	if len(t.groups) == 0 {
		return target{}
	}
	slices.Sort(t.groups)
	t.groups = slices.Compact(t.groups)
	if slices.ContainsFunc(t.groups, isEvery) {
		t.groups = everyCache(in.typ.service)
	}
	t.detail = p.describe(in, path)
	return t
}

// cacheOf returns the cache at a sure leaf; ok is false when it cannot say.
func (p *cacheIndex) cacheOf(l leaf) (target, bool) {
	c := p.cacheAt[l.address]
	switch {
	case c != nil && c.in.after():
		return target{cache: c}, true
	case c != nil:
		return target{}, true
	}
	other := p.instances[l.address]
	if other == nil && l.exact && service.OfAzurerm(l.typ) != nil && l.attribute == "id" {
		return target{}, true // a cache that this partial plan leaves out
	}
	if l.exact && l.attribute == "id" && strings.HasPrefix(l.typ, "azurerm_") {
		return target{}, true // its own id, and that of no cache
	}
	if other == nil || other.typ.kind == kindAzapiUpdate || other.typ.kind == kindAction {
		return target{}, false
	}
	if other.typ.kind == kindAzapi {
		// An azapi_resource of a known type that is no cache.
		_, after := other.both()
		return target{}, after.get("type").str("").IsKnown()
	}
	return target{}, !carries(l.typ)
}

// cacheOfData returns the cache that a data source will find.
func (p *cacheIndex) cacheOfData(l leaf) (target, bool) {
	s := service.OfAzurerm(l.typ)
	if p.evaluator == nil || s == nil {
		return target{}, false
	}
	name, group := p.evaluator.Reference(l.address, "name"), p.evaluator.Reference(l.address, "resource_group_name")
	if name.Kind != tfconfig.KnownString || group.Kind != tfconfig.KnownString {
		return target{}, false
	}
	arm := armID{names: []string{strings.ToLower(name.Value)}, group: strings.ToLower(group.Value)}
	if sub := p.evaluator.ProviderArgument(l.address, "subscription_id"); sub.Kind == tfconfig.KnownString {
		arm.subscription = strings.ToLower(sub.Value)
	}
	return p.match(s, arm), true
}

// cachesOf returns the groups of caches that a leaf may mean.
func (p *cacheIndex) cachesOf(l leaf) []string {
	if rt := resourceTypes[l.typ]; rt == nil || !rt.cache {
		return everyCache(nil)
	}
	if s := p.databasesAt[l.group]; s != nil {
		return everyCache(s) // the cluster of any of them
	}
	if l.typ == "azapi_update_resource" {
		return everyCache(nil) // its id is that of what it updates, which may be of any type
	}
	if l.address != "" {
		return []string{l.address}
	}
	return []string{l.group}
}
