package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"
)

func (a *app) rulesCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List every feature and advisory, in order",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			switch format {
			case "text":
				return a.rulesText()
			case "json":
				return a.rulesJSON()
			default:
				return fmt.Errorf("unknown format %q: use text or json", format)
			}
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

func (a *app) rulesText() error {
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "FEATURE\tSEVERITY\tRESPONSIBILITY\tTITLE")
	for _, d := range a.Documents {
		for _, f := range d.Features {
			severity := string(f.Severity)
			if !f.Supported {
				severity = "not supported"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", f.ID, severity, f.Responsibility, f.Title)
		}
	}
	fmt.Fprintln(w, "\t\t\t\nADVISORY\tLEVEL\t\tTITLE")
	for _, d := range a.Documents {
		for _, v := range d.Advisories {
			fmt.Fprintf(w, "%s\t%s\t\t%s\n", v.ID, v.Severity, v.Title)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, line := range strings.Split(table.String(), "\n") {
		fmt.Fprintln(a.Stdout, strings.TrimRight(line, " "))
	}
	_, err := io.WriteString(a.Stdout, "`redisbaseline explain ID` shows one of them in full.\n")
	return err
}

func (a *app) rulesJSON() error {
	err := json.MarshalWrite(a.Stdout, a.Documents.Catalogue(), jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	_, err = io.WriteString(a.Stdout, "\n")
	return err
}
