package tfconfig

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Repetition is the count or for_each on which it depends which instances there are of a
// resource.
type Repetition struct {
	Expression string // with the name of the argument
	Why        string // it is not known
	Position   Position
	// Variables are the root variables without a value that it depends on, sorted.
	Variables []string
}

// Repetition returns the first argument on the way to a resource, count or for_each of it
// or of a module around it, that is not known; ok is false where there is none. The
// address has no keys there.
func (e *Evaluator) Repetition(address string) (r Repetition, ok bool) {
	a, err := parseAddress(address)
	if err != nil {
		return r, false
	}
	m := e.root
	for _, step := range a.module {
		call, declared := m.calls[step.name]
		if !declared {
			return r, false
		}
		if x := e.expansion(m, call, "module."+step.name); !x.known {
			return e.repetition(m, call)
		}
		if m = e.child(m, step.name, step.key); m == nil {
			return r, false
		}
	}
	decl, declared := m.resources[a.resource]
	if !declared || e.expansion(m, decl, a.resource).known {
		return r, false
	}
	return e.repetition(m, decl)
}

func (e *Evaluator) repetition(m *moduleInstance, decl *block) (r Repetition, ok bool) {
	for _, name := range []string{"count", "for_each"} {
		attr := decl.bodies.attribute(name)
		if attr == nil {
			continue
		}
		e.begin()
		s := scope{module: m}
		e.evaluate(attr.Expr, s)
		return Repetition{
			Expression: fmt.Sprintf("%s = %s", name, e.text(s, attr.Expr.Range())), Why: cmp.Or(e.why, "known only after apply"),
			Position: position(attr.NameRange), Variables: e.valueless(origin{site{module: m.module}, attr.Expr}),
		}, true
	}
	return r, false
}

// Valueless returns the root variables without a value that an argument of a resource
// instance depends on, sorted.
func (e *Evaluator) Valueless(instance string, path ...any) []string {
	if o, ok := e.originOf(instance, path); ok {
		return e.valueless(o)
	}
	return nil
}

// originOf is the expression of an argument of a resource instance, or that on which it
// depends how many blocks there are around it.
func (e *Evaluator) originOf(instance string, path []any) (o origin, ok bool) {
	e.begin()
	t, at, why := e.at(instance, path)
	expr := at.expr
	if at.opaque != nil {
		expr = at.opaque.expr
	}
	if why != "" || expr == nil {
		return o, false
	}
	return origin{site{t.scope.module.module, t.decl}, expr}, true
}

// eachOrigin visits an expression and those on which it depends.
func (e *Evaluator) eachOrigin(o origin, visit func(site, hclsyntax.Expression)) {
	seen := map[expressionKey]struct{}{}
	var look func(o origin) struct{}
	look = func(o origin) struct{} {
		return lookOnce(e, seen, o, struct{}{}, func(at site, expr hclsyntax.Expression) struct{} {
			visit(at, expr)
			for _, n := range e.needsOf(expr) {
				for _, o := range at.origins(n) {
					look(o)
				}
			}
			return struct{}{}
		})
	}
	look(o)
}

// valueless are the root variables without a value that an expression depends on, sorted.
func (e *Evaluator) valueless(o origin) []string {
	found := map[string]bool{}
	e.eachOrigin(o, func(at site, expr hclsyntax.Expression) {
		for _, n := range e.needsOf(expr) {
			if n.root == "var" && at.module.parent == nil && e.lacksValue(n.name) {
				found[n.name] = true
			}
		}
	})
	return slices.Sorted(maps.Keys(found))
}

// lacksValue reports whether a root variable has neither a value nor a default.
func (e *Evaluator) lacksValue(name string) bool {
	decl, declared := e.root.variables[name]
	_, given := e.known.Variable(name)
	return declared && !given && (e.cfg.open || decl.bodies.attribute("default") == nil)
}
