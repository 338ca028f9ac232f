package cli

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var updateSchemas = flag.Bool("update-schemas", false, "write the schemas that editors fetch")

const schemaDirectory = "../../schemas"

// The schemas that editors fetch are those that the command prints, and each has its
// own address as its id.
func TestSchemaFiles(t *testing.T) {
	for _, name := range []string{"controls", "exemptions", "migrate", "report", "run-task", "settings"} {
		a, stdout, stderr := world()
		if code := a.run(t.Context(), []string{"schema", name}); code != 0 {
			t.Fatalf("exit code %d: %s", code, stderr)
		}
		file := filepath.Join(schemaDirectory, name+".schema.json")
		if *updateSchemas {
			if err := os.WriteFile(file, stdout.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if readText(t, file) != stdout.String() {
			t.Errorf("%s is not what schema %s prints: go test ./internal/cli -run TestSchemaFiles -update-schemas", file, name)
		}
		var schema struct {
			ID string `json:"$id"`
		}
		if err := json.Unmarshal(stdout.Bytes(), &schema); err != nil {
			t.Fatal(err)
		}
		if want := schemaAddress + name + ".schema.json"; schema.ID != want {
			t.Errorf("$id of %s is %q, want %q", name, schema.ID, want)
		}
	}
}

const schemaAddress = "https://raw.githubusercontent.com/redisbaseline/terraform-provider-redisbaseline/main/schemas/"

// The YAML of the examples and of the guides names a schema that there is, so that
// editors check it.
func TestExamplesNameTheirSchema(t *testing.T) {
	line := regexp.MustCompile(`(?m)^# yaml-language-server: \$schema=(.+)$`)
	for file, name := range map[string]string{
		"examples/run-task/run-task.yaml":                           "run-task",
		"examples/azure-managed-redis/mixed-estate/exemptions.yaml": "exemptions",
		"examples/auditors/exemptions.yaml":                         "exemptions",
	} {
		found := line.FindStringSubmatch(readText(t, filepath.Join("..", "..", file)))
		if want := schemaAddress + name + ".schema.json"; found == nil || found[1] != want {
			t.Errorf("%s: %q, want the schema %s", file, found, want)
		}
	}
}
