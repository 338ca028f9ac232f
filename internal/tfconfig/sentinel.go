package tfconfig

import (
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// A sentinel is an unknown, non-null string that remembers which attribute of
// which instance it is. It is kept as a refinement ("starts with ..."), because
// that is the one thing that cty carries along with an unknown value and drops
// as soon as something is computed from it. The refinement is not true of the
// real value, so whatever looks at refinements must see blind(v) instead.
type sentinel struct {
	address   string
	attribute string
}

// sentinelPrefix is longer than the 128 bytes that a template keeps of what is
// known of its beginning, so that no template can look like a sentinel; what
// functions compute is made blind again for the same reason.
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

// of tells which sentinel a value is exactly.
func (s *sentinels) of(v cty.Value) (sentinel, bool) {
	i, ok := sentinelIndex(v)
	if !ok || i >= len(s.list) {
		return sentinel{}, false
	}
	return s.list[i], true
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

// partialAttr marks the object of an instance: the provider's schema gives it
// more attributes than are listed here.
const partialAttr = "\x00partial"

func isPartial(v cty.Value) bool {
	ty := v.Type()
	return ty.IsObjectType() && ty.HasAttribute(partialAttr)
}

// blind replaces sentinels by plain unknown strings and objects of instances by
// unknown values, which is how Terraform sees them before apply.
func blind(v cty.Value) cty.Value {
	if !holdsHidden(v, 0) {
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

// holdsHidden reports whether a sentinel or a partial object is anywhere in v.
func holdsHidden(v cty.Value, depth int) bool {
	if depth > maxNesting || isPartial(v) {
		return true
	}
	v, _ = v.Unmark()
	if !v.IsKnown() {
		return isSentinel(v)
	}
	if v.IsNull() || !v.CanIterateElements() {
		return false
	}
	for it := v.ElementIterator(); it.Next(); {
		if _, e := it.Element(); holdsHidden(e, depth+1) {
			return true
		}
	}
	return false
}

// settled reports whether a value is as known as it will ever be: it has no
// unknown part but sentinels and the unlisted rest of instances, so that no
// later knowledge can turn its evaluation into an error.
func settled(v cty.Value) bool {
	v, _ = v.Unmark()
	if !v.IsKnown() {
		return isSentinel(v)
	}
	if v.IsNull() || isPartial(v) || !v.CanIterateElements() {
		return true
	}
	for it := v.ElementIterator(); it.Next(); {
		if _, e := it.Element(); !settled(e) {
			return false
		}
	}
	return true
}

// ordered reports whether the elements of a collection have an order that is
// known: that of a set depends on its values, and unknown ones may even be equal.
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
