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
