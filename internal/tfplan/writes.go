package tfplan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// cacheWrite is what is written to one cache, or to each of a group of caches.
type cacheWrite struct {
	// sets holds the properties that are written; unset ones are left alone.
	// One value of a property stands for all writes that agree on it.
	sets *posture.Cache
	// everything is set where all facts of the cache and of its companions may
	// change; no companion is created by that.
	everything string
	// companions are what is written to children of the cache.
	companions map[kind]*companionWrite
}

// companionWrite is what is written to something around a cache.
type companionWrite struct {
	by     string // the address of the first that writes
	detail string
	// changes says that companions of the plan may be changed, makes that another of
	// the kind may be created.
	changes, makes bool
}

// writes is an index of what actions and deployments may change after the planned
// values of a cache are set; facts that they may change become unknown. Caches are
// found by their groups and by their resource group, companions by [companionKey].
type writes struct {
	caches     map[string]*cacheWrite
	companions map[companionKey]*companionWrite
	// early are writes that a cache itself triggers before its own values are
	// sent, by address of the cache.
	early map[string]*cacheWrite
}

func newWrites() writes {
	return writes{caches: map[string]*cacheWrite{}, companions: map[companionKey]*companionWrite{}, early: map[string]*cacheWrite{}}
}

// none reports whether nothing is written, as in most plans.
func (w writes) none() bool { return len(w.caches)+len(w.companions)+len(w.early) == 0 }

func writeAt(m map[string]*cacheWrite, group string) *cacheWrite {
	w := m[group]
	if w == nil {
		w = &cacheWrite{companions: map[kind]*companionWrite{}}
		m[group] = w
	}
	return w
}

// set adds properties that are written. Where two writes disagree, messages name the
// first.
func (w *cacheWrite) set(sets *posture.Cache, detail string) {
	switch {
	case w.everything != "":
		return
	case w.sets == nil:
		w.sets = nothingSet(service.OfCache(sets), sets.MigrationAsked)
	}
	vocabulary.OfCache(sets).EachWritten(w.sets, sets, func(x vocabulary.Property) {
		switch now := x.Now(); {
		case x.Other().Unset(), now.Unknown():
		case now.Unset():
			x.Take()
			x.Explain(detail)
		case !x.Same():
			x.Lose(posture.ReasonKnownAfterApply, now.Source.Detail)
		}
	})
}

// nothingSet is a cache of a service of which no property is set, none of those for a
// migration either where they are asked for.
func nothingSet(s *service.Service, migration bool) *posture.Cache {
	c := &posture.Cache{Type: s.Type}
	c.MigrationAsked = migration
	vocabulary.OfCache(c).EachWritten(c, c, vocabulary.Property.Clear)
	return c
}

// all adds a write that may change everything of some groups of caches.
func (w writes) all(groups []string, detail string) {
	for _, g := range groups {
		if at := writeAt(w.caches, g); at.everything == "" {
			at.everything = detail
		}
	}
}

// to adds a write to companions of a kind, by their names; see [companionKey].
func (w writes) to(k kind, x companionWrite, names ...string) {
	for _, name := range names {
		addWrite(w.companions, companionKey{k, name}, x)
	}
}

// around adds a write to companions of a kind around some groups of caches.
func (w writes) around(groups []string, k kind, x companionWrite) {
	for _, g := range groups {
		addWrite(writeAt(w.caches, g).companions, k, x)
	}
}

// addWrite adds what is written to companions of a kind.
func addWrite[K comparable](m map[K]*companionWrite, at K, x companionWrite) {
	have := m[at]
	if have == nil {
		m[at] = &x
		return
	}
	have.changes, have.makes = have.changes || x.changes, have.makes || x.makes
}

// overwrite makes unknown in a posture what is written after its planned values are set.
func (p *linker) overwrite(c *cacheEntry, out, before *posture.Cache) {
	if p.writes.none() {
		return
	}
	if early := p.writes.early[c.in.address]; early != nil && before != nil {
		again := changedFrom(before, out)
		early.overwrite(out)
		overlay(out, again)
	}
	companions := map[kind]*companionWrite{}
	everything := ""
	for _, name := range c.writtenAs() {
		w := p.writes.caches[name]
		if w == nil {
			continue
		}
		w.overwrite(out)
		if everything == "" {
			everything = w.everything
		}
		for k, x := range w.companions {
			addWrite(companions, k, *x)
		}
	}
	if everything != "" {
		for k := range aroundCache {
			addWrite(companions, k, companionWrite{detail: everything, changes: true})
		}
	}
	p.overwriteCompanions(companions, out)
}

// overwrite makes unknown the properties that are written, except equal values.
func (w *cacheWrite) overwrite(out *posture.Cache) {
	sets := w.sets
	if sets == nil {
		sets = nothingSet(service.OfCache(out), out.MigrationAsked)
	}
	vocabulary.OfCache(out).EachWritten(out, sets, func(x vocabulary.Property) {
		switch {
		case !x.Other().Unset() && (w.everything != "" || !x.Same()):
			x.Lose(posture.ReasonKnownAfterApply, x.Other().Source.Detail)
		case w.everything != "":
			x.Lose(posture.ReasonKnownAfterApply, w.everything)
		}
	})
}

// overwritten makes unknown a fact that a write may change.
func overwritten[T any](v *posture.Value[T], x *companionWrite) {
	if x != nil {
		*v = posture.Unknown[T](posture.ReasonKnownAfterApply, v.Source.Path).WithDetail(x.detail)
	}
}

// changedFrom returns the properties that the plan changes. A provider sends those to
// Azure, and need not send others.
func changedFrom(before, after *posture.Cache) *posture.Cache {
	out := *after
	vocabulary.OfCache(before).Each(&out, before, func(x vocabulary.Property) {
		if x.Alike() {
			x.Clear()
		}
	})
	return &out
}

// writtenAs are the names under which writes may mean this cache: its groups, the
// resource group that it lies in, and the caches of its service there.
func (c *cacheEntry) writtenAs() []string {
	return slices.Concat(lookedUp(c.subscription, c.group, ""), lookedUp(c.subscription, c.group, c.service.Type), c.groups[:])
}

// filedUnder are the names under which a write is filed, made of subscription,
// resource group and name. "?" stands for a part that the write does not tell, "*" is
// for objects that do not know their own part.
func filedUnder(subscription, group, name string) []string {
	var keys []string
	for _, s := range orUntold(subscription) {
		for _, g := range orUntold(group) {
			keys = append(keys, strings.ToLower(s+"|"+g+"|"+name))
		}
	}
	return keys
}

func orUntold(s string) []string {
	if s == "" {
		return []string{"?"}
	}
	return []string{s, "*"}
}

// lookedUp are the names under which an object finds the writes to it.
func lookedUp(subscription, group, name string) []string {
	var keys []string
	for _, s := range []string{cmp.Or(subscription, "*"), "?"} {
		for _, g := range []string{cmp.Or(group, "*"), "?"} {
			keys = append(keys, strings.ToLower(s+"|"+g+"|"+name))
		}
	}
	return keys
}
