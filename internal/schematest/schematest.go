// Package schematest holds JSON against a JSON Schema, in tests only.
package schematest

import (
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Schema is a schema that was compiled.
type Schema struct{ *jsonschema.Schema }

// compiled are the schemas that were compiled, by their text.
var compiled sync.Map

// Compile reads the text of a schema. Formats such as date-time count.
func Compile(t testing.TB, text string) Schema {
	t.Helper()
	if s, ok := compiled.Load(text); ok {
		schema, _ := s.(Schema)
		return schema
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	compiled.Store(text, Schema{schema})
	return Schema{schema}
}

// Check fails the test where JSON does not match the schema; name says which it is.
func (s Schema) Check(t testing.TB, name, text string) {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err == nil {
		err = s.Validate(value)
	}
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
}
