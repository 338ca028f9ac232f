package azure

import (
	"bytes"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// value is a place in an answer, a carrier of the vocabulary. Names of members
// count in any case, as for [encoding/json].
type value struct {
	kind    jsontext.Kind // 0 where there is none
	text    string        // of a string or number
	members []named
	elems   []value
	// lost says that the object in which it would stand was not returned, or is
	// none, so that its absence says nothing.
	lost bool
}

type named struct {
	name  string
	value value
}

// UnmarshalJSON decodes a resource with all that it holds.
func (v *value) UnmarshalJSON(raw []byte) (err error) {
	*v, err = decodeObject(raw, nil)
	return err
}

var errNoObject = errors.New("this is no object")

// decodeObject reads the members of an object that are named; all for nil.
func decodeObject(raw []byte, names vocabulary.Names) (value, error) {
	v, err := decode(jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)), names)
	if err == nil && v.kind != '{' {
		err = errNoObject
	}
	return v, err
}

// decode reads a value, of its objects only the members that are named; all for nil.
func decode(dec *jsontext.Decoder, names vocabulary.Names) (v value, err error) {
	token, err := dec.ReadToken()
	if err != nil {
		return v, err
	}
	switch v.kind = token.Kind(); v.kind {
	case '{':
		for dec.PeekKind() != '}' {
			name, err := dec.ReadToken()
			if err != nil {
				return v, err
			}
			m := named{name: name.String()}
			inside, wanted := within(names, m.name)
			if !wanted {
				if err := dec.SkipValue(); err != nil {
					return v, err
				}
				continue
			}
			if m.value, err = decode(dec, inside); err != nil {
				return v, err
			}
			v.members = append(v.members, m)
		}
	case '[':
		for dec.PeekKind() != ']' {
			elem, err := decode(dec, names)
			if err != nil {
				return v, err
			}
			v.elems = append(v.elems, elem)
		}
	default:
		v.text = token.String()
		return v, nil
	}
	_, err = dec.ReadToken()
	return v, err
}

func within(names vocabulary.Names, name string) (inside vocabulary.Names, wanted bool) {
	if inside, wanted = names[name]; wanted || names == nil {
		return inside, true
	}
	for have, inside := range names {
		if strings.EqualFold(have, name) {
			return inside, true
		}
	}
	return nil, false
}

// Get returns the member of an object.
func (v value) Get(name string) value {
	for _, m := range v.members {
		if strings.EqualFold(m.name, name) {
			return m.value
		}
	}
	return value{lost: v.kind != '{'}
}

// at returns what stands at a path.
func (v value) at(path string) value {
	for _, name := range strings.Split(path, ".") {
		v = v.Get(name)
	}
	return v
}

// str is the string at a path; empty where there is none.
func (v value) str(path string) string {
	if v = v.at(path); v.kind == '"' {
		return v.text
	}
	return ""
}

// texts are the strings of a list, or a string as a list of one; nil for what is
// neither.
func (v value) texts() []string {
	switch v.kind {
	case '"':
		return []string{v.text}
	case '[':
		out := []string{}
		for _, e := range v.elems {
			if e.kind != '"' {
				return nil
			}
			out = append(out, e.text)
		}
		return out
	default:
		return nil
	}
}

// required is what stands at a path that an answer always has: without it nobody
// knows more.
func (v value) required(path string) vocabulary.Scalar {
	s := v.at(path).Scalar()
	if s.State == posture.StateUnset {
		return value{lost: true}.Scalar()
	}
	return s
}

// fact is the text at a place of a resource around a cache.
func (v value) fact(of string, place *vocabulary.Place) posture.Value[string] {
	return vocabulary.Text(v.required(place.Path), of+"."+place.Path)
}

// Keys are the names of the members of an object, in order.
func (v value) Keys() []string {
	names := make([]string, len(v.members))
	for i, m := range v.members {
		names[i] = m.name
	}
	slices.Sort(names)
	return names
}

// Elems are the elements of a list.
func (v value) Elems() iter.Seq[value] { return slices.Values(v.elems) }

// Scalar is what stands at the place. A null and an empty string count as absent.
func (v value) Scalar() vocabulary.Scalar {
	switch {
	case v.lost:
		return vocabulary.Scalar{Reason: posture.ReasonNotObserved, Detail: vocabulary.NotReturned}
	case v.kind == 0, v.kind == 'n', v.kind == '"' && v.text == "":
		return vocabulary.Scalar{State: posture.StateUnset, Missing: v.kind == 0}
	default:
		return vocabulary.Scalar{State: posture.StateKnown, Kind: byte(v.kind), Text: v.text}
	}
}
