package tfplan

import (
	"iter"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// view is a value of a plan with its masks: what is unknown, what is sensitive.
type view struct {
	val, unknown, sensitive node
	stripped                bool // values were taken out of this plan
}

// newView returns the view of a whole object. An object without a name of its
// own, neither known nor unknown, was stripped: every resource here has one.
func newView(val, unknown, sensitive node) view {
	v := view{val: val, unknown: unknown, sensitive: sensitive}
	v.stripped = val.kind != '{' && !unknown.isTrue()
	return v
}

// exists reports whether there is an object at all.
func (v view) exists() bool { return v.val.kind == '{' }

func maskOf(mask node, name string) node {
	if mask.isTrue() {
		return mask
	}
	return mask.get(name)
}

func (v view) get(name string) view {
	return view{v.val.get(name), maskOf(v.unknown, name), maskOf(v.sensitive, name), v.stripped || isRedacted(v.val)}
}

func (v view) at(path ...string) view {
	for _, name := range path {
		v = v.get(name)
	}
	return v
}

// along follows a path to what it leads to.
func (v view) along(p *vocabulary.Place) view {
	if p.Path == "" {
		return view{}
	}
	for _, s := range p.Steps {
		if v = v.get(s.Name); s.Block {
			v = v.element(s.Index)
		}
	}
	return v
}

// first returns the first element of a list, which for a block is the block.
func (v view) first() view { return v.element(0) }

// element returns the element of a list at an index.
func (v view) element(index int) view {
	for e := range v.elems() {
		if index == 0 {
			return e
		}
		index--
	}
	out := view{unknown: v.unknown, sensitive: v.sensitive, stripped: v.stripped || isRedacted(v.val)}
	if !v.unknown.isTrue() {
		out.unknown = node{}
	}
	if !v.sensitive.isTrue() {
		out.sensitive = node{}
	}
	return out
}

// elems yields the elements, among them those that only the mask shows.
func (v view) elems() iter.Seq[view] {
	return func(yield func(view) bool) {
		val, unknown, sensitive := v.val.rest(), v.unknown.rest(), v.sensitive.rest()
		for range v.length() {
			e := view{val: next(&val), unknown: v.unknown, sensitive: v.sensitive, stripped: v.stripped || isRedacted(v.val)}
			if !v.unknown.isTrue() {
				e.unknown = next(&unknown)
			}
			if !v.sensitive.isTrue() {
				e.sensitive = next(&sensitive)
			}
			if !yield(e) {
				return
			}
		}
	}
}

// rest is the elements of an array as they are written.
func (n node) rest() string {
	if n.kind == '[' {
		return n.text
	}
	return ""
}

// next removes the first element from a list and returns it; absent at the end.
func next(s *string) (n node) {
	if *s != "" {
		n, *s = cut(*s)
	}
	return n
}

// length returns the number of elements, counting those that only the mask shows.
func (v view) length() int {
	n := 0
	if v.val.kind == '[' {
		n = v.val.length()
	}
	if v.unknown.kind == '[' {
		n = max(n, v.unknown.length())
	}
	return n
}

func (v view) isUnknown() bool { return v.unknown.isTrue() }

// isAbsent reports whether the attribute does not exist in this schema.
func (v view) isAbsent() bool { return v.val.absent() && !v.unknown.isTrue() && !v.stripped }

// lost reports whether the value, or what it stands in, was taken out of the plan.
func (v view) lost() bool {
	return !v.isUnknown() && (isRedacted(v.val) || v.val.absent() && v.stripped)
}

// isAbsentOrEmpty reports whether the value is known to say nothing.
func (v view) isAbsentOrEmpty() bool {
	return !v.isUnknown() && !v.lost() && (v.val.absent() || v.val.null() || v.val.kind == '"' && v.val.text == "")
}

// isSensitive reports whether the value as a whole is marked.
func (v view) isSensitive() bool { return v.sensitive.isTrue() }

// known returns the text of a string; empty where it is not known.
func (v view) known() string {
	if v.isUnknown() || isRedacted(v.val) {
		return ""
	}
	return v.val.str()
}

// shown returns a name for messages: empty where the plan marks it sensitive.
func (v view) shown() string {
	if v.isSensitive() {
		return ""
	}
	return v.val.str()
}

func isRedacted(n node) bool { return n.kind == '"' && (n.text == redacted || n.text == "?") }

// Get, Elems and Scalar make a view a carrier of the vocabulary.

// Get returns the member of an object.
func (v view) Get(name string) view { return v.get(name) }

// Elems are the elements of a list.
func (v view) Elems() iter.Seq[view] { return v.elems() }

// Keys are the names of the members of an object, in order.
func (v view) Keys() []string {
	var names []string
	for name := range v.val.members() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Scalar is what stands at a place; empty values of the state count as unset.
func (v view) Scalar() vocabulary.Scalar {
	s := vocabulary.Scalar{Sensitive: v.isSensitive()}
	switch {
	case v.isUnknown():
		s.Reason = posture.ReasonKnownAfterApply
	case isRedacted(v.val), v.val.absent() && v.stripped:
		s.Reason = posture.ReasonRemoved
	case v.val.absent(), v.val.null(), v.val.kind == '"' && v.val.text == "":
		s.State, s.Missing = posture.StateUnset, v.isAbsent()
	default:
		s.State, s.Kind, s.Text = posture.StateKnown, byte(v.val.kind), v.val.text
	}
	return s
}

// value reads one fact; convert says whether the node holds one.
func value[T any](v view, path string, convert func(node) (T, bool)) posture.Value[T] {
	return vocabulary.Value(v.Scalar(), path, func(vocabulary.Scalar) (T, bool) { return convert(v.val) })
}

func (v view) str(path string) posture.Value[string] { return vocabulary.Text(v.Scalar(), path) }

func (v view) boolean(path string) posture.Value[bool] {
	return vocabulary.Flag(v.Scalar(), path, vocabulary.Plain)
}

// list reads a list of strings; it is unknown if one element is.
func (v view) list(path string) posture.Value[[]string] { return vocabulary.List(v, path) }
