package tfplan

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// A cache of Azure Managed Redis is a cluster with its database. azurerm_managed_redis
// has both in one resource; azapi and azurerm_redis_enterprise_database make the
// database as a resource of its own, which is linked to the cluster.

// databasePath is what evidence calls the database.
const databasePath = "databases/default"

// apart reports whether the data of the cache lies in a resource of its own.
func (c *cacheEntry) apart() bool {
	return c.in.typ.apart || c.in.typ.kind == kindAzapi && c.service.Database != ""
}

// databaseOf returns the facts of a cache that its database has.
func databaseOf(c *posture.Cache) vocabulary.Table[posture.Cache] {
	return databasePart(vocabulary.OfCache(c))
}

// loseDatabase makes unknown what the database of a cache has.
func loseDatabase(out *posture.Cache, reason posture.Reason, detail string) {
	if out.Dialect == posture.DialectEnterprise {
		enterpriseDatabase().Lose(out, reason, detail)
		if out.MigrationAsked {
			enterpriseDatabaseMigration().Lose(out, reason, detail)
		}
		return
	}
	databaseOf(out).Each(out, out, func(x vocabulary.Property) { x.Lose(reason, detail) })
}

// enterpriseDatabase is where azurerm_redis_enterprise_database has its facts, and
// enterpriseDatabaseMigration where it has what only a migration depends on.
var (
	enterpriseDatabase          = sync.OnceValue(databasePart(vocabulary.Of(service.ManagedRedis)).Enterprise)
	enterpriseDatabaseMigration = sync.OnceValue(databasePart(vocabulary.Migration(service.ManagedRedis)).Enterprise)
)

func databasePart(t vocabulary.Table[posture.Cache]) vocabulary.Table[posture.Cache] {
	_, database := t.Parts()
	return database
}

// database lays the facts of the database of a cache over those of its cluster.
func (p *linker) database(c *cacheEntry, out *posture.Cache, before bool) {
	var found []*posture.Cache
	gone := false
	for _, l := range c.links {
		switch {
		case l.in.typ.kind != kindDatabase:
		case l.on(before):
			found = append(found, p.readDatabase(c.service, l.in, before))
		case l.before:
			gone = true
		}
	}
	var doubts []posture.Doubt
	if !before {
		doubts = p.doubts.of(kindDatabase, c)
	}
	switch updated := slices.ContainsFunc(c.overlays, isDatabaseUpdate); {
	case len(found) > 0:
		for _, also := range found[1:] {
			differ(found[0], also)
		}
		databaseOf(out).Each(out, found[0], vocabulary.Property.Take)
		out.HasDatabase = posture.Known(true, databasePath)
	case len(doubts) > 0:
		detail := doubts[0].Address + " may be its database: " + doubts[0].Detail
		loseDatabase(out, doubts[0].Reason, detail)
		out.HasDatabase = posture.Unknown[bool](doubts[0].Reason, databasePath).WithDetail(detail)
	case !updated && (gone || !before && c.in.typ.kind == kindAzapi && c.in.created() && p.whole()):
		loseDatabase(out, posture.ReasonNotObserved, "the plan leaves the cluster without a database")
		out.HasDatabase = posture.Unset[bool](databasePath)
	default:
		detail := "its database is not in the plan"
		loseDatabase(out, posture.ReasonNotObserved, detail)
		out.HasDatabase = posture.Unknown[bool](posture.ReasonNotObserved, databasePath).WithDetail(detail)
	}
}

// isDatabaseUpdate reports whether a resource of azapi updates a database, which then
// exists.
func isDatabaseUpdate(in *instance) bool {
	typ, _, _ := strings.Cut(in.view().get("type").known(), "@")
	return in.after() && serviceOfType(typ) != nil && service.Of(typ) == nil
}

// differ makes unknown where two resources say different things of one database.
func differ(dst, src *posture.Cache) {
	databaseOf(dst).Each(dst, src, func(x vocabulary.Property) {
		if !x.Alike() {
			x.Lose(posture.ReasonKnownAfterApply, "several resources make the database")
		}
	})
}

// readDatabase reads the database of a cache of a service.
func (p *linker) readDatabase(s *service.Service, in *instance, before bool) *posture.Cache {
	v, fresh := in.side(before), !before && in.created()
	if !in.typ.arm {
		out := nothingSet(s, p.migration)
		out.Dialect, out.HasDatabase = posture.DialectEnterprise, posture.Known(true, databasePath)
		reading := vocabulary.Reading[view]{New: fresh, Inside: func(path []string) view { return v.at(path...) }}
		vocabulary.Read(enterpriseDatabase(), out, v, reading)
		if p.migration {
			vocabulary.Read(enterpriseDatabaseMigration(), out, v, reading)
		}
		// The Enterprise tiers have access keys only.
		out.AccessKeyAuthentication = posture.Unset[bool](out.AccessKeyAuthentication.Source.Path).OrDefault(true)
		return out
	}
	out := p.azapiFacts(s, v, fresh)
	if !fresh {
		databaseOf(out).Each(out, out, loseUnset)
	}
	p.hideSensitive(s, in, v, out)
	return out
}

// withoutDatabase makes unknown what the database has of a cache that has none, or may
// have none.
func withoutDatabase(out *posture.Cache) {
	switch has := out.HasDatabase; {
	case has.IsUnset():
		loseDatabase(out, posture.ReasonNotObserved, "the cluster has no database")
	case has.IsUnknown():
		loseDatabase(out, has.Why(), has.Source.Detail)
	}
}

// atDatabase returns the cache to whose database a leaf is the id.
func (p *cacheIndex) atDatabase(l leaf) (t target, ok bool) {
	if l.data {
		return target{}, false
	}
	if l.exact && (strings.EqualFold(l.attribute, "id"+service.ManagedRedis.Database) || l.attribute == "default_database[0].id") ||
		l.attribute == "default_database" && l.last == "id" {
		c := p.cacheAt[l.address]
		if c == nil || c.service.Database == "" || !c.in.after() {
			return target{}, false
		}
		return target{cache: c}, true
	}
	if in := p.instances[l.address]; l.attribute == "id" && in != nil && in.typ.kind == kindDatabase {
		if t, ok = p.clusterOf[l.address]; !ok && in.after() {
			t = target{groups: everyCache(in.typ.service), reason: posture.ReasonUnresolvedReference, detail: "its database is for some cache"}
		}
		return t, true
	}
	return target{}, false
}

// collectDatabases finds the caches of the databases that are resources of their own. A
// database whose cluster is not in the plan is a cache of its own.
func (p *linker) collectDatabases() {
	path := func(in *instance) string { return in.path(vocabulary.Target) }
	for _, in := range p.ofKind(kindDatabase) {
		before, after := in.both()
		if !in.after() || in.untyped {
			continue
		}
		s := in.typ.service
		t := p.onlyOf(s, p.targetOf(in, targetID(in, after), targetID(in, before), path(in), "id"))
		mayBe := func(c *cacheEntry) bool { return c.service == s && inGroups(c, t.groups) }
		if t.cache == nil && !slices.ContainsFunc(p.caches, mayBe) {
			c := &cacheEntry{service: s}
			id := targetID(in, after).val.str()
			if arm, ok := parseID(id); ok && service.Of(arm.kind) == s {
				c.subscription, c.group, c.name = arm.subscription, arm.group, arm.name()
				c.afterID = strings.ToLower(id)
				c.beforeID = c.afterID
			}
			p.addCache(named(in, c))
			t = target{cache: c}
		}
		p.clusterOf[in.address] = t
		p.databasesAt[withoutLastKey(in.address)], p.databasesAt[in.cfg] = s, s
	}
	p.indexNames()
}

// onlyDatabase reads one side of a cache of which only the database is in the plan.
func (p *linker) onlyDatabase(c *cacheEntry, before bool) *posture.Cache {
	out := p.readDatabase(c.service, c.in, before)
	cluster, _ := vocabulary.OfCache(out).Parts()
	cluster.Each(out, out, func(x vocabulary.Property) { x.Lose(posture.ReasonNotObserved, "its cluster is not in the plan") })
	return out
}

// askLogSource says whether a diagnostic setting whose target is known after apply is for
// the resource that writes the logs of the caches of a service. The id of a cluster
// carries metrics only; plan JSON shows such an id in place of that of the database.
func (p *linker) askLogSource(s *service.Service, in *instance, v view) posture.Tri {
	path := in.path(vocabulary.Target)
	l := soleLeaf(p.trace(in, path))
	if t, ok := p.atDatabase(l); ok {
		return posture.FromBool(t.cache == nil || t.cache.service == s)
	}
	exact, known := p.askLeaf(in, path)
	if known && exact.attribute == "id" && service.OfAzurerm(exact.typ) == s && exact.typ == l.typ {
		return posture.False
	}
	if c := p.cacheAt[l.address]; known && c != nil && exact.attribute == "id" && exact.address == l.address && c.service == s {
		return posture.False
	}
	if logs := p.logs(in, v); logs.IsUnset() || logs.IsKnown() && !slices.ContainsFunc(logs.V, mayBeOn) && !in.hidden {
		return posture.True // whatever its target is, it sends no logs
	}
	return posture.Maybe
}

func mayBeOn(l posture.Log) bool { return posture.Is(l.Enabled, false) != posture.True }

// keyIdentity names the identities that a cache refers to and that do not exist yet.
func (p *linker) keyIdentity(c *cacheEntry, out *posture.Cache, before bool) {
	if before || c.service.Database == "" {
		return
	}
	if v := &out.KeyIdentity; awaitsApply(*v) {
		path := strings.Replace(v.Source.Path, "customer_managed_key.", "customer_managed_key[0].", 1)
		if id := p.referredID(c.in, path, path); id != "" {
			*v = posture.Known(id, v.Source.Path)
		}
	}
	if v := &out.Identities; awaitsApply(*v) {
		const path = "identity[0].identity_ids"
		var ids []string
		for i := range c.in.view().get("identity").first().get("identity_ids").length() {
			ids = append(ids, p.referredID(c.in, path, fmt.Sprintf("%s[%d]", path, i)))
		}
		if len(ids) > 0 && !slices.Contains(ids, "") {
			*v = posture.Known(ids, v.Source.Path)
		}
	}
}

func awaitsApply[T any](v posture.Value[T]) bool {
	return v.IsUnknown() && v.Reason == posture.ReasonKnownAfterApply
}

// referredID names the id of the only resource to which an expression refers, as the
// configuration has it at a path; empty where it may be more than that id.
func (p *linker) referredID(in *instance, expression, path string) string {
	l := soleLeaf(p.traceJSON(in, expression))
	if p.evaluator != nil {
		ref := p.ask(in, path)
		if exact, ok := leafOf(ref); ok && allowed(p.traceJSON(in, expression), exact) {
			l = exact
		} else if ref.Kind == tfconfig.Unresolved {
			return ""
		}
	}
	if l.data || l.address == "" || l.attribute != "id" {
		return ""
	}
	return l.address + ".id"
}

// recreated are the arguments by whose change in place azurerm deletes the database of a
// cache and creates it again.
func recreated(c *cacheEntry, before, after *posture.Cache) posture.Value[[]string] {
	const path = "default_database"
	none := posture.Unset[[]string](path)
	switch {
	case c.apart(), c.in.change != posture.ChangeUpdate, before == nil, before.HasDatabase.IsUnset():
		return none
	case after.HasDatabase.IsUnset():
		return posture.Known([]string{path}, path)
	case before.HasDatabase.IsUnknown() || after.HasDatabase.IsUnknown():
		return posture.Unknown[[]string](after.HasDatabase.Why(), path)
	}
	var changed []string
	var open *posture.Value[[]string]
	for _, f := range vocabulary.Of(c.service) {
		if !f.Recreates {
			continue
		}
		vocabulary.Table[posture.Cache]{f}.Each(after, before, func(x vocabulary.Property) {
			switch {
			case x.Now().Unknown() || x.Other().Unknown():
				v := posture.Unknown[[]string](posture.ReasonKnownAfterApply, x.Now().Source.Path)
				open = &v
			case !x.Alike():
				changed = append(changed, x.Now().Source.Path)
			}
		})
	}
	switch {
	case len(changed) > 0:
		return posture.Known(changed, path)
	case open != nil:
		return *open
	default:
		return none
	}
}
