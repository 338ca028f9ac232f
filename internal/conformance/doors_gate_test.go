package conformance

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// today is a day before every date in the rules.
var today = time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)

// findings are the findings of a door about a cache, by the id of the rule.
type findings map[string]report.Finding

func findingsOf(c report.Cache) findings {
	out := findings{}
	for _, f := range slices.Concat(c.Features, c.Advisories) {
		out[f.ID] = f
	}
	return out
}

// gate is the door of plans: the findings about the one cache of a plan.
func gate(t *testing.T, plan []byte, config *tfconfig.Configuration) findings {
	t.Helper()
	p, err := tfplan.Read(t.Context(), bytes.NewReader(plan), tfplan.Options{Configuration: config})
	if err != nil {
		t.Fatal(err)
	}
	if p.Len() != 1 {
		t.Fatalf("the plan has %d caches", p.Len())
	}
	for c := range p.Caches() {
		return findingsOf(baseline.Published().EvaluateChange(c.After, c.Before, baseline.Options{Today: today}))
	}
	return nil
}

// configurationOf is the configuration from which a stored plan was made.
func configurationOf(t *testing.T, s situation, module []byte) *tfconfig.Configuration {
	t.Helper()
	dir := t.TempDir()
	root := &writer{}
	root.call(s, "./module", s.facts.azurermType())
	if err := os.Mkdir(filepath.Join(dir, "module"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "main.tf"), []byte(root.String()))
	write(t, filepath.Join(dir, "module", "main.tf"), module)
	config, err := tfconfig.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return config
}

// bodyTypes are the resource types of a cache and of its database.
var bodyTypes = []string{"Microsoft.Cache/redis", "Microsoft.Cache/redisEnterprise", "Microsoft.Cache/redisEnterprise/databases"}

// withJSONText is a plan of azapi 2 with the bodies of the cache and of its database as
// JSON text, as azapi 1 has them; nil where a part of the body is not known.
func withJSONText(t *testing.T, plan []byte) []byte {
	t.Helper()
	var all object
	if err := json.Unmarshal(plan, &all); err != nil {
		t.Fatal(err)
	}
	for _, item := range all["resource_changes"].([]any) {
		change := at(item, "change").(object)
		typ, _ := at(change, "after", "type").(string)
		if name, _, _ := strings.Cut(typ, "@"); !slices.Contains(bodyTypes, name) {
			continue
		}
		if holdsTrue(at(change, "after_unknown", "body")) {
			return nil
		}
		for _, side := range []string{"before", "after"} {
			values, _ := change[side].(object)
			if values["body"] == nil {
				continue
			}
			text, err := json.Marshal(values["body"])
			if err != nil {
				t.Fatal(err)
			}
			values["body"] = string(text)
		}
		delete(at(change, "after_unknown").(object), "body")
	}
	out, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// holdsTrue reports whether any part of a value of after_unknown is true.
func holdsTrue(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case object:
		for _, inner := range v {
			if holdsTrue(inner) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, holdsTrue)
	}
	return false
}
