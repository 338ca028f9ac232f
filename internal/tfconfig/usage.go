package tfconfig

import (
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
	slices.SortFunc(out, func(a, b Usage) int { return strings.Compare(a.Consumer+"\x00"+a.Of, b.Consumer+"\x00"+b.Of) })
	return slices.Compact(out)
}

func (e *Evaluator) usagesOf(s Subject) (list []Usage, open []string) {
	u := &usages{e: e, subject: s, found: map[Usage]bool{}, seen: map[memoKey]how{}, open: map[string]bool{}}
	u.module(e.root)
	for usage := range u.found {
		if sure := (Usage{usage.Consumer, usage.Of, true}); usage.Certain || !u.found[sure] {
			list = append(list, usage)
		}
	}
	slices.SortFunc(list, func(a, b Usage) int {
		return strings.Compare(a.Consumer+"\x00"+a.Of, b.Consumer+"\x00"+b.Of)
	})
	return list, slices.Sorted(maps.Keys(u.open))
}

type usages struct {
	e       *Evaluator
	subject Subject
	found   map[Usage]bool
	seen    map[memoKey]how // what was looked into
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
		if strings.HasPrefix(name, "data.") || strings.HasPrefix(name, "ephemeral.") || !u.inBodies(m, decl, decl.bodies).mentions {
			continue
		}
		x, address := u.e.resourceExpansion(m, decl, name), join(moduleAddress(m.module), name)
		if x.unknown {
			u.open[address] = true
			continue
		}
		for _, k := range x.keys {
			u.bodies(consumer{join(m.address, name) + k.String(), address}, decl.bodies, x.instanceScope(m, k))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.calls)) {
		call, address := m.calls[name], join(moduleAddress(m.module), "module."+name)
		child, declared := m.module.children[name]
		if !declared || child.missing != "" {
			if u.inBodies(m, &call.block, call.bodies).mentions {
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

func moduleAddress(m *module) string {
	var out string
	for _, name := range m.path {
		out = join(out, "module."+name)
	}
	return out
}

func (u *usages) output(m *moduleInstance, name string) {
	decl := m.outputs[name]
	a := decl.bodies.attribute("value")
	if a == nil || !u.inExpr(m, nil, a.Expr).mentions {
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

// contents lists the arguments of a body and the types of its nested blocks.
func contents(body hcl.Body) (attributes []*hcl.Attribute, types []string) {
	native, ok := body.(*hclsyntax.Body)
	if !ok {
		all, _ := body.JustAttributes() // JSON does not tell its blocks
		for _, name := range slices.Sorted(maps.Keys(all)) {
			attributes = append(attributes, all[name])
		}
		return attributes, nil
	}
	for _, name := range slices.Sorted(maps.Keys(native.Attributes)) {
		attributes = append(attributes, native.Attributes[name].AsHCLAttribute())
	}
	for _, b := range native.Blocks {
		if b.Type == "dynamic" && len(b.Labels) == 1 {
			types = append(types, b.Labels[0])
		} else {
			types = append(types, b.Type)
		}
	}
	return attributes, types
}

// expr notes what the value of an expression is made of.
func (u *usages) expr(by consumer, expr hcl.Expression, s scope) {
	u.e.begin()
	n := u.chosen(u.e.native(expr), s)
	v := u.e.evaluate(n, s)
	how := u.inExpr(s.module, nil, n)
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
	return slices.Contains(u.subject.Types, typ) && (of.attribute == "" || slices.Contains(u.subject.Attributes, of.attribute))
}

// how says how an expression has to do with the subject.
type how struct {
	mentions    bool // directly or through what it refers to
	conditional bool // a conditional stands in it, or in what it refers to
}

func (h how) or(g how) how { return how{h.mentions || g.mentions, h.conditional || g.conditional} }

// inBodies looks into every expression of a block.
func (u *usages) inBodies(m *moduleInstance, decl *block, bs bodies) (out how) {
	for _, body := range bs {
		out = out.or(u.inBody(m, decl, body))
	}
	return out
}

func (u *usages) inBody(m *moduleInstance, decl *block, body hcl.Body) (out how) {
	attributes, _ := contents(body)
	for _, a := range attributes {
		out = out.or(u.inExpr(m, decl, a.Expr))
	}
	if native, ok := body.(*hclsyntax.Body); ok {
		for _, b := range native.Blocks {
			out = out.or(u.inBody(m, decl, b.Body))
		}
	}
	return out
}

// inExpr follows what an expression mentions; decl is the block it stands in,
// for each.value.
func (u *usages) inExpr(m *moduleInstance, decl *block, expr hcl.Expression) (out how) {
	n := u.e.native(expr)
	_ = hclsyntax.VisitAll(n, func(n hclsyntax.Node) hcl.Diagnostics {
		_, is := n.(*hclsyntax.ConditionalExpr)
		out.conditional = out.conditional || is
		return nil
	})
	for _, need := range u.e.needsOf(n) {
		out = out.or(u.inNeed(m, decl, need))
	}
	return out
}

func (u *usages) inNeed(m *moduleInstance, decl *block, n need) how {
	key := memoKey{m, n.root, n.typ + "." + n.name + "." + n.attr}
	if n.root == "each" {
		if decl == nil {
			return how{}
		}
		key.name = decl.typ + "." + decl.name
	}
	if known, ok := u.seen[key]; ok {
		return known
	}
	u.seen[key] = how{} // what leads back to itself adds nothing
	u.seen[key] = u.follow(m, decl, n)
	return u.seen[key]
}

func (u *usages) follow(m *moduleInstance, decl *block, n need) how {
	argument := func(m *moduleInstance, decl, in *block, name string) how {
		if a := in.bodies.attribute(name); a != nil {
			return u.inExpr(m, decl, a.Expr)
		}
		return how{}
	}
	switch n.root {
	case "count", "path", "terraform", "self", "data", "ephemeral":
		return how{}
	case "each":
		return argument(m, nil, decl, "for_each")
	case "local":
		if expr, ok := m.locals[n.name]; ok {
			return u.inExpr(m, nil, expr)
		}
		return how{}
	case "var":
		if m.parent == nil {
			return how{}
		}
		return argument(m.parent, &m.call.block, &m.call.block, n.name)
	case "module":
		return u.inModule(m, n)
	}
	r, ok := m.resources[n.root+"."+n.name]
	switch {
	case !ok:
		return how{} // an iterator of a dynamic block, whose for_each is looked into
	case slices.Contains(u.subject.Types, r.typ) && (n.attr == "" || slices.Contains(u.subject.Attributes, n.attr)):
		return how{mentions: true}
	case r.typ == "terraform_data" && n.attr == "output":
		return argument(m, r, r, "input")
	}
	return argument(m, r, r, n.attr)
}

func (u *usages) inModule(m *moduleInstance, n need) (out how) {
	call, ok := m.calls[n.name]
	if !ok || m.module.children[n.name].missing != "" {
		return how{}
	}
	x := u.e.callExpansion(m, call)
	if x.unknown {
		return how{mentions: true}
	}
	for _, k := range x.keys {
		child := u.e.child(m, n.name, k)
		for _, name := range slices.Sorted(maps.Keys(child.outputs)) {
			if a := child.outputs[name].bodies.attribute("value"); a != nil && (n.attr == "" || n.attr == name) {
				out = out.or(u.inExpr(child, nil, a.Expr))
			}
		}
	}
	return out
}
