package tfconfig

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// expansion is the instances that count or for_each make of a resource or module
// call.
type expansion struct {
	known bool // keys are complete; the kind may be known without them
	kind  keyKind
	keys  []Key // sorted; for noKey one empty key
	// values holds each.value per key, where it is known.
	values map[Key]cty.Value
	set    bool // each.value is each.key
}

// expand finds the instances of a declaration. They are unknown where configuration
// and plan do not agree, because one of them was misread.
func (e *Evaluator) expand(bs bodies, s scope, addr string) expansion {
	out := e.expandConfig(bs, s)
	planned, complete := e.known.Instances(addr)
	planned = slices.SortedFunc(slices.Values(planned), Key.compare)
	if !out.known {
		if !complete || len(planned) == 0 {
			return out
		}
		return fromPlan(out, planned)
	}
	for _, k := range planned {
		if !out.has(k) {
			e.because("instances of %s in plan and configuration differ", addr)
			return expansion{}
		}
	}
	if complete && len(planned) != len(out.keys) {
		e.because("instances of %s in plan and configuration differ", addr)
		return expansion{}
	}
	return out
}

func fromPlan(out expansion, planned []Key) expansion {
	kind := planned[0].kind
	for i, k := range planned {
		if k.kind != kind || kind == noKey || kind == intKey && k.num != i || out.kind != noKey && kind != out.kind {
			return expansion{}
		}
	}
	return expansion{known: true, kind: kind, keys: planned, values: out.values, set: out.set}
}

// expandConfig finds the instances by count and for_each alone. A result that is
// unknown may still have the kind of the keys.
func (e *Evaluator) expandConfig(bs bodies, s scope) expansion {
	if a := bs.attribute("count"); a != nil {
		v, _ := e.evaluate(a.Expr, s).UnmarkDeep()
		k, ok := countOf(v)
		if !ok {
			return expansion{kind: intKey}
		}
		out := expansion{known: true, kind: intKey}
		for i := range k {
			out.keys = append(out.keys, IntKey(i))
		}
		return out
	}
	if a := bs.attribute("for_each"); a != nil {
		return forEach(e.evaluate(a.Expr, s))
	}
	out := expansion{known: true, kind: noKey, keys: single}
	// OpenTofu has an argument that makes one instance or none.
	for _, a := range bs.lifecycle("enabled") {
		v, _ := e.evaluate(a.Expr, s).UnmarkDeep()
		switch on, ok := knownBool(v); {
		case !ok:
			return expansion{}
		case !on:
			out.keys = nil
		}
	}
	return out
}

// single are the keys of a declaration that makes one instance, without a key.
var single = []Key{{}}

// lifecycle lists the arguments of one name in the lifecycle blocks of a declaration.
func (bs bodies) lifecycle(name string) (out []*hcl.Attribute) {
	for _, body := range bs {
		for _, l := range blocks(body, "lifecycle") {
			if a := attribute(l.Body, name); a != nil {
				out = append(out, a)
			}
		}
	}
	return out
}

// countOf converts a value of count to a whole number, as Terraform does.
func countOf(v cty.Value) (int, bool) {
	n, err := conversion(cty.Number).Call([]cty.Value{v})
	if err != nil {
		return 0, false
	}
	k, ok := keyOf(n)
	return k.num, ok && k.kind == intKey && k.num <= maxLeaves
}

func forEach(v cty.Value) expansion {
	isSet := v.Type().IsSetType()
	if isSet {
		v, _ = v.UnmarkDeep()
	} else {
		v, _ = v.Unmark() // the values keep their own marks
	}
	out := expansion{kind: stringKey, set: isSet}
	if v.IsNull() || !v.IsKnown() || isPartial(v) || isSet && !v.IsWhollyKnown() {
		return out
	}
	if ty := v.Type(); !ty.IsMapType() && !ty.IsObjectType() && !isSet {
		return expansion{}
	}
	out.known, out.values = true, map[Key]cty.Value{}
	for it := v.ElementIterator(); it.Next(); {
		k, elem := it.Element() // in a set, both are the element
		if k.IsNull() || k.Type() != cty.String {
			return expansion{}
		}
		key := StringKey(k.AsString())
		out.keys = append(out.keys, key)
		out.values[key] = elem
	}
	return out
}

// instanceScope is the scope of an instance's own arguments.
func (x expansion) instanceScope(m *moduleInstance, key Key) scope {
	s := scope{module: m}
	switch key.kind {
	case intKey:
		s.vars = map[string]cty.Value{"count": cty.ObjectVal(map[string]cty.Value{"index": cty.NumberIntVal(int64(key.num))})}
	case stringKey:
		value := cty.DynamicVal
		if v, ok := x.values[key]; ok {
			value = v
		} else if x.set {
			value = cty.StringVal(key.str)
		}
		s.vars = map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{"key": cty.StringVal(key.str), "value": value})}
	}
	return s
}

func (x expansion) has(key Key) bool {
	_, ok := slices.BinarySearchFunc(x.keys, key, Key.compare)
	return ok
}

// gather is the value of a resource or module call in expressions: one object, or one
// for each key.
func (x expansion) gather(instance func(Key) cty.Value) cty.Value {
	switch x.kind {
	case intKey:
		out := make([]cty.Value, len(x.keys))
		for i, k := range x.keys {
			out[i] = instance(k)
		}
		return cty.TupleVal(out)
	case stringKey:
		out := make(map[string]cty.Value, len(x.keys))
		for _, k := range x.keys {
			out[k.str] = instance(k)
		}
		return cty.ObjectVal(out)
	default:
		if len(x.keys) == 0 {
			return cty.NullVal(cty.DynamicPseudoType)
		}
		return instance(Key{})
	}
}

// expansion finds the instances of a resource or module call, once. The name is that
// of a resource in moduleSource.resources, or module.name.
func (e *Evaluator) expansion(m *moduleInstance, decl *block, name string) expansion {
	addr := join(m.address, name)
	e.once(m, memoKey{"instances", addr}, func() cty.Value {
		m.expansions[addr] = e.expand(decl.bodies, scope{module: m}, addr)
		return cty.True
	})
	return m.expansions[addr] // not known in a cycle, or too deep
}

func join(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + "." + name
}

// callScope is where the arguments of the call that made m are evaluated.
func (e *Evaluator) callScope(m *moduleInstance) scope {
	return e.expansion(m.parent, m.call(), "module."+m.name()).instanceScope(m.parent, m.key)
}

// child returns the instance of a module call; nil where the source of the module is
// missing.
func (e *Evaluator) child(m *moduleInstance, name string, key Key) *moduleInstance {
	step := moduleStep{name, key}
	if c, ok := m.children[step]; ok {
		return c
	}
	mod, ok := m.module.children[name]
	if !ok || mod.missing != "" {
		return nil
	}
	c := newModuleInstance(m, mod, key)
	m.children[step] = c
	return c
}

func newModuleInstance(parent *moduleInstance, m *module, key Key) *moduleInstance {
	out := &moduleInstance{
		module: m, parent: parent, key: key,
		children: map[moduleStep]*moduleInstance{}, expansions: map[string]expansion{}, memo: map[memoKey]memoized{},
	}
	if parent != nil {
		out.address = join(parent.address, "module."+m.name()+key.String())
	}
	return out
}

// moduleValue is the value of module.name in expressions, with one output or, where
// that is empty, with all.
func (e *Evaluator) moduleValue(m *moduleInstance, name, output string) cty.Value {
	call, ok := m.calls[name]
	if !ok {
		return e.because("module.%s is not declared", name)
	}
	if missing := m.module.children[name].missing; missing != "" {
		return e.because("module.%s cannot be read: %s", name, missing)
	}
	addr := join(m.address, "module."+name)
	return e.once(m, memoKey{"module", addr + "#" + output}, func() cty.Value {
		x := e.expansion(m, call, "module."+name)
		if !x.known {
			return e.because("the instances of %s are not known", addr)
		}
		return x.gather(func(k Key) cty.Value { return e.outputs(e.child(m, name, k), output) })
	})
}

func (e *Evaluator) outputs(m *moduleInstance, only string) cty.Value {
	out := map[string]cty.Value{}
	for name, decl := range m.outputs {
		if only != "" && only != name {
			continue
		}
		out[name] = e.once(m, memoKey{"output", "output." + name}, func() cty.Value {
			a := decl.bodies.attribute("value")
			if a == nil {
				return e.because("output.%s has no value", name)
			}
			v := e.evaluate(a.Expr, scope{module: m})
			if a := decl.bodies.attribute("sensitive"); a != nil {
				v = v.Mark(Sensitive)
			}
			if a := decl.bodies.attribute("ephemeral"); a != nil {
				v = v.Mark(ephemeral)
			}
			return v
		})
	}
	return cty.ObjectVal(out)
}

// resource is the value of a resource or data source in expressions, with one
// attribute or, where that is empty, with all.
func (e *Evaluator) resource(m *moduleInstance, name, attr string) cty.Value {
	r, ok := m.resources[name]
	addr := join(m.address, name)
	if !ok {
		return e.because("%s is not declared", addr)
	}
	return e.once(m, memoKey{"resource", addr + "#" + attr}, func() cty.Value {
		x := e.expansion(m, r, name)
		if !x.known {
			return e.because("the instances of %s are not known", addr)
		}
		return x.gather(func(k Key) cty.Value { return e.instanceObject(m, r, addr, k, x, attr) })
	})
}

// instanceObject is the value of one instance. It has the attributes that any
// expression of the configuration mentions, since the schema of the provider is not
// at hand. An attribute that is not known is unknown, not absent: an absent one would
// be an error, and change the result of try.
func (e *Evaluator) instanceObject(m *moduleInstance, r *block, addr string, k Key, x expansion, only string) cty.Value {
	s := x.instanceScope(m, k)
	out := map[string]cty.Value{partialAttr: cty.DynamicVal.Mark(attributeOf{instance: addr + k.String()})}
	if only != "" {
		out[only] = e.attribute(r, addr+k.String(), s, only)
		return cty.ObjectVal(out)
	}
	out["id"] = e.attribute(r, addr+k.String(), s, "id")
	// The expression may not use these: they are no cause why it is unknown.
	outer := e.why
	for _, name := range e.names {
		out[name] = e.attribute(r, addr+k.String(), s, name)
	}
	e.why = outer
	return cty.ObjectVal(out)
}

// computed reports whether an attribute identifies its instance.
func (s Schema) computed(name string) bool { return name == "id" || slices.Contains(s.Computed, name) }

// attribute is the value of one attribute of an instance in expressions.
func (e *Evaluator) attribute(r *block, instance string, s scope, name string) cty.Value {
	v := e.unfollowed(r, instance, s, name)
	if e.schema.follows(r.typ, name) {
		v = v.Mark(attributeOf{instance, name}) // see Usages
	}
	return v
}

// unfollowed is the value of an attribute without the mark of those that are followed.
func (e *Evaluator) unfollowed(r *block, instance string, s scope, name string) cty.Value {
	if slices.Contains(e.schema.WriteOnly, name) {
		return e.because("%s is write-only", name)
	}
	if v, ok := e.known.Attribute(instance, name); ok && v.IsWhollyKnown() {
		return v
	}
	return e.once(s.module, memoKey{"attribute", instance + "." + name}, func() cty.Value {
		source := name
		if r.typ == "terraform_data" && name == "output" {
			source = "input" // documented to be equal after apply
		}
		if a := r.bodies.attribute(source); a != nil {
			_, isNative := a.Expr.(hclsyntax.Expression)
			keepsOld := len(r.bodies.lifecycle("ignore_changes")) > 0
			if !slices.Contains(e.schema.Rewritten, name) && !keepsOld && (isNative || r.typ == "terraform_data" || !mayBeBlock(a.Expr)) {
				// Where it is null, the provider chooses the value.
				if v := e.evaluate(a.Expr, s); !v.IsNull() {
					return v
				}
			}
			return e.because("%s.%s is known only after apply", instance, name)
		}
		if list := r.bodies.blocks(name); slices.Contains(e.schema.Identified, name) && len(list) == 1 && list[0].Type == name {
			return e.identified(instance, name)
		}
		if name == "id" {
			if id, ok := e.foreseen(r, instance, s); ok {
				return id
			}
		}
		if e.schema.computed(name) && len(r.bodies.blocks(name)) == 0 {
			v := e.sentinels.value(instance, name)
			if name != "id" {
				v = v.Mark(attributeOf{instance, name}) // see Usages
			}
			return v
		}
		return e.because("%s.%s is known only after apply", instance, name)
	})
}

// identified is the value of a block that has an id and computed attributes of its own.
func (e *Evaluator) identified(instance, name string) cty.Value {
	out := map[string]cty.Value{
		partialAttr: cty.DynamicVal.Mark(attributeOf{instance: instance}),
		"id":        e.sentinels.value(instance, name+"[0].id"),
	}
	for _, computed := range e.schema.Computed {
		out[computed] = e.sentinels.value(instance, computed).Mark(attributeOf{instance, computed})
	}
	return cty.TupleVal([]cty.Value{cty.ObjectVal(out)})
}
