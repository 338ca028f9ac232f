package posture_test

import (
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

func TestZeroValueIsUnknown(t *testing.T) {
	var v posture.Value[bool]
	if !v.IsUnknown() || v.IsKnown() || v.IsUnset() || v.Why() != posture.ReasonNotObserved {
		t.Errorf("a fact that a source forgot reads as %+v", v)
	}
	if v = v.OrDefault(true); !v.IsUnknown() {
		t.Error("a default must not make an unknown fact known")
	}
	if _, ok := v.Get(); ok {
		t.Error("an unknown fact has no value")
	}
	var s posture.Set[string]
	if s.Observed || s.Why() != posture.ReasonNotObserved {
		t.Error("absence that nobody saw is not observed")
	}
	s.Reason = posture.ReasonForbidden
	if s.Why() != posture.ReasonForbidden {
		t.Error("a set says why absence was not seen")
	}
}

func TestStates(t *testing.T) {
	known, unset, unknown := posture.Known(3, "a"), posture.Unset[int]("b"), posture.Unknown[int](posture.ReasonRemoved, "c")
	for _, c := range []struct {
		name                  string
		v                     posture.Value[int]
		known, unset, unknown bool
		path                  string
		orDefault             posture.Tri // whether OrDefault(3) is 3
		defaulted             bool
		is3                   posture.Tri
	}{
		{"known", known, true, false, false, "a", posture.True, false, posture.True},
		{"unset", unset, false, true, false, "b", posture.True, true, posture.False},
		{"unknown", unknown, false, false, true, "c", posture.Maybe, false, posture.Maybe},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.v.IsKnown() != c.known || c.v.IsUnset() != c.unset || c.v.IsUnknown() != c.unknown || c.v.Source.Path != c.path {
				t.Errorf("%+v", c.v)
			}
			def := c.v.OrDefault(3)
			if posture.Is(def, 3) != c.orDefault || (def.Source.Origin == posture.OriginDefault) != c.defaulted || def.Source.Path != c.path {
				t.Errorf("with its default: %+v", def)
			}
			if posture.Is(c.v, 3) != c.is3 {
				t.Errorf("is 3: %v", posture.Is(c.v, 3))
			}
		})
	}
	if unknown.Why() != posture.ReasonRemoved {
		t.Error("an unknown fact keeps its reason")
	}
}

func TestMapKeepsProvenance(t *testing.T) {
	v := posture.Known(2, "capacity").Asserted().Sensitive().WithDetail("x")
	even := func(n int) bool { return n%2 == 0 }
	if m := posture.Map(v, even); !m.V || m.Source != v.Source || m.Source.Origin != posture.OriginAsserted || !m.Source.Sensitive ||
		m.Source.Detail != "x" {
		t.Errorf("%+v", m)
	}
	if m := posture.Map(posture.Unknown[int](posture.ReasonForbidden, "p"), even); !m.IsUnknown() || m.Why() != posture.ReasonForbidden ||
		m.V {
		t.Errorf("%+v", m)
	}
	if m := posture.Map(posture.Unset[int]("p"), even); !m.IsUnset() || m.V {
		t.Errorf("zero is even, an unset number is not: %+v", m)
	}
}

func TestKleene(t *testing.T) {
	const f, m, y = posture.False, posture.Maybe, posture.True
	for _, c := range []struct{ a, b, and, or posture.Tri }{
		{f, f, f, f}, {f, m, f, m}, {f, y, f, y},
		{m, f, f, m}, {m, m, m, m}, {m, y, m, y},
		{y, f, f, y}, {y, m, m, y}, {y, y, y, y},
	} {
		if c.a.And(c.b) != c.and || c.a.Or(c.b) != c.or {
			t.Errorf("%v, %v: and %v, or %v", c.a, c.b, c.a.And(c.b), c.a.Or(c.b))
		}
	}
	if f.Not() != y || y.Not() != f || m.Not() != m {
		t.Error("negation")
	}
	if posture.FromBool(true) != y || posture.FromBool(false) != f {
		t.Error("of bool")
	}
}
