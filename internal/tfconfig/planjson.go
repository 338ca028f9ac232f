package tfconfig

import (
	"encoding/json"
	"io"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/zclconf/go-cty/cty"
)

// jsonWriter writes JSON piece by piece. The first error ends the writing.
type jsonWriter struct {
	enc *jsontext.Encoder
	err error
}

func newJSONWriter(w io.Writer) *jsonWriter {
	return &jsonWriter{enc: jsontext.NewEncoder(w, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))}
}

func (w *jsonWriter) token(t jsontext.Token) {
	if w.err == nil {
		w.err = w.enc.WriteToken(t)
	}
}

func (w *jsonWriter) object(members func()) {
	w.token(jsontext.BeginObject)
	members()
	w.token(jsontext.EndObject)
}

func (w *jsonWriter) array(elements func()) {
	w.token(jsontext.BeginArray)
	elements()
	w.token(jsontext.EndArray)
}

// name begins a member of an object.
func (w *jsonWriter) name(name string) { w.token(jsontext.String(name)) }

// texts writes members of an object that are strings, as pairs of name and value.
func (w *jsonWriter) texts(pairs ...string) {
	for _, s := range pairs {
		w.token(jsontext.String(s))
	}
}

// member writes a member of an object.
func (w *jsonWriter) member(name string, v any) {
	w.name(name)
	w.value(v)
}

// value writes a value that is made of what [json.Unmarshal] makes, or of slices of strings.
func (w *jsonWriter) value(v any) {
	switch v := v.(type) {
	case nil:
		w.token(jsontext.Null)
	case bool:
		w.token(jsontext.Bool(v))
	case string:
		w.token(jsontext.String(v))
	case json.Number:
		w.raw(string(v))
	case json.RawMessage:
		w.raw(string(v))
	case []string:
		w.array(func() {
			for _, s := range v {
				w.token(jsontext.String(s))
			}
		})
	case []any:
		w.array(func() {
			for _, elem := range v {
				w.value(elem)
			}
		})
	case map[string]any:
		w.object(func() {
			for _, name := range slices.Sorted(maps.Keys(v)) {
				w.member(name, v[name])
			}
		})
	default:
		panic("no value of JSON")
	}
}

func (w *jsonWriter) raw(text string) {
	if w.err == nil {
		w.err = w.enc.WriteValue(jsontext.Value(text))
	}
}

// planJSON is a value without marks as plan JSON has it: what is known, and where it is
// not. Unknown members of objects are left out of the first, unknown elements of lists
// are null there.
func planJSON(v cty.Value) (known, unknown any) {
	switch {
	case !v.IsKnown():
		return nil, true
	case v.IsNull():
		return nil, false
	case v.Type() == cty.String:
		return v.AsString(), false
	case v.Type() == cty.Bool:
		return v.True(), false
	case v.Type() == cty.Number:
		return json.Number(v.AsBigFloat().Text('f', -1)), false
	case v.Type().IsObjectType(), v.Type().IsMapType():
		after, hidden := map[string]any{}, map[string]any{}
		for it := v.ElementIterator(); it.Next(); {
			k, elem := it.Element()
			is, not := planJSON(elem)
			if not != true {
				after[k.AsString()] = is
			}
			if not != false {
				hidden[k.AsString()] = not
			}
		}
		if len(hidden) == 0 {
			return after, false
		}
		return after, hidden
	case v.CanIterateElements():
		after, hidden, partly := []any{}, []any{}, false
		for it := v.ElementIterator(); it.Next(); {
			_, elem := it.Element()
			is, not := planJSON(elem)
			after, hidden, partly = append(after, is), append(hidden, not), partly || not != false
		}
		if !partly {
			return after, false
		}
		return after, hidden
	default:
		return nil, true
	}
}

func jsonText(text string) any { return json.RawMessage(text) }
