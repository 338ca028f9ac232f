package report

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/schematest"
)

// TestSchemaMatchesTheTypes: every object of the schema has the members of its
// type and no others, and requires those that are never left out.
func TestSchemaMatchesTheTypes(t *testing.T) {
	type object struct {
		Required   []string                   `json:"required"`
		Properties map[string]json.RawMessage `json:"properties"`
	}
	var schema struct {
		object
		Defs map[string]object `json:"$defs"`
	}
	if err := json.Unmarshal([]byte(Schema), &schema); err != nil {
		t.Fatal(err)
	}
	types := map[string]any{
		"": Report{}, "tool": Tool{}, "baseline": Baseline{}, "source": Source{}, "entry": Entry{}, "controls": Controls{}, "cache": Cache{},
		"finding": Finding{}, "exemption": Exemption{}, "evidence": Evidence{}, "position": Position{}, "summary": Summary{},
		"unjudged": Unjudged{}, "unseen": Unseen{},
	}
	for name, value := range types {
		got := schema.object
		if name != "" {
			got = schema.Defs[name]
		}
		var all, required []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(value)) {
			member, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Anonymous || member == "-" {
				continue
			}
			all = append(all, member)
			if !strings.Contains(options, "omit") && f.Type != reflect.TypeFor[json.RawMessage]() {
				required = append(required, member)
			}
		}
		slices.Sort(all)
		if diff := cmp.Diff(all, slices.Sorted(maps.Keys(got.Properties))); diff != "" {
			t.Errorf("members of %q (-type +schema):\n%s", name, diff)
		}
		if name == "finding" { // what Terraform keeps in its state leaves out the rest
			required = []string{"id", "status"}
		}
		slices.Sort(required)
		slices.Sort(got.Required)
		if diff := cmp.Diff(required, got.Required); diff != "" {
			t.Errorf("required members of %q (-type +schema):\n%s", name, diff)
		}
	}
	for name := range schema.Defs {
		if _, known := types[name]; !known && name != "rule" {
			t.Errorf("the schema has %q, which no type has", name)
		}
	}
}

// TestSchemaRefuses: the schema is no rubber stamp.
func TestSchemaRefuses(t *testing.T) {
	schema := schematest.Compile(t, Schema)
	good := jsonOf(t, fiveCaches(), EncodeOptions{})
	for name, change := range map[string][2]string{
		"no tool":           {`"tool":{"name":"redisbaseline","version":"1.2.3"},`, ``},
		"a time without":    {`"generated_at":"2026-11-28T10:00:00Z"`, `"generated_at":"2026-11-28"`},
		"an unknown status": {`"status":"non_compliant"`, `"status":"bad"`},
		"a member too many": {`"caches":[`, `"more":1,"caches":[`},
		"a count as text":   {`"exempt":1`, `"exempt":"1"`},
	} {
		text := strings.Replace(good, change[0], change[1], 1)
		if text == good {
			t.Fatalf("%s: nothing was changed", name)
		}
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		if schema.Validate(value) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// Every member of the schema says what it is, itself or by what it refers to.
func TestSchemaDescribesEveryMember(t *testing.T) {
	type node struct {
		Description string           `json:"description"`
		Ref         string           `json:"$ref"`
		Items       *node            `json:"items"`
		Properties  map[string]*node `json:"properties"`
		Defs        map[string]*node `json:"$defs"`
	}
	var schema node
	if err := json.Unmarshal([]byte(Schema), &schema); err != nil {
		t.Fatal(err)
	}
	var described func(path string, n *node)
	described = func(path string, n *node) {
		for name, member := range n.Properties {
			at := path + "/" + name
			refers := schema.Defs[strings.TrimPrefix(member.Ref, "#/$defs/")]
			if member.Description == "" && (refers == nil || refers.Description == "") {
				t.Errorf("%s has no description", at)
			}
			described(at, member)
		}
		if n.Items != nil {
			described(path, n.Items)
		}
	}
	described("", &schema)
	for name, n := range schema.Defs {
		described(name, n)
	}
}
