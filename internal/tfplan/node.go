package tfplan

import (
	"bytes"
	"errors"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// node is a small JSON tree of what was asked for. The zero node is absent.
type node struct {
	kind  jsontext.Kind // 0 when absent, else of the value
	text  string        // of strings and numbers
	names []string      // of objects, parallel to kids
	kids  []node
}

func (n node) absent() bool { return n.kind == 0 }
func (n node) null() bool   { return n.kind == 'n' }
func (n node) isTrue() bool { return n.kind == 't' }

func (n node) get(name string) node {
	for i, have := range n.names {
		if have == name {
			return n.kids[i]
		}
	}
	return node{}
}

func (n node) at(path ...string) node {
	for _, name := range path {
		n = n.get(name)
	}
	return n
}

func (n node) elem(i int) node {
	if n.kind == '[' && i < len(n.kids) {
		return n.kids[i]
	}
	return node{}
}

func (n node) str() string {
	if n.kind == '"' {
		return n.text
	}
	return ""
}

func (n node) integer() (int, bool) {
	if n.kind != '0' && n.kind != '"' {
		return 0, false
	}
	if i, err := strconv.Atoi(n.text); err == nil {
		return i, true
	}
	f, err := strconv.ParseFloat(n.text, 64)
	if err != nil || f != float64(int(f)) {
		return 0, false
	}
	return int(f), true
}

// parseNode builds the tree of JSON that pick has written or that an attribute
// holds as text; it is small by then.
func parseNode(raw []byte) (node, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true))
	return readNode(dec)
}

// parseParts builds the tree of some members of an object and skips the others.
func parseParts(raw []byte, names ...string) node {
	n := node{kind: '{'}
	if len(raw) == 0 {
		return n
	}
	dec := subDecoder(raw)
	_ = members(dec, func(name string) error {
		if !slices.Contains(names, name) {
			return dec.SkipValue()
		}
		kid, err := readNode(dec)
		if err != nil {
			return err
		}
		n.names, n.kids = append(n.names, name), append(n.kids, kid)
		if len(n.names) == len(names) {
			return errEnough
		}
		return nil
	})
	return n
}

// errEnough ends a walk early.
var errEnough = errors.New("enough")

func readNode(dec *jsontext.Decoder) (node, error) {
	tok, err := dec.ReadToken()
	if err != nil {
		return node{}, err
	}
	n := node{kind: tok.Kind()}
	switch n.kind {
	case '"', '0':
		n.text = tok.String()
	case '{':
		n.names, n.kids = make([]string, 0, 8), make([]node, 0, 8)
		for dec.PeekKind() != '}' {
			name, err := dec.ReadToken()
			if err != nil {
				return node{}, err
			}
			n.names = append(n.names, name.String())
			kid, err := readNode(dec)
			if err != nil {
				return node{}, err
			}
			n.kids = append(n.kids, kid)
		}
		_, err = dec.ReadToken()
	case '[':
		for dec.PeekKind() != ']' {
			kid, err := readNode(dec)
			if err != nil {
				return node{}, err
			}
			n.kids = append(n.kids, kid)
		}
		_, err = dec.ReadToken()
	}
	return n, err
}
