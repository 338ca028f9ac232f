package tfconfig

import (
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// A sentinel is an unknown string, not null, that stands for one attribute of one
// instance. Which one is kept in its refinement ("starts with ..."): cty passes a
// refinement on with the value, and drops it where something is computed from the
// value. The refinement is not true of the real value, so a function that uses
// refinements must be given blind(v) instead.
type sentinel struct {
	address   string
	attribute string
}

// sentinelPrefix is longer than the 128 bytes that a template keeps as its known
// prefix, so that no template looks like a sentinel. Results of functions are made
// blind for the same reason.
var sentinelPrefix = "\x00tf:" + strings.Repeat("-", 160)

type sentinels struct {
	index map[sentinel]int
	list  []sentinel
}

func (s *sentinels) value(addr, attr string) cty.Value {
	key := sentinel{addr, attr}
	i, ok := s.index[key]
	if !ok {
		if s.index == nil {
			s.index = map[sentinel]int{}
		}
		i = len(s.list)
		s.index[key] = i
		s.list = append(s.list, key)
	}
	return cty.UnknownVal(cty.String).Refine().NotNull().StringPrefixFull(sentinelPrefix + strconv.Itoa(i) + ":").NewValue()
}

// of returns the sentinel that a value is, and whether it is one.
func (s *sentinels) of(v cty.Value) (sentinel, bool) {
	i, ok := sentinelIndex(v)
	if !ok || i >= len(s.list) {
		return sentinel{}, false
	}
	return s.list[i], true
}

// appendFunc returns the function that appends a path to a value. An id with a path is a
// sentinel too, whose attribute ends in the path; the template is the text otherwise.
func (s *sentinels) appendFunc() function.Function {
	return generic([]function.Parameter{anyParam("value"), anyParam("path"), anyParam("template")}, nil,
		func(args []cty.Value) (cty.Value, error) {
			v, marks := args[0].Unmark()
			if of, ok := s.of(v); ok && of.attribute == "id" {
				return s.value(of.address, of.attribute+args[1].AsString()).WithMarks(marks), nil
			}
			return args[2], nil
		})
}

func sentinelIndex(v cty.Value) (int, bool) {
	v, _ = v.Unmark()
	if v.IsKnown() || v.Type() != cty.String {
		return 0, false
	}
	rest, ok := strings.CutPrefix(v.Range().StringPrefix(), sentinelPrefix)
	if !ok {
		return 0, false
	}
	digits, ok := strings.CutSuffix(rest, ":")
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(digits)
	return i, err == nil && i >= 0
}

func isSentinel(v cty.Value) bool {
	_, ok := sentinelIndex(v)
	return ok
}

// partialAttr is an attribute that marks the object of an instance, which has more
// attributes than the object lists.
const partialAttr = "\x00partial"

func isPartial(v cty.Value) bool {
	ty := v.Type()
	return ty.IsObjectType() && ty.HasAttribute(partialAttr)
}

// blind replaces sentinels by unknown strings, and objects of instances by unknown
// values, as Terraform has them before apply.
func blind(v cty.Value) cty.Value {
	if !holdsHidden(v) {
		return v
	}
	out, err := cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		switch {
		case isSentinel(v):
			_, marks := v.Unmark()
			return cty.UnknownVal(cty.String).RefineNotNull().WithMarks(marks), nil
		case isPartial(v):
			_, marks := v.Unmark()
			return cty.DynamicVal.WithMarks(marks), nil
		}
		return v, nil
	})
	if err != nil {
		return cty.DynamicVal
	}
	return out
}

// anyLeaf reports whether a predicate holds for any part of a value that has no parts
// itself, or is the object of an instance.
func anyLeaf(v cty.Value, is func(cty.Value) bool) bool {
	v, _ = v.Unmark()
	if isPartial(v) || !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return is(v)
	}
	for it := v.ElementIterator(); it.Next(); {
		if _, e := it.Element(); anyLeaf(e, is) {
			return true
		}
	}
	return false
}

// holdsHidden reports whether a sentinel or a partial object is anywhere in v.
func holdsHidden(v cty.Value) bool {
	return anyLeaf(v, func(v cty.Value) bool { return isPartial(v) || isSentinel(v) })
}

// settled reports whether all unknown parts of a value are sentinels or unlisted
// attributes of instances, so that evaluating it after apply cannot fail.
func settled(v cty.Value) bool {
	return !anyLeaf(v, func(v cty.Value) bool { return !v.IsKnown() && !isSentinel(v) })
}

// ordered reports whether the order of the elements of a collection is known. The
// order of a set depends on its values, and unknown values may be equal.
func ordered(v cty.Value) bool {
	v, _ = v.Unmark()
	return !v.IsKnown() || v.IsNull() || !v.Type().IsSetType() || v.IsWhollyKnown() || v.LengthInt() <= 1
}

// size counts the leaves of a value, and stops at limit.
func size(v cty.Value, limit int) int {
	v, _ = v.Unmark()
	if v.IsNull() || !v.IsKnown() {
		return 1
	}
	switch {
	case v.Type() == cty.String:
		return 1 + len(v.AsString())/16
	case v.Type() == cty.Number:
		if exp := v.AsBigFloat().MantExp(nil); exp > 4096 || exp < -4096 {
			return limit
		}
		return 1
	case !v.CanIterateElements() || isPartial(v):
		return 1 // the attributes of an instance were counted one by one
	}
	n := 1
	for it := v.ElementIterator(); it.Next() && n < limit; {
		_, e := it.Element()
		n += size(e, limit-n)
	}
	return n
}
