package tfconfig

import (
	"encoding/json"
	"io"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
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
