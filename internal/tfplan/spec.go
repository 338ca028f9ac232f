package tfplan

import (
	"maps"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// spec says which attributes are kept of a value. A nil spec keeps it whole.
type spec struct {
	fields map[string]field
	// every is what is kept of each member of a map, whose names are data.
	every *spec
	// folded finds a name in whatever case it is written; nil where case counts.
	folded map[string]string
	// text is applied to a string where an object is expected.
	text func(w *encoder, text string)
	// distilled says what to write in place of an object or array.
	distilled func(w *encoder, raw []byte)
	// mask says that the object holds marks of what is unknown or sensitive.
	mask bool
}

// field is one attribute that is kept.
type field struct {
	spec  *spec
	index int  // among the fields of its spec, to notice duplicates
	name  byte // see nameByte
	// migration says that it is kept only where the facts of a migration are asked for.
	migration bool
}

// keep returns a spec of the named leaves.
func keep(names ...string) *spec {
	s := &spec{fields: map[string]field{}}
	for _, name := range names {
		s.with(name, nil)
	}
	return s
}

// with adds a field that is itself filtered.
func (s *spec) with(name string, sub *spec) *spec {
	f, ok := s.fields[name]
	if !ok {
		f.index = len(s.fields)
	}
	f.name = nameByte(name)
	f.spec = sub
	f.migration = false
	s.fields[name] = f
	return s
}

// withNames adds the members that a table asks for.
func (s *spec) withNames(names vocabulary.Names) *spec {
	for _, name := range slices.Sorted(maps.Keys(names)) {
		inside := s.fields[name].spec
		if len(names[name]) > 0 {
			if inside == nil {
				inside = keep()
			}
			inside.withNames(names[name])
		}
		s.with(name, inside)
	}
	return s
}

// withArguments adds what is asked of a companion in a dialect.
func (s *spec) withArguments(c vocabulary.Companion, path func(vocabulary.Argument) string) *spec {
	for _, a := range c {
		leaf := distilledArguments[a.Role]
		if a.Each != nil {
			leaf = keep().withArguments(a.Each, path)
		}
		if p := path(a); p != "" {
			s.withPath(strings.ReplaceAll(p, "[0]", ""), leaf)
		}
	}
	return s
}

// withMigration adds what is kept only where the facts of a migration are asked for.
func (s *spec) withMigration(more *spec) *spec {
	for _, name := range sortedKeys(more.fields) {
		inside := more.fields[name].spec
		have, ok := s.fields[name]
		switch {
		case !ok:
			s.with(name, inside)
			f := s.fields[name]
			f.migration = true
			s.fields[name] = f
		case have.spec != nil && inside != nil:
			have.spec.withMigration(inside)
		}
	}
	return s
}

// withPath adds a field below others; one that has fields of its own keeps them.
func (s *spec) withPath(path string, leaf *spec) {
	name, rest, below := strings.Cut(path, ".")
	inside := s.fields[name].spec
	switch {
	case below && inside == nil:
		inside = keep()
		fallthrough
	case below:
		inside.withPath(rest, leaf)
		leaf = inside
	case leaf == nil:
		leaf = inside
	}
	s.with(name, leaf)
}

// mapOf returns a spec of a map whose elements are filtered.
func mapOf(elem *spec) *spec { return &spec{every: elem} }

// ignoreCase makes names count in any case, at all depths, as for ARM they do.
func (s *spec) ignoreCase() *spec {
	if s == nil {
		return s
	}
	s.every.ignoreCase()
	if s.fields == nil {
		return s
	}
	s.folded = map[string]string{}
	for name, f := range s.fields {
		s.folded[strings.ToLower(name)] = name
		f.spec.ignoreCase()
	}
	return s
}

// asText says what to keep of a string that stands where an object is expected.
func (s *spec) asText(f func(w *encoder, text string)) *spec {
	s.text = f
	return s
}

// redacted is what terraform-json and HCP Terraform write for a value that was
// taken out of a sanitized plan.
const redacted = "REDACTED_SENSITIVE"

// unexpected stands in a kept snapshot for something whose form was not expected.
const unexpected = "?"

// pick writes what s asks for, and steps over the rest.
func (w *encoder) pick(in *scanner, s *spec) error {
	kind := in.peek()
	if s == nil || (kind != '{' && kind != '[' && kind != '"') {
		w.whole(in)
		return nil
	}
	if kind == '"' {
		s.fromText(w, string(in.name()))
		return nil
	}
	if s.distilled != nil {
		s.distilled(w, in.skip())
		return nil
	}
	was := w.mask
	w.mask = was || s.mask
	start := w.open(kind)
	in.enter()
	if err := w.pickInside(in, s, kind); err != nil {
		return err
	}
	w.close(start)
	w.mask = was
	return nil
}

// pickInside writes what s asks for of the elements of an array or the members of
// an object.
func (w *encoder) pickInside(in *scanner, s *spec, kind byte) error {
	if kind == '[' {
		for in.more(']') {
			if err := w.pick(in, s); err != nil {
				return err
			}
		}
		return nil
	}
	seen := newFieldSet(len(s.fields))
	for in.more('}') {
		name := in.name()
		if s.every != nil {
			w.name(name)
			if err := w.pick(in, s.every); err != nil {
				return err
			}
			continue
		}
		f, ok := s.fields[string(name)]
		if !ok && s.folded != nil {
			var own string
			if own, ok = s.folded[strings.ToLower(string(name))]; ok {
				f, name = s.fields[own], []byte(own)
			}
		}
		if !ok || f.migration && !w.migration {
			in.skip()
			continue
		}
		if !seen.add(f.index) {
			return errDuplicate
		}
		if w.kind(f.name); f.name == 0 {
			w.text(name)
		}
		if err := w.pick(in, f.spec); err != nil {
			return err
		}
	}
	return nil
}

// fieldSet holds the fields of a spec that an object has shown, by their index.
type fieldSet struct {
	first uint64   // fields 0 to 63, which most specs do not exceed
	rest  []uint64 // those after them
}

func newFieldSet(fields int) fieldSet {
	if fields <= 64 {
		return fieldSet{}
	}
	return fieldSet{rest: make([]uint64, (fields-1)/64)}
}

// add reports whether a field was not in the set.
func (s *fieldSet) add(i int) bool {
	word := &s.first
	if i >= 64 {
		word = &s.rest[i/64-1]
	}
	bit := uint64(1) << (i % 64)
	fresh := *word&bit == 0
	*word |= bit
	return fresh
}

func (s *spec) fromText(w *encoder, text string) {
	switch {
	case text == redacted:
		w.str(text)
	case s.text != nil:
		s.text(w, text)
	case text == "":
		w.str(text)
	default:
		w.str(unexpected)
	}
}

// jsonText writes what s keeps of JSON that is written as a string, as azapi 1 does.
func (s *spec) jsonText(w *encoder, text string) {
	start := len(w.buf)
	raw, err := textValue([]byte(text))
	if err != nil || raw.Kind() == '[' || w.pick(&scanner{b: raw}, s) != nil {
		w.buf = w.buf[:start]
		w.str(unexpected)
	}
}
