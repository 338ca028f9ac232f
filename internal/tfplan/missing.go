package tfplan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// missing is a resource of the configuration of which the plan lacks instances, or
// may lack some.
type missing struct {
	*resourceConfig
	address   string // without keys
	typ       *resourceType
	instances []string // the missing instances, where the source tells
	detail    string
}

const (
	leftOut     = "stands in the configuration, but not in this partial plan"
	mayLeaveOut = "is repeated, and instances of it may be left out of this plan; --config would settle it"
	countless   = "may have no instance, or several: its count or for_each is not known"
)

// countless are, without a plan, the resources around caches of which it is not known how
// many there are; a cache has a note of its own.
func (p *linker) countless() (addresses []string) {
	if !p.unplanned {
		return nil
	}
	for k, list := range p.missing {
		for _, x := range list {
			if k == kindCache {
				continue
			}
			addresses = append(addresses, x.address)
		}
	}
	slices.Sort(addresses)
	return slices.Compact(addresses)
}

// whyDeferred is why it is not known whether a deferred resource exists.
func (p *linker) whyDeferred() string {
	if p.unplanned {
		return countless
	}
	return "Terraform defers its change"
}

// findMissing finds resources of the configuration without a change, where they may
// have instances all the same.
func (p *linker) findMissing() {
	if p.complete == completeYes && p.deferred == 0 {
		return
	}
	leftOut, mayLeaveOut := leftOut, mayLeaveOut
	if p.unplanned {
		leftOut, mayLeaveOut = countless, countless
	}
	seen, keyed := map[string]bool{}, map[string]bool{}
	for _, in := range p.instances {
		seen[in.cfg] = true
		if in.address != in.cfg {
			keyed[in.cfg] = true // plan JSON does not write a for_each that is a constant in a function
		}
	}
	for _, cfg := range sortedKeys(p.config.resources) {
		rc := p.config.resources[cfg]
		if rc.action || rc.data {
			continue // an action has invocations, a data source has no changes where it was read
		}
		judged := migrationTypes[rc.typ.name] == nil
		repeated := rc.repeated || rc.module.repeated() || keyed[cfg]
		if p.complete == completeUnsaid && p.deferred == 0 && (rc.none || rc.module.none()) {
			continue
		}
		if p.evaluator != nil {
			if all, ok := p.evaluator.Addresses(cfg); ok {
				left := slices.DeleteFunc(all, func(address string) bool { return p.instances[address] != nil })
				if len(left) > 0 {
					p.partial = p.partial || judged
					p.miss(missing{resourceConfig: rc, address: cfg, instances: left, detail: leftOut})
				}
				continue
			}
		}
		switch {
		case !seen[cfg]:
			// A repeated resource may have no instance because its count is 0. OpenTofu
			// shows that like a resource that -target leaves out, so that it does not
			// tell whether the plan is partial.
			p.partial = p.partial || !repeated && judged
			p.miss(missing{resourceConfig: rc, address: cfg, detail: leftOut})
		case repeated:
			p.miss(missing{resourceConfig: rc, address: cfg, detail: mayLeaveOut})
		}
	}
}

// mayLackCaches says of a plan that does not say that it is partial why caches may be
// missing from it all the same; empty where none is. Changes may have been taken out of
// the JSON of a plan that was complete.
func (p *linker) mayLackCaches() string {
	for _, x := range p.missing[kindCache] {
		return x.address + " " + x.detail
	}
	for _, cfg := range sortedKeys(p.config.resources) {
		rc := p.config.resources[cfg]
		if rc.typ.kind != kindCache || rc.action || rc.none || rc.repeated || rc.module.none() || rc.module.repeated() {
			continue
		}
		if p.instances[cfg] == nil {
			return cfg + " stands in the configuration, but not in this plan"
		}
	}
	return ""
}

// mayBeMissing are the kinds that a missing resource of azapi may be, or a missing
// deployment may make.
var mayBeMissing = kindsOf(kindEndpoint, kindDiagnostic, kindFirewall, kindAccessAssignment, kindPolicyExemption,
	kindSecurityRule, kindDatabase)

// miss files a missing resource under every kind that it may be.
func (p *linker) miss(x missing) {
	put := func(t *resourceType) {
		x.typ = t
		p.missing[t.kind] = append(p.missing[t.kind], x)
	}
	typ := x.resourceConfig.typ
	put(typ)
	if typ.kind == kindDataPlane {
		put(&resourceType{kind: kindManagedEndpoint})
	}
	if typ.kind != kindAzapi && typ.kind != kindAction && typ.kind != kindDeployment {
		return
	}
	if in := p.instances[x.address]; in != nil && in.deferred && typ.kind != kindAzapi {
		return // what it writes counts as written
	}
	if method, ok := x.expression("method"); typ.kind == kindAction && !ok || isOperation(method.constant) {
		return
	}
	if typ.kind == kindAzapi {
		if e, ok := x.expression("type"); ok && e.constant != "" {
			arm, _, _ := strings.Cut(strings.ToLower(e.constant), "@")
			if t := armTypes[arm]; t != nil && t.kind != kindDeployment {
				put(t)
			}
			if arm != deploymentKind && arm != stackKind {
				return
			}
		}
	}
	for _, c := range companionTypes {
		if !mayBeMissing.has(c.kind) {
			continue
		}
		t := armTypes[c.arm]
		if typ.kind != kindAzapi {
			t = &resourceType{kind: c.kind, service: c.service} // of which nothing tells what it is for
		}
		put(t)
	}
}

// none reports whether a call on the way to a module has count = 0.
func (m *module) none() bool {
	for ; m != nil && m.call != nil; m = m.parent {
		if m.call.none {
			return true
		}
	}
	return false
}

func (m *module) repeated() bool {
	for ; m != nil && m.call != nil; m = m.parent {
		if m.call.repeated {
			return true
		}
	}
	return false
}

// doubtMissing makes doubts of companions that a partial plan leaves out.
func (p *linker) doubtMissing() {
	for _, k := range []kind{kindEndpoint, kindDiagnostic, kindFirewall, kindAccessAssignment, kindPolicyAssignment, kindPatchSchedule,
		kindDatabase, kindGeoReplication, kindLinkedServer, kindRoleAssignment, kindManagedEndpoint, kindAccessPolicy} {
		for _, x := range p.missing[k] {
			groups := p.cachesOfMissing(x)
			if k == kindGeoReplication || k == kindLinkedServer {
				groups = slices.Concat(groups, p.linkedByMissing(x))
				slices.Sort(groups)
				groups = slices.Compact(groups)
			}
			if s := x.typ.service; s != nil {
				groups = p.onlyOf(s, target{groups: groups}).groups
			}
			p.doubts.add(k, posture.Doubt{Address: x.address, Reason: posture.ReasonUnresolvedReference, Detail: x.detail}, x.address, groups)
		}
	}
}

// targetPath is where a companion names its cache; empty where that is not known.
func (t *resourceType) targetPath() string {
	return cmp.Or(t.path(vocabulary.Scope), t.path(vocabulary.Target), t.path(vocabulary.TargetName))
}

// cachesOfMissing returns the groups of caches for which a companion may be that
// the plan leaves out.
func (p *linker) cachesOfMissing(x missing) []string {
	addresses := x.instances
	if len(addresses) == 0 {
		addresses = []string{x.address}
	}
	if types := p.connectionTypes(x.typ, view{unknown: node{kind: 't'}}, addresses...); types != nil {
		var groups []string
		for _, x.typ = range types {
			groups = append(groups, p.cachesOfMissing(x)...)
		}
		slices.Sort(groups)
		return slices.Compact(groups)
	}
	path := x.typ.targetPath()
	if path == "" || x.typ.kind == kindPolicyAssignment && path != "resource_id" {
		return everyCache(nil)
	}
	if p.unplanned && p.evaluator != nil {
		return p.targetOfMissing(x, path).all()
	}
	if groups, ok := p.askMissing(x, path); ok {
		return groups
	}
	e, ok := x.expression(path)
	switch {
	case ok && e.constant != "":
		t := p.matchID(e.constant)
		if t.cache != nil {
			return []string{t.cache.in.address}
		}
		return t.groups
	case !ok || len(e.references) == 0:
		return everyCache(nil)
	}
	var groups []string
	for _, l := range p.follow(site{m: x.module, known: x.module.parent == nil, forEach: x.forEach}, e.references) {
		switch {
		case !l.mayBeCache():
		case l.opaque || l.data:
			groups = append(groups, everyCache(nil)...)
		default:
			groups = append(groups, p.cachesOf(l)...)
		}
	}
	return groups
}

// linkedByMissing returns the groups of caches that a geo-replication may link to its own
// cache that the plan leaves out.
func (p *linker) linkedByMissing(x missing) []string {
	path := x.typ.path(vocabulary.Linked)
	if x.typ.kind == kindLinkedServer && p.unplanned && p.evaluator != nil && path != "" {
		return p.targetOfMissing(x, path).all()
	}
	return everyCache(nil)
}

// targetOfMissing is what the instances of a resource may be for of which it is not known how
// many there are.
func (p *linker) targetOfMissing(x missing, path string) target {
	in := &instance{address: x.address, cfg: x.address, module: moduleOf(x.address), typ: x.typ, change: posture.ChangeCreate}
	attribute := "id"
	if path == x.typ.path(vocabulary.TargetName) {
		attribute = "name"
	}
	switch name, ok := p.askString(in, path); {
	case ok && attribute == "name":
		return p.named(x.typ.service, name)
	case ok:
		return p.matchID(cacheID(view{val: node{kind: '"', text: name}}).val.str())
	}
	return p.targetOf(in, view{unknown: node{kind: 't'}}, view{}, path, attribute)
}

// askMissing asks the source which caches the missing instances are for.
func (p *linker) askMissing(x missing, path string) (groups []string, ok bool) {
	instances := x.instances
	if len(instances) == 0 && !x.repeated && !x.module.repeated() {
		instances = []string{x.address}
	}
	if p.evaluator == nil || len(instances) == 0 {
		return nil, false
	}
	for _, address := range instances {
		ref := p.evaluator.Reference(address, steps(path)...)
		if ref.Kind == tfconfig.Unresolved && p.evaluator.Composed(address, steps(path)...) {
			return everyCache(nil), true
		}
		l, ok := leafOf(ref)
		if !ok || service.OfAzurerm(l.typ) == nil || l.data || l.attribute != "id" && l.attribute != "name" {
			return nil, false
		}
		if c := p.cacheAt[l.address]; c != nil {
			groups = append(groups, c.in.address)
		}
	}
	return groups, true
}
