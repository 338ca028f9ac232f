package tfplan

import (
	"slices"
	"sort"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// cacheIndex finds the caches of the plan by id, name and address.
type cacheIndex struct {
	*references
	caches      []*cacheEntry
	nameRemoved []*cacheEntry // caches whose name was taken out of the plan
	nameless    []nameless    // the places of caches whose name is not known
	cacheAt     map[string]*cacheEntry
	byName      map[string][]*cacheEntry
	byBeforeID  map[string]*cacheEntry
	newIDs      map[string]int // number of caches that get a new id, by group
	// clusterOf are the caches whose databases are resources of their own, by their addresses.
	clusterOf map[string]target
	// linkedServers are the caches in which linked servers lie, by their addresses; found for
	// a migration only.
	linkedServers map[string]*cacheEntry
	// databasesAt are their services, by the addresses without the last key, and without any.
	databasesAt map[string]*service.Service
}

func newCacheIndex(refs *references) *cacheIndex {
	return &cacheIndex{references: refs, cacheAt: map[string]*cacheEntry{}, byName: map[string][]*cacheEntry{},
		byBeforeID: map[string]*cacheEntry{}, newIDs: map[string]int{}, clusterOf: map[string]target{},
		databasesAt: map[string]*service.Service{}, linkedServers: map[string]*cacheEntry{}}
}

// cacheEntry is one cache of the plan with what was linked to it.
type cacheEntry struct {
	service *service.Service
	in      *instance
	// groups are the groups of caches that the cache is in: doubts and writes about a
	// group may mean the cache. A group is named by an address, by the type of all
	// caches of a service (see everyCache), or by a place (see nameless). Some are empty.
	groups [5]string
	// id parts in lower case; empty where not known.
	subscription, group, name string
	provider                  string // key of the provider configuration, where it decides the subscription
	afterID, beforeID         string // full ids in lower case, where known
	nameRemoved               bool   // the name was taken out of the plan
	// overlays are azapi_update_resources that change this cache.
	overlays []*instance
	links    []link
	linkedBy []link // databases of other clusters that name that of the cache as a member of their group
	// misdirected says, for people, which private endpoints name the cache with the
	// sub-resource of another service.
	misdirected []string
	keys        []string // consumers of its keys
	keysSeen    bool     // the configuration shows every consumer
	// Read for a migration only.
	references     []posture.Reference
	geo            []posture.GeoLink
	referencesSeen bool // the configuration shows every one
}

// link is a companion that belongs to the cache, after or before the plan.
type link struct {
	in            *instance
	after, before bool
	onCluster     bool // a diagnostic setting on the cluster in place of its database
}

// on reports whether the companion belongs to the cache before the plan, or after it.
func (l link) on(before bool) bool { return before && l.before || !before && l.after }

// groupsOf returns the groups of the cache of a service at an instance, but for that
// of [nameless].
func groupsOf(s *service.Service, in *instance) [5]string {
	group := withoutLastKey(in.address)
	out := [5]string{s.Type, in.address, group, in.cfg}
	if group == in.address {
		out[2] = ""
	}
	if in.cfg == group || in.cfg == in.address {
		out[3] = ""
	}
	return out
}

// everyCache returns the group of all caches of a service; the groups of all services
// for nil.
func everyCache(s *service.Service) []string {
	if s != nil {
		return []string{s.Type}
	}
	all := make([]string, len(service.All))
	for i, s := range service.All {
		all[i] = s.Type
	}
	return all
}

// isEvery reports whether a group is one of everyCache.
func isEvery(group string) bool { return service.Of(group) != nil }

// serviceOf returns the service of the caches of a group; nil where they may be of any.
func (p *cacheIndex) serviceOf(group string) *service.Service {
	if c := p.cacheAt[group]; c != nil {
		return c.service
	}
	if s := service.Of(group); s != nil {
		return s
	}
	segs := parseInModule(group)
	if t := resourceTypes[segs[0].name]; t != nil {
		return t.service
	}
	return nil
}

// only takes from a target the caches of services that do not count.
func (p *cacheIndex) only(t target, counts func(*service.Service) bool) target {
	if t.cache != nil && !counts(t.cache.service) {
		return target{}
	}
	t.groups = slices.DeleteFunc(t.groups, func(g string) bool {
		s := p.serviceOf(g)
		return s != nil && !counts(s)
	})
	return t
}

// onlyOf takes from a target the caches of other services.
func (p *cacheIndex) onlyOf(s *service.Service, t target) target {
	return p.only(t, func(of *service.Service) bool { return of == s })
}

// collectCaches finds the caches and what identifies them.
func (p *linker) collectCaches() {
	list := p.ofKind(kindCache)
	found := make([]*cacheEntry, len(list))
	p.spread(len(list), func(i int) { found[i] = named(list[i], p.identify(list[i].typ.service, list[i])) })
	if p.ctx.Err() != nil {
		return // found is not complete
	}
	for _, c := range found {
		p.addCache(c)
	}
	for _, in := range p.byType[resourceTypes["azapi_resource"]] {
		before, after := in.both()
		if s := azapiService(before, after); s != nil {
			p.addCache(named(in, p.identify(s, in)))
		}
	}
	p.dropHandedOver()
	p.indexNames()
	p.collectDatabases()
	p.collectUpdates()
	sort.Slice(p.caches, func(i, j int) bool { return p.caches[i].in.address < p.caches[j].in.address })
	p.indexNames()
	for _, c := range p.caches {
		if c.nameRemoved {
			p.nameRemoved = append(p.nameRemoved, c)
		}
	}
}

// dropHandedOver leaves out a cache that the plan removes from the state while
// another resource of the plan manages it: that resource says what the cache will be.
func (p *cacheIndex) dropHandedOver() {
	managed := map[string]bool{}
	for _, c := range p.caches {
		if c.in.managed() && c.afterID != "" {
			managed[c.afterID] = true
		}
	}
	p.caches = slices.DeleteFunc(p.caches, func(c *cacheEntry) bool {
		drop := c.in.change == posture.ChangeForget && managed[c.afterID]
		if drop {
			delete(p.cacheAt, c.in.address)
		}
		return drop
	})
}

func named(in *instance, c *cacheEntry) *cacheEntry {
	c.in, c.groups = in, groupsOf(c.service, in)
	if c.name == "" && in.after() {
		c.groups[4] = c.nameless().key()
	}
	return c
}

// nameless is the caches of a service in one resource group whose names are not known.
type nameless struct {
	service             *service.Service
	subscription, group string
}

func (c *cacheEntry) nameless() nameless { return nameless{c.service, c.subscription, c.group} }

// key names the group of these caches.
func (n nameless) key() string { return "?/" + n.subscription + "/" + n.group + "/" + n.service.Type }

// mayHold reports whether one of them may be in a resource group; empty parts are
// not known.
func (n nameless) mayHold(subscription, group string) bool {
	differ := func(a, b string) bool { return a != "" && b != "" && a != b }
	return !differ(n.subscription, subscription) && !differ(n.group, group)
}

// perhapsNameless returns the target of a name that no cache is known to have: it may
// be a cache whose name is not known.
func (p *cacheIndex) perhapsNameless(s *service.Service, subscription, group string) target {
	t := target{reason: posture.ReasonUnresolvedReference, detail: "its target may be this cache, whose name is not known", nameless: true}
	for _, n := range p.nameless {
		if n.service == s && n.mayHold(subscription, group) {
			t.groups = append(t.groups, n.key())
		}
	}
	return t
}

func (p *cacheIndex) addCache(c *cacheEntry) {
	p.caches = append(p.caches, c)
	p.cacheAt[c.in.address] = c
}

func (p *cacheIndex) indexNames() {
	p.byName = make(map[string][]*cacheEntry, len(p.caches))
	p.byBeforeID = make(map[string]*cacheEntry, len(p.caches))
	p.newIDs = make(map[string]int, len(p.caches))
	p.nameless = nil
	seen := map[nameless]bool{}
	for _, c := range p.caches {
		if at := c.nameless(); c.groups[4] != "" && !seen[at] {
			seen[at] = true
			p.nameless = append(p.nameless, at)
		}
		if c.in.after() && c.name != "" {
			p.byName[c.name] = append(p.byName[c.name], c)
		}
		if c.beforeID != "" {
			p.byBeforeID[c.beforeID] = c
		}
		if c.in.after() && c.afterID == "" {
			for _, g := range c.groups {
				p.newIDs[g]++
			}
		}
	}
}

// identify reads the id of a cache of a service, or as many parts of the id as are
// known.
func (p *cacheIndex) identify(s *service.Service, in *instance) *cacheEntry {
	before, after := in.both()
	c := &cacheEntry{service: s}
	c.fromID(before, after)
	if c.afterID != "" || !in.after() {
		return c
	}
	name := after.get("name").str("")
	c.name = strings.ToLower(name.V)
	c.nameRemoved = name.IsUnknown() && name.Reason == posture.ReasonRemoved
	if in.typ.kind == kindCache {
		c.group = strings.ToLower(after.get("resource_group_name").str("").V)
		c.subscription, c.provider = p.subscription(in), p.providerOf(in)
		return c
	}
	parent := after.get("parent_id")
	if id, ok := parseID(parent.val.str()); ok {
		c.subscription, c.group = id.subscription, id.group
	} else if rg := p.referred(in, "parent_id", kindResourceGroup); parent.isUnknown() && rg != nil {
		c.group = strings.ToLower(rg.view().get("name").val.str())
		c.subscription, c.provider = p.subscription(rg), p.providerOf(rg)
	}
	return c
}

// fromID fills in what the ids before and after say.
func (c *cacheEntry) fromID(before, after view) {
	c.beforeID = armid.Key(before.get("id").val.str())
	c.afterID = armid.Key(after.get("id").val.str())
	if id, ok := parseID(c.afterID); ok && service.Of(id.kind) == c.service {
		c.subscription, c.group, c.name = id.subscription, id.group, id.name()
	} else {
		c.afterID = ""
	}
}

// matchID finds the cache that a known ARM id names, and those that it may name.
func (p *cacheIndex) matchID(id string) target {
	arm, _ := parseID(id)
	s := service.Of(arm.kind)
	if s == nil {
		return target{}
	}
	return p.match(s, arm)
}

// match finds the cache of a service by the parts of its id; the subscription may be
// empty where it is not known.
func (p *cacheIndex) match(s *service.Service, arm armID) target {
	var sure, maybe []*cacheEntry
	for _, c := range p.byName[arm.name()] {
		switch {
		case c.service != s, c.group != "" && c.group != arm.group,
			c.subscription != "" && arm.subscription != "" && c.subscription != arm.subscription:
		case c.group == "":
			maybe = append(maybe, c)
		default:
			sure = append(sure, c)
		}
	}
	if len(sure) == 1 && len(maybe) == 0 {
		return target{cache: sure[0]}
	}
	t := target{reason: posture.ReasonUnresolvedReference,
		detail: "its target has the name of this cache, whose resource group or subscription is not known"}
	for _, c := range append(sure, maybe...) {
		t.groups = append(t.groups, c.in.address)
	}
	if len(t.groups) == 0 {
		return p.perhapsNameless(s, arm.subscription, arm.group)
	}
	return t
}
