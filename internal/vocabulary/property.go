package vocabulary

import (
	"maps"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// Property is one fact in two postures of an object: the one that is worked on,
// and another that says something of it. Whatever its type is, what can be done
// with the two is the same.
type Property interface {
	// Key identifies the fact that is worked on.
	Key() any
	// Now is the fact that is worked on, Other the one beside it.
	Now() Standing
	Other() Standing
	// Same reports whether both are known and equal, Alike whether they are in
	// the same state and equal.
	Same() bool
	Alike() bool
	// SameOther reports whether the facts beside two properties are known and equal.
	SameOther(as Property) bool
	// Take makes the fact the other one, Explain gives it a detail, Clear makes
	// it unset, and Lose unknown.
	Take()
	Explain(detail string)
	Clear()
	Lose(reason posture.Reason, detail string)

	// at gives the fact a path, isOneOf says whether it has one of some values.
	at(path string) Property
	isOneOf(values []any) bool
}

// Standing is a fact without its value.
type Standing struct {
	State  posture.State
	Source posture.Source
}

// Unset reports whether the fact is known to be absent.
func (s Standing) Unset() bool { return s.State == posture.StateUnset }

// Unknown reports whether the fact is not known.
func (s Standing) Unknown() bool { return s.State == posture.StateUnknown }

// propertyOf is a property of some type.
type propertyOf[T any] struct {
	dst, src *posture.Value[T]
	equal    func(a, b T) bool
}

func (p propertyOf[T]) Key() any        { return p.dst }
func (p propertyOf[T]) Now() Standing   { return Standing{p.dst.State, p.dst.Source} }
func (p propertyOf[T]) Other() Standing { return Standing{p.src.State, p.src.Source} }
func (p propertyOf[T]) Same() bool {
	return p.dst.IsKnown() && p.src.IsKnown() && p.equal(p.dst.V, p.src.V)
}
func (p propertyOf[T]) Alike() bool { return p.dst.State == p.src.State && p.equal(p.dst.V, p.src.V) }
func (p propertyOf[T]) Take()       { *p.dst = *p.src }
func (p propertyOf[T]) Clear()      { *p.dst = posture.Unset[T](p.dst.Source.Path) }

func (p propertyOf[T]) Explain(detail string) { *p.dst = p.dst.WithDetail(detail) }

func (p propertyOf[T]) SameOther(as Property) bool {
	q, ok := as.(propertyOf[T])
	return ok && propertyOf[T]{q.src, p.src, p.equal}.Same()
}

func (p propertyOf[T]) Lose(reason posture.Reason, detail string) {
	*p.dst = posture.Unknown[T](reason, p.dst.Source.Path).WithDetail(detail)
}

func (p propertyOf[T]) at(path string) Property {
	p.dst.Source.Path = path
	return p
}

func (p propertyOf[T]) isOneOf(values []any) bool {
	return p.dst.IsKnown() && slices.Contains(values, any(p.dst.V))
}

// property pairs a fact in two postures; nil for a list of values, which is no
// single fact.
func (f *Fact[P]) property(d, s *P) Property {
	src := f.Field(s)
	switch dst := f.Field(d).(type) {
	case *posture.Value[string]:
		return pair(dst, src, equal[string])
	case *posture.Value[bool]:
		return pair(dst, src, equal[bool])
	case *posture.Value[int]:
		if f.Azurerm.Form == Count { // equal numbers never tell that what was counted is the same
			return pair(dst, src, func(int, int) bool { return false })
		}
		return pair(dst, src, equal[int])
	case *posture.Value[[]string]:
		return pair(dst, src, slices.Equal[[]string])
	case *posture.Value[map[string]string]:
		return pair(dst, src, maps.Equal[map[string]string, map[string]string])
	default:
		return nil
	}
}

func pair[T any](dst *posture.Value[T], src any, equal func(a, b T) bool) Property {
	other, _ := src.(*posture.Value[T]) // the same field of the same table
	return propertyOf[T]{dst, other, equal}
}

func equal[T comparable](a, b T) bool { return a == b }

// Each applies a function to every property that a body can set.
func (t Table[P]) Each(d, s *P, apply func(Property)) {
	for i := range t {
		if f := &t[i]; !f.Identity && f.ARM.OfOtherResource == "" {
			apply(f.property(d, s))
		}
	}
}

// EachWritten applies a function to every property that a request can write, those
// among them that children of the object hold.
func (t Table[P]) EachWritten(d, s *P, apply func(Property)) {
	for i := range t {
		if f := &t[i]; !f.Identity {
			apply(f.property(d, s))
		}
	}
}

// HideBehindSensitiveBody leaves of a body only what already counts against the
// object: sensitive_body is merged over it, write-only, and never read.
func (t Table[P]) HideBehindSensitiveBody(object *P) {
	for i := range t {
		f := &t[i]
		if f.Identity || f.ARM.OfOtherResource != "" {
			continue
		}
		if x := f.property(object, object); !x.isOneOf(f.Violating) {
			x.Lose(posture.ReasonWriteOnly, "sensitive_body may set it")
		}
	}
}

// Lose makes every fact unknown that a dialect has.
func (d *Dialect[P]) Lose(object *P, reason posture.Reason, detail string) {
	lose := func(p *place[P]) { p.property(object, object).at(p.Path).Lose(reason, detail) }
	for i := range d.absent {
		if p := &d.absent[i]; !p.Identity {
			lose(p)
		}
	}
	for i := range d.blocks {
		for j := range d.blocks[i].places {
			lose(&d.blocks[i].places[j])
		}
	}
}
