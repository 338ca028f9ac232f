package tfconfig

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Subject is the subject of Usages: some attributes of all resources of some types.
type Subject struct {
	Types, Attributes []string
	// Stateless are the types of resources whose arguments are all write-only.
	Stateless []string
}

// Usage is the use of an attribute of the subject, or of the whole object, in the
// value of a root output or of an instance of a managed resource.
type Usage struct {
	Consumer string // output.name, or the address of an instance
	Of       string // the instance whose attribute it is
	// Certain is false where an unknown condition decides whether it is used.
	Certain bool
}

func (u Usage) compare(v Usage) int {
	return cmp.Or(strings.Compare(u.Consumer, v.Consumer), strings.Compare(u.Of, v.Of))
}

// attributeOf is a mark of values that are made from an attribute of an instance, or
// from the whole object where the attribute is empty.
type attributeOf struct{ instance, attribute string }

// Usages finds every usage in the configuration, sorted. Values that are not in state
// do not count: write-only arguments, provisioners, ephemeral outputs. open are the
// outputs, resources and module calls, by their addresses without keys, that mention
// the subject and could not be evaluated.
func (e *Evaluator) Usages(s Subject) (list []Usage, open []string) {
	list, open = e.usagesOf(s)
	if e.other != nil {
		other, alsoOpen := e.other.Usages(s)
		if !slices.Equal(list, other) {
			list = uncertain(list, other)
		}
		open = slices.Compact(slices.Sorted(slices.Values(append(open, alsoOpen...))))
	}
	return list, open
}

// uncertain joins the usages that two programs find; those that only one of them
// finds are not certain.
func uncertain(a, b []Usage) []Usage {
	out := append(slices.Clone(a), b...)
	for i := range out {
		out[i].Certain = out[i].Certain && slices.Contains(a, out[i]) && slices.Contains(b, out[i])
	}
	slices.SortFunc(out, Usage.compare)
	return slices.Compact(out)
}

func (e *Evaluator) usagesOf(s Subject) (list []Usage, open []string) {
	u := &usages{e: e, subject: s, found: map[Usage]bool{}, seen: map[expressionKey]mention{}, open: map[string]bool{}}
	u.module(e.root)
	for usage := range u.found {
		if sure := (Usage{usage.Consumer, usage.Of, true}); usage.Certain || !u.found[sure] {
			list = append(list, usage)
		}
	}
	slices.SortFunc(list, Usage.compare)
	return list, slices.Sorted(maps.Keys(u.open))
}

type usages struct {
	e       *Evaluator
	subject Subject
	found   map[Usage]bool
	seen    map[expressionKey]mention
	open    map[string]bool
}

func (u *usages) module(m *moduleInstance) {
	if m.parent == nil {
		for _, name := range slices.Sorted(maps.Keys(m.outputs)) {
			u.output(m, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.resources)) {
		decl := m.resources[name]
		typ, _, _ := strings.Cut(name, ".")
		if typ == "data" || slices.Contains(u.subject.Stateless, typ) || !u.inBlock(site{m.module, decl}).found {
			continue
		}
		x, address := u.e.expansion(m, decl, name), join(m.module.address(), name)
		if !x.known {
			u.open[address] = true
			continue
		}
		for _, k := range x.keys {
			u.bodies(consumer{join(m.address, name) + k.String(), address}, decl.bodies, x.instanceScope(m, k))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.calls)) {
		call, address := m.calls[name], join(m.module.address(), "module."+name)
		child, declared := m.module.children[name]
		if !declared || child.missing != "" {
			if u.inBlock(site{m.module, call}).found {
				u.open[address] = true // the module may use its arguments
			}
			continue
		}
		x := u.e.expansion(m, call, "module."+name)
		if !x.known {
			u.open[address] = true
			continue
		}
		for _, k := range x.keys {
			u.module(u.e.child(m, name, k))
		}
	}
}

// consumer is the user of a value: its address, and its address without keys.
type consumer struct{ instance, address string }

func (u *usages) output(m *moduleInstance, name string) {
	decl := m.outputs[name]
	a := decl.bodies.attribute("value")
	if a == nil || !u.inExpr(origin{site{module: m.module}, a.Expr}).found {
		return
	}
	if flag := decl.bodies.attribute("ephemeral"); flag != nil {
		if v := u.e.evaluate(flag.Expr, scope{module: m}); v.IsWhollyKnown() && v.RawEquals(cty.True) {
			return
		}
	}
	u.expr(consumer{"output." + name, "output." + name}, a.Expr, scope{module: m})
}

// metaArguments are arguments and blocks that are not part of the object.
var metaArguments = []string{"count", "for_each", "depends_on", "provider", "lifecycle", "provisioner", "connection"}

func isStored(name string) bool {
	return !slices.Contains(metaArguments, name) && !strings.HasSuffix(name, "_wo")
}

// bodies evaluates every argument of a block that becomes part of the object.
func (u *usages) bodies(by consumer, bs bodies, s scope) {
	blocks := map[string]bool{}
	for _, body := range bs {
		attributes, types := contents(body)
		for _, a := range attributes {
			if isStored(a.Name) {
				u.expr(by, a.Expr, s)
			}
		}
		for _, name := range types {
			blocks[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(blocks)) {
		if !isStored(name) {
			continue
		}
		items, opaque := u.e.expandBlocks(bs, name, s)
		if opaque != nil {
			u.open[by.address] = true
		}
		for _, item := range items {
			u.bodies(by, item.bodies, item.scope)
		}
	}
}

// expr records the usages in the value of an expression.
func (u *usages) expr(by consumer, expr hcl.Expression, s scope) {
	u.e.begin()
	n := u.chosen(u.e.native(expr), s)
	v := u.e.evaluate(n, s)
	mentioned := u.inExpr(origin{site{module: s.module.module}, n})
	made := false
	_ = cty.Walk(v, func(_ cty.Path, leaf cty.Value) (bool, error) {
		bare, marks := leaf.Unmark()
		if isPartial(bare) {
			_, marks = bare.GetAttr(partialAttr).Unmark()
		} else if bare.IsKnown() {
			return true, nil // a computed attribute is not known before apply
		}
		one, exact := u.e.sentinels.of(bare)
		for mark := range marks {
			of, ok := mark.(attributeOf)
			if !ok || of.instance == by.instance || !u.isAbout(of) || exact && of.instance != one.address {
				continue
			}
			made = true
			// The value of a conditional has the marks of both its results.
			u.found[Usage{by.instance, of.instance, exact || isPartial(bare) || !mentioned.conditional}] = true
		}
		return !isPartial(bare), nil
	})
	// An unknown value without marks may have lost them.
	if !made && !settled(v) && u.e.why != "" && mentioned.found {
		u.open[by.address] = true
	}
}

// chosen is the result of a conditional whose condition is known, or the
// expression itself.
func (u *usages) chosen(expr hclsyntax.Expression, s scope) hclsyntax.Expression {
	for {
		switch x := expr.(type) {
		case *hclsyntax.ParenthesesExpr:
			expr = x.Expression
		case *hclsyntax.TemplateWrapExpr:
			expr = x.Wrapped
		case *hclsyntax.ConditionalExpr:
			on, ok := knownBool(u.e.evaluate(x.Condition, s))
			if !ok {
				return expr
			}
			if expr = x.FalseResult; on {
				expr = x.TrueResult
			}
		default:
			return expr
		}
	}
}

func (u *usages) isAbout(of attributeOf) bool {
	a, err := parseAddress(of.instance)
	if err != nil {
		return false
	}
	typ, _, _ := strings.Cut(a.resource, ".")
	return u.covers(typ, of.attribute)
}

// covers reports whether an attribute of a type of resource, or the whole object, is
// the subject.
func (u *usages) covers(typ, attribute string) bool {
	return slices.Contains(u.subject.Types, typ) && (attribute == "" || slices.Contains(u.subject.Attributes, attribute))
}

// mention is whether an expression mentions the subject.
type mention struct {
	found       bool // directly, or in an expression that it refers to
	conditional bool // whether there is a conditional in one of these expressions
}

func (m mention) or(n mention) mention {
	return mention{m.found || n.found, m.conditional || n.conditional}
}

// inBlock searches every expression of a resource or module call.
func (u *usages) inBlock(at site) (out mention) {
	for _, expr := range at.decl.bodies.expressions() {
		out = out.or(u.inExpr(origin{at, expr}))
	}
	return out
}

// inExpr searches an expression and the expressions that it refers to.
func (u *usages) inExpr(o origin) mention {
	return lookOnce(u.e, u.seen, o, mention{found: true, conditional: true}, func(at site, expr hclsyntax.Expression) (out mention) {
		_ = hclsyntax.VisitAll(expr, func(n hclsyntax.Node) hcl.Diagnostics {
			_, is := n.(*hclsyntax.ConditionalExpr)
			out.conditional = out.conditional || is
			return nil
		})
		for _, n := range u.e.needsOf(expr) {
			if r, ok := at.module.resources[n.resource()]; ok && n.root != "data" &&
				(u.covers(r.typ, n.attr) || u.covers(r.typ, "") && slices.Contains(u.e.schema.Identified, n.attr)) {
				out.found = true
				continue
			}
			for _, o := range at.origins(n) {
				out = out.or(u.inExpr(o))
			}
		}
		return out
	})
}
