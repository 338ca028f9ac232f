package tfconfig

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

type valueMark string

// Sensitive marks values that may be judged but never printed. Values that
// [Known] returns may carry it.
const Sensitive = valueMark("sensitive")

// Known is what the plan knows already. Every method may answer "not known".
type Known interface {
	// Variable returns the value of a root module variable; an unknown value for
	// one that the plan hides. The default counts where it returns false.
	Variable(name string) (cty.Value, bool)
	// Instances lists the keys of the instances that exist after apply of a
	// resource, data source or module, named by its address without the last
	// key (module.a["x"].example_thing.this, module.a). complete says
	// that no others will exist.
	Instances(address string) (keys []Key, complete bool)
	// Attribute returns the planned value of an attribute of a resource instance,
	// or the value that was read of a data source. It must be complete: a part
	// that is left out counts as absent. A value that is not wholly known is
	// ignored.
	Attribute(instance, name string) (cty.Value, bool)
}

// Schema is what a caller knows of the resource types of providers. This package
// knows none of them, and their own schemas are not at hand.
type Schema struct {
	// Computed are attributes, of whatever type of resource, that no argument
	// sets and that hold a text once the resource exists. Every resource has an
	// id, which need not be listed.
	Computed []string
	// WriteOnly are arguments whose value is neither in a plan nor in state.
	WriteOnly []string
	// Rewritten are arguments that providers may store in another form than the
	// configuration gives them.
	Rewritten []string
	// Borrowing are the types of resources whose id is that of another resource,
	// which their arguments name.
	Borrowing []string
	// Identified are blocks of which a resource has one, with an id and Computed
	// attributes of its own.
	Identified []string
	// IDPrefix is the beginning of every id, in lower case.
	IDPrefix string
	// IDs are templates of the ids of types of resources, with an argument in braces for
	// each part that is not the same for all; {subscription_id} is that of the provider.
	IDs map[string]string
	// Followed are attributes of resources of FollowedTypes that [Evaluator.Usages] is
	// asked for beside Computed ones.
	Followed, FollowedTypes []string
}

// follows reports whether an attribute of a type of resource is one of Followed.
func (s *Schema) follows(typ, attribute string) bool {
	return slices.Contains(s.Followed, attribute) && slices.Contains(s.FollowedTypes, typ)
}

type nothingKnown struct{}

func (nothingKnown) Variable(string) (cty.Value, bool)          { return cty.NilVal, false }
func (nothingKnown) Instances(string) ([]Key, bool)             { return nil, false }
func (nothingKnown) Attribute(string, string) (cty.Value, bool) { return cty.NilVal, false }

// Limits of one evaluator, so that every configuration is evaluated in bounded time
// and memory. maxDepth is the length of a chain of references, maxWork the number
// of elements that loops and function calls visit, maxStored the size of all
// remembered values.
const (
	maxDepth  = 200
	maxWork   = 2 << 20
	maxStored = 64 << 20
)

// Evaluator answers questions about one configuration under one plan. It
// remembers what it evaluated and is not safe for concurrent use.
type Evaluator struct {
	other     *Evaluator // reads it as the other program; the answers of both must agree
	cfg       *Configuration
	known     Known
	schema    Schema
	sentinels sentinels
	functions map[string]function.Function
	root      *moduleInstance
	needs     map[hclsyntax.Expression][]need
	natives   map[hcl.Range]hclsyntax.Expression
	composed  map[expressionKey]bool
	depth     int
	// spell spells the templates of ids, where those of resources that do not exist yet
	// are foreseen; spelled are evaluators that do so. See IDText.
	spell   func(template string) string
	spelled []*Evaluator
	files   dataFiles
	// inTemplate is set while a template of templatefile or templatestring is evaluated.
	inTemplate bool
	work       int
	doubts     int // calls that Terraform may refuse or not; see tryFunc
	stored     int
	names      []string // cfg.names, sorted
	why        string   // the first cause why the current question is unresolved
}

// moduleInstance is one instance of a module, in which expressions are evaluated.
type moduleInstance struct {
	*module
	parent     *moduleInstance
	key        Key
	address    string // "" for the root, else "module.a[0].module.b"
	children   map[moduleStep]*moduleInstance
	expansions map[string]expansion
	memo       map[memoKey]memoized
}

// scope is where an expression stands: a module instance, with count, each and
// the iterators of dynamic blocks.
type scope struct {
	module *moduleInstance
	vars   map[string]cty.Value
}

// NewEvaluator returns an evaluator; known may be nil.
func (c *Configuration) NewEvaluator(known Known, schema Schema) *Evaluator {
	if known == nil {
		known = nothingKnown{}
	}
	e := &Evaluator{
		cfg:     c,
		names:   slices.Sorted(maps.Keys(c.names)),
		known:   known,
		schema:  schema,
		root:    newModuleInstance(nil, c.root, Key{}),
		needs:   map[hclsyntax.Expression][]need{},
		natives: map[hcl.Range]hclsyntax.Expression{},
		files:   dataFiles{dir: c.dir, read: map[string][]byte{}, templates: map[string]hclsyntax.Expression{}},

		composed: map[expressionKey]bool{},
	}
	e.functions = functionTable(e.spend, func(v cty.Value) bool {
		s, ok := e.sentinels.of(v)
		return ok && s.attribute == "id"
	}, &e.doubts)
	e.fileFunctions()
	e.functions[fnAppend] = e.sentinels.appendFunc()
	e.templateFunctions()
	if c.other != nil {
		e.other = c.other.NewEvaluator(known, schema)
	}
	return e
}

func (e *Evaluator) spend(n int) bool {
	// n is limited by the sizes of files and values, so the sum cannot overflow.
	e.work = min(e.work+n+1, maxWork)
	return e.work < maxWork
}

// because records the cause why a value is not known, unless there is one already,
// and returns an unknown value.
func (e *Evaluator) because(format string, args ...any) cty.Value {
	if e.why == "" {
		e.why = fmt.Sprintf(format, args...)
	}
	return cty.DynamicVal
}

// evaluate returns the value of an expression; it is unknown where it fails.
func (e *Evaluator) evaluate(expr hcl.Expression, s scope) (v cty.Value) {
	// The libraries panic on inputs that Terraform's validation would have refused.
	// A panic must make this value unknown, and not end the program.
	defer func() {
		if r := recover(); r != nil {
			v = e.because("the expression cannot be evaluated")
		}
	}()
	if e.work >= maxWork || e.stored >= maxStored {
		return e.because("the configuration takes too long to evaluate")
	}
	n := e.native(expr)
	var diags hcl.Diagnostics
	if x, ok := n.(*hclsyntax.ScopeTraversalExpr); ok {
		v, diags = e.traversal(x, s)
	} else {
		v, diags = n.Value(e.context(n, s))
	}
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			return e.because("the expression fails: %s", strings.ToLower(d.Summary))
		}
	}
	return v
}

// native returns an expression in native syntax; it remembers converted JSON by its
// range.
func (e *Evaluator) native(expr hcl.Expression) hclsyntax.Expression {
	if n, ok := expr.(hclsyntax.Expression); ok {
		return n
	}
	n, ok := e.natives[expr.Range()]
	if !ok {
		n = native(expr)
		e.natives[expr.Range()] = n
	}
	return n
}

// traversal is the value of an expression that is one reference, as most are: what [context]
// would hold is taken as it is.
func (e *Evaluator) traversal(x *hclsyntax.ScopeTraversalExpr, s scope) (cty.Value, hcl.Diagnostics) {
	n, steps := needOf(x.Traversal), 2
	switch v, ok := s.vars[n.root]; {
	case ok:
		return x.Traversal[1:].TraverseRel(v)
	case n.name == "":
		return x.Value(e.context(x, s))
	case n.root == "data":
		steps = 3
	}
	return x.Traversal[steps:].TraverseRel(e.named(s.module, n))
}

// named is the value of a reference in a module.
func (e *Evaluator) named(m *moduleInstance, n need) cty.Value {
	switch n.root {
	case "var":
		return e.variable(m, n.name)
	case "local":
		return e.local(m, n.name)
	case "module":
		return e.moduleValue(m, n.name, n.attr)
	default:
		return e.resource(m, n.resource(), n.attr)
	}
}

// context holds the values that an expression mentions.
func (e *Evaluator) context(expr hclsyntax.Expression, s scope) *hcl.EvalContext {
	needs := e.needsOf(expr)
	if len(needs) == 0 {
		return &hcl.EvalContext{Functions: e.functions}
	}
	vars := map[string]cty.Value{}
	groups := map[string]map[string]cty.Value{}
	group := func(root, name string, v cty.Value) {
		if groups[root] == nil {
			groups[root] = map[string]cty.Value{}
		}
		groups[root][name] = v
	}
	data := map[string]map[string]cty.Value{}
	for _, n := range needs {
		if v, ok := s.vars[n.root]; ok {
			vars[n.root] = v
			continue
		}
		switch {
		case n.root == "path" && e.cfg.dir != "":
			vars[n.root] = cty.ObjectVal(map[string]cty.Value{"module": cty.StringVal(s.module.dir), "root": cty.StringVal("."),
				"cwd": cty.UnknownVal(cty.String)})
		case n.root == "terraform" && n.attr == "workspace" && e.cfg.workspace != "":
			vars[n.root] = cty.ObjectVal(map[string]cty.Value{"workspace": cty.StringVal(e.cfg.workspace)})
		case n.name == "":
			vars[n.root] = e.because("%s is not evaluated", n.root)
		case n.root == "data":
			if data[n.typ] == nil {
				data[n.typ] = map[string]cty.Value{}
			}
			data[n.typ][n.name] = e.named(s.module, n)
		default:
			group(n.root, n.name, e.named(s.module, n))
		}
	}
	for typ, values := range data {
		group("data", typ, cty.ObjectVal(values))
	}
	for root, values := range groups {
		if _, whole := vars[root]; !whole {
			vars[root] = cty.ObjectVal(values)
		}
	}
	return &hcl.EvalContext{Variables: vars, Functions: e.functions}
}

func (e *Evaluator) local(m *moduleInstance, name string) cty.Value {
	expr, ok := m.locals[name]
	if !ok {
		return e.because("local.%s is not declared", name)
	}
	return e.once(m, memoKey{"local", "local." + name}, func() cty.Value {
		return e.evaluate(expr, scope{module: m})
	})
}

func (e *Evaluator) variable(m *moduleInstance, name string) cty.Value {
	decl, ok := m.variables[name]
	if !ok {
		return e.because("var.%s is not declared", name)
	}
	return e.once(m, memoKey{"var", "var." + name}, func() cty.Value {
		if e.cfg.open && m.parent == nil {
			return e.because("var.%s may have any value", name)
		}
		v, given := e.argument(m, name)
		if given && !v.IsKnown() && v.Type() == cty.DynamicPseudoType {
			return v
		}
		if !given && decl.bodies.attribute("ephemeral") != nil {
			return e.because("var.%s is ephemeral", name)
		}
		if !given || v.IsNull() && !e.flag(decl, "nullable", true, m) {
			def := decl.bodies.attribute("default")
			if def == nil {
				return e.because("var.%s has no value here", name)
			}
			v = e.defaultValue(def.Expr, m)
		}
		v = e.convert(v, decl, name)
		if e.flag(decl, "sensitive", false, m) {
			v = v.Mark(Sensitive)
		}
		if e.flag(decl, "ephemeral", false, m) {
			v = v.Mark(ephemeral)
		}
		return v
	})
}

// defaultValue is the default of a variable. A text in JSON is no template there.
func (e *Evaluator) defaultValue(expr hcl.Expression, m *moduleInstance) cty.Value {
	if _, native := expr.(hclsyntax.Expression); native {
		return e.evaluate(expr, scope{module: m})
	}
	v, diags := expr.Value(nil)
	if diags.HasErrors() {
		return e.because("the default cannot be read")
	}
	return v
}

// argument is the value that a module call, or the plan, passes to a variable.
func (e *Evaluator) argument(m *moduleInstance, name string) (cty.Value, bool) {
	if m.parent == nil {
		return e.known.Variable(name)
	}
	a := m.call().bodies.attribute(name)
	if a == nil {
		return cty.NilVal, false
	}
	return e.evaluate(a.Expr, e.callScope(m)), true
}

// flag is the value of a boolean argument; a value that is not known counts as true.
func (e *Evaluator) flag(decl *block, name string, omitted bool, m *moduleInstance) bool {
	a := decl.bodies.attribute(name)
	if a == nil {
		return omitted
	}
	on, ok := knownBool(e.evaluate(a.Expr, scope{module: m}))
	return !ok || on
}

func knownBool(v cty.Value) (value, ok bool) {
	v, _ = v.Unmark()
	if v.IsNull() || !v.IsKnown() || v.Type() != cty.Bool {
		return false, false
	}
	return v.True(), true
}

func (e *Evaluator) convert(v cty.Value, decl *block, name string) cty.Value {
	a := decl.bodies.attribute("type")
	if a == nil {
		return v
	}
	t, ok := readType(a.Expr)
	if !ok {
		return e.because("the type of var.%s cannot be read", name)
	}
	out, err := t.convert(v)
	if err != nil {
		return e.because("the value of var.%s has another type", name)
	}
	return out
}

// convertTo converts as cty does, but an object to a map one element at a time:
// cty first unifies the types of all elements, in quadratic time.
func convertTo(v cty.Value, ty cty.Type) (cty.Value, error) {
	if !ty.IsMapType() || ty.HasDynamicTypes() || !v.Type().IsObjectType() || isPartial(v) || v.IsMarked() || v.IsNull() || !v.IsKnown() ||
		v.LengthInt() == 0 {
		return convert.Convert(v, ty)
	}
	out := make(map[string]cty.Value, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		key, elem := it.Element()
		elem, err := convertTo(elem, ty.ElementType())
		if err != nil {
			return cty.NilVal, err
		}
		out[key.AsString()] = elem
	}
	return cty.MapVal(out), nil
}
