package provider

import (
	"context"
	"iter"
	"maps"
	"math/big"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// node is a place in a Terraform value. An attribute of an unknown object is an
// unknown node, and an attribute of a null one is a null node.
type node struct {
	path string
	v    tftypes.Value
	// position is the number of a companion among those that were passed, from 1,
	// nulls counted; 0 where there were none.
	position int
}

// nodeOf returns the root of a framework value.
func nodeOf(ctx context.Context, v attr.Value) (node, error) {
	tv, err := v.ToTerraformValue(ctx)
	return node{v: tv}, err
}

func (n node) unknown() bool { return !n.v.IsKnown() }

// null is also true for a place that does not exist.
func (n node) null() bool { return n.v.Type() == nil || n.v.IsNull() }

// Get returns an attribute of an object.
func (n node) Get(name string) node {
	out := node{path: join(n.path, name)}
	switch {
	case n.null():
		return out
	case n.unknown():
		out.v = tftypes.NewValue(tftypes.DynamicPseudoType, tftypes.UnknownValue)
		return out
	}
	attrs := map[string]tftypes.Value{}
	if n.v.As(&attrs) == nil {
		out.v = attrs[name]
	}
	return out
}

// at returns what stands where azurerm has an argument.
func (n node) at(t *vocabulary.Terms, r vocabulary.Role) node {
	for _, step := range t.Place(r).Steps {
		if n = n.Get(step.Name); step.Block {
			n = n.first()
		}
	}
	return n
}

// items returns the elements of a list or set.
func (n node) items() []node {
	if n.null() || n.unknown() {
		return nil
	}
	var values []tftypes.Value
	if n.v.As(&values) != nil {
		return nil
	}
	nodes := make([]node, len(values))
	for i, v := range values {
		nodes[i] = node{path: n.path + "[" + strconv.Itoa(i) + "]", v: v}
	}
	return nodes
}

// first returns the only element of a block, a null node where there is none,
// and an unknown node where that is not known.
func (n node) first() node {
	if n.unknown() {
		return n
	}
	if items := n.items(); len(items) > 0 {
		return items[0]
	}
	return node{path: n.path}
}

// Elems are the elements of a list or set.
func (n node) Elems() iter.Seq[node] { return slices.Values(n.items()) }

// Keys are the names of the attributes of an object or of the keys of a map, in order.
func (n node) Keys() []string {
	attrs := map[string]tftypes.Value{}
	if n.null() || n.unknown() || n.v.As(&attrs) != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(attrs))
}

// Scalar is what stands at the place. Like azurerm, it takes the empty string for
// unset.
func (n node) Scalar() vocabulary.Scalar {
	s := vocabulary.Scalar{Path: n.path}
	switch {
	case n.unknown():
		s.Reason = posture.ReasonKnownAfterApply
		return s
	case n.null():
		s.State, s.Missing = posture.StateUnset, true
		return s
	}
	var flag bool
	number := new(big.Float)
	s.State = posture.StateKnown
	switch {
	case n.v.As(&s.Text) == nil:
		s.Kind = '"'
	case n.v.As(&flag) == nil:
		s.Kind = strconv.FormatBool(flag)[0]
	case n.v.As(number) == nil:
		s.Kind, s.Text = '0', number.Text('f', -1)
	case n.v.Type().Is(tftypes.Object{}):
		s.Kind = '{'
	default:
		s.Kind = '['
	}
	if s.Kind == '"' && s.Text == "" {
		s.State = posture.StateUnset
	}
	return s
}

// text and flag are the fact at a place that holds a string or a truth value.
func (n node) text() posture.Value[string] { return vocabulary.Text(n.Scalar(), n.path) }
func (n node) flag() posture.Value[bool] {
	return vocabulary.Flag(n.Scalar(), n.path, vocabulary.Plain)
}

// link is an id for comparing, or empty where it is not known.
func (n node) link() string {
	s, _ := n.text().Get()
	return s
}

// texts are the elements of a list of strings, each with its own state; one
// unknown element stands for a list that is not known.
func (n node) texts() []posture.Value[string] {
	if n.unknown() {
		return []posture.Value[string]{n.text()}
	}
	var out []posture.Value[string]
	for _, item := range n.items() {
		if !item.null() {
			out = append(out, item.text())
		}
	}
	return out
}

// wholeTexts is a list of strings as one fact: unknown when any element is.
func (n node) wholeTexts() posture.Value[[]string] {
	list := vocabulary.List(n, n.path)
	if list.IsUnset() && !n.null() { // here an empty list is one
		list.State = posture.StateKnown
	}
	return list
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
