package tfconfig

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Composed reports whether the text of an argument is made with a template or a
// function, or written out. It may then be the id of a resource that the argument
// does not mention, as in replace(a.id, "a", "b"). An argument that only selects one
// of several values is not composed.
func (e *Evaluator) Composed(instance string, path ...any) bool {
	return asked(e, func(e *Evaluator) bool { return e.composes(instance, path) }, func(a, b bool) bool { return a || b })
}

func (e *Evaluator) composes(instance string, path []any) bool {
	t, at, why := e.at(instance, path)
	if why != "" {
		return false
	}
	c := composition{e: e, site: site{t.scope.module.module, t.decl}}
	if name, ok := path0(path); ok && slices.ContainsFunc(t.decl.bodies.blocks(name), c.dynamic) {
		return true
	}
	if at.expr == nil {
		return false
	}
	expr := hcl.Expression(e.native(at.expr))
	if len(at.rest) > 0 {
		expr = unwrapped(expr)
	}
	return c.expr(e.native(expr))
}

// composition searches an expression at a site for what makes text.
type composition struct {
	e     *Evaluator
	site  site
	bound []string // variables of for expressions
}

// dynamic reports whether the for_each of a dynamic block, or of one in it, is
// composed: arguments of their content refer to their elements.
func (c *composition) dynamic(b *hcl.Block) bool {
	if a := attribute(b.Body, "for_each"); a != nil && c.expr(c.e.native(a.Expr)) {
		return true
	}
	native, ok := b.Body.(*hclsyntax.Body)
	return ok && slices.ContainsFunc(native.Blocks, func(b *hclsyntax.Block) bool { return c.dynamic(b.AsHCLBlock()) })
}

// at reports whether an expression that stands elsewhere is composed.
func (c *composition) at(o origin) bool {
	return lookOnce(c.e, c.e.composed, o, true, func(at site, expr hclsyntax.Expression) bool {
		return (&composition{e: c.e, site: at}).expr(expr)
	})
}

func (c *composition) any(list ...hclsyntax.Expression) bool {
	return slices.ContainsFunc(list, c.expr)
}

// expr reports whether the value of an expression, or part of it, is composed.
// Conditions, keys and indexes only select.
func (c *composition) expr(expr hclsyntax.Expression) bool {
	switch x := expr.(type) {
	case *hclsyntax.LiteralValueExpr, *hclsyntax.AnonSymbolExpr, *hclsyntax.BinaryOpExpr, *hclsyntax.UnaryOpExpr:
		return false
	case *hclsyntax.ParenthesesExpr:
		return c.expr(x.Expression)
	case *hclsyntax.TemplateWrapExpr:
		return c.expr(x.Wrapped)
	case *hclsyntax.TemplateExpr:
		text, ok := literal(x)
		return !ok || c.e.schema.IDPrefix != "" && strings.HasPrefix(strings.ToLower(text), c.e.schema.IDPrefix)
	case *hclsyntax.ConditionalExpr:
		return c.any(x.TrueResult, x.FalseResult)
	case *hclsyntax.IndexExpr:
		return c.expr(x.Collection)
	case *hclsyntax.RelativeTraversalExpr:
		return c.expr(x.Source)
	case *hclsyntax.SplatExpr:
		return c.any(x.Source, x.Each)
	case *hclsyntax.TupleConsExpr:
		return c.any(x.Exprs...)
	case *hclsyntax.ObjectConsExpr:
		return slices.ContainsFunc(x.Items, func(item hclsyntax.ObjectConsItem) bool { return c.expr(item.ValueExpr) })
	case *hclsyntax.ForExpr:
		if c.expr(x.CollExpr) {
			return true
		}
		outer := c.bound
		c.bound = append(outer[:len(outer):len(outer)], x.KeyVar, x.ValVar)
		defer func() { c.bound = outer }()
		return c.expr(x.ValExpr)
	case *hclsyntax.FunctionCallExpr:
		return c.call(x)
	case *hclsyntax.ScopeTraversalExpr:
		return c.traversal(x.Traversal)
	default:
		return true
	}
}

// picking are the functions of computing that return elements as they are.
var picking = []string{"setintersection", "setproduct", "setsubtract", "setunion", "sort"}

func (c *composition) call(x *hclsyntax.FunctionCallExpr) bool {
	_, moves := structural[x.Name]
	switch {
	case len(x.Args) == 0, x.Name == "keys": // keys may be made of text
		return true
	case x.Name == fnIterate, x.Name == fnIterateSet, x.Name == fnIterateSplat, x.Name == "element":
		return c.expr(x.Args[0])
	case x.Name == "lookup":
		return c.expr(x.Args[0]) || len(x.Args) > 2 && c.any(x.Args[2:]...)
	case x.Name == "format" && len(x.Args) == 2:
		verb, ok := literal(x.Args[0])
		return !ok || verb != "%s" || c.expr(x.Args[1])
	case moves, x.Name == "try", slices.Contains(picking, x.Name), slices.Contains(keepingID, x.Name):
		return c.any(x.Args...)
	default:
		return true
	}
}

func (c *composition) traversal(t hcl.Traversal) bool {
	n := needOf(t)
	if slices.Contains(c.bound, n.root) {
		return false // the collection of the loop was searched
	}
	return slices.ContainsFunc(c.site.origins(n), c.at)
}
