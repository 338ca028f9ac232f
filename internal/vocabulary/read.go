package vocabulary

import (
	"fmt"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// Reading is how [Read] asks one object.
type Reading[N any] struct {
	// Inside returns the object at a path inside the object; nil where members
	// of the names in the path lead to it.
	Inside func(path []string) N
	// New says that the object is made by what the source shows, so that what
	// cannot be set there has the service's default.
	New bool
	// Version is the api-version of a body; empty where it is not known.
	Version string
	// Writes reports whether the configuration may write an argument, which
	// decides between the two names that azurerm 3 has; nil where it is not at hand.
	Writes func(block []string, name string) bool
}

// Read fills every fact of a posture that a dialect has of an object.
func Read[N Node[N], P any](d *Dialect[P], into *P, object N, r Reading[N]) {
	for i := range d.absent {
		p := &d.absent[i]
		x := p.property(into, into).at(p.Path)
		if x.Lose(posture.ReasonNotObserved, ""); r.New && p.CannotSet != "" || p.AlwaysDefault != "" {
			x.Clear()
		}
	}
	for i := range d.blocks {
		b := &d.blocks[i]
		inside := object
		if r.Inside != nil && len(b.path) > 0 {
			inside = r.Inside(b.path)
		} else {
			for _, name := range b.path {
				inside = inside.Get(name)
			}
		}
		for j := range b.places {
			p := &b.places[j]
			inside := inside
			if p.lacks(r.Version) {
				inside = *new(N)
			}
			switch f := p.Field(into).(type) {
			case *posture.Value[string]:
				*f = settle(p.Term, Text(inside.Get(p.name).Scalar(), p.Path))
			case *posture.Value[int]:
				*f = whole(r, b, p, inside)
				if p.ZeroUnset && f.IsKnown() && f.V == 0 {
					*f = posture.Unset[int](p.Path)
				}
			case *posture.Value[bool]:
				*f = flag(r, b, p, inside)
			case *posture.Value[[]string]:
				*f = list(inside.Get(p.name), p.Term)
			case *posture.Value[map[string]string]:
				*f = TextsByName(inside.Get(p.name), p.Path)
			case *[]posture.Value[string]:
				*f = several(p, inside)
			}
		}
	}
}

// settle says what it means that a term is unset.
func settle[T any](t Term, v posture.Value[T]) posture.Value[T] {
	switch {
	case !v.IsUnset():
	case t.Unmanaged:
		v.State, v.Reason = posture.StateUnknown, posture.ReasonNotObserved
	case t.NoDefault:
		v.State, v.Reason = posture.StateUnknown, posture.ReasonNotObserved
		v = v.WithDetail(NotReturned)
	}
	return v
}

// NotReturned is why a property is unknown that an answer lacks.
const NotReturned = "Azure Resource Manager did not return it, and documents no default"

// whole is the fact at a place that holds a whole number, under one name or under two.
func whole[N Node[N], P any](r Reading[N], b *block[P], p *place[P], inside N) posture.Value[int] {
	one := settle(p.Term, number(inside.Get(p.name), p.Path, p.Form))
	writes := func(name string) bool { return r.Writes != nil && r.Writes(b.path, name) }
	if p.Alias != "" {
		other := number(inside.Get(p.alias), p.Alias, p.Form)
		if other.IsKnown() && !one.IsKnown() || !other.IsUnset() && writes(p.alias) && !writes(p.name) {
			one = other
		}
	}
	return computed(r, b, p, one)
}

// computed says of a fact that only apply shows because the provider computes it that a new
// object has the default, where the configuration does not write it.
func computed[T any, N Node[N], P any](r Reading[N], b *block[P], p *place[P], v posture.Value[T]) posture.Value[T] {
	writes := func(name string) bool { return name != "" && r.Writes(b.path, name) }
	if p.Computed && r.New && v.IsUnknown() && v.Reason == posture.ReasonKnownAfterApply && r.Writes != nil &&
		!writes(p.name) && !writes(p.alias) {
		return posture.Unset[T](p.Path)
	}
	return v
}

func number[N Node[N]](n N, path string, form Form) posture.Value[int] {
	switch form {
	case Count:
		return Elements(n, path)
	case Suffix:
		s := n.Scalar()
		text, suffix, has := strings.Cut(s.Text, "-")
		if s.State == posture.StateKnown && text != "" && !has {
			return posture.Unset[int](path)
		}
		s.Text = suffix
		return Number(s, path, Quoted)
	default:
		return Number(n.Scalar(), path, form)
	}
}

// Elements is the number of elements of a list.
func Elements[N Node[N]](n N, path string) posture.Value[int] {
	s := n.Scalar()
	count := 0
	if s.State == posture.StateKnown && s.Kind == '[' {
		count = length(n)
	}
	return Value(s, path, func(s Scalar) (int, bool) { return count, s.Kind == '[' })
}

func length[N Node[N]](n N) (count int) {
	for range n.Elems() {
		count++
	}
	return count
}

func flag[N Node[N], P any](r Reading[N], b *block[P], p *place[P], inside N) posture.Value[bool] {
	one := truth(inside, p.name, p.Path, p.Term)
	if one.IsUnset() && r.New && p.Omitted != nil {
		return omitted(p.Term, r.Version)
	}
	if p.Alias == "" {
		return computed(r, b, p, one)
	}
	return either(p.Decisive, one, truth(inside, p.alias, p.Alias, p.Term), func(i int) bool {
		return r.Writes != nil && r.Writes(b.path, [2]string{p.name, p.alias}[i])
	})
}

// omitted is what a new object has if its body leaves out a truth value.
func omitted(t Term, version string) posture.Value[bool] {
	if version == "" {
		return posture.Unknown[bool](posture.ReasonKnownAfterApply, t.Path).WithDetail("the api-version is not known")
	}
	out := posture.Unset[bool](t.Path)
	for _, o := range t.Omitted {
		switch {
		case version < o.From:
		case o.Value == nil:
			out = posture.Unknown[bool](posture.ReasonKnownAfterApply,
				t.Path).WithDetail("api-version " + version + " requires it, and Azure Resource Manager refuses a body without it")
		default:
			out = posture.Unset[bool](t.Path).OrDefault(*o.Value)
		}
	}
	return out
}

func truth[N Node[N]](inside N, name, path string, t Term) posture.Value[bool] {
	s := inside.Get(name).Scalar()
	if t.Form == Block {
		return written(inside.Get(name), path, t)
	}
	v := Flag(s, path, t.Form)
	if s.Missing && t.OnWithout {
		v = v.OrDefault(true)
	}
	return settle(t, v)
}

// either chooses between the two names that azurerm 3 has for a switch, one of
// them computed from the other: the decisive value wins wherever it stands (of two
// the one that the configuration may write), else the one that it may write, else
// the known one.
func either(decisive bool, one, other posture.Value[bool], writes func(i int) bool) posture.Value[bool] {
	both := [2]posture.Value[bool]{one, other}
	decides := func(v posture.Value[bool]) bool { return v.IsKnown() && v.V == decisive }
	switch {
	case decides(one) && decides(other) && writes(1) && !writes(0):
		return other
	case decides(one):
		return one
	case decides(other):
		return other
	}
	for i := len(both) - 1; i >= 0; i-- {
		if both[i].IsUnknown() && writes(i) {
			return both[i]
		}
	}
	for _, v := range both {
		if v.IsKnown() {
			return v
		}
	}
	if !one.IsUnknown() && other.IsUnknown() {
		return other
	}
	return one
}

// written reports whether a block is there: an element of a list, or an object that
// has the member without which it says nothing. A member that is not known yet is there.
func written[N Node[N]](n N, path string, t Term) posture.Value[bool] {
	whole, there := n.Scalar(), false
	switch {
	case whole.State != posture.StateKnown:
	case whole.Kind == '[':
		there = length(n) > 0
	case whole.Kind == '{' && t.Column != "":
		s := n.Get(t.Column).Scalar()
		there = s.State == posture.StateUnknown || s.State == posture.StateKnown && s.Text != ""
	default:
		there = whole.Kind == '{'
	}
	out := Value(whole, path, func(s Scalar) (bool, bool) { return there, s.Kind == '[' || s.Kind == '{' })
	if out.IsKnown() && !there {
		return posture.Unset[bool](out.Source.Path)
	}
	return out
}

// list reads a list of strings as a term has it.
func list[N Node[N]](n N, t Term) posture.Value[[]string] {
	switch t.Form {
	case Keys:
	case DaysAndHours:
		return pairs(n, t, window)
	case Filled:
		return pairs(n, t, func(name, filled Scalar) (string, bool) {
			if filled.State == posture.StateUnset || filled.Text == "" {
				return "", true
			}
			return name.Text, name.Kind == '"'
		})
	default:
		return listOf(n, t.Path, t.Column)
	}
	keys := n.Keys()
	out := Value(n.Scalar(), t.Path, func(s Scalar) ([]string, bool) { return keys, s.Kind == '{' })
	if out.IsKnown() && len(keys) == 0 {
		return posture.Unset[[]string](out.Source.Path)
	}
	return out
}

// List reads a list of strings as one fact: it is unknown if one element is, and
// unset where there is none.
func List[N Node[N]](n N, path string) posture.Value[[]string] { return listOf(n, path, "") }

// columns is what stands at an element of a list, or in columns of it, joined by
// spaces: the first that is not known, or all texts.
func columns[N Node[N]](element N, names string) (out Scalar) {
	if names == "" {
		return element.Scalar()
	}
	for i, name := range strings.Split(names, ",") {
		s := element.Get(name).Scalar()
		switch {
		case i == 0 || s.State == posture.StateUnknown:
			out = s
		case s.State == posture.StateKnown:
			out.Text += " " + s.Text
		}
		if out.State == posture.StateUnknown {
			break
		}
	}
	return out
}

// listOf reads a list of strings, or of objects of which a column is the string.
func listOf[N Node[N]](n N, path, column string) posture.Value[[]string] {
	var read struct { // one piece of memory for all that the loop changes
		Scalar
		texts []string
	}
	read.Scalar = n.Scalar()
	if read.State != posture.StateUnknown {
		for e := range n.Elems() {
			s := columns(e, column)
			if s.State == posture.StateUnknown {
				read.Scalar = s
				break
			}
			read.Sensitive = read.Sensitive || s.Sensitive
			switch {
			case s.State == posture.StateKnown && s.Kind != '"' && s.Kind != '0':
				read.Kind = s.Kind
			case s.State == posture.StateKnown:
				read.texts = append(read.texts, s.Text)
			}
		}
	}
	out := Value(read.Scalar, path, func(s Scalar) ([]string, bool) { return nil, s.Kind == '[' })
	switch {
	case out.IsKnown() && len(read.texts) == 0:
		return posture.Unset[[]string](out.Source.Path)
	case out.IsKnown():
		out.V = read.texts
	}
	return out
}

// pairs reads a list of objects by two columns. join makes one text of both, which is
// empty for an element that is left out, and says false where the two are not documented.
func pairs[N Node[N]](n N, t Term, join func(one, other Scalar) (string, bool)) posture.Value[[]string] {
	first, second, _ := strings.Cut(t.Column, ",")
	all := n.Scalar()
	var texts []string
	for e := range n.Elems() {
		one, other := e.Get(first).Scalar(), e.Get(second).Scalar()
		if one.State == posture.StateUnknown || other.State == posture.StateUnknown {
			all = one
			if one.State != posture.StateUnknown {
				all = other
			}
			break
		}
		all.Sensitive = all.Sensitive || one.Sensitive
		text, ok := join(one, other)
		if !ok {
			all.Kind = 0
		}
		if text != "" {
			texts = append(texts, text)
		}
	}
	out := Value(all, t.Path, func(s Scalar) ([]string, bool) { return texts, s.Kind == '[' })
	switch {
	case out.IsKnown() && len(texts) == 0:
		return posture.Unset[[]string](out.Source.Path)
	case out.IsUnset() && t.Unmanaged:
		return posture.Unknown[[]string](posture.ReasonNotObserved, out.Source.Path)
	}
	return out
}

// WindowDays are the days and hours of the entries of a patch schedule, as ARM has them.
func WindowDays[N Node[N]](n N, path string) posture.Value[[]string] {
	return pairs(n, Term{Path: path, Column: "dayOfWeek,startHourUtc"}, window)
}

// window is a day and an hour of a patch schedule: "Sunday 02:00". The hour is 0 where
// none is written.
func window(day, hour Scalar) (string, bool) {
	i := slices.IndexFunc(posture.MaintenanceDays, func(d string) bool { return strings.EqualFold(d, day.Text) })
	n := 0
	if hour.State == posture.StateKnown {
		var ok bool
		if n, ok = hour.number(Plain); !ok {
			n = -1
		}
	}
	if i < 0 || n < 0 || n > 23 {
		return "", false
	}
	return fmt.Sprintf("%s %02d:00", posture.MaintenanceDays[i], n), true
}

// TextsByName reads an object of texts as one fact: it is unknown if one text is, and unset
// where there is none.
func TextsByName[N Node[N]](n N, path string) posture.Value[map[string]string] {
	all, texts := n.Scalar(), map[string]string{}
	for _, name := range n.Keys() {
		s := n.Get(name).Scalar()
		if s.State == posture.StateUnknown {
			all = s
			break
		}
		all.Sensitive = all.Sensitive || s.Sensitive
		texts[name] = s.Text
	}
	out := Value(all, path, func(s Scalar) (map[string]string, bool) { return texts, s.Kind == '{' })
	if out.IsKnown() && len(texts) == 0 {
		return posture.Unset[map[string]string](path)
	}
	return out
}

// several reads the singular, the plural and the security groups of one fact as
// so many values. An unknown one stands for any number of them.
func several[N Node[N], P any](p *place[P], inside N) []posture.Value[string] {
	var out []posture.Value[string]
	add := func(s Scalar, path string) {
		if v := Text(s, path); !v.IsUnset() {
			out = append(out, v)
		}
	}
	add(inside.Get(p.name).Scalar(), p.Path)
	for _, path := range []string{p.Plural, p.Groups} {
		if path == "" {
			continue
		}
		_, name := cutLast(path)
		all := inside.Get(name)
		if s := all.Scalar(); s.State == posture.StateUnknown {
			add(s, path)
			continue
		}
		for e := range all.Elems() {
			if path == p.Groups {
				out = append(out, posture.Known(posture.ApplicationSecurityGroup, path))
			} else {
				add(e.Scalar(), path)
			}
		}
	}
	return out
}
