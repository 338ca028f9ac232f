package tfconfig

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// need is one reference of an expression: var.name, local.name, module.name,
// data.typ.name or (root).name for a resource. attr is the only attribute of its
// instances that the expression uses; empty where it may use all. The name is empty
// for a root that is used as a value, or that is not evaluated.
type need struct {
	root, typ, name, attr string
}

// resource is the key of the resource or data source in moduleSource.resources; for
// another reference a key that is not there.
func (n need) resource() string {
	if n.root == "data" {
		return "data." + n.typ + "." + n.name
	}
	return n.root + "." + n.name
}

// variables are the references of an expression. Most have none or are one, which needs no
// walk over them.
func variables(expr hclsyntax.Expression) []hcl.Traversal {
	switch x := expr.(type) {
	case *hclsyntax.LiteralValueExpr:
		return nil
	case *hclsyntax.TemplateExpr:
		if x.IsStringLiteral() {
			return nil
		}
	case *hclsyntax.ScopeTraversalExpr:
		return []hcl.Traversal{x.Traversal}
	}
	return expr.Variables()
}

func (e *Evaluator) needsOf(expr hclsyntax.Expression) []need {
	if out, ok := e.needs[expr]; ok {
		return out
	}
	refs := variables(expr)
	if len(refs) == 0 {
		return nil
	}
	if x, ok := expr.(*hclsyntax.ScopeTraversalExpr); ok {
		out := []need{needOf(x.Traversal)}
		e.needs[expr] = out
		return out
	}
	hints := attributeHints(expr)
	var out []need
	index := map[need]int{}
	for _, t := range refs {
		n := needOf(t)
		attr := n.attr
		if hint, ok := hints[t.SourceRange()]; ok && attr == "" {
			attr = hint
		}
		n.attr = ""
		if i, dup := index[n]; dup {
			if out[i].attr != attr {
				out[i].attr = ""
			}
			continue
		}
		index[n] = len(out)
		n.attr = attr
		out = append(out, n)
	}
	e.needs[expr] = out
	return out
}

// attributeAt is the name of an attribute that a traversal reads at a step; empty for
// another step.
func attributeAt(t hcl.Traversal, step int) string {
	if step < len(t) {
		if a, ok := t[step].(hcl.TraverseAttr); ok {
			return a.Name
		}
	}
	return ""
}

func needOf(t hcl.Traversal) need {
	n := need{root: t.RootName()}
	switch n.root {
	case "path", "self", "each", "count", "ephemeral":
		return n
	case "caller", "terraform":
		n.attr = attributeAt(t, 1)
		return n
	}
	next := 1
	if n.root == "data" {
		if n.typ = attributeAt(t, 1); n.typ == "" {
			return n
		}
		next = 2
	}
	n.name = attributeAt(t, next)
	if n.name == "" || n.root == "var" || n.root == "local" {
		return n
	}
	next++
	if next < len(t) {
		if _, ok := t[next].(hcl.TraverseIndex); ok {
			next++
		}
	}
	n.attr = attributeAt(t, next)
	return n
}

// attributeHints lists, for a[expression].attr and a[*].attr, the attribute of a that
// is used, so that the others need not be evaluated.
func attributeHints(expr hclsyntax.Expression) map[hcl.Range]string {
	hints := map[hcl.Range]string{}
	note := func(source hclsyntax.Expression, t hcl.Traversal) {
		if call, ok := source.(*hclsyntax.FunctionCallExpr); ok && call.Name == fnIterateSplat {
			source = call.Args[0]
		}
		if scope, ok := source.(*hclsyntax.ScopeTraversalExpr); ok {
			hints[scope.Traversal.SourceRange()] = attributeAt(t, 0)
		}
	}
	_ = hclsyntax.VisitAll(expr, func(n hclsyntax.Node) hcl.Diagnostics {
		switch x := n.(type) {
		case *hclsyntax.RelativeTraversalExpr:
			if idx, ok := x.Source.(*hclsyntax.IndexExpr); ok {
				note(idx.Collection, x.Traversal)
			}
		case *hclsyntax.SplatExpr:
			if each, ok := x.Each.(*hclsyntax.RelativeTraversalExpr); ok && isAnonymous(each.Source) {
				note(x.Source, each.Traversal)
			}
		}
		return nil
	})
	return hints
}
