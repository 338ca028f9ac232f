package tfconfig

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// Replaced finds a resource that a change of an argument replaces, or may replace, and where it
// says so: replace_triggers_refs of azapi in the resource itself, and replace_triggered_by, or
// replace_triggers_external_values, of another one. The path names nested blocks or objects,
// then the argument; for a block that is made, the block.
func (d *Declaration) Replaced(path []string) (who string, at Position, ok bool) {
	if a := d.block.bodies.attribute("replace_triggers_refs"); a != nil && path[0] == "body" && mayName(a.Expr, path[1:]) {
		return d.Address(), position(a.Range), true
	}
	s := replacing{edited: d, path: path}
	var visit func(m *module)
	visit = func(m *module) {
		for _, name := range slices.Sorted(maps.Keys(m.resources)) {
			b := m.resources[name]
			triggers := b.bodies.lifecycle("replace_triggered_by")
			if a := b.bodies.attribute("replace_triggers_external_values"); a != nil {
				triggers = append(triggers, a)
			}
			for _, a := range triggers {
				s.seen = map[seenExpression]bool{}
				if !ok && s.changes(site{m, b}, a.Expr) {
					who, at, ok = join(m.address(), name), position(a.Range), true
				}
			}
		}
		for _, name := range slices.Sorted(maps.Keys(m.children)) {
			if child := m.children[name]; child.missing == "" {
				visit(child)
			}
		}
	}
	visit(d.config.root)
	return who, at, ok
}

// plainPath is a path of names in a body; other JMESPath expressions are not followed.
var plainPath = regexp.MustCompile(`^\w+(\.\w+)*$`)

// mayName reports whether a list of paths in a body names an argument, something around it or
// within it, or may.
func mayName(expr hcl.Expression, path []string) bool {
	list, diags := hcl.ExprList(expr)
	return diags.HasErrors() || slices.ContainsFunc(list, func(e hcl.Expression) bool {
		text, ok := literal(e)
		return !ok || !plainPath.MatchString(text) || overlap(strings.Split(text, "."), path)
	})
}

// overlap reports whether one of two paths leads to the other, or beyond it.
func overlap(a, b []string) bool {
	n := min(len(a), len(b))
	return slices.Equal(a[:n], b[:n])
}

// replacing follows references to an argument that changes.
type replacing struct {
	edited *Declaration
	path   []string
	seen   map[seenExpression]bool
}

type seenExpression struct {
	module *module
	at     hcl.Range
}

// changes reports whether the value of an expression changes with the argument, or may.
// Whatever refers to a resource that does counts.
func (s *replacing) changes(at site, expr hcl.Expression) bool {
	key := seenExpression{at.module, expr.Range()}
	if s.seen[key] {
		return false
	}
	s.seen[key] = true
	for _, t := range expr.Variables() {
		n := needOf(t)
		resource := at.module.resources[n.resource()]
		if resource != nil && resource == s.edited.block {
			if s.names(t) {
				return true
			}
			continue
		}
		var from []origin
		if resource == nil {
			from = at.origins(n)
		} else {
			for _, e := range resource.bodies.expressions() {
				from = append(from, origin{site{at.module, resource}, e})
			}
		}
		for _, o := range from {
			if depends := o.decl.dependsOn(); (depends == nil || !rangeWithin(depends.Range, o.expr.Range())) && s.changes(o.site, o.expr) {
				return true
			}
		}
	}
	return false
}

// names reports whether a reference to the resource names the argument, what is around it or
// within it, or what Azure answers, which azapi has in output.
func (s *replacing) names(t hcl.Traversal) bool {
	t = t[min(2, len(t)):]
	if len(t) > 0 {
		if _, instance := t[0].(hcl.TraverseIndex); instance {
			t = t[1:]
		}
	}
	names := stepNames(t)
	return overlap(names, s.path) || len(names) > 0 && names[0] == "output"
}

// dependsOn is the argument depends_on, whose references have no values; nil for none.
func (b *block) dependsOn() *hcl.Attribute {
	if b == nil {
		return nil
	}
	return b.bodies.attribute("depends_on")
}

func rangeWithin(outer, inner hcl.Range) bool {
	return outer.Filename == inner.Filename && outer.Start.Byte <= inner.Start.Byte && inner.End.Byte <= outer.End.Byte
}
