package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

func (p *linker) indexExemption(in *instance, before bool) {
	idx := p.policies[before]
	of := strings.ToLower(in.at(in.side(before), vocabulary.Assignment).known())
	if l := soleLeaf(p.trace(in, in.path(vocabulary.Assignment))); of == "" && !before && l.attribute == "id" {
		of = l.address
	}
	if of == "" {
		idx.anyExemption = append(idx.anyExemption, in)
		return
	}
	idx.exemptions[of] = append(idx.exemptions[of], in)
}

// assignmentID returns the id of an assignment in lower case; one that is created
// has the id that its scope and name give it.
func assignmentID(in *instance, v view) string {
	if id := in.at(v, vocabulary.ID).val.str(); id != "" {
		return strings.ToLower(id)
	}
	scope, name := strings.TrimRight(in.at(v, vocabulary.Scope).val.str(), "/"), in.at(v, vocabulary.Name).val.str()
	if scope == "" || name == "" {
		return ""
	}
	if isGUID(scope) {
		scope = "/subscriptions/" + scope
	}
	return strings.ToLower(scope + "/providers/" + assignmentKind + "/" + name)
}

func (p *linker) exempted(c *cacheEntry, assignment *instance, v view, before bool) posture.Value[bool] {
	idx := p.policies[before]
	list := idx.exemptions[assignment.address]
	if id := assignmentID(assignment, v); id != "" {
		list = append(list[:len(list):len(list)], idx.exemptions[id]...)
	}
	t := posture.False
	for _, in := range list {
		t = t.Or(p.exemptionCovers(c, in, before))
	}
	for _, in := range idx.anyExemption {
		t = t.Or(p.exemptionCovers(c, in, before).And(posture.Maybe))
	}
	for _, x := range p.missing[kindPolicyExemption] {
		if !before && p.mayExempt(x, assignment) {
			t = t.Or(posture.Maybe)
		}
	}
	return decided(t, "policy_assignment_id")
}

// mayExempt reports whether an exemption that the plan leaves out may be from an assignment.
func (p *linker) mayExempt(x missing, assignment *instance) bool {
	e, ok := x.expression(x.typ.path(vocabulary.Assignment))
	if !ok || len(e.references) == 0 {
		return true
	}
	leaves := p.follow(site{m: x.module, known: x.module.parent == nil, forEach: x.forEach}, e.references)
	l := soleLeaf(leaves)
	return l.address == "" || l.address == assignment.address
}

func (p *linker) exemptionCovers(c *cacheEntry, in *instance, before bool) posture.Tri {
	v, t := in.side(before), posture.Maybe
	name, at := in.path(vocabulary.Scope), in.at(v, vocabulary.Scope)
	if scope, ok := p.scopeOf(in, at, name); ok && name != "management_group_id" {
		t = p.within(c, scope)
		if !before && scope.kind != "" && in.stays(c.in) {
			t = t.And(posture.Maybe)
		}
	} else if (name == "resource_id" || name == "parent_id") && at.isUnknown() {
		switch got := p.targetOf(in, at, view{}, name, "id"); {
		case got.cache == c:
			t = posture.True
		case got.cache != nil || len(got.groups) == 0 || !inGroups(c, got.groups):
			t = posture.False
		}
	}
	expires, definitions := in.at(v, vocabulary.Expires), in.at(v, vocabulary.Definitions)
	// One that may have expired, or is for single definitions, decides nothing.
	if in.untyped || expires.val.str() != "" || expires.isUnknown() || definitions.length() > 0 || definitions.lost() {
		t = t.And(posture.Maybe)
	}
	return t
}
