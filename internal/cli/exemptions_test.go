package cli

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/schematest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/yamlfile"
)

const goodExemption = `- feature: DP-3/data-in-transit-encryption
  cache: module.a.azurerm_redis_cache.this["eu"]
  category: Waiver
  description: legacy client
`

// asStrings is the document as the schema sees it: plain dates are text there.
func asStrings(t testing.TB, raw string) any {
	t.Helper()
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(raw), &node); err != nil {
		t.Fatal(err)
	}
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode && n.Tag == "!!timestamp" {
			n.Tag = "!!str"
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	walk(&node)
	var v any
	if err := node.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestExemptionsGood(t *testing.T) {
	schema := schematest.Compile(t, schemaOf(baseline.Published()))
	want := baseline.Exemption{
		Feature: "DP-3/data-in-transit-encryption", Cache: `module.a.azurerm_redis_cache.this["eu"]`,
		Category: baseline.Waiver, Description: "legacy client",
		Position: posture.Position{File: "dir/e.yaml", Line: 1},
	}
	at := func(line int) baseline.Exemption {
		e := want
		e.Position.Line = line
		return e
	}
	full := want
	full.ExpiresOn, full.ApprovedBy = "2030-06-30", "platform team"
	for name, c := range map[string]struct {
		yaml string
		want []baseline.Exemption
	}{
		"minimal":         {goodExemption, []baseline.Exemption{want}},
		"all keys":        {goodExemption + "  expires_on: 2030-06-30\n  approved_by: platform team\n", []baseline.Exemption{full}},
		"a date as text":  {goodExemption + "  expires_on: '2030-06-30'\n  approved_by: platform team\n", []baseline.Exemption{full}},
		"two":             {goodExemption + goodExemption, []baseline.Exemption{want, at(5)}},
		"empty list":      {"[]\n", nil},
		"only a comment":  {"# none yet\n", nil},
		"an empty file":   {"", nil},
		"a document mark": {"---\n" + goodExemption, []baseline.Exemption{at(2)}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := judge.ReadExemptions(strings.NewReader(c.yaml), "dir/e.yaml", baseline.Published())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if err := schema.Validate(asStrings(t, c.yaml)); err != nil {
				t.Errorf("the schema refuses it: %v", err)
			}
		})
	}
}

// What the program refuses, it refuses with the line and the key; the schema
// refuses it too, where a schema can see it.
func TestExemptionsBad(t *testing.T) {
	schema := schematest.Compile(t, schemaOf(baseline.Published()))
	edit := func(from, to string) string { return strings.Replace(goodExemption, from, to, 1) }
	for name, c := range map[string]struct {
		yaml     string
		line     int
		want     string
		noSchema bool // not something a schema can see
	}{
		"not a list":      {"feature: x\n", 1, "is not a list", false},
		"a scalar":        {"hello\n", 1, "is not a list", false},
		"an item of text": {"- hello\n", 1, "mapping", false},
		"unknown key": {goodExemption + "  expires: 2030-01-01\n", 5,
			`unknown key "expires": use feature, cache, category, expires_on, description, approved_by; did you mean expires_on?`, false},
		"merge key":          {goodExemption + "- <<: {cache: a}\n", 5, `unknown key "<<"`, true},
		"key twice":          {goodExemption + "  cache: b\n", 5, `"cache" stands twice`, true},
		"a number":           {edit("legacy client", "12"), 4, "description is not text", false},
		"a list":             {edit("legacy client", "[a]"), 4, "description is not text", false},
		"null":               {edit("legacy client", ""), 4, "description is not text", false},
		"missing feature":    {"- cache: a\n  category: Waiver\n  description: x\n", 1, "feature is missing", false},
		"unknown feature":    {edit("DP-3/data-in-transit-encryption", "DP-3"), 1, `; did you mean DP-3/data-in-transit-encryption?`, false},
		"missing cache":      {edit("module.a.azurerm_redis_cache.this[\"eu\"]", `" "`), 2, "cache is missing", false},
		"unknown category":   {edit("Waiver", "waiver"), 3, `category "waiver" is neither "Waiver" nor "Mitigated"; did you mean Waiver?`, false},
		"blank description":  {edit("legacy client", `" "`), 4, "description is missing", false},
		"no date":            {goodExemption + "  expires_on: soon\n", 5, `expires_on "soon"`, false},
		"impossible date":    {goodExemption + "  expires_on: '2030-02-30'\n", 5, `expires_on "2030-02-30"`, false},
		"empty date":         {goodExemption + "  expires_on: ''\n", 5, "expires_on is empty", false},
		"nobody approved it": {goodExemption + "  approved_by: ''\n", 5, "approved_by is empty", false},
		"a blank name":       {goodExemption + "  approved_by: ' '\n", 5, "approved_by is empty", false},
		"a time":             {goodExemption + "  expires_on: 2030-01-01T00:00:00Z\n", 5, "expires_on", false},
		"in the second item": {goodExemption + "- feature: x\n", 5, `feature "x"`, false},
		"two documents":      {goodExemption + "---\n" + goodExemption, 0, "more than one YAML document", true},
		"not YAML":           {"- a: [\n", 1, "is not YAML", true},
		"bytes":              {"\x00\x01\xff", 0, "is not YAML", true},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := judge.ReadExemptions(strings.NewReader(c.yaml), "dir/e.yaml", baseline.Published())
			if err == nil {
				t.Fatal("no error")
			}
			line := 0
			if located := (*yamlfile.Error)(nil); errors.As(err, &located) {
				line = located.Line
			}
			if line != c.line || !strings.Contains(err.Error(), c.want) {
				t.Errorf("line %d, %q; want line %d, %q", line, err, c.line, c.want)
			}
			if strings.ContainsAny(err.Error(), "\n\r") {
				t.Errorf("more than one line: %q", err)
			}
			if !c.noSchema && schema.Validate(asStrings(t, c.yaml)) == nil {
				t.Error("the schema accepts it")
			}
		})
	}
}

// Every mistake of a file is told at once, each with the line of its key, and none
// that only follows from another one.
func TestExemptionsAllMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		yaml string
		want []string
	}{
		"of one exemption": {"- feature: DP-3\n  cache: a\n  category: waiver\n  expires_on: soon\n", []string{
			`line 1: feature "DP-3"`, "line 1: description is missing", `line 3: category "waiver"`, `line 4: expires_on "soon"`,
		}},
		"of several": {goodExemption + "- feature: x\n" + goodExemption + "- hello\n", []string{
			`line 5: feature "x"`, "line 5: cache is missing", "line 5: category is missing", "line 5: description is missing",
			"line 10: an exemption is a mapping",
		}},
		"of a misspelt key": {"- feature: DP-3\n  cache: a\n  categry: Waiver\n  description: [x]\n", []string{
			`line 1: feature "DP-3"`, `line 3: unknown key "categry"`, "line 4: the value of description is not text",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := judge.ReadExemptions(strings.NewReader(c.yaml), "dir/e.yaml", baseline.Published())
			var all yamlfile.Errors
			if !errors.As(err, &all) || len(all) != len(c.want) {
				t.Fatalf("%d mistakes, want %d: %v", len(all), len(c.want), err)
			}
			for i, e := range all {
				if !strings.HasPrefix(e.Error(), c.want[i]) {
					t.Errorf("%q, want %q", e, c.want[i])
				}
			}
		})
	}
}

func FuzzExemptions(f *testing.F) {
	f.Add([]byte(goodExemption))
	f.Add([]byte("- &a {feature: x}\n- *a\n"))
	f.Add([]byte("- <<: *b\n"))
	f.Add([]byte("&a [*a]"))
	f.Add([]byte("--- |\n- x"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		list, err := judge.ReadExemptions(bytes.NewReader(raw), "dir/e.yaml", baseline.Published())
		if err != nil && list != nil {
			t.Error("an error and a list")
		}
		for _, e := range list {
			if err := baseline.Published().Validate(e); err != nil {
				t.Errorf("accepted %+v: %v", e, err)
			}
		}
	})
}

// The pattern of a date refuses months and days that no calendar has, for editors that do not
// check the format of a text.
func TestExemptionDatePattern(t *testing.T) {
	_, after, _ := strings.Cut(exemptionsSchema, `"expires_on"`)
	_, after, _ = strings.Cut(after, `"pattern": "`)
	pattern, _, _ := strings.Cut(after, `"`)
	for date, want := range map[string]bool{
		"2027-01-31": true, "2027-12-01": true, "2027-13-01": false, "2027-00-01": false, "2027-01-32": false, "2027-01-00": false,
	} {
		if got := regexp.MustCompile(pattern).MatchString(date); got != want {
			t.Errorf("%s: %v by %s", date, got, pattern)
		}
	}
}
