package provider

import (
	"context"
	"math/big"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// node is a place in a Terraform value. Asking an unknown object for an
// attribute gives an unknown node, asking a null one gives a null node.
type node struct {
	path string
	v    tftypes.Value
	// position is the place of a companion among those that were written, from
	// 1, nulls counted; 0 where there were none.
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

func (n node) known() bool { return !n.null() && !n.unknown() }

// get returns an attribute of an object.
func (n node) get(name string) node {
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

// items returns the elements of a list or set.
func (n node) items() []node {
	if !n.known() {
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

// text is the fact at a place that holds a string. Like azurerm, it takes the
// empty string for unset.
func (n node) text() posture.Value[string] {
	return fact(n, func() (s string, ok bool) { return s, n.v.As(&s) == nil && s != "" })
}

// flag is the fact at a place that holds a bool.
func (n node) flag() posture.Value[bool] {
	return fact(n, func() (b bool, ok bool) { return b, n.v.As(&b) == nil })
}

// number is the fact at a place that holds a whole number.
func (n node) number() posture.Value[int] {
	return fact(n, func() (int, bool) {
		f := new(big.Float)
		if n.v.As(f) != nil {
			return 0, false
		}
		i, _ := f.Int64()
		return int(i), f.IsInt()
	})
}

// link is an id to compare, or empty where there is nothing to compare.
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
	return fact(n, func() ([]string, bool) {
		var out []string
		for _, t := range n.texts() {
			s, _ := t.Get()
			out = append(out, s)
		}
		return out, true
	}, n.items()...)
}

// fact turns a place into a three-valued fact.
func fact[T any](n node, read func() (T, bool), parts ...node) posture.Value[T] {
	unknown := n.unknown()
	for _, p := range parts {
		unknown = unknown || p.unknown()
	}
	switch {
	case unknown:
		return posture.Unknown[T](posture.ReasonKnownAfterApply, n.path)
	case n.null():
		return posture.Unset[T](n.path)
	}
	v, ok := read()
	if !ok {
		return posture.Unset[T](n.path)
	}
	return posture.Known(v, n.path)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
