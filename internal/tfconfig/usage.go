package tfconfig

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Subject is the subject of Usages: some attributes of all resources of some types.
// The evaluator follows an attribute where it is the id, or one that its [Schema] lists
// as Computed or Followed.
type Subject struct {
	Types, Attributes []string
	// Stateless are the types of resources whose arguments are all write-only.
	Stateless []string
	// Everywhere asks for every argument with its place: those of data sources and
	// providers, write-only ones, those of count, for_each, depends_on, lifecycle and
	// provisioners too. A value that is known counts as well.
	Everywhere bool
	// Texts are texts in lower case, a name and what follows it from the first dot on,
	// by which an instance is known. A known value that holds one uses the instance.
	// They are sought Everywhere only.
	Texts map[string]string
}

// Usage is the use of an attribute of the subject, or of the whole object, in the
// value of a root output or of an instance of a managed resource.
type Usage struct {
	Consumer string // output.name, or the address of an instance
	Of       string // the instance whose attribute it is
	// Certain is false where an unknown condition decides whether it is used.
	Certain bool
	Place
}

// Place says more of a usage, where the subject is asked for Everywhere.
type Place struct {
	// Attribute is empty for the whole object, and [TextAttribute] for one of the texts.
	Attribute string
	// Argument is the path of the argument, and of the part of its value, where that is written.
	Argument string
	Position Position
}

// TextAttribute is the attribute of a usage that is one of the texts of the subject.
const TextAttribute = "\x00text"

func (u Usage) compare(v Usage) int {
	return cmp.Or(strings.Compare(u.Consumer, v.Consumer), strings.Compare(u.Argument, v.Argument),
		cmp.Compare(u.Position.Line, v.Position.Line), strings.Compare(u.Position.File, v.Position.File),
		strings.Compare(u.Attribute, v.Attribute), strings.Compare(u.Of, v.Of))
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
	u := &usages{e: e, subject: s, suffixes: suffixesOf(s.Texts), found: map[Usage]bool{}, seen: map[expressionKey]mention{},
		open: map[string]bool{}}
	u.module(e.root)
	for usage := range u.found {
		sure := usage
		sure.Certain = true
		if usage.Certain || !u.found[sure] {
			list = append(list, usage)
		}
	}
	slices.SortFunc(list, Usage.compare)
	return list, slices.Sorted(maps.Keys(u.open))
}

type usages struct {
	e        *Evaluator
	subject  Subject
	suffixes []string // of its texts
	found    map[Usage]bool
	seen     map[expressionKey]mention
	open     map[string]bool
	steps    int // see step
}

func (u *usages) module(m *moduleInstance) {
	if m.parent == nil {
		for _, name := range slices.Sorted(maps.Keys(m.outputs)) {
			u.output(m, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.resources)) {
		decl := m.resources[name]
		if !u.counts(name) || !u.inBlock(site{m.module, decl}).any() {
			continue
		}
		x, address := u.e.expansion(m, decl, name), join(m.module.address(), name)
		if !x.known {
			u.open[address] = true
			continue
		}
		at := spot{consumer: consumer{join(m.address, name), address}, site: site{module: m.module}, scope: scope{module: m}}
		if u.subject.Everywhere {
			at.site.decl = decl
			u.shared(at, decl.bodies)
		}
		for _, k := range x.keys {
			one := at
			one.instance, one.scope = at.instance+k.String(), x.instanceScope(m, k)
			u.bodies(one, decl.bodies)
		}
	}
	if u.subject.Everywhere {
		u.providers(m)
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
	if a == nil || !u.inExpr(origin{site{module: m.module}, a.Expr}).any() {
		return
	}
	if flag := decl.bodies.attribute("ephemeral"); flag != nil && !u.subject.Everywhere {
		if v := u.e.evaluate(flag.Expr, scope{module: m}); v.IsWhollyKnown() && v.RawEquals(cty.True) {
			return
		}
	}
	u.argument(spot{consumer: consumer{"output." + name, "output." + name}, site: site{module: m.module}, scope: scope{module: m}}, a)
}

// metaArguments are arguments and blocks that are not part of the object.
var metaArguments = []string{"count", "for_each", "depends_on", "provider", "lifecycle", "provisioner", "connection"}

// isWanted reports whether an argument, or a block, counts at a spot.
func (u *usages) isWanted(at spot, name string) bool {
	if u.subject.Everywhere {
		return at.argument != "" || !slices.Contains(sharedArguments, name)
	}
	return !slices.Contains(metaArguments, name) && !strings.HasSuffix(name, "_wo")
}

// counts reports whether the arguments of a resource may count.
func (u *usages) counts(name string) bool {
	typ, _, _ := strings.Cut(name, ".")
	return u.subject.Everywhere || typ != "data" && !slices.Contains(u.subject.Stateless, typ)
}

// bodies evaluates every argument of a block that becomes part of the object.
func (u *usages) bodies(at spot, bs bodies) {
	blocks := map[string]bool{}
	for _, body := range bs {
		attributes, types := contents(body)
		for _, a := range attributes {
			if u.isWanted(at, a.Name) && (!u.subject.Everywhere || bs.attribute(a.Name).Range == a.Range) {
				u.argument(at, a)
			}
		}
		for _, name := range types {
			blocks[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(blocks)) {
		if u.isWanted(at, name) {
			u.blocks(at, bs, name)
		}
	}
}

// blocks evaluates the nested blocks of one type.
func (u *usages) blocks(at spot, bs bodies, name string) {
	if name == "provisioner" {
		u.provisioners(at, bs)
		return
	}
	items, opaque := u.e.expandBlocks(bs, name, at.scope)
	if opaque != nil {
		u.open[at.address] = true
	}
	for i, item := range items {
		inner := at.below(fmt.Sprintf("%s[%d]", name, i))
		inner.scope = item.scope
		u.bodies(inner, item.bodies)
	}
}

// argument records the usages in the value of an argument.
func (u *usages) argument(at spot, a *hcl.Attribute) {
	if u.subject.Everywhere {
		at = at.below(a.Name)
		at.rng = a.NameRange
		u.take(at, u.e.native(a.Expr))
		return
	}
	if u.expr(at, a.Expr) {
		u.open[at.address] = true
	}
}

// expr records the usages in the value of an expression; lost says that the value may
// have more of them.
func (u *usages) expr(at spot, expr hcl.Expression) (lost bool) {
	u.e.begin()
	n := u.chosen(u.e.native(expr), at.scope)
	v := u.e.evaluate(n, at.scope)
	mentioned := u.inExpr(origin{at.site, n})
	made := false
	_ = cty.Walk(v, func(path cty.Path, leaf cty.Value) (bool, error) {
		if !u.step(at) {
			return false, nil
		}
		bare, marks := leaf.Unmark()
		if isPartial(bare) {
			_, marks = bare.GetAttr(partialAttr).Unmark()
		} else if bare.IsKnown() && !u.subject.Everywhere {
			return true, nil // a computed attribute is not known before apply
		}
		one, exact := u.e.sentinels.of(bare)
		for mark := range marks {
			of, ok := mark.(attributeOf)
			if !ok || of.instance == at.instance || !u.isAbout(of) || exact && of.instance != one.address {
				continue
			}
			made = true
			// The value of a conditional has the marks of both its results.
			u.add(at, path, of, exact || isPartial(bare) || !mentioned.conditional)
		}
		u.texts(at, path, bare)
		return !isPartial(bare), nil
	})
	// An unknown value without marks may have lost them.
	return !made && !settled(v) && u.e.why != "" && mentioned.found
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
	return (u.subject.Everywhere || a.resource == a.typ+"."+a.name) && u.covers(a.typ, of.attribute)
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
	text        bool // whether one of them, or a root variable, may hold one of the texts
}

func (m mention) or(n mention) mention {
	return mention{m.found || n.found, m.conditional || n.conditional, m.text || n.text}
}

func (m mention) any() bool { return m.found || m.text }

// inBlock searches every expression of a resource or module call.
func (u *usages) inBlock(at site) (out mention) {
	for _, expr := range at.decl.bodies.expressions() {
		out = out.or(u.inExpr(origin{at, expr}))
	}
	return out
}

// inExpr searches an expression and the expressions that it refers to.
func (u *usages) inExpr(o origin) mention {
	tooDeep := mention{found: true, conditional: true, text: true}
	return lookOnce(u.e, u.seen, o, tooDeep, func(at site, expr hclsyntax.Expression) (out mention) {
		_ = hclsyntax.VisitAll(expr, func(n hclsyntax.Node) hcl.Diagnostics {
			_, is := n.(*hclsyntax.ConditionalExpr)
			out.conditional = out.conditional || is
			out.text = out.text || u.isTextual(n)
			return nil
		})
		for _, n := range u.e.needsOf(expr) {
			out.text = out.text || n.root == "var" && at.module.parent == nil && u.variableIsTextual(n.name)
			if r, ok := at.module.resources[n.resource()]; ok && (n.root != "data" || u.subject.Everywhere) &&
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
