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

// Subject is what a question about usages is about: some attributes of the
// resources of some types.
type Subject struct{ Types, Attributes []string }

// Usage is a root output or an instance of a managed resource whose value is
// made of an attribute that the question is about, or of the whole object.
type Usage struct {
	Consumer string // output.name, or the address of an instance
	Of       string // the instance whose attribute it is
	// Certain is false where a condition that is not known decides.
	Certain bool
}

func (u Usage) compare(v Usage) int {
	return cmp.Or(strings.Compare(u.Consumer, v.Consumer), strings.Compare(u.Of, v.Of))
}

// attributeOf marks a value as being made of an attribute of an instance; an
// empty attribute is the whole object.
type attributeOf struct{ instance, attribute string }

// Usages finds every usage in the configuration, sorted. Values that do not get
// into state (write-only arguments, provisioners, ephemeral outputs) count for
// nothing. open are the outputs, resources and module calls, by their addresses
// without keys, that mention the subject and could not be evaluated; everything
// else was.
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

// uncertain is what one of two readings finds and the other does not, and what
// both find.
func uncertain(a, b []Usage) []Usage {
	out := append(slices.Clone(a), b...)
	for i := range out {
		out[i].Certain = out[i].Certain && slices.Contains(a, out[i]) && slices.Contains(b, out[i])
	}
	slices.SortFunc(out, Usage.compare)
	return slices.Compact(out)
}

func (e *Evaluator) usagesOf(s Subject) (list []Usage, open []string) {
	u := &usages{e: e, subject: s, found: map[Usage]bool{}, seen: map[expressionKey]how{}, open: map[string]bool{}}
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
	seen    map[expressionKey]how
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
		if strings.HasPrefix(name, "data.") || strings.HasPrefix(name, "ephemeral.") || !u.inBlock(site{m.module, decl}).mentions {
			continue
		}
		x, address := u.e.resourceExpansion(m, decl, name), join(m.module.address(), name)
		if x.unknown {
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
			if u.inBlock(site{m.module, &call.block}).mentions {
				u.open[address] = true // it may take what it is given
			}
			continue
		}
		x := u.e.callExpansion(m, call)
		if x.unknown {
			u.open[address] = true
			continue
		}
		for _, k := range x.keys {
			u.module(u.e.child(m, name, k))
		}
	}
}

// consumer is what takes a value: the address of an instance, and the same
// without keys.
type consumer struct{ instance, address string }

func (u *usages) output(m *moduleInstance, name string) {
	decl := m.outputs[name]
	a := decl.bodies.attribute("value")
	if a == nil || !u.inExpr(origin{site{module: m.module}, a.Expr}).mentions {
		return
	}
	if flag := decl.bodies.attribute("ephemeral"); flag != nil {
		if v := u.e.evaluate(flag.Expr, scope{module: m}); v.IsWhollyKnown() && v.RawEquals(cty.True) {
			return
		}
	}
	u.expr(consumer{"output." + name, "output." + name}, a.Expr, scope{module: m})
}

// metaArguments do not become part of the object.
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

// expr notes what the value of an expression is made of.
func (u *usages) expr(by consumer, expr hcl.Expression, s scope) {
	u.e.begin()
	n := u.chosen(u.e.native(expr), s)
	v := u.e.evaluate(n, s)
	how := u.inExpr(origin{site{module: s.module.module}, n})
	made := false
	_ = cty.Walk(v, func(_ cty.Path, leaf cty.Value) (bool, error) {
		bare, marks := leaf.Unmark()
		if isPartial(bare) {
			_, marks = bare.GetAttr(partialAttr).Unmark()
		} else if bare.IsKnown() {
			return true, nil // a key is never known before apply
		}
		one, exact := u.e.sentinels.of(bare)
		for mark := range marks {
			of, ok := mark.(attributeOf)
			if !ok || of.instance == by.instance || !u.isAbout(of) || exact && of.instance != one.address {
				continue
			}
			made = true
			// A conditional has the marks of both its results.
			u.found[Usage{by.instance, of.instance, exact || isPartial(bare) || !how.conditional}] = true
		}
		return !isPartial(bare), nil
	})
	// What is not known and says nothing of where it comes from may have lost it.
	if !made && !settled(v) && u.e.why != "" && how.mentions {
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
			v, _ := u.e.evaluate(x.Condition, s).Unmark()
			if !v.IsKnown() || v.IsNull() || v.Type() != cty.Bool {
				return expr
			}
			if expr = x.FalseResult; v.True() {
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
	return u.takes(typ, of.attribute)
}

// takes reports whether the question is about an attribute, or the whole object,
// of a type of resource.
func (u *usages) takes(typ, attribute string) bool {
	return slices.Contains(u.subject.Types, typ) && (attribute == "" || slices.Contains(u.subject.Attributes, attribute))
}

// how says how an expression has to do with the subject.
type how struct {
	mentions    bool // directly or through what it refers to
	conditional bool // a conditional stands in it, or in what it refers to
}

func (h how) or(g how) how { return how{h.mentions || g.mentions, h.conditional || g.conditional} }

// inBlock looks into every expression of a resource or module call.
func (u *usages) inBlock(at site) (out how) {
	for _, expr := range at.decl.bodies.expressions() {
		out = out.or(u.inExpr(origin{at, expr}))
	}
	return out
}

// inExpr looks into an expression and into what it mentions.
func (u *usages) inExpr(o origin) how {
	return lookOnce(u.e, u.seen, o, how{mentions: true, conditional: true}, func(at site, expr hclsyntax.Expression) (out how) {
		_ = hclsyntax.VisitAll(expr, func(n hclsyntax.Node) hcl.Diagnostics {
			_, is := n.(*hclsyntax.ConditionalExpr)
			out.conditional = out.conditional || is
			return nil
		})
		for _, n := range u.e.needsOf(expr) {
			if r, ok := at.module.resources[n.resource()]; ok && n.root != "data" && u.takes(r.typ, n.attr) {
				out.mentions = true
				continue
			}
			for _, o := range at.origins(n) {
				out = out.or(u.inExpr(o))
			}
		}
		return out
	})
}
