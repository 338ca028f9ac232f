package cacheresource

import (
	"iter"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// node is a place in a model of the resource, a carrier of the vocabulary.
type node struct {
	v     attr.Value
	model *model // at the root
}

// Get returns an attribute of an object.
func (n node) Get(name string) node {
	if n.model != nil {
		return node{v: n.model.attribute(name)}
	}
	if n.v != nil && n.v.IsUnknown() {
		return n
	}
	o, _ := n.v.(types.Object)
	return node{v: o.Attributes()[name]}
}

// Elems are the elements of a list or set.
func (n node) Elems() iter.Seq[node] {
	return func(yield func(node) bool) {
		if list, ok := n.v.(interface{ Elements() []attr.Value }); ok {
			for _, e := range list.Elements() {
				if !yield(node{v: e}) {
					return
				}
			}
		}
	}
}

// Keys are the names of the attributes of an object, in order.
func (n node) Keys() []string {
	o, _ := n.v.(types.Object)
	return slices.Sorted(maps.Keys(o.Attributes()))
}

// Scalar is what stands at the place.
func (n node) Scalar() vocabulary.Scalar {
	switch {
	case n.v == nil || n.v.IsNull():
		return vocabulary.Scalar{State: posture.StateUnset, Missing: n.v == nil}
	case n.v.IsUnknown():
		return vocabulary.Scalar{Reason: posture.ReasonKnownAfterApply}
	}
	s := vocabulary.Scalar{State: posture.StateKnown, Kind: '['}
	switch v := n.v.(type) {
	case types.String:
		s.Kind, s.Text = '"', v.ValueString()
	case types.Bool:
		s.Kind = strconv.FormatBool(v.ValueBool())[0]
	case types.Int64:
		s.Kind, s.Text = '0', strconv.FormatInt(v.ValueInt64(), 10)
	case types.Object, types.Map:
		s.Kind = '{'
	}
	return s
}

// attribute returns an attribute of the model by its name; nil for none.
func (m model) attribute(name string) attr.Value {
	v := reflect.ValueOf(m)
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("tfsdk") == name {
			out, _ := v.Field(i).Interface().(attr.Value)
			return out
		}
	}
	return nil
}

func textFact(v types.String, path string) posture.Value[string] {
	return vocabulary.Text(node{v: v}.Scalar(), path)
}
