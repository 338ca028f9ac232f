package tfconfig

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Composed reports whether the configuration makes the text of an argument with
// a template or a function. Such an id may be that of a resource which the
// argument does not mention: replace(a.id, "a", "b"); and so may one that is
// written out. An argument that only picks one of several values, whatever the
// conditions, is not composed.
func (e *Evaluator) Composed(instance string, path ...any) bool {
	return e.composes(instance, path) || e.other != nil && e.other.Composed(instance, path...)
}

func (e *Evaluator) composes(instance string, path []any) bool {
	e.begin()
	t, why := e.find(instance)
	if why != "" || e.writeOnly(path) {
		return false
	}
	c := composition{e: e, site: composedSite{module: t.scope.module.module, up: parentOf(t.scope.module), repeated: t.decl.bodies}}
	if name, ok := path0(path); ok && slices.ContainsFunc(t.decl.bodies.blocks(name), c.dynamic) {
		return true
	}
	at := e.locate(t.decl.bodies, t.scope, t.decl.rng, path)
	if at.expr == nil {
		return false
	}
	expr := e.native(at.expr)
	if len(at.rest) > 0 {
		expr = inJSON(expr)
	}
	return c.expr(expr)
}

// composedSite is where an expression stands. Sites go by declarations, not by
// instances: what holds for one instance holds for all.
type composedSite struct {
	module   *module
	up       lineage
	repeated bodies // the declaration whose for_each makes each.value
}

type composedKey struct {
	module *module
	expr   hclsyntax.Expression
}

// composition looks for what makes text, from one site.
type composition struct {
	e     *Evaluator
	site  composedSite
	bound []string // variables of for expressions
}

// dynamic looks into the for_each of dynamic blocks, whose iterators the
// arguments of their content mention.
func (c *composition) dynamic(b *hcl.Block) bool {
	if a := attribute(b.Body, "for_each"); a != nil && c.expr(c.e.native(a.Expr)) {
		return true
	}
	native, ok := b.Body.(*hclsyntax.Body)
	return ok && slices.ContainsFunc(native.Blocks, func(b *hclsyntax.Block) bool { return c.dynamic(b.AsHCLBlock()) })
}

// at looks into an expression that stands elsewhere, once.
func (c *composition) at(site composedSite, expr hcl.Expression) bool {
	key := composedKey{site.module, c.e.native(expr)}
	if known, ok := c.e.composed[key]; ok {
		return known
	}
	if c.e.depth >= maxDepth {
		return true
	}
	c.e.composed[key] = false // what leads back to itself adds nothing
	c.e.depth++
	other := composition{e: c.e, site: site}
	c.e.composed[key] = other.expr(key.expr)
	c.e.depth--
	return c.e.composed[key]
}

func (c *composition) any(list ...hclsyntax.Expression) bool {
	return slices.ContainsFunc(list, c.expr)
}

// expr reports whether the value of an expression, or part of it, is composed.
// Conditions, keys and indexes only pick.
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

// picking are the functions of computing that hand on elements as they are.
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
	site, n := c.site, needOf(t)
	if slices.Contains(c.bound, n.root) {
		return false // its collection was looked into
	}
	switch n.root {
	case "count", "path", "terraform", "data":
		return false
	case "each":
		if a := site.repeated.attribute("for_each"); a != nil {
			return c.at(composedSite{module: site.module, up: site.up}, a.Expr)
		}
		return false
	case "local":
		expr, ok := site.module.locals[n.name]
		return ok && c.at(composedSite{module: site.module, up: site.up}, expr)
	case "var":
		return c.variable(n.name)
	case "module":
		return c.outputs(n)
	default:
		return c.resource(n)
	}
}

func (c *composition) variable(name string) bool {
	up := c.site.up
	if len(up) == 0 {
		return false // known while planning
	}
	parent, path := up[len(up)-1], c.site.module.path
	call := parent.calls[path[len(path)-1]]
	if a := call.bodies.attribute(name); a != nil {
		return c.at(composedSite{module: parent, up: up[:len(up)-1], repeated: call.bodies}, a.Expr)
	}
	decl, ok := c.site.module.variables[name]
	if !ok {
		return false
	}
	a := decl.bodies.attribute("default")
	return a != nil && c.at(composedSite{module: c.site.module, up: up}, a.Expr)
}

func (c *composition) outputs(n need) bool {
	m := c.site.module
	child, ok := m.children[n.name]
	if !ok || child.missing != "" {
		return false
	}
	site := composedSite{module: child, up: append(c.site.up[:len(c.site.up):len(c.site.up)], m)}
	for name, decl := range child.outputs {
		if a := decl.bodies.attribute("value"); a != nil && (n.attr == "" || n.attr == name) && c.at(site, a.Expr) {
			return true
		}
	}
	return false
}

// resource looks into an argument of a resource that an expression mentions.
func (c *composition) resource(n need) bool {
	decl, ok := c.site.module.resources[n.root+"."+n.name]
	if !ok {
		return false // the iterator of a dynamic block
	}
	attr := n.attr
	if decl.typ == "terraform_data" && (attr == "" || attr == "output") {
		attr = "input"
	}
	a := decl.bodies.attribute(attr)
	return a != nil && c.at(composedSite{module: c.site.module, up: c.site.up, repeated: decl.bodies}, a.Expr)
}
