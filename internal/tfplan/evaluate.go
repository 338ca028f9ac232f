package tfplan

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// ask asks the configuration's source what an argument is; path is written as
// in plan JSON.
func (p *references) ask(in *instance, path string) tfconfig.Reference {
	if p.evaluator == nil {
		return tfconfig.Reference{}
	}
	if x, action := p.invocations[in]; action {
		return p.evaluator.ActionReference(in.address, x.caller, steps(path)...)
	}
	return p.evaluator.Reference(in.address, steps(in.typ.pathOf(path))...)
}

// askLeaf returns the one instance that the source finds behind an argument.
func (p *references) askLeaf(in *instance, path string) (leaf, bool) {
	return leafOf(p.ask(in, path))
}

func leafOf(ref tfconfig.Reference) (leaf, bool) {
	if ref.Kind != tfconfig.Instance {
		return leaf{}, false
	}
	segs := parseRef(ref.Address)
	for len(segs) > 2 && segs[0].name == "module" {
		segs = segs[2:]
	}
	l := leaf{address: ref.Address, attribute: ref.Attribute, sure: true, exact: true}
	if segs[0].name == "data" && len(segs) > 2 {
		l.data, segs = true, segs[1:]
	}
	l.typ = segs[0].name
	return l, true
}

// askString returns a string that the source knows although the plan does not.
func (p *references) askString(in *instance, path string) (string, bool) {
	ref := p.ask(in, path)
	return ref.Value, ref.Kind == tfconfig.KnownString && ref.Value != ""
}

// allowed reports whether what the source says agrees with the references that
// plan JSON lists: a source of another plan must decide nothing.
func allowed(leaves []leaf, l leaf) bool {
	for _, have := range leaves {
		switch {
		case have.none:
		case have.opaque, have.data, !strings.HasPrefix(have.typ, "azurerm_") && have.typ != l.typ:
			return true
		case have.typ != l.typ:
			if have.attribute != "id" {
				return true // it may hand on what it was given
			}
		case have.address == l.address, have.address == "" && (have.group == withoutLastKey(l.address) || have.group == withoutKeys(l.address)):
			return true
		}
	}
	return false
}

func withoutLastKey(address string) string {
	segs := parseRef(address)
	if len(segs) > 0 {
		segs[len(segs)-1].key = ""
	}
	return renderRef(segs)
}

func withoutKeys(address string) string {
	segs := parseRef(address)
	for i := range segs {
		segs[i].key = ""
	}
	return renderRef(segs)
}

// omitted reports whether the source is known not to write a block, neither
// plainly nor as a dynamic block.
func (p *references) omitted(in *instance, block string) posture.Tri {
	if p.evaluator == nil {
		return posture.Maybe
	}
	got := p.evaluator.Block(in.address, steps(block)...)
	if !got.Known {
		return posture.Maybe
	}
	return posture.FromBool(got.Count == 0)
}

// steps turns a path of plan JSON into names and numbers.
func steps(path string) []any {
	var out []any
	for _, s := range parseRef(path) {
		out = append(out, s.name)
		for key := s.key; key != ""; {
			n := keyEnd(key)
			if i, err := strconv.Atoi(strings.Trim(key[:n], "[]")); err == nil {
				out = append(out, i)
			}
			key = key[n:]
		}
	}
	return out
}

// providerSchema is what the configuration's source does not say of the arguments
// and attributes of azurerm and azapi.
var providerSchema = tfconfig.Schema{
	Computed:  keyAttributes,
	WriteOnly: []string{"sensitive_body", "sensitive_body_version"},
	Rewritten: []string{"location"}, // azurerm stores "West Europe" as westeurope
	Borrowing: []string{"azapi_update_resource"},
	IDPrefix:  "/subscriptions/",
}

// knowledge is what the plan knows, for the evaluation of the source. Of
// resources it tells what rules ask for and nothing else.
type knowledge struct {
	*document
	keys map[string][]tfconfig.Key // of instances, by address without the last key
}

// Variable returns the value of a root variable.
func (k *knowledge) Variable(name string) (cty.Value, bool) {
	raw, ok := k.rootVariables[name]
	if !ok {
		return cty.NilVal, false
	}
	if strings.Contains(string(raw), redacted) {
		return cty.DynamicVal, true
	}
	return decode(raw)
}

func decode(raw []byte) (cty.Value, bool) {
	ty, err := ctyjson.ImpliedType(raw)
	if err != nil {
		return cty.DynamicVal, true
	}
	v, err := ctyjson.Unmarshal(raw, ty)
	if err != nil {
		return cty.DynamicVal, true
	}
	return v, true
}

// Instances returns the instances of a resource that exist after the plan. Only
// resources that rules ask for are kept, so that of others nothing is said.
func (k *knowledge) Instances(address string) ([]tfconfig.Key, bool) {
	if k.keys == nil {
		k.index()
	}
	segs := parseRef(address)
	for len(segs) > 2 && segs[0].name == "module" {
		segs = segs[2:]
	}
	complete := resourceTypes[segs[0].name] != nil && k.complete == completeYes && k.deferred == 0
	return k.keys[address], complete
}

func (k *knowledge) index() {
	k.keys = map[string][]tfconfig.Key{}
	modules := map[string]map[tfconfig.Key]bool{}
	for address, in := range k.instances {
		if !in.managed() {
			continue
		}
		segs := parseRef(address)
		last := len(segs) - 1
		group := withoutLastKey(address)
		if key, ok := keyOf(segs[last].key); ok {
			k.keys[group] = append(k.keys[group], key)
		}
		for i := 1; i < last && segs[i-1].name == "module"; i += 2 {
			call := slices.Clone(segs[:i+1])
			key, ok := keyOf(call[i].key)
			call[i].key = ""
			name := renderRef(call)
			if modules[name] == nil {
				modules[name] = map[tfconfig.Key]bool{}
			}
			if ok {
				modules[name][key] = true
			}
		}
	}
	for name, keys := range modules {
		k.keys[name] = slices.Collect(maps.Keys(keys))
	}
}

func keyOf(key string) (tfconfig.Key, bool) {
	inner := strings.TrimSuffix(strings.TrimPrefix(key, "["), "]")
	if key == "" {
		return tfconfig.Key{}, true
	}
	if i, err := strconv.Atoi(inner); err == nil {
		return tfconfig.IntKey(i), true
	}
	v, ok := decodeKey(inner)
	return tfconfig.StringKey(v), ok
}

// decodeKey reads a key as addresses write it: quoted as HCL does, where $${
// and %%{ stand for ${ and %{.
func decodeKey(quoted string) (string, bool) {
	s, err := strconv.Unquote(quoted)
	return strings.NewReplacer("$${", "${", "%%{", "%{").Replace(s), err == nil
}

// Attribute returns what is planned for, or was read into, one attribute.
func (k *knowledge) Attribute(instance, name string) (cty.Value, bool) {
	if data, ok := k.data[instance]; ok {
		raw, ok := data[name]
		if !ok {
			return cty.NilVal, false
		}
		return decode(raw)
	}
	in := k.instances[instance]
	if in == nil || !in.managed() || in.translated || in.typ.kind == kindDeployment {
		return cty.NilVal, false // what is kept is not what is planned
	}
	v := in.view().get(name)
	if v.isUnknown() || isRedacted(v.val) || v.stripped {
		return cty.NilVal, false
	}
	var out cty.Value
	switch v.val.kind {
	case '"':
		out = cty.StringVal(v.val.text)
	case 't', 'f':
		out = cty.BoolVal(v.val.kind == 't')
	case '0':
		n, err := cty.ParseNumberVal(v.val.text)
		if err != nil {
			return cty.NilVal, false
		}
		out = n
	default:
		return cty.NilVal, false
	}
	if v.isSensitive() {
		out = out.Mark(tfconfig.Sensitive)
	}
	return out, true
}
