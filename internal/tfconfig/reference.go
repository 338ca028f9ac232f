package tfconfig

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/zclconf/go-cty/cty"
)

// Kind is the kind of a Reference.
type Kind int

// The kinds of a Reference. The zero value is Unresolved.
const (
	Unresolved  Kind = iota // not known before apply, or not from this configuration
	Instance                // exactly one attribute of exactly one resource instance
	KnownString             // a string that is known
	KnownOther              // a known value of another type; ask Value
	Omitted                 // null, or left out
)

// Position is a place in the configuration; File is relative to the root
// module's directory. The zero value means that the place is not known.
type Position struct {
	File string
	Line int
}

// Reference is what an argument refers to.
type Reference struct {
	Kind Kind
	// Address and Attribute are set for Instance; the address of a data source has
	// "data." after its module.
	Address   string
	Attribute string
	// Value is set for KnownString; Sensitive says that it must not be printed.
	Value     string
	Sensitive bool
	// Expression is the source text and Why the reason, for Unresolved; neither
	// holds any value.
	Expression string
	Why        string
	// Repeated says that Expression is the for_each of a dynamic block around the argument.
	Repeated bool
	// Computed is set for Unresolved where nothing is missing in the configuration:
	// the value is computed from attributes that exist only after apply.
	Computed bool
	Position Position
}

// target is a resource instance with its declaration and scope.
type target struct {
	decl  *block
	scope scope
}

// find finds the declaration and the scope of an instance; the reason is not empty
// where it cannot.
func (e *Evaluator) find(instance string) (target, string) {
	a, err := parseAddress(instance)
	if err != nil {
		return target{}, err.Error()
	}
	m := e.root
	for _, step := range a.module {
		mod, ok := m.module.children[step.name]
		switch {
		case !ok:
			return target{}, fmt.Sprintf("module.%s is not in the configuration", step.name)
		case mod.missing != "":
			return target{}, fmt.Sprintf("module.%s cannot be read: %s", step.name, mod.missing)
		}
		if x := e.expansion(m, m.calls[step.name], "module."+step.name); x.known && !x.has(step.key) {
			return target{}, fmt.Sprintf("module.%s%s is not in the configuration", step.name, step.key)
		}
		m = e.child(m, step.name, step.key)
	}
	decl, ok := m.resources[a.resource]
	if !ok {
		return target{}, fmt.Sprintf("%s is not in the configuration", a.resource)
	}
	x := e.expansion(m, decl, a.resource)
	if x.known && !x.has(a.key) {
		return target{}, fmt.Sprintf("%s%s is not in the configuration", a.resource, a.key)
	}
	return target{decl: decl, scope: x.instanceScope(m, a.key)}, ""
}

// begin starts a question; every question has a cause of its own.
func (e *Evaluator) begin() { e.why = "" }

// Reference returns what an argument of a resource instance refers to. The path has
// the names of nested blocks and attributes, each with the number of a block or an
// element after it; a single block needs no number. Blocks are numbered in the order
// of the source, which may differ from the plan where the provider has a set.
func (e *Evaluator) Reference(instance string, path ...any) Reference {
	return asked(e, func(e *Evaluator) Reference {
		_, at, why := e.at(instance, path)
		if why != "" {
			return Reference{Why: why}
		}
		return e.reference(at)
	}, agreed)
}

// at finds what stands at a path in an instance; the reason is not empty where it
// cannot.
func (e *Evaluator) at(instance string, path []any) (t target, at located, why string) {
	if t, why = e.find(instance); why != "" {
		return t, at, why
	}
	if e.writeOnly(path) {
		return t, at, "write-only"
	}
	return t, e.locate(t.decl.bodies, t.scope, t.decl.rng, path), ""
}

// writeOnly reports whether a path leads into a write-only argument.
func (e *Evaluator) writeOnly(path []any) bool {
	name, ok := path0(path)
	return ok && slices.Contains(e.schema.WriteOnly, name)
}

func path0(path []any) (string, bool) {
	if len(path) == 0 {
		return "", false
	}
	s, ok := path[0].(string)
	return s, ok
}

func (e *Evaluator) reference(at located) Reference {
	pos := position(at.rng)
	switch {
	case at.absent:
		return Reference{Kind: Omitted, Position: pos}
	case at.opaque != nil:
		p := e.unclear(at.opaque, at.scope)
		return Reference{Expression: p.Expression, Why: p.Why, Position: p.Position, Repeated: true}
	case at.expr == nil:
		return Reference{Position: pos, Why: "a block, not an argument"}
	}
	v, found := e.value(at)
	ref := e.describe(v, found)
	ref.Position = pos
	if ref.Kind == Unresolved {
		ref.Expression = e.text(at.scope, at.expr.Range())
		ref.Computed = e.why == ""
		ref.Why = cmp.Or(e.why, "known only after apply")
	}
	return ref
}

func (e *Evaluator) describe(v cty.Value, found bool) Reference {
	_, marks := v.UnmarkDeep()
	_, sensitive := marks[Sensitive]
	u, _ := v.Unmark()
	if !found {
		return Reference{Kind: Omitted}
	}
	if s, ok := e.sentinels.of(u); ok {
		return Reference{Kind: Instance, Address: s.address, Attribute: s.attribute}
	}
	switch {
	case u.IsKnown() && u.IsNull():
		return Reference{Kind: Omitted}
	case !v.IsWhollyKnown():
		return Reference{}
	case u.Type() == cty.String:
		return Reference{Kind: KnownString, Value: u.AsString(), Sensitive: sensitive}
	default:
		return Reference{Kind: KnownOther, Sensitive: sensitive}
	}
}

// value evaluates a located expression; found is false where the rest of the path does
// not exist in its value.
func (e *Evaluator) value(at located) (v cty.Value, found bool) {
	expr := hcl.Expression(e.native(at.expr))
	if len(at.rest) > 0 {
		expr = unwrapped(expr)
	}
	v = e.evaluate(expr, at.scope)
	if u, marks := v.UnmarkDeep(); len(at.rest) > 0 && u.Type() == cty.String && u.IsKnown() && !u.IsNull() {
		if checkJSON([]byte(u.AsString())) != nil {
			return cty.DynamicVal, true
		}
		ty, err := ctyjson.ImpliedType([]byte(u.AsString()))
		if err != nil {
			return cty.DynamicVal, true
		}
		if v, err = ctyjson.Unmarshal([]byte(u.AsString()), ty); err != nil {
			return cty.DynamicVal, true
		}
		v = v.WithMarks(marks)
	}
	return walk(v, at.rest)
}

// walk follows names and numbers into a value.
func walk(v cty.Value, path []any) (cty.Value, bool) {
	for i, step := range path {
		u, marks := v.Unmark()
		if u.IsNull() {
			return v, true // null has no parts
		}
		ty := u.Type()
		if !u.IsKnown() {
			return cty.DynamicVal, true
		}
		switch step := step.(type) {
		case string:
			switch {
			case ty.IsObjectType() && ty.HasAttribute(step):
				v = u.GetAttr(step)
			case ty.IsMapType() && u.HasIndex(cty.StringVal(step)).True():
				v = u.Index(cty.StringVal(step))
			case isPartial(u):
				return cty.DynamicVal, true
			case ty.IsObjectType() || ty.IsMapType():
				return cty.NilVal, false
			default:
				return cty.DynamicVal, true
			}
		case int:
			elems, ok := elements(u)
			switch {
			case !ok && i == 0 && ty.IsObjectType() && !isPartial(u):
				continue // a single JSON block stands for a list of one
			case !ok:
				return cty.DynamicVal, true
			case step < 0 || step >= len(elems):
				return cty.NilVal, false
			}
			v = elems[step]
		default:
			return cty.DynamicVal, true
		}
		v = v.WithMarks(marks)
	}
	return v, true
}

// Value returns an argument that is known as a whole, without marks, and
// whether it is sensitive.
func (e *Evaluator) Value(instance string, path ...any) (v cty.Value, sensitive, ok bool) {
	v, sensitive, ok = e.wholeValue(instance, path)
	if e.other != nil && ok {
		other, alsoSensitive, also := e.other.wholeValue(instance, path)
		sensitive, ok = sensitive || alsoSensitive, also && v.RawEquals(other)
	}
	return v, sensitive, ok
}

// Length returns how many elements an argument that is a list, or a part of one, has; ok is
// false where that is not known. The elements need not be known.
func (e *Evaluator) Length(instance string, path ...any) (n int, ok bool) {
	n = asked(e, func(e *Evaluator) int { return e.length(instance, path) }, func(a, b int) int {
		if a != b {
			return -1
		}
		return a
	})
	return max(n, 0), n >= 0
}

// length is the length of a list; -1 where it is not known.
func (e *Evaluator) length(instance string, path []any) int {
	_, at, why := e.at(instance, path)
	if at.absent && why == "" {
		return 0
	}
	if why != "" || at.expr == nil {
		return -1
	}
	v, found := e.value(at)
	u, _ := v.Unmark()
	switch {
	case !found, u.IsKnown() && u.IsNull():
		return 0
	case !u.IsKnown() || !u.Type().IsTupleType() && !u.Type().IsListType():
		return -1
	default:
		return u.LengthInt()
	}
}

func (e *Evaluator) wholeValue(instance string, path []any) (v cty.Value, sensitive, ok bool) {
	e.begin()
	_, at, why := e.at(instance, path)
	if why != "" || at.expr == nil {
		return cty.NilVal, false, false
	}
	v, found := e.value(at)
	if !found || !v.IsWhollyKnown() {
		return cty.NilVal, false, false
	}
	v, marks := v.UnmarkDeep()
	_, sensitive = marks[Sensitive]
	return v, sensitive, true
}

// Presence is the number of nested blocks of one type, where it is known.
type Presence struct {
	Known bool
	Count int // meaningful when Known; 0 means omitted
	// Expression, Why and Position are set when it is not known.
	Expression string
	Why        string
	Position   Position
}

// Block returns the number of nested blocks in a resource instance; the path ends with
// the type of the block. An argument of that name counts as blocks too: none for
// null, the length of a list, one for an object.
func (e *Evaluator) Block(instance string, path ...any) Presence {
	return asked(e, func(e *Evaluator) Presence { return e.presence(instance, path) }, func(a, b Presence) Presence {
		if a.Known != b.Known || a.Count != b.Count {
			return Presence{Why: disagreement, Position: a.Position}
		}
		return a
	})
}

func (e *Evaluator) presence(instance string, path []any) Presence {
	t, why := e.find(instance)
	if why != "" {
		return Presence{Why: why}
	}
	name, ok := "", false
	if len(path) > 0 {
		name, ok = path[len(path)-1].(string)
	}
	if !ok || e.writeOnly(path) {
		return Presence{Why: "no block of this name"}
	}
	at := e.locate(t.decl.bodies, t.scope, t.decl.rng, path[:len(path)-1])
	switch {
	case at.absent:
		return Presence{Known: true, Position: position(at.rng)}
	case at.opaque != nil:
		return e.unclear(at.opaque, at.scope)
	case at.block == nil:
		return Presence{Why: "an argument, not a block", Position: position(at.rng)}
	}
	if a := at.block.bodies.attribute(name); a != nil && !mayBeBlock(a.Expr) {
		return e.count(a, at.block.scope)
	}
	items, opaque := e.expandBlocks(at.block.bodies, name, at.block.scope)
	if opaque != nil {
		return e.unclear(opaque, at.block.scope)
	}
	out := Presence{Known: true, Count: len(items), Position: position(at.rng)}
	if len(items) > 0 {
		out.Position = position(items[0].rng)
	}
	return out
}

func (e *Evaluator) count(a *hcl.Attribute, s scope) Presence {
	out := Presence{Position: position(a.Range)}
	v, _ := e.evaluate(a.Expr, s).Unmark()
	switch {
	case v.IsKnown() && v.IsNull():
		out.Known = true
	case !v.IsKnown() || !ordered(v):
		out.Expression, out.Why = e.text(s, a.Expr.Range()), cmp.Or(e.why, "known only after apply")
	case v.Type().IsObjectType():
		out.Known, out.Count = true, 1
	case v.CanIterateElements():
		out.Known, out.Count = true, v.LengthInt()
	default:
		out.Why = "an argument, not a block"
	}
	return out
}

func (e *Evaluator) unclear(b *opaqueBlock, s scope) Presence {
	out := Presence{Position: position(b.rng), Why: cmp.Or(e.why, "the number of dynamic blocks is not known")}
	if b.expr != nil {
		out.Expression = e.text(s, b.expr.Range())
	}
	return out
}

func position(rng hcl.Range) Position {
	return Position{File: rng.Filename, Line: rng.Start.Line}
}

const maxText = 200

// text is the source of an expression on one line.
func (e *Evaluator) text(s scope, rng hcl.Range) string {
	src := s.module.files[rng.Filename]
	if !rng.CanSliceBytes(src) {
		return ""
	}
	text := strings.Join(strings.Fields(string(rng.SliceBytes(src))), " ")
	if r := []rune(text); len(r) > maxText {
		text = string(r[:maxText]) + "…"
	}
	return text
}
