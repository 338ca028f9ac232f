package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
)

// exemptionKeys are the keys of one exemption, in the order messages list them.
var exemptionKeys = []string{"feature", "cache", "category", "expires_on", "description", "approved_by"}

// ParseExemptions decodes and validates a YAML list of exemptions; line says where an error is, 0 when
// the error says so itself.
func ParseExemptions(raw []byte, b *baseline.Baseline) (list []baseline.Exemption, line int, err error) {
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	var document yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, 0, nil
	case err != nil:
		return nil, 0, errors.New("is not YAML: " + strings.TrimPrefix(err.Error(), "yaml: "))
	}
	var more yaml.Node
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, 0, errors.New("holds more than one YAML document: write one list")
	}
	root := document.Content[0]
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return nil, 0, nil
	}
	return Exemptions(root, b)
}

// Exemptions decodes and validates the YAML node of a list of exemptions; line
// is as in [ParseExemptions].
func Exemptions(root *yaml.Node, b *baseline.Baseline) (list []baseline.Exemption, line int, err error) {
	root = Follow(root)
	if root.Kind != yaml.SequenceNode {
		return nil, root.Line, errors.New("is not a list of exemptions: start each with a dash")
	}
	for _, item := range root.Content {
		e, line, err := parseExemption(item)
		if err != nil {
			return nil, line, err
		}
		if err := b.Validate(e); err != nil {
			return nil, item.Line, err
		}
		list = append(list, e)
	}
	return list, 0, nil
}

func parseExemption(item *yaml.Node) (e baseline.Exemption, line int, err error) {
	item = Follow(item)
	if item.Kind != yaml.MappingNode {
		return e, item.Line, fmt.Errorf("an exemption is a mapping with the keys %s", strings.Join(exemptionKeys, ", "))
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(item.Content); i += 2 {
		key, value := item.Content[i], Follow(item.Content[i+1])
		switch {
		case key.Kind != yaml.ScalarNode || !slices.Contains(exemptionKeys, key.Value):
			return e, key.Line, fmt.Errorf("unknown key %q: use %s", key.Value, strings.Join(exemptionKeys, ", "))
		case seen[key.Value]:
			return e, key.Line, fmt.Errorf("the key %q stands twice", key.Value)
		case value.Kind != yaml.ScalarNode || value.Tag != "!!str" && (value.Tag != "!!timestamp" || key.Value != "expires_on"):
			return e, key.Line, fmt.Errorf("the value of %s is not text", key.Value)
		}
		seen[key.Value] = true
		switch key.Value {
		case "feature":
			e.Feature = value.Value
		case "cache":
			e.Cache = value.Value
		case "category":
			e.Category = baseline.Category(value.Value)
		case "expires_on":
			if value.Value == "" {
				return e, key.Line, errors.New("expires_on is empty: leave it out, or write a date of the form YYYY-MM-DD")
			}
			e.ExpiresOn = value.Value
		case "description":
			e.Description = value.Value
		case "approved_by":
			e.ApprovedBy = value.Value
		}
	}
	return e, 0, nil
}

// Follow resolves an alias; aliases of aliases do not exist in YAML.
func Follow(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// SplitExpired returns the exemptions that count today, and a note on each that does not.
func SplitExpired(exemptions []baseline.Exemption, today time.Time) (counting []baseline.Exemption, notes []string) {
	for _, e := range exemptions {
		if e.Expired(today) {
			notes = append(notes, fmt.Sprintf("the exemption of %s for %q expired on %s: renew it or take it out", e.Feature, e.Cache, e.ExpiresOn))
			continue
		}
		counting = append(counting, e)
	}
	return counting, notes
}
