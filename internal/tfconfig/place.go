package tfconfig

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// spot is where a value is used: by whom, in which argument, and on which line.
type spot struct {
	consumer
	site     site
	scope    scope
	argument string
	rng      hcl.Range
	// made says that the value is only made from the expression, so that parts of the
	// one are no parts of the other; away that the expression stands in another
	// declaration, so that the line of the argument counts; unsure that an unknown
	// condition decides whether it is evaluated.
	made, away, unsure bool
	depth              int // of declarations that were followed
}

// below is the spot of an argument of a block, or of a part of a value.
func (s spot) below(name string) spot {
	if !s.made {
		s.argument = join(s.argument, name)
	}
	return s
}

// part is the spot of a part of a value that is written at rng.
func (s spot) part(step string, rng hcl.Range) spot {
	if !s.made {
		s.argument += step
	}
	return s.on(rng)
}

// on is the spot with the line of an expression that is written at rng.
func (s spot) on(rng hcl.Range) spot {
	if !s.away && rng.Filename != "" {
		s.rng = rng
	}
	return s
}

// mostUsages is how many usages are found at most: each instance of a resource may use
// all instances of another.
const mostUsages = 1 << 20

// Limits of following references to other declarations: how many from an argument, and
// how many expressions are searched there and parts of values looked at, of the whole
// configuration.
const (
	mostFollowed = 10
	mostSteps    = 1 << 20
)

// add records a usage at a spot, in the part of the value at a path.
func (u *usages) add(at spot, path cty.Path, of attributeOf, sure bool) {
	if len(u.found) >= mostUsages {
		u.open[at.address] = true
		return
	}
	usage := Usage{Consumer: at.instance, Of: of.instance, Certain: sure && !at.unsure}
	if u.subject.Everywhere {
		usage.Place = Place{Attribute: of.attribute, Argument: at.argument, Position: position(at.rng)}
		if !at.made {
			usage.Argument += written(path)
		}
	}
	u.found[usage] = true
}

// written is a path as an argument shows it: .name, ["some key"] or [0]. It ends at an
// element of a set, which has neither name nor number.
func written(path cty.Path) string {
	var out strings.Builder
	for _, step := range path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			out.WriteString(writtenKey(step.Name))
		case cty.IndexStep:
			k, ok := keyOf(step.Key)
			switch {
			case !ok || !step.Key.IsWhollyKnown():
				return out.String()
			case k.kind == stringKey:
				out.WriteString(writtenKey(k.str))
			default:
				out.WriteString(k.String())
			}
		}
	}
	return out.String()
}

func writtenKey(key string) string {
	if identifier().FindString(key) == key {
		return "." + key
	}
	return StringKey(key).String()
}

// sharedArguments are what all instances of a resource have in common.
var sharedArguments = []string{"count", "for_each", "depends_on", "provider"}

// provisioners evaluates the provisioners of an instance.
func (u *usages) provisioners(at spot, bs bodies) {
	for _, body := range bs {
		native, ok := body.(*hclsyntax.Body)
		if !ok {
			continue
		}
		for _, b := range native.Blocks {
			if b.Type == "provisioner" {
				u.bodies(at.below("provisioner"), bodies{b.Body})
			}
		}
	}
}

// shared evaluates what all instances of a resource have in common.
func (u *usages) shared(at spot, bs bodies) {
	for _, name := range []string{"count", "for_each"} {
		if a := bs.attribute(name); a != nil {
			u.argument(at, a)
		}
	}
	if a := bs.attribute("depends_on"); a != nil {
		elems, _ := hcl.ExprList(a.Expr)
		for _, e := range elems {
			u.dependency(at.below("depends_on"), u.e.native(e))
		}
	}
}

// dependency records the instances that an element of depends_on names. What the
// outputs of a module are made of is not its subject.
func (u *usages) dependency(at spot, expr hclsyntax.Expression) {
	for _, n := range u.e.needsOf(expr) {
		name := n.resource()
		r, ok := at.site.module.resources[name]
		if !ok || !u.covers(r.typ, "") {
			continue
		}
		m := at.scope.module
		for _, k := range u.e.expansion(m, r, name).keys {
			if of := (attributeOf{instance: join(m.address, name) + k.String()}); u.isAbout(of) {
				u.add(at.on(expr.Range()), nil, of, true)
			}
		}
	}
}

// providers evaluates the provider configurations of a module.
func (u *usages) providers(m *moduleInstance) {
	for _, name := range slices.Sorted(maps.Keys(m.module.providers)) {
		decl, address := m.module.providers[name], "provider."+name
		if decl.bodies.attribute("for_each") == nil && u.inBlock(site{m.module, decl}).any() {
			by := consumer{join(m.address, address), join(m.module.address(), address)}
			u.bodies(spot{consumer: by, site: site{m.module, decl}, scope: scope{module: m}}, decl.bodies)
		}
	}
}

// partwise are functions whose result has the parts of their arguments, passing those
// whose result is made of the whole of each argument.
var (
	partwise = []string{"ephemeralasnull", "jsonencode", "merge", "nonsensitive", "sensitive", "tomap", "yamlencode"}
	passing  = []string{"base64encode", "base64gzip", "format", "join", "lower", "templatestring", "textdecodebase64", "textencodebase64",
		"tostring", "trimspace", "urlencode", fnUnknown}
)

// take records the usages in the parts of an expression, each with its own place and
// with the condition that decides on it.
func (u *usages) take(at spot, expr hclsyntax.Expression) {
	if !u.step(at) {
		return
	}
	switch x := u.chosen(expr, at.scope).(type) {
	case *hclsyntax.ObjectConsExpr:
		for _, item := range x.Items {
			u.item(at, item)
		}
	case *hclsyntax.TupleConsExpr:
		for i, e := range x.Exprs {
			u.take(at.part(fmt.Sprintf("[%d]", i), e.Range()), e)
		}
	case *hclsyntax.TemplateExpr:
		u.template(at, x)
	case *hclsyntax.ConditionalExpr:
		u.take(at.whole(), x.Condition)
		at.unsure = true
		u.take(at, x.TrueResult)
		u.take(at, x.FalseResult)
	case *hclsyntax.FunctionCallExpr:
		u.call(at, x)
	case *hclsyntax.ScopeTraversalExpr:
		if to, e, ok := u.behind(at, x.Traversal); ok {
			u.take(to, e)
			return
		}
		u.value(at, x)
	default:
		u.value(at, x)
	}
}

// step counts the work behind references that were followed; it is false once that is
// too much.
func (u *usages) step(at spot) bool {
	if at.depth == 0 {
		return true
	}
	if u.steps++; u.steps > mostSteps {
		u.open[at.address] = true
	}
	return u.steps <= mostSteps
}

// value records the usages in the value of an expression of which no parts are taken.
func (u *usages) value(at spot, expr hclsyntax.Expression) {
	if u.expr(at, expr) {
		u.open[at.address] = true
	}
}

// whole is the spot of something that a whole value is made from.
func (s spot) whole() spot {
	s.made = true
	return s
}

func (u *usages) item(at spot, item hclsyntax.ObjectConsItem) {
	key, known := literal(item.KeyExpr)
	if !known {
		k, _ := u.e.evaluate(item.KeyExpr, at.scope).Unmark()
		if known = k.IsKnown() && !k.IsNull() && k.Type() == cty.String; known {
			key = k.AsString()
		}
		u.take(at.whole().on(item.KeyExpr.Range()), unwrappedKey(item.KeyExpr))
	}
	at = at.on(item.KeyExpr.Range())
	if !known {
		u.take(at.whole(), item.ValueExpr)
		return
	}
	u.take(at.part(writtenKey(key), item.KeyExpr.Range()), item.ValueExpr)
}

func unwrappedKey(expr hclsyntax.Expression) hclsyntax.Expression {
	if k, ok := expr.(*hclsyntax.ObjectConsKeyExpr); ok {
		return k.Wrapped
	}
	return expr
}

// template takes the parts of a template, and seeks the texts in what is known of them
// together.
func (u *usages) template(at spot, x *hclsyntax.TemplateExpr) {
	var text strings.Builder
	for _, part := range x.Parts {
		if l, ok := part.(*hclsyntax.LiteralValueExpr); !ok {
			u.take(at.whole().on(part.Range()), part)
		} else if l.Val.Type() == cty.String {
			text.WriteString(l.Val.AsString())
			continue
		}
		v, _ := u.e.evaluate(part, at.scope).Unmark()
		if v.IsKnown() && !v.IsNull() && v.Type() == cty.String {
			text.WriteString(v.AsString())
		} else {
			text.WriteByte(' ')
		}
	}
	u.texts(at, nil, cty.StringVal(text.String()))
}

func (u *usages) call(at spot, x *hclsyntax.FunctionCallExpr) {
	switch {
	case x.Name == fnAppend:
		u.take(at, x.Args[2])
	case x.Name == fnSpend:
		u.take(at, x.Args[0])
	case x.ExpandFinal:
		u.value(at, x)
	case slices.Contains(partwise, x.Name):
		for _, arg := range x.Args {
			u.take(at, arg)
		}
	case x.Name == "try":
		for _, arg := range x.Args {
			if !u.e.fails(arg, at.scope) {
				u.take(at, arg)
				return
			}
		}
	case x.Name == "coalesce", x.Name == "coalescelist":
		for _, arg := range x.Args {
			u.take(at, arg)
			at.unsure = true
		}
	case slices.Contains(passing, x.Name) || u.expr(at, x):
		for _, arg := range x.Args {
			u.take(at.whole(), arg)
		}
		if len(u.suffixes) > 0 {
			v, _ := u.e.evaluate(x, at.scope).Unmark()
			u.texts(at, nil, v)
		}
	}
}

// fails reports whether an expression is an error.
func (e *Evaluator) fails(expr hclsyntax.Expression, s scope) (failed bool) {
	defer func() { failed = failed || recover() != nil }() // see evaluate
	_, diags := expr.Value(e.context(expr, s))
	return diags.HasErrors()
}

// behind is the expression of a local, of an argument of a module call, or of an output
// of a module that has one instance, which a reference means as a whole or by keys that
// are written there.
func (u *usages) behind(at spot, t hcl.Traversal) (to spot, expr hclsyntax.Expression, ok bool) {
	n, m := needOf(t), at.scope.module
	_, iterator := at.scope.vars[n.root]
	if at.depth++; iterator || at.depth > mostFollowed || u.steps > mostSteps {
		return at, nil, false
	}
	steps := t[min(2, len(t)):]
	switch call := m.call(); {
	case n.root == "local" && m.locals[n.name] != nil:
		at.site, at.scope, expr = site{module: m.module}, scope{module: m}, u.e.native(m.locals[n.name])
	case n.root == "var" && call != nil && call.bodies.attribute(n.name) != nil && m.variables[n.name] != nil:
		expr = u.e.native(call.bodies.attribute(n.name).Expr)
		at.site, at.scope = site{m.parent.module, call}, u.e.callScope(m)
	case n.root == "module" && n.attr != "" && len(t) > 2 && attributeAt(t, 2) == n.attr:
		child := u.e.child(m, n.name, Key{})
		if child == nil || !u.e.expansion(m, m.calls[n.name], "module."+n.name).has(Key{}) || child.outputs[n.attr] == nil {
			return at, nil, false
		}
		value := child.outputs[n.attr].bodies.attribute("value")
		if value == nil {
			return at, nil, false
		}
		at.site, at.scope, expr = site{module: child.module}, scope{module: child}, u.e.native(value.Expr)
		steps = t[3:]
	default:
		return at, nil, false
	}
	at.away = true
	for _, step := range steps {
		if expr = u.member(u.chosen(expr, at.scope), step); expr == nil {
			return at, nil, false
		}
	}
	return at, expr, u.inExpr(origin{at.site, expr}).any()
}

// member is the value of a key of an object that is written out; nil where it is not.
func (u *usages) member(expr hclsyntax.Expression, step hcl.Traverser) hclsyntax.Expression {
	object, ok := expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return nil
	}
	name := ""
	switch step := step.(type) {
	case hcl.TraverseAttr:
		name = step.Name
	case hcl.TraverseIndex:
		k, ok := keyOf(step.Key)
		if !ok || k.kind != stringKey {
			return nil
		}
		name = k.str
	}
	for i := len(object.Items) - 1; i >= 0; i-- {
		if key, ok := literal(object.Items[i].KeyExpr); !ok {
			return nil
		} else if key == name {
			return object.Items[i].ValueExpr
		}
	}
	return nil
}

// texts records the instances by whose texts a known value knows them.
func (u *usages) texts(at spot, path cty.Path, v cty.Value) {
	if len(u.subject.Texts) == 0 || !v.IsKnown() || v.IsNull() || v.Type() != cty.String {
		return
	}
	text := strings.ToLower(v.AsString())
	for _, suffix := range u.suffixes {
		for from := 0; ; {
			i := strings.Index(text[from:], suffix)
			if i < 0 {
				break
			}
			end := from + i
			start := end
			for start > 0 && isNameByte(text[start-1]) {
				start--
			}
			from = end + len(suffix)
			if of, ok := u.subject.Texts[text[start:from]]; ok && of != at.instance {
				u.add(at, path, attributeOf{of, TextAttribute}, true)
			}
		}
	}
}

func isNameByte(c byte) bool { return c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' }

// suffixesOf are the ends of texts from their first dots on.
func suffixesOf(texts map[string]string) []string {
	all := map[string]bool{}
	for text := range texts {
		if dot := strings.IndexByte(text, '.'); dot > 0 {
			all[text[dot:]] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// isTextual reports whether a literal may hold one of the texts, or the end of one.
func (u *usages) isTextual(n hclsyntax.Node) bool {
	l, ok := n.(*hclsyntax.LiteralValueExpr)
	return ok && u.holdsSuffix(l.Val)
}

// variableIsTextual reports whether a part of a root variable may hold one of the texts.
func (u *usages) variableIsTextual(name string) bool {
	return len(u.suffixes) > 0 && anyLeaf(u.e.variable(u.e.root, name), u.holdsSuffix)
}

func (u *usages) holdsSuffix(v cty.Value) bool {
	v, _ = v.Unmark()
	if !v.IsKnown() || v.IsNull() || v.Type() != cty.String {
		return false
	}
	text := strings.ToLower(v.AsString())
	return slices.ContainsFunc(u.suffixes, func(suffix string) bool { return strings.Contains(text, suffix) })
}
