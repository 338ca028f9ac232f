package cli

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
)

//go:embed exemptions.schema.json
var exemptionsSchema string

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "schema exemptions",
		Short:     "Print the JSON Schema of the file that --exemptions reads",
		Args:      cobra.ExactArgs(1),
		ValidArgs: []string{"exemptions"},
		RunE: func(_ *cobra.Command, args []string) error {
			if args[0] != "exemptions" {
				return fmt.Errorf("there is no schema %q: use exemptions", args[0])
			}
			_, err := io.WriteString(a.Stdout, schemaOf(a.Baseline))
			return err
		},
	}
}

// schemaOf fills the ids of the catalogue into the schema.
func schemaOf(b *baseline.Baseline) string {
	var ids []string
	for _, e := range b.Catalogue() {
		quoted, _ := json.Marshal(e.ID) // a string always marshals
		ids = append(ids, "\n          "+string(quoted))
	}
	return strings.Replace(exemptionsSchema, `"enum": []`, `"enum": [`+strings.Join(ids, ",")+"\n        ]", 1)
}
