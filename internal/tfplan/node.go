package tfplan

import (
	"bytes"
	"errors"
	"io"
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// node is a value that was kept of the input, as [encoder] has written it. The zero
// node is absent. It is no tree: a plan of ten thousand caches has a million
// values, most of which are read once, so that members are found by walking the
// encoded text, without memory of their own.
type node struct {
	kind jsontext.Kind // 0 when absent, else of the value
	text string        // of strings and numbers; of arrays and objects what they hold, encoded
}

func (n node) absent() bool { return n.kind == 0 }
func (n node) null() bool   { return n.kind == 'n' }
func (n node) isTrue() bool { return n.kind == 't' }

// A value is encoded as its kind and what follows: for strings and numbers the
// length of the text and the text, for arrays the length of the encoded elements
// and the elements, for objects the same with a name before each value. The lengths
// let a walk skip values. A name that a [spec] keeps is one byte, since names would
// take more room than values.

// names are the names by their byte, nameBytes the bytes by name. The byte 0 stands
// before a name that is written out. They grow while the specs are made, all of
// which are package-level variables, and never change afterwards.
var (
	nameBytes = map[string]byte{}
	names     = []string{""}
)

// nameByte returns the byte of a name that a spec keeps.
func nameByte(name string) byte {
	b, ok := nameBytes[name]
	if !ok && len(names) < 256 {
		b = byte(len(names))
		nameBytes[name] = b
		names = append(names, name)
	}
	return b
}

func cutName(s string) (name, rest string) {
	if s[0] != 0 {
		return names[s[0]], s[1:]
	}
	return cutText(s[1:])
}

// sizeBytes is the room for the length of an array or object, which is filled in
// once its end is written.
const sizeBytes = 4

// cut returns the value that s begins with, and the rest of s.
func cut(s string) (node, string) {
	kind := jsontext.Kind(s[0])
	s = s[1:]
	switch kind {
	case '"', '0':
		text, rest := cutText(s)
		return node{kind, text}, rest
	case '{', '[':
		n := int(s[0]) | int(s[1])<<8 | int(s[2])<<16 | int(s[3])<<24
		s = s[sizeBytes:]
		return node{kind, s[:n]}, s[n:]
	default:
		return node{kind: kind}, s
	}
}

// width is the length of the value that s begins with.
func width(s string) int {
	switch s[0] {
	case '"', '0':
		n, size := int(s[1]), 1
		if n >= 0x80 {
			n, size = longLength(s[1:])
		}
		return 1 + size + n
	case '{', '[':
		return 1 + sizeBytes + (int(s[1]) | int(s[2])<<8 | int(s[3])<<16 | int(s[4])<<24)
	default:
		return 1
	}
}

func cutText(s string) (text, rest string) {
	n, size := int(s[0]), 1
	if n >= 0x80 {
		n, size = longLength(s)
	}
	s = s[size:]
	return s[:n], s[n:]
}

func longLength(s string) (n, size int) {
	for shift := 0; ; shift += 7 {
		c := s[size]
		n |= int(c&0x7f) << shift
		size++
		if c < 0x80 {
			return n, size
		}
	}
}

func (n node) get(name string) node {
	if n.kind != '{' {
		return node{}
	}
	for s := n.text; s != ""; {
		have, rest := cutName(s)
		if have == name {
			kid, _ := cut(rest)
			return kid
		}
		s = rest[width(rest):]
	}
	return node{}
}

// members yields the members of an object.
func (n node) members() iter.Seq2[string, node] {
	return func(yield func(string, node) bool) {
		for s := n.text; n.kind == '{' && s != ""; {
			name, rest := cutName(s)
			kid, rest := cut(rest)
			if !yield(name, kid) {
				return
			}
			s = rest
		}
	}
}

// elems yields the elements of an array.
func (n node) elems() iter.Seq[node] {
	return func(yield func(node) bool) {
		for s := n.text; n.kind == '[' && s != ""; {
			kid, rest := cut(s)
			if !yield(kid) {
				return
			}
			s = rest
		}
	}
}

// length returns the number of elements of an array.
func (n node) length() int {
	count := 0
	for range n.elems() {
		count++
	}
	return count
}

func (n node) elem(i int) node {
	for kid := range n.elems() {
		if i == 0 {
			return kid
		}
		i--
	}
	return node{}
}

func (n node) str() string {
	if n.kind == '"' {
		return n.text
	}
	return ""
}

// errFollowed says that text holds more than one JSON value.
var errFollowed = errors.New("something follows the JSON")

// textValue returns the only JSON value of a text. Two equal names in an object are
// an error: a provider may take the last of them, or refuse both.
func textValue(raw []byte) (jsontext.Value, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw))
	value, err := dec.ReadValue()
	if err != nil {
		return nil, err
	}
	value = value.Clone() // which the next read may overwrite
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errFollowed
	}
	return value, nil
}

// parseNode reads JSON that an attribute holds as text.
func parseNode(raw []byte) (node, error) {
	value, err := textValue(raw)
	if err != nil {
		return node{}, err
	}
	w := encoder{}
	w.whole(&scanner{b: value})
	n, _ := cut(string(w.buf))
	return n, nil
}

func anyTrue(n node) bool { return n.holds(node.isTrue) }

// holds reports whether a condition is true of a value, or of one at any depth in it.
func (n node) holds(is func(node) bool) bool {
	if is(n) {
		return true
	}
	for _, k := range n.members() {
		if k.holds(is) {
			return true
		}
	}
	for k := range n.elems() {
		if k.holds(is) {
			return true
		}
	}
	return false
}
