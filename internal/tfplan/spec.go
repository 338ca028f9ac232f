package tfplan

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// spec says which attributes are kept of a value. A nil spec keeps it whole.
type spec struct {
	fields map[string]*spec
	bits   map[string]uint64 // one bit per field, to notice duplicates
	// text is applied to a string where an object is expected, and returns JSON.
	text func(string) []byte
}

// keep returns a spec of the named leaves.
func keep(names ...string) *spec {
	s := &spec{fields: map[string]*spec{}, bits: map[string]uint64{}}
	for _, name := range names {
		s.with(name, nil)
	}
	return s
}

// with adds a field that is itself filtered.
func (s *spec) with(name string, sub *spec) *spec {
	s.fields[name] = sub
	if _, ok := s.bits[name]; !ok {
		s.bits[name] = 1 << (len(s.bits) % 64)
	}
	return s
}

// asText says what to keep of a string that stands where an object is expected.
func (s *spec) asText(f func(string) []byte) *spec {
	s.text = f
	return s
}

// redacted is what terraform-json and HCP Terraform write for a value that was
// taken out of a sanitized plan.
const redacted = "REDACTED_SENSITIVE"

// marks stands in a kept snapshot for something whose form was not expected.
const unexpected = `"?"`

// pick copies what s asks for from dec to dst, and skips the rest unread.
func pick(dec *jsontext.Decoder, s *spec, dst []byte) ([]byte, error) {
	kind := dec.PeekKind()
	if s == nil || (kind != '{' && kind != '[' && kind != '"') {
		v, err := dec.ReadValue()
		return append(dst, v...), err
	}
	if kind == '"' {
		tok, err := dec.ReadToken()
		if err != nil {
			return dst, err
		}
		return append(dst, s.fromText(tok.String())...), nil
	}
	if _, err := dec.ReadToken(); err != nil {
		return dst, err
	}
	dst = append(dst, byte(kind))
	first := true
	comma := func() {
		if !first {
			dst = append(dst, ',')
		}
		first = false
	}
	if kind == '[' {
		for dec.PeekKind() != ']' {
			comma()
			var err error
			if dst, err = pick(dec, s, dst); err != nil {
				return dst, err
			}
		}
		_, err := dec.ReadToken()
		return append(dst, ']'), err
	}
	var seen uint64
	for dec.PeekKind() != '}' {
		raw, err := dec.ReadValue()
		if err != nil {
			return dst, err
		}
		name := memberName(raw)
		sub, ok := s.fields[string(name)]
		if !ok {
			if err := dec.SkipValue(); err != nil {
				return dst, err
			}
			continue
		}
		bit := s.bits[string(name)]
		if seen&bit != 0 {
			return dst, errDuplicate
		}
		seen |= bit
		comma()
		dst = append(dst, '"')
		dst = append(dst, name...)
		dst = append(dst, '"', ':')
		if dst, err = pick(dec, sub, dst); err != nil {
			return dst, err
		}
	}
	_, err := dec.ReadToken()
	return append(dst, '}'), err
}

func (s *spec) fromText(text string) []byte {
	switch {
	case text == redacted:
		return []byte(`"` + redacted + `"`)
	case s.text != nil:
		return s.text(text)
	case text == "":
		return []byte(`""`)
	default:
		return []byte(unexpected)
	}
}

// jsonText returns what s keeps of JSON that is written as a string, as azapi 1 does.
func (s *spec) jsonText(text string) []byte {
	dec := jsontext.NewDecoder(strings.NewReader(text), jsontext.AllowDuplicateNames(true))
	out, err := pick(dec, s, nil)
	if err != nil {
		return []byte(unexpected)
	}
	return out
}

// memberName returns the name of a quoted object member; dec's buffer stays its
// owner unless the name is escaped.
func memberName(raw jsontext.Value) []byte {
	for _, c := range raw {
		if c == '\\' {
			name, err := jsontext.AppendUnquote(nil, raw)
			if err != nil {
				return nil
			}
			return name
		}
	}
	if len(raw) < 2 {
		return nil
	}
	return raw[1 : len(raw)-1]
}
