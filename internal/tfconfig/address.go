package tfconfig

import (
	"cmp"
	"errors"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// Key is the instance key of a resource or module: none, a number (count) or a
// string (for_each). The zero value is "no key".
type Key struct {
	kind keyKind
	num  int
	str  string
}

type keyKind int

const (
	noKey keyKind = iota
	intKey
	stringKey
)

// IntKey is the key of an instance under count.
func IntKey(n int) Key { return Key{kind: intKey, num: n} }

// StringKey is the key of an instance under for_each.
func StringKey(s string) Key { return Key{kind: stringKey, str: s} }

// String writes the key as Terraform does in addresses; empty for no key.
func (k Key) String() string {
	switch k.kind {
	case intKey:
		return "[" + strconv.Itoa(k.num) + "]"
	case stringKey:
		return "[" + string(hclwrite.TokensForValue(cty.StringVal(k.str)).Bytes()) + "]"
	default:
		return ""
	}
}

func (k Key) compare(other Key) int {
	return cmp.Or(cmp.Compare(k.kind, other.kind), cmp.Compare(k.num, other.num), strings.Compare(k.str, other.str))
}

type moduleStep struct {
	name string
	key  Key
}

// address is a parsed resource instance address.
type address struct {
	module   []moduleStep
	typ      string
	name     string
	key      Key
	resource string // type.name, data.type.name or action.type.name
}

var errAddress = errors.New("not a resource instance address")

// parseAddress reads an address such as module.a["x"].example_thing.this[0].
func parseAddress(s string) (address, error) {
	if len(s) > 4096 {
		return address{}, errAddress
	}
	if words, ok := plainWords(s); ok {
		return plainAddress(words)
	}
	return keyedAddress(s)
}

// keyedAddress reads an address that may have keys.
func keyedAddress(s string) (address, error) {
	steps, diags := hclsyntax.ParseTraversalAbs([]byte(s), "address", hcl.InitialPos)
	if diags.HasErrors() {
		return address{}, errAddress
	}
	name := func() string {
		if len(steps) == 0 {
			return ""
		}
		switch s := steps[0].(type) {
		case hcl.TraverseRoot:
			steps = steps[1:]
			return s.Name
		case hcl.TraverseAttr:
			steps = steps[1:]
			return s.Name
		default:
			return ""
		}
	}
	key := func() Key {
		if len(steps) > 0 {
			if idx, ok := steps[0].(hcl.TraverseIndex); ok {
				if k, ok := keyOf(idx.Key); ok {
					steps = steps[1:]
					return k
				}
			}
		}
		return Key{}
	}
	var a address
	word := name()
	for ; word == "module"; word = name() {
		step := moduleStep{name: name()}
		if step.name == "" {
			return address{}, errAddress
		}
		step.key = key()
		a.module = append(a.module, step)
	}
	mode := ""
	if word == "data" || word == "action" {
		mode, word = word+".", name()
	}
	a.typ, a.name = word, name()
	a.key = key()
	if a.typ == "" || a.name == "" || len(steps) > 0 {
		return address{}, errAddress
	}
	a.resource = mode + a.typ + "." + a.name
	return a, nil
}

// plainWords splits an address without keys, as nearly all are, at less cost than the
// parser of expressions does. It is false for what has anything but names of ASCII.
func plainWords(s string) ([]string, bool) {
	start := true
	for i := range len(s) {
		switch b := s[i]; {
		case b == '.' && !start:
			start = true
		case letter(b), !start && inName(b):
			start = false
		default:
			return nil, false
		}
	}
	return strings.Split(s, "."), !start
}

// plainAddress is the address of some words without keys.
func plainAddress(words []string) (a address, err error) {
	for ; len(words) > 1 && words[0] == "module"; words = words[2:] {
		a.module = append(a.module, moduleStep{name: words[1]})
	}
	mode := ""
	if len(words) > 0 && (words[0] == "data" || words[0] == "action") {
		mode, words = words[0]+".", words[1:]
	}
	if len(words) != 2 {
		return address{}, errAddress
	}
	a.typ, a.name = words[0], words[1]
	a.resource = mode + a.typ + "." + a.name
	return a, nil
}

func keyOf(v cty.Value) (Key, bool) {
	v, _ = v.Unmark()
	if v.IsNull() || !v.IsKnown() {
		return Key{}, false
	}
	switch v.Type() {
	case cty.String:
		return StringKey(v.AsString()), true
	case cty.Number:
		n, acc := v.AsBigFloat().Int64()
		if acc == 0 && n >= 0 && n < 1<<31 {
			return IntKey(int(n)), true
		}
	}
	return Key{}, false
}
