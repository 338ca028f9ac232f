package tfplan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// target is the cache that a companion is for: one, none, or one of some groups.
type target struct {
	cache  *cacheEntry
	groups []string // in doubt: addresses of caches, groups of them, or everyCache
	reason posture.Reason
	detail string
}

// targetOf resolves the argument at path of a companion to a cache. attribute is
// what a reference must end in: id, or name for children that are linked by name.
func (p *Plan) targetOf(in *instance, v, before view, path, attribute string) target {
	switch {
	case isRedacted(v.val), v.val.absent() && v.stripped:
		return target{groups: []string{everyCache}, reason: posture.ReasonRemoved, detail: path + " was taken out of this plan"}
	case !v.isUnknown():
		if attribute != "id" {
			return target{} // known names are matched by their kind
		}
		return p.matchID(v.val.str())
	}
	t := p.targetOfLeaves(in, p.trace(in, path), path, attribute)
	if t.cache != nil || len(t.groups) == 0 {
		return t
	}
	if got, ok := p.askConfiguration(in, path, attribute); ok {
		return got
	}
	// An id before the change decides where this cache is made anew and the
	// references do not exclude it.
	if attribute == "id" {
		if c := p.byBeforeID[strings.TrimRight(strings.ToLower(before.val.str()), "/")]; c != nil && c.in.after() && c.afterID == "" && inGroups(c, t.groups) {
			return target{cache: c}
		}
	}
	return t
}

func inGroups(c *cacheEntry, groups []string) bool {
	for _, g := range c.groups() {
		if g != "" && slices.Contains(groups, g) {
			return true
		}
	}
	return false
}

func (p *Plan) targetOfLeaves(in *instance, leaves []leaf, path, attribute string) target {
	if len(leaves) == 1 && leaves[0].sure && leaves[0].address != "" && leaves[0].attribute == attribute && !leaves[0].data {
		if t, ok := p.cacheOf(leaves[0]); ok {
			return t
		}
	}
	t := target{reason: posture.ReasonUnresolvedReference}
	for _, l := range leaves {
		switch {
		case l.foreign():
		case l.opaque || l.data:
			t.groups = append(t.groups, everyCache)
		default:
			t.groups = append(t.groups, p.cachesOf(l)...)
		}
	}
	if len(t.groups) == 0 {
		return target{}
	}
	slices.Sort(t.groups)
	t.groups = slices.Compact(t.groups)
	if slices.Contains(t.groups, everyCache) {
		t.groups = []string{everyCache}
	}
	t.detail = p.describe(in, path)
	return t
}

// cacheOf returns the cache at a sure leaf; ok is false when it cannot say.
func (p *Plan) cacheOf(l leaf) (target, bool) {
	c := p.cacheAt[l.address]
	switch {
	case c != nil && c.in.after():
		return target{cache: c}, true
	case c != nil:
		return target{}, true
	}
	other := p.instances[l.address]
	if other == nil || other.typ.kind == kindAzapiUpdate {
		return target{}, false
	}
	if other.typ.kind == kindAzapi {
		// An azapi_resource of a known type that is no cache.
		_, after := other.both()
		return target{}, after.get("type").str("").IsKnown()
	}
	return target{}, !carriers[l.typ]
}

// cachesOf returns the groups of caches that a leaf may mean.
func (p *Plan) cachesOf(l leaf) []string {
	if rt := resourceTypes[l.typ]; rt == nil || !rt.cache {
		return []string{everyCache}
	}
	if l.typ == "azapi_resource" || l.typ == "azapi_update_resource" {
		// Of any type: only those that are caches count, and of an update
		// resource nobody knows whose id it has.
		if l.typ == "azapi_update_resource" {
			return []string{everyCache}
		}
	}
	if l.address != "" {
		return []string{l.address}
	}
	return []string{l.group}
}

func (p *Plan) askConfiguration(in *instance, path, attribute string) (target, bool) {
	if p.options.Configuration == nil {
		return target{}, false
	}
	ref, ok := p.options.Configuration.Refer(in.address, path)
	switch {
	case !ok:
		return target{}, false
	case ref.Address == "" && attribute != "id":
		return target{}, ref.Literal == ""
	case ref.Address == "":
		return p.matchID(ref.Literal), true
	case ref.Attribute != attribute:
		return target{}, false
	}
	segs := parseRef(ref.Address)
	for len(segs) > 2 && segs[0].name == "module" {
		segs = segs[2:]
	}
	typ := segs[0].name
	return p.cacheOf(leaf{address: ref.Address, typ: typ, attribute: ref.Attribute})
}

// describe says which expression hides the answer and what would settle it.
func (p *Plan) describe(in *instance, path string) string {
	settle := "; --config would settle it"
	if p.options.Configuration != nil {
		settle = ", which the configuration does not settle either"
	}
	rc := p.config.resources[in.cfg]
	e, ok := rc.expression(path)
	if !ok || len(e.references) == 0 {
		return path + " has no expression in plan JSON (a dynamic block, perhaps)" + settle
	}
	refs := e.references
	if len(refs) > 4 {
		refs = append(slices.Clone(refs[:4]), "…")
	}
	return fmt.Sprintf("%s refers to %s%s", path, strings.Join(refs, ", "), settle)
}
