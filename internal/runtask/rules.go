package runtask

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	_ "embed"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/glob"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/policy"
)

//go:embed rules.schema.json
var rulesSchema string

// Schema returns the JSON Schema of the rules file; exemption is the schema of
// one exemption.
func Schema(exemption string) string {
	return strings.Replace(rulesSchema, `"items": {}`, `"items": `+exemption, 1)
}

// maxRules is the size in bytes of a rules file that is read at most.
const maxRules = 8 << 20

// Effect says what a violation does to a task result, in Azure Policy's terms.
type Effect string

// The effects.
const (
	Audit    Effect = "Audit"    // shown, and passes
	Deny     Effect = "Deny"     // fails
	Disabled Effect = "Disabled" // not judged at all
)

// Rule says how the runs of some workspaces are judged. Organization, Project
// and Workspace are globs in which only * and ? are special; empty is any.
type Rule struct {
	Organization, Project, Workspace string

	Effect     Effect
	Enforce    policy.Enforcement
	Strict     bool
	Exemptions []baseline.Exemption
}

// Rules are tried in order; the first that matches counts.
type Rules []Rule

// For returns the rule for a run. Where none matches, violations are shown and pass.
func (r Rules) For(organization, project, workspace string) Rule {
	for _, rule := range r {
		if covers(rule.Organization, organization) && covers(rule.Project, project) && covers(rule.Workspace, workspace) {
			return rule
		}
	}
	return Rule{Effect: Audit, Enforce: policy.EnforceAll}
}

// covers reports whether a pattern of a rule describes a name; empty describes any.
func covers(pattern, name string) bool { return pattern == "" || glob.Match(pattern, name) }

// The keys of a rule, in the order messages list them.
var ruleKeys = []string{"organization", "project", "workspace", "effect", "enforce", "strict", "exemptions"}

// ParseRules decodes and validates a rules file. Errors name the line.
func ParseRules(r io.Reader, b *baseline.Baseline) (Rules, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxRules+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxRules {
		return nil, fmt.Errorf("is larger than %d MiB", maxRules>>20)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	var document, more yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, errEmptyRules
	case err != nil:
		return nil, errors.New("is not YAML: " + strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, errors.New("holds more than one YAML document")
	}
	if document.Content[0].Tag == "!!null" {
		return nil, errEmptyRules
	}
	var rules Rules
	err = mapping(document.Content[0], "the file", []string{"rules"}, func(_ string, value *yaml.Node) error {
		if value.Kind != yaml.SequenceNode {
			return atLine(value, errors.New("rules is not a list: start each rule with a dash"))
		}
		for _, item := range value.Content {
			rule, err := parseRule(policy.Follow(item), b)
			if err != nil {
				return err
			}
			rules = append(rules, rule)
		}
		return nil
	})
	return rules, err
}

// An empty file is rather one that is being written, or was lost, than the wish
// to let every violation pass.
var errEmptyRules = errors.New("is empty: write rules: [] for no rules at all")

func parseRule(node *yaml.Node, b *baseline.Baseline) (Rule, error) {
	rule := Rule{Effect: Audit, Enforce: policy.EnforceAll}
	err := mapping(node, "a rule", ruleKeys, func(key string, value *yaml.Node) (err error) {
		switch key {
		case "strict":
			if value.Tag != "!!bool" {
				return atLine(value, errors.New("strict is neither true nor false"))
			}
			return atLine(value, value.Decode(&rule.Strict))
		case "exemptions":
			var line int
			rule.Exemptions, line, err = policy.Exemptions(value, b)
			if err != nil && line > 0 {
				err = fmt.Errorf("line %d: %w", line, err)
			}
			return err
		}
		if value.Kind != yaml.ScalarNode || value.Tag != "!!str" || value.Value == "" {
			return atLine(value, fmt.Errorf("the value of %s is not text", key))
		}
		switch key {
		case "organization":
			rule.Organization = value.Value
		case "project":
			rule.Project = value.Value
		case "workspace":
			rule.Workspace = value.Value
		case "effect":
			rule.Effect = Effect(value.Value)
			if !slices.Contains([]Effect{Audit, Deny, Disabled}, rule.Effect) {
				err = fmt.Errorf("unknown effect %q: use Audit, Deny or Disabled", value.Value)
			}
		case "enforce":
			rule.Enforce, err = policy.ParseEnforcement(value.Value, "enforce")
			if err == nil && rule.Enforce == policy.EnforceNone {
				err = errors.New("enforce is all or introduced; effect Audit lets violations pass")
			}
		}
		return atLine(value, err)
	})
	return rule, err
}

// mapping walks a mapping whose keys must be known and stand once.
func mapping(node *yaml.Node, what string, keys []string, member func(key string, value *yaml.Node) error) error {
	node = policy.Follow(node)
	if node.Kind != yaml.MappingNode {
		return atLine(node, fmt.Errorf("%s is a mapping with the keys %s", what, strings.Join(keys, ", ")))
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], policy.Follow(node.Content[i+1])
		switch {
		case key.Kind != yaml.ScalarNode || !slices.Contains(keys, key.Value):
			return atLine(key, fmt.Errorf("unknown key %q: use %s", key.Value, strings.Join(keys, ", ")))
		case seen[key.Value]:
			return atLine(key, fmt.Errorf("the key %q stands twice", key.Value))
		}
		seen[key.Value] = true
		if err := member(key.Value, value); err != nil {
			return err
		}
	}
	return nil
}

func atLine(node *yaml.Node, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("line %d: %w", node.Line, err)
}
