// Package yamlfile reads the YAML that an operator writes: bounded in size, one
// document, every key known, and every error with its line: all errors of a file,
// not only the first.
package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/suggest"
)

// maxSize is the size in bytes of a file that is read at most.
const maxSize = 8 << 20

// Error is what is wrong at one line of a file.
type Error struct {
	Line int
	Err  error
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

func (e *Error) Unwrap() error { return e.Err }

// Errors are the mistakes of a file, in the order in which they stand there.
type Errors []*Error

func (e Errors) Error() string {
	texts := make([]string, len(e))
	for i, one := range e {
		texts[i] = one.Error()
	}
	return strings.Join(texts, "; ")
}

// Unwrap returns the single mistakes.
func (e Errors) Unwrap() []error {
	errs := make([]error, len(e))
	for i, one := range e {
		errs[i] = one
	}
	return errs
}

// orNil keeps an empty list from being an error.
func (e Errors) orNil() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// at returns the mistakes in err, with the line of node unless they have lines already.
func at(node *yaml.Node, err error) Errors {
	var located Errors
	switch {
	case err == nil:
		return nil
	case errors.As(err, &located):
		return located
	default:
		return Errors{{Line: node.Line, Err: err}}
	}
}

// At returns err with the line of node, unless err has lines already.
func At(node *yaml.Node, err error) error { return at(node, err).orNil() }

// AtKey returns err with the line of a key of a mapping; of the mapping itself where
// it has no such key.
func AtKey(node *yaml.Node, name string, err error) error {
	if key := findKey(node, name); key != nil {
		return At(key, err)
	}
	return At(node, err)
}

// HasKey reports whether a mapping has a key.
func HasKey(node *yaml.Node, name string) bool { return findKey(node, name) != nil }

func findKey(node *yaml.Node, name string) *yaml.Node {
	members := resolve(node).Content
	for i := 0; i+1 < len(members); i += 2 {
		if members[i].Value == name {
			return members[i]
		}
	}
	return nil
}

// Join returns the mistakes of an error and of further ones, which At, AtKey, List or
// Mapping made, in the order of their lines. Those of the further ones on a line of
// the first are left out: they follow from it.
func Join(first error, further ...error) error {
	var all, more Errors
	errors.As(first, &all)
	lines := map[int]bool{}
	for _, e := range all {
		lines[e.Line] = true
	}
	for _, err := range further {
		if errors.As(err, &more) && !lines[more[0].Line] {
			all = append(all, more...)
		}
	}
	slices.SortStableFunc(all, func(a, b *Error) int { return a.Line - b.Line })
	return all.orNil()
}

// Read returns the value of the only document in r; nil where the file is empty,
// holds comments only, or says null.
func Read(r io.Reader) (*yaml.Node, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxSize+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxSize {
		return nil, fmt.Errorf("is larger than %d MiB", maxSize>>20)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	var document, more yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, notYAML(raw, err)
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, errors.New("holds more than one YAML document")
	}
	if value := document.Content[0]; value.Tag != "!!null" {
		return value, nil
	}
	return nil, nil
}

var (
	yamlLine  = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)
	tabIndent = regexp.MustCompile(`(?m)^ *\t`)
)

// notYAML is the error of the decoder with its line, where it says one; of a tab in
// the indentation, which the decoder often finds a line early, with that of the tab.
func notYAML(raw []byte, err error) error {
	said := yamlLine.FindStringSubmatch(err.Error())
	if said == nil {
		return fmt.Errorf("is not YAML: %w", err)
	}
	if tab := tabIndent.FindIndex(raw); tab != nil && (strings.Contains(said[2], "tab") || strings.Contains(said[2], "cannot start")) {
		return Errors{{Line: 1 + bytes.Count(raw[:tab[0]], []byte("\n")), Err: errors.New("is indented with a tab: YAML takes spaces only")}}
	}
	text := errors.New("is not YAML: " + said[2])
	line, err := strconv.Atoi(said[1])
	if err != nil {
		return text
	}
	return Errors{{Line: line, Err: text}}
}

// UnknownKey is a key of a mapping that stands among none of its keys.
type UnknownKey struct {
	Key  string
	keys []string
}

func (e *UnknownKey) Error() string {
	return fmt.Sprintf("unknown key %q: use %s%s", e.Key, strings.Join(e.keys, ", "), suggest.DidYouMean(e.Key, e.keys))
}

// List calls item for each item of a list, and returns the errors of all; what names
// the list in messages.
func List(node *yaml.Node, what string, item func(node *yaml.Node) error) error {
	node = resolve(node)
	if node.Kind != yaml.SequenceNode {
		return At(node, fmt.Errorf("%s is not a list: start each item with a dash", what))
	}
	var errs Errors
	for _, n := range node.Content {
		errs = append(errs, at(n, item(n))...)
	}
	return errs.orNil()
}

// Mapping calls member for each member of a mapping, whose keys must be among
// keys and stand once, and returns all errors; what names the mapping in messages.
func Mapping(node *yaml.Node, what string, keys []string, member func(key string, value *yaml.Node) error) error {
	node = resolve(node)
	if node.Kind != yaml.MappingNode {
		return At(node, fmt.Errorf("%s is a mapping with the keys %s", what, strings.Join(keys, ", ")))
	}
	var errs Errors
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], resolve(node.Content[i+1])
		switch {
		case key.Kind != yaml.ScalarNode || !slices.Contains(keys, key.Value):
			errs = append(errs, at(key, &UnknownKey{key.Value, keys})...)
		case seen[key.Value]:
			errs = append(errs, at(key, fmt.Errorf("the key %q stands twice", key.Value))...)
		default:
			seen[key.Value] = true
			errs = append(errs, at(key, member(key.Value, value))...)
		}
	}
	return errs.orNil()
}

// Text returns the value of a member that must be text, or of one more type, such as !!timestamp.
func Text(key string, value *yaml.Node, or ...string) (string, error) {
	if value.Kind != yaml.ScalarNode || value.Tag != "!!str" && !slices.Contains(or, value.Tag) {
		return "", fmt.Errorf("the value of %s is not text", key)
	}
	return value.Value, nil
}

// resolve follows an alias; YAML has no aliases of aliases.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}
