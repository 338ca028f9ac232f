package page

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

// Tables is the data that plans of migrations are made of.
type Tables struct {
	Compared    string          `json:"compared"` // day on which they were compared with their sources
	Tables      []sizing.Table  `json:"tables"`
	Differences []migrate.Entry `json:"differences"`
}

// WriteTables writes the tables of sizes and limits and the list of differences as text
// or json.
func WriteTables(w io.Writer, format string) error {
	t := Tables{sizing.Compared, sizing.Tables(), migrate.Differences()}
	if format == "json" {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(t)
	}
	fmt.Fprintf(w, "Compared with their sources on %s.\n", t.Compared)
	for _, table := range t.Tables {
		fmt.Fprintf(w, "\n%s\n\n", table.Title)
		columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(columns, "  "+strings.Join(table.Columns, "\t"))
		for _, row := range table.Rows {
			fmt.Fprintln(columns, "  "+strings.Join(row.Cells, "\t"))
		}
		if err := columns.Flush(); err != nil {
			return err
		}
		writeSources(w, sourcesOf(table))
	}
	fmt.Fprint(w, "\nDifferences\n\n")
	for _, d := range t.Differences {
		fmt.Fprintf(w, "  %-8s %s: %s\n           %s\n", d.Severity, d.ID, d.Title, source(d.Source))
	}
	return nil
}

func sourcesOf(table sizing.Table) (list []string) {
	seen := map[string]bool{}
	for _, row := range table.Rows {
		for _, s := range row.Sources {
			if text := source(migrate.Source(s)); !seen[text] {
				seen[text] = true
				list = append(list, text)
			}
		}
	}
	return list
}

func writeSources(w io.Writer, list []string) {
	fmt.Fprintln(w)
	for _, s := range list {
		fmt.Fprintln(w, "  source: "+s)
	}
}

// source is a source on one line.
func source(s migrate.Source) string {
	text := s.Title + " (" + s.Date + ")"
	if s.URL != "" {
		text += ", " + s.URL
	}
	return text
}
