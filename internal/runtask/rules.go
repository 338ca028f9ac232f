package runtask

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	_ "embed"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/glob"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/suggest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/yamlfile"
)

//go:embed rules.schema.json
var rulesSchema string

// Schema returns the JSON Schema of the rules file; exemption is the schema of
// one exemption.
func Schema(exemption string) string {
	return strings.Replace(rulesSchema, `"items": {}`, `"items": `+exemption, 1)
}

// Effect is the effect of a violation on a task result, in Azure Policy's terms.
type Effect string

// The effects.
const (
	Audit    Effect = "Audit"    // shown, and passes
	Deny     Effect = "Deny"     // fails
	Disabled Effect = "Disabled" // not judged at all
)

var effects = []string{string(Audit), string(Deny), string(Disabled)}

// Rule is how the runs of some workspaces are judged. Organization, Project and
// Workspace are patterns of package glob; an empty one matches any name.
type Rule struct {
	Organization, Project, Workspace string

	Effect     Effect
	Enforce    judge.Enforcement
	Strict     bool
	Exemptions []baseline.Exemption
	// Inline lets comments of the configuration exempt: whoever writes the
	// configuration then decides, too.
	Inline bool
}

// Rules are tried in order; the first that matches counts.
type Rules []Rule

// For returns the rule for a run, and its number from 1. Where none matches, the
// number is 0, and violations are shown and pass.
func (r Rules) For(organization, project, workspace string) (rule Rule, number int) {
	for i, rule := range r {
		if covers(rule.Organization, organization) && covers(rule.Project, project) && covers(rule.Workspace, workspace) {
			return rule, i + 1
		}
	}
	return Rule{Effect: Audit, Enforce: judge.EnforceAll}, 0
}

// covers reports whether a pattern of a rule matches a name; an empty one matches any.
func covers(pattern, name string) bool { return pattern == "" || glob.Match(pattern, name) }

// The keys of a rule, in the order messages list them.
var ruleKeys = []string{"organization", "project", "workspace", "effect", "enforce", "strict", "exemptions", "inline_exemptions"}

// ParseRules decodes and validates a rules file. Errors name the line.
func ParseRules(r io.Reader, documents baseline.Documents) (Rules, error) {
	document, err := yamlfile.Read(r)
	switch {
	case err != nil:
		return nil, err
	case document == nil:
		// An empty file is more likely being written, or was lost, than meant to let
		// every violation pass.
		return nil, errors.New("is empty: write rules: [] for no rules at all")
	}
	var rules Rules
	err = yamlfile.Mapping(document, "the file", []string{"rules"}, func(key string, value *yaml.Node) error {
		return yamlfile.List(value, key, func(item *yaml.Node) error {
			rule, err := parseRule(item, documents)
			rules = append(rules, rule)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return rules, nil
}

func parseRule(node *yaml.Node, documents baseline.Documents) (Rule, error) {
	rule := Rule{Effect: Audit, Enforce: judge.EnforceAll}
	err := yamlfile.Mapping(node, "a rule", ruleKeys, func(key string, value *yaml.Node) (err error) {
		switch key {
		case "strict":
			return decodeBool(key, value, &rule.Strict)
		case "inline_exemptions":
			return decodeBool(key, value, &rule.Inline)
		case "exemptions":
			rule.Exemptions, err = judge.Exemptions(value, key, documents)
			return err
		}
		text, err := yamlfile.Text(key, value)
		if err != nil || text == "" {
			return cmp.Or(err, fmt.Errorf("%s is empty: leave it out", key))
		}
		switch key {
		case "organization":
			rule.Organization = text
		case "project":
			rule.Project = text
		case "workspace":
			rule.Workspace = text
		case "effect":
			rule.Effect = Effect(text)
			if !slices.Contains(effects, text) {
				err = fmt.Errorf("unknown effect %q: use Audit, Deny or Disabled%s", text, suggest.DidYouMean(text, effects))
			}
		case "enforce":
			rule.Enforce, err = judge.ParseEnforcement(text, "enforce")
			if err == nil && rule.Enforce == judge.EnforceNone {
				err = errors.New("enforce is all or introduced; effect Audit lets violations pass")
			}
		}
		return err
	})
	return rule, err
}

func decodeBool(key string, value *yaml.Node, into *bool) error {
	if value.Tag != "!!bool" {
		return fmt.Errorf("%s is neither true nor false", key)
	}
	return value.Decode(into)
}
