package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/suggest"
)

// rulesFormats are the formats of rules.
var rulesFormats = []string{"text", "json"}

func (a *app) rulesCommand() *cobra.Command {
	var format, service string
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List every feature and advisory, in order",
		Args: noArguments(func(argument string) string {
			return "redisbaseline explain ID shows one rule" + suggest.DidYouMean(argument, a.ids())
		}),
		RunE: func(*cobra.Command, []string) error {
			documents, err := a.documentsFor(service)
			switch {
			case err != nil:
				return err
			case format == "text":
				return a.rulesText(documents)
			case format == "json":
				return a.rulesJSON(documents)
			default:
				return chosen("format", format, rulesFormats)
			}
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "`FORMAT`: text or json")
	a.serviceFlag(cmd, &service)
	return cmd
}

func (a *app) rulesText(documents baseline.Documents) error {
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	for i, d := range documents {
		if i > 0 {
			fmt.Fprintln(w, "\t\t\t")
		}
		fmt.Fprintf(w, "%s: %s, %s\n\t\t\t\n", d.Service.Name, d.Title, d.Published)
		fmt.Fprintln(w, "FEATURE\tSEVERITY\tRESPONSIBILITY\tTITLE")
		for _, f := range d.Features {
			severity := string(f.Severity)
			if !f.Supported {
				severity = "not supported"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", f.ID, severity, f.Responsibility, f.Title)
		}
		fmt.Fprintln(w, "\t\t\t\nADVISORY\tLEVEL\t\tTITLE")
		for _, v := range d.Advisories {
			fmt.Fprintf(w, "%s\t%s\t\t%s\n", v.ID, v.Severity, v.Title)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, line := range strings.Split(table.String(), "\n") {
		line = strings.TrimRight(line, " ")
		if width := a.Width(); width > 0 && len(line) > width {
			// What does not fit of the row stands below it.
			line = strings.Join(report.Wrap(line, max(width-4, 20)), "\n    ")
		}
		fmt.Fprintln(a.Stdout, line)
	}
	_, err := io.WriteString(a.Stdout, "`redisbaseline explain ID` shows one of them in full.\n")
	return err
}

func (a *app) rulesJSON(documents baseline.Documents) error {
	err := json.MarshalWrite(a.Stdout, documents.Catalogue(), jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	_, err = io.WriteString(a.Stdout, "\n")
	return err
}
