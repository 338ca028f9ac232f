// Package yamlfile reads the YAML that an operator writes: bounded in size, one
// document, every key known, and every error with its line.
package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
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

// At returns err with the line of node, unless err has a line already.
func At(node *yaml.Node, err error) error {
	var located *Error
	if err == nil || errors.As(err, &located) {
		return err
	}
	return &Error{Line: node.Line, Err: err}
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
		return nil, errors.New("is not YAML: " + strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, errors.New("holds more than one YAML document")
	}
	if value := document.Content[0]; value.Tag != "!!null" {
		return value, nil
	}
	return nil, nil
}

// List calls item for each item of a list; what names the list in messages.
func List(node *yaml.Node, what string, item func(node *yaml.Node) error) error {
	node = resolve(node)
	if node.Kind != yaml.SequenceNode {
		return At(node, fmt.Errorf("%s is not a list: start each item with a dash", what))
	}
	for _, n := range node.Content {
		if err := item(n); err != nil {
			return At(n, err)
		}
	}
	return nil
}

// Mapping calls member for each member of a mapping, whose keys must be among
// keys and stand once; what names the mapping in messages.
func Mapping(node *yaml.Node, what string, keys []string, member func(key string, value *yaml.Node) error) error {
	node = resolve(node)
	if node.Kind != yaml.MappingNode {
		return At(node, fmt.Errorf("%s is a mapping with the keys %s", what, strings.Join(keys, ", ")))
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], resolve(node.Content[i+1])
		switch {
		case key.Kind != yaml.ScalarNode || !slices.Contains(keys, key.Value):
			return At(key, fmt.Errorf("unknown key %q: use %s", key.Value, strings.Join(keys, ", ")))
		case seen[key.Value]:
			return At(key, fmt.Errorf("the key %q stands twice", key.Value))
		}
		seen[key.Value] = true
		if err := member(key.Value, value); err != nil {
			return At(key, err)
		}
	}
	return nil
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
