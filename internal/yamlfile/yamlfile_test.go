package yamlfile

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestReadIsBounded(t *testing.T) {
	root, err := Read(strings.NewReader("[" + strings.Repeat(" ", maxSize-2) + "]"))
	if err != nil || root == nil || root.Kind != yaml.SequenceNode {
		t.Errorf("a file of the largest size: %v %v", root, err)
	}
	if _, err := Read(strings.NewReader("[" + strings.Repeat(" ", maxSize-1) + "]")); err == nil || err.Error() != "is larger than 8 MiB" {
		t.Errorf("one byte more: %v", err)
	}
}

func TestErrorKeepsTheInnermostLine(t *testing.T) {
	root, err := Read(strings.NewReader("list:\n  - a: x\n  - a: [1]\n"))
	if err != nil {
		t.Fatal(err)
	}
	err = Mapping(root, "the file", []string{"list"}, func(key string, value *yaml.Node) error {
		return List(value, key, func(item *yaml.Node) error {
			return Mapping(item, "an item", []string{"a"}, func(key string, value *yaml.Node) error {
				_, err := Text(key, value)
				return err
			})
		})
	})
	if err == nil || err.Error() != "line 3: the value of a is not text" {
		t.Error(err)
	}
}

// An error of the syntax has a line, and a tab that of the tab.
func TestSyntaxErrorHasALine(t *testing.T) {
	for text, want := range map[string]string{
		"\ta: 1\n":                       "line 1: is indented with a tab: YAML takes spaces only",
		"a:\n\tb: 1\n":                   "line 2: is indented with a tab: YAML takes spaces only",
		"x: 1\na:\n  b: 1\n \tc: 2\n":    "line 4: is indented with a tab: YAML takes spaces only",
		"x: 1\na: b: c\n":                "line 2: is not YAML: mapping values are not allowed in this context",
		"a: *x\n":                        "is not YAML: unknown anchor 'x' referenced",
		"text: |\n  x\n  \ty\nb: c: d\n": "line 4: is not YAML: mapping values are not allowed in this context",
	} {
		if _, err := Read(strings.NewReader(text)); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
