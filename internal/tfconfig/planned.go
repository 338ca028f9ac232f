package tfconfig

import (
	"iter"
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
)

// planned is an argument of a resource instance as Terraform has it while it plans to
// create everything: what is known only after apply is unknown. It keeps the mark
// [Sensitive]. found is false where the argument is left out; a value of null is left out
// too.
func (e *Evaluator) planned(t target, path []any) (v cty.Value, found bool) {
	e.begin()
	at := e.locate(t.decl.bodies, t.scope, t.decl.rng, path)
	switch {
	case at.absent:
		return cty.NilVal, false
	case at.expr == nil:
		return cty.DynamicVal, true
	}
	v, found = e.value(at)
	if u, _ := v.Unmark(); !found || u.IsKnown() && u.IsNull() {
		return cty.NilVal, false
	}
	return blind(v), true
}

// plannedResource is a resource instance that a configuration makes.
type plannedResource struct {
	address string
	module  string // address of the module instance; empty for the root
	decl    *block
	target  target
	// open says that count or for_each of the resource, or of a module around it, is not
	// known; the address then has no key there.
	open bool
}

// instances yields the managed resource instances of a configuration, in the order of
// their modules and names. After those of a module instance that is forgotten, so that
// memory does not grow with the number of modules.
func (e *Evaluator) instances() iter.Seq[plannedResource] {
	return func(yield func(plannedResource) bool) { e.instancesIn(e.root, false, yield) }
}

// instancesIn yields those in a module; open says that it is not known whether it is there.
func (e *Evaluator) instancesIn(m *moduleInstance, open bool, yield func(plannedResource) bool) bool {
	keysOf := func(decl *block, name string) (x expansion, keys []Key) {
		e.begin()
		if x = e.expansion(m, decl, name); x.known {
			return x, x.keys
		}
		return x, []Key{{}}
	}
	for _, name := range slices.Sorted(maps.Keys(m.resources)) {
		decl := m.resources[name]
		if name != decl.typ+"."+decl.label { // data sources and actions
			continue
		}
		x, keys := keysOf(decl, name)
		for _, k := range keys {
			r := plannedResource{
				address: join(m.address, name) + k.String(), module: m.address, decl: decl,
				target: target{decl: decl, scope: x.instanceScope(m, k)}, open: open || !x.known,
			}
			if !yield(r) {
				return false
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.calls)) {
		x, keys := keysOf(m.calls[name], "module."+name)
		for _, k := range keys {
			if child := e.child(m, name, k); child != nil && !e.instancesIn(child, open || !x.known, yield) {
				return false
			}
		}
	}
	e.forget(m)
	return true
}

// object is a block as a plan has it: its values, and what of them is not known or
// sensitive.
type object struct {
	after     map[string]any
	unknown   map[string]any
	sensitive map[string]any
}

// object evaluates the arguments and blocks that a schema names.
func (e *Evaluator) object(t target, schema *providerschema.Block, path []any) object {
	out := object{map[string]any{}, map[string]any{}, map[string]any{}}
	for _, a := range schema.Attributes {
		e.attributeOf(t, a, append(path[:len(path):len(path)], a.Name), out)
	}
	for _, n := range schema.Blocks {
		p := append(path[:len(path):len(path)], n.Name)
		count, known := e.countBlocks(t, p)
		switch {
		case !known, count == 0 && n.Computed, n.Max > 0 && int64(count) > n.Max: // too many are refused
			out.unknown[n.Name] = true
			continue
		}
		after, unknown, sensitive := []any{}, []any{}, []any{}
		for i := range count {
			one := e.object(t, &n.Block, append(p[:len(p):len(p)], i))
			after, unknown, sensitive = append(after, one.after), append(unknown, one.unknown), append(sensitive, one.sensitive)
		}
		out.after[n.Name], out.unknown[n.Name], out.sensitive[n.Name] = after, unknown, sensitive
	}
	return out
}

// countBlocks is the number of nested blocks at a path, or of elements of an argument of
// that name.
func (e *Evaluator) countBlocks(t target, path []any) (n int, known bool) {
	e.begin()
	name, _ := path[len(path)-1].(string)
	at := e.locate(t.decl.bodies, t.scope, t.decl.rng, path[:len(path)-1])
	switch {
	case at.absent:
		return 0, true
	case at.block == nil:
		return 0, false
	}
	if a := at.block.bodies.attribute(name); a != nil && !mayBeBlock(a.Expr) {
		p := e.count(a, at.block.scope)
		return p.Count, p.Known
	}
	items, opaque := e.expandBlocks(at.block.bodies, name, at.block.scope)
	return len(items), opaque == nil
}

// attributeOf adds an argument to an object.
func (e *Evaluator) attributeOf(t target, a *providerschema.Attribute, path []any, out object) {
	if a.Is("S") {
		out.sensitive[a.Name] = true
	}
	if a.Is("W") {
		out.after[a.Name] = nil
		return
	}
	v, found := cty.NilVal, false
	if a.Is("R") || a.Is("O") {
		if v, found = e.planned(t, path); !found {
			v, found = e.asBlocks(t, a, path)
		}
	}
	switch {
	case found:
		v, marks := v.UnmarkDeep()
		if _, ok := marks[Sensitive]; ok {
			out.sensitive[a.Name] = true
		}
		out.put(a, v)
	case a.Default != "":
		out.after[a.Name] = jsonText(a.Default)
	case a.Members != "" && a.CtyType().IsObjectType():
		out.put(a, cty.EmptyObjectVal)
	case a.Is("C"):
		out.unknown[a.Name] = true
	default:
		out.after[a.Name] = nil
	}
}

// put adds the value of an argument, without marks, with what the provider adds to it.
func (o object) put(a *providerschema.Attribute, v cty.Value) {
	v, err := convertTo(complete(v, a.CtyType(), a), a.CtyType())
	if err != nil {
		v = cty.DynamicVal // Terraform refuses the configuration
	}
	known, unknown := planJSON(v)
	if unknown != true {
		o.after[a.Name] = known
	}
	if unknown != nil && unknown != false {
		o.unknown[a.Name] = unknown
	}
}

// complete is a value without marks whose objects have every member of a type. One that is
// left out of a nested attribute, as a provider may allow, is what the schema of the
// argument says, else not known.
func complete(v cty.Value, ty cty.Type, a *providerschema.Attribute) cty.Value {
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return v
	}
	switch {
	case ty.IsObjectType() && v.Type().IsObjectType():
		return completeObject(v, ty, a)
	case ty.IsMapType() && v.Type().IsObjectType() && v.LengthInt() > 0:
		members := v.AsValueMap()
		for name, member := range members {
			members[name] = complete(member, ty.ElementType(), a)
		}
		return cty.ObjectVal(members)
	case ty.IsListType() && v.Type().IsTupleType() && v.LengthInt() > 0:
		items := v.AsValueSlice()
		for i, item := range items {
			items[i] = complete(item, ty.ElementType(), a)
		}
		return cty.TupleVal(items)
	default:
		return v
	}
}

func completeObject(v cty.Value, ty cty.Type, a *providerschema.Attribute) cty.Value {
	written := v.AsValueMap()
	null := func(name string) bool {
		have, ok := written[name]
		return !ok || have.IsKnown() && have.IsNull()
	}
	set := func(name string) bool { return !null(name) && written[name].IsKnown() }
	members := map[string]cty.Value{}
	maps.Copy(members, written)
	for name, member := range ty.AttributeTypes() {
		if have, ok := written[name]; ok && (a.Members == "" || !null(name)) {
			members[name] = complete(have, member, &providerschema.Attribute{})
			continue
		}
		members[name] = cty.UnknownVal(member)
		if text, ok := a.Member(name, set, null); ok {
			if value, err := ctyjson.Unmarshal([]byte(text), member); err == nil {
				members[name] = value
			}
		}
	}
	return cty.ObjectVal(members)
}

// asBlocks is the value of an argument, a collection of objects, that is written as
// blocks.
func (e *Evaluator) asBlocks(t target, a *providerschema.Attribute, path []any) (v cty.Value, found bool) {
	ty := a.CtyType()
	if !ty.IsCollectionType() || !ty.ElementType().IsObjectType() {
		return cty.NilVal, false
	}
	n, known := e.countBlocks(t, path)
	switch {
	case !known:
		return cty.DynamicVal, true
	case n == 0:
		return cty.NilVal, false
	}
	var list []cty.Value
	for i := range n {
		object := map[string]cty.Value{}
		for name, ty := range ty.ElementType().AttributeTypes() {
			v, found := e.planned(t, append(path[:len(path):len(path)], i, name))
			if !found {
				v = cty.NullVal(ty)
			}
			object[name] = v
		}
		list = append(list, cty.ObjectVal(object))
	}
	return cty.TupleVal(list), true
}

// writtenSchema is a schema that has what is written, of any type.
func writtenSchema(bs bodies) *providerschema.Block {
	out := &providerschema.Block{}
	for _, body := range bs {
		attributes, types := contents(body)
		for _, a := range attributes {
			if !slices.Contains(metaArguments, a.Name) && !out.Has(a.Name) {
				out.Attributes = append(out.Attributes, &providerschema.Attribute{Name: a.Name, Type: `"dynamic"`, Flags: "O"})
			}
		}
		for _, name := range types {
			if !slices.Contains(metaArguments, name) && !out.Has(name) {
				n := &providerschema.Nested{Name: name}
				for _, b := range bs.blocks(name) {
					inner := b.Body
					if b.Type == "dynamic" {
						if content := blocks(inner, "content"); len(content) == 1 {
							inner = content[0].Body
						}
					}
					n.Block = *writtenSchema(bodies{inner})
				}
				out.Blocks = append(out.Blocks, n)
			}
		}
	}
	return out
}
