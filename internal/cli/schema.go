package cli

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	controlspage "github.com/redisbaseline/terraform-provider-redisbaseline/internal/controls/page"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/page"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/runtask"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/suggest"
)

//go:embed exemptions.schema.json
var exemptionsSchema string

func (a *app) schemaCommand() *cobra.Command {
	schemas := map[string]func(baseline.Documents) string{
		"exemptions": schemaOf, "run-task": runTaskSchema,
		"controls": func(baseline.Documents) string { return controlspage.Schema },
		"migrate":  func(baseline.Documents) string { return page.Schema },
		"report":   func(baseline.Documents) string { return report.Schema },
		"settings": func(baseline.Documents) string { return a.settingsSchema() },
	}
	return &cobra.Command{
		Use:   "schema controls|exemptions|migrate|report|run-task|settings",
		Short: "Print the JSON Schema of a file that this program reads or writes",
		Long: `Print the JSON Schema of the file that --exemptions reads (exemptions), of the
report that --format json of check and scan writes (report), that of migrate
(migrate) or that of controls (controls), of the file that run-task --config
reads (run-task), or of ` + settingsName + ` (settings).`,
		Args:      oneArgument("a name: controls, exemptions, migrate, report, run-task or settings"),
		ValidArgs: []string{"controls", "exemptions", "migrate", "report", "run-task", "settings"},
		RunE: func(_ *cobra.Command, args []string) error {
			schema, ok := schemas[args[0]]
			if !ok {
				return fmt.Errorf("there is no schema %q: use controls, exemptions, migrate, report, run-task or settings%s", args[0],
					suggest.DidYouMean(args[0], slices.Collect(maps.Keys(schemas))))
			}
			_, err := io.WriteString(a.Stdout, schema(a.Documents))
			return err
		},
	}
}

// runTaskSchema is the schema of the rules file; its exemptions are those of
// the exemptions file.
func runTaskSchema(documents baseline.Documents) string {
	var exemptions struct{ Items json.RawMessage }
	var item bytes.Buffer
	if json.Unmarshal([]byte(schemaOf(documents)), &exemptions) != nil || json.Indent(&item, exemptions.Items, "              ", "  ") != nil {
		panic("the schema of exemptions is embedded, and valid")
	}
	return runtask.Schema(item.String())
}

// schemaOf fills the ids of the catalogue into the schema.
func schemaOf(documents baseline.Documents) string {
	var ids []string
	for _, e := range documents.Catalogue() {
		quoted, _ := json.Marshal(e.ID) // a string always marshals
		ids = append(ids, "\n          "+string(quoted))
	}
	return strings.Replace(exemptionsSchema, `"enum": []`, `"enum": [`+strings.Join(ids, ",")+"\n        ]", 1)
}
