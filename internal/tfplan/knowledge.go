package tfplan

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// knowledge answers the evaluator of the source from the plan. Of resources it
// knows what is kept of them.
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

// Instances returns the instances of a resource that exist after the plan, and
// whether these are all. Resources of other types are not kept.
func (k *knowledge) Instances(address string) ([]tfconfig.Key, bool) {
	if k.keys == nil {
		k.index()
	}
	complete := resourceTypes[parseInModule(address)[0].name] != nil && k.complete == completeYes && k.deferred == 0
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
	if in == nil || !in.managed() || in.typ.kind == kindDeployment {
		return cty.NilVal, false // of a template a summary is kept
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
