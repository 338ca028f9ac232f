package tfplan

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// parametersSpec keeps of the parameters of an assignment, which azurerm has as JSON
// text, what is a fact of the posture; others are dropped.
func parametersSpec() *spec {
	s := mapOf(nil).asText(func(w *encoder, text string) {
		if text == "" {
			w.kind('n')
			return
		}
		distill(w, []byte(text))
	})
	s.distilled = distill
	return s
}

// distill writes the parameters that are facts as lists of their values, null for one
// whose value is no fact, and of marks the names of the parameters that are marked.
func distill(w *encoder, raw []byte) {
	n, err := parseNode(raw)
	if err != nil || n.kind != '{' {
		w.str(unexpected)
		return
	}
	start := w.open('{')
	defer func() { w.close(start) }()
	for name, v := range n.members() {
		if w.mask {
			if anyTrue(v) {
				w.name([]byte(name))
				w.kind('t')
			}
			continue
		}
		p, ok := posture.PolicyParameterOf(name, wordsOf(v.get("value")), "")
		if !ok {
			continue
		}
		w.name([]byte(name))
		if !p.Values.IsKnown() {
			w.kind('n')
			continue
		}
		list := w.open('[')
		for _, value := range p.Values.V {
			w.str(value)
		}
		w.close(list)
	}
}

// wordsOf returns a string, or the strings of a list; nil for anything else.
func wordsOf(v node) []string {
	switch v.kind {
	case '"':
		return []string{v.text}
	case '[':
		out := []string{}
		for e := range v.elems() {
			out = append(out, e.str())
		}
		return out
	}
	return nil
}

// parametersOf reads what distill wrote.
func parametersOf(v view, path string) posture.Value[[]posture.PolicyParameter] {
	if v.val.kind != '{' && anyTrue(v.unknown) {
		return posture.Unknown[[]posture.PolicyParameter](posture.ReasonKnownAfterApply, path)
	}
	return value(v, path, func(n node) ([]posture.PolicyParameter, bool) {
		var out []posture.PolicyParameter
		for name, unknown := range v.unknown.members() {
			if anyTrue(unknown) {
				out = append(out, posture.PolicyParameter{Name: name, Values: posture.Unknown[[]string](posture.ReasonKnownAfterApply, path)})
			}
		}
		for name, values := range n.members() {
			p := posture.PolicyParameter{Name: name, Values: posture.Known(wordsOf(values), path)}
			switch {
			case anyTrue(v.unknown.get(name)):
				continue
			case values.null():
				p.Values = posture.Unknown[[]string](posture.ReasonNotObserved, path).
					WithDetail("the parameter " + name + " has no value that is known")
			}
			out = append(out, p)
		}
		return out, n.kind == '{'
	})
}

// selectionsOf reads overrides or resource selectors; they are unknown where a
// part of them is, or was taken out.
func selectionsOf(in *instance, v view, list vocabulary.Role) posture.Value[[]posture.PolicySelection] {
	all, path := in.at(v, list), in.evidence(list)
	switch {
	case all.isUnknown():
	case anyTrue(all.unknown):
		return posture.Unknown[[]posture.PolicySelection](posture.ReasonKnownAfterApply, path)
	case all.val.holds(isRedacted):
		return posture.Unknown[[]posture.PolicySelection](posture.ReasonRemoved, path)
	}
	selection := in.typ.terms.Element(list)
	selector := selection.Element(vocabulary.Selectors)
	return value(all, path, func(n node) ([]posture.PolicySelection, bool) {
		var out []posture.PolicySelection
		for one := range all.elems() {
			var conditions posture.PolicySelection
			for s := range one.along(selection.Place(vocabulary.Selectors)).elems() {
				of := func(r vocabulary.Role) node { return s.along(selector.Place(r)).val }
				conditions = append(conditions, posture.PolicySelector{Kind: of(vocabulary.Kind).str(),
					In: wordsOf(of(vocabulary.In)), NotIn: wordsOf(of(vocabulary.NotIn))})
			}
			out = append(out, conditions)
		}
		return out, n.kind == '['
	})
}

// enforced says whether an assignment is enforced, for which ARM has words.
func enforced(in *instance, v view) posture.Value[bool] {
	path := in.evidence(vocabulary.Enforcement)
	return value(in.at(v, vocabulary.Enforcement), path, func(n node) (bool, bool) {
		on, off := n.kind == 't', n.kind == 'f'
		if in.typ.arm {
			on, off = strings.EqualFold(n.str(), "Default"), strings.EqualFold(n.str(), "DoNotEnforce")
		}
		return on, on || off
	}).OrDefault(true)
}

// scoped is an assignment above caches: read once, where they may be thousands.
type scoped struct {
	in    *instance
	scope armID // of a resource group or subscription
	read  posture.PolicyAssignment
}

// policyIndex holds the policy resources of one side of the plan.
type policyIndex struct {
	byGroup      map[string][]scoped // by resource group
	subscription []scoped
	management   []scoped
	exemptions   map[string][]*instance // by address or id of the assignment
	anyExemption []*instance            // of assignments that are not known
}

// indexPolicies links assignments to caches, groups and subscriptions.
func (p *linker) indexPolicies() {
	for _, before := range []bool{false, true} {
		p.policies[before] = &policyIndex{byGroup: map[string][]scoped{}, exemptions: map[string][]*instance{}}
		for _, in := range p.ofKind(kindPolicyAssignment) {
			if in.exists(before) {
				p.indexAssignment(in, before)
			}
		}
		for _, in := range p.ofKind(kindPolicyExemption) {
			if in.exists(before) {
				p.indexExemption(in, before)
			}
		}
	}
}

func (p *linker) indexAssignment(in *instance, before bool) {
	idx, path := p.policies[before], in.path(vocabulary.Scope)
	at := in.at(in.side(before), vocabulary.Scope)
	id := strings.ToLower(at.val.str())
	attach := func(t target) {
		if !before {
			t = p.afterReplacement(companion{kind: kindPolicyAssignment}, in, t)
			p.addDoubts(kindPolicyAssignment, in, t)
		}
		if t.cache != nil {
			t.cache.links = append(t.cache.links, link{in: in, after: !before, before: before})
		}
	}
	scope, known := p.scopeOf(in, at, path)
	switch {
	case path == "management_group_id", strings.HasPrefix(id, "/providers/microsoft.management/"):
		read := assignmentOf(in, posture.ScopeManagementGroup, before)
		read.Covers = posture.Unknown[bool](posture.ReasonNotObserved,
			"management_group_id").WithDetail("which subscriptions it holds is not in the plan")
		idx.management = append(idx.management, scoped{in, armID{}, read})
	case !known && (path == "resource_id" || path == "parent_id") && at.isUnknown():
		attach(p.targetOf(in, at, in.at(in.before(), vocabulary.Scope), path, "id"))
	case !known && path == "resource_group_id" && at.isUnknown() && !slices.ContainsFunc(p.trace(in, path), leaf.mayBeCache):
	case !known:
		attach(target{groups: everyCache(nil), reason: posture.ReasonUnresolvedReference, detail: p.describe(in, path)})
	case scope.kind != "" && before:
		attach(target{cache: p.byBeforeID[id]})
	case scope.kind != "":
		attach(p.matchID(id))
	case scope.group != "":
		idx.byGroup[scope.group] = append(idx.byGroup[scope.group], scoped{in, scope, assignmentOf(in, posture.ScopeResourceGroup, before)})
	default:
		idx.subscription = append(idx.subscription, scoped{in, scope, assignmentOf(in, posture.ScopeSubscription, before)})
	}
}

// scopeOf reads a scope: a known id, or a sole reference to a resource group of
// the plan, whose subscription may be unknown.
func (p *linker) scopeOf(in *instance, v view, path string) (armID, bool) {
	if id := v.known(); id != "" {
		if isGUID(id) {
			id = "/subscriptions/" + id
		}
		return parseID(id)
	}
	rg := p.referred(in, path, kindResourceGroup)
	if !v.isUnknown() || rg == nil {
		return armID{}, false
	}
	name := strings.ToLower(rg.view().get("name").val.str())
	return armID{subscription: p.subscription(rg), group: name, provider: p.providerOf(rg)}, name != ""
}

// assignments returns the policy assignments at, or above, a cache.
func (p *linker) assignments(c *cacheEntry, before bool) (items []posture.PolicyAssignment, doubts []posture.Doubt) {
	idx := p.policies[before]
	take := func(s scoped) {
		switch p.within(c, s.scope) {
		case posture.True:
			items = append(items, p.assignment(c, s.in, s.read, before))
		case posture.Maybe:
			doubts = append(doubts, posture.Doubt{Address: s.in.address, Reason: posture.ReasonNotObserved,
				Detail: "the subscription or resource group of the cache is not in the plan"})
		}
	}
	for _, l := range c.links {
		if l.in.typ.kind == kindPolicyAssignment && l.on(before) {
			items = append(items, p.assignment(c, l.in, assignmentOf(l.in, posture.ScopeResource, before), before))
		}
	}
	if c.group != "" {
		for _, s := range idx.byGroup[c.group] {
			take(s)
		}
	} else {
		for _, g := range sortedKeys(idx.byGroup) {
			for _, s := range idx.byGroup[g] {
				take(s)
			}
		}
	}
	for _, s := range idx.subscription {
		take(s)
	}
	for _, s := range idx.management {
		items = append(items, p.assignment(c, s.in, s.read, before))
	}
	return items, doubts
}

// within reports whether a cache lies in a scope.
func (p *linker) within(c *cacheEntry, scope armID) posture.Tri {
	sub := posture.True
	switch {
	case scope.subscription == "" || c.subscription == "":
		sub = posture.Maybe
	case scope.subscription != c.subscription:
		return posture.False
	}
	if scope.group == "" {
		return sub
	}
	if c.group != "" && c.group != scope.group {
		return posture.False
	}
	if c.group == "" {
		return posture.Maybe
	}
	switch {
	case scope.kind == "":
		// Names of groups repeat from one subscription to the next.
		if scope.provider != "" && scope.provider == c.provider {
			return posture.True
		}
		return sub
	case service.Of(scope.kind) != c.service:
		return posture.False
	case c.name == "":
		return posture.Maybe
	default:
		return posture.FromBool(scope.name() == c.name)
	}
}

// assignmentOf reads what an assignment is to every cache.
func assignmentOf(in *instance, level posture.Scope, before bool) posture.PolicyAssignment {
	v := in.side(before)
	a := posture.PolicyAssignment{
		Address: in.address, Scope: level,
		DefinitionID: in.at(v, vocabulary.Definition).str(in.evidence(vocabulary.Definition)),
		Members:      posture.Unknown[[]posture.PolicyMember](posture.ReasonNotObserved, in.evidence(vocabulary.Definition)),
		Enforced:     enforced(in, v),
		Parameters:   parametersOf(in.at(v, vocabulary.Parameters), in.evidence(vocabulary.Parameters)),
		Overrides:    selectionsOf(in, v, vocabulary.Overrides),
		Selectors:    selectionsOf(in, v, vocabulary.Selectors),
		Excluded:     posture.Known(false, in.evidence(vocabulary.NotScopes)),
	}
	if in.hidden {
		a.DefinitionID = posture.Unknown[string](posture.ReasonWriteOnly, "sensitive_body")
	}
	return a
}

// assignment adds to what was read of an assignment what it is to one cache.
func (p *linker) assignment(c *cacheEntry, in *instance, a posture.PolicyAssignment, before bool) posture.PolicyAssignment {
	v, excludedAt := in.side(before), in.evidence(vocabulary.NotScopes)
	switch ex := in.at(v, vocabulary.NotScopes).list(excludedAt); {
	case ex.IsUnknown():
		a.Excluded = posture.Unknown[bool](ex.Reason, excludedAt)
	case ex.IsKnown():
		t := posture.False
		for _, id := range ex.V {
			if scope, ok := parseID(id); ok {
				t = t.Or(p.within(c, scope))
			}
		}
		a.Excluded = decided(t, excludedAt)
	}
	a.Exempted = p.exempted(c, in, v, before)
	return a
}

func decided(t posture.Tri, path string) posture.Value[bool] {
	if t == posture.Maybe {
		return posture.Unknown[bool](posture.ReasonUnresolvedReference, path)
	}
	return posture.Known(t == posture.True, path)
}
