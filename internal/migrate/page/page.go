// Package page writes reports on migrations, one small file for each format.
package page

import (
	"fmt"
	"io"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
)

// Options are what the formats for people depend on.
type Options struct {
	Color bool
	Width int // columns of the terminal; 0 where there is none
	// Verbose shows notices too, and every reference.
	Verbose bool
}

type format struct {
	name  string
	write func(io.Writer, *migrate.Report, Options) error
}

var formats = []format{{"csv", writeCSV}, {"html", writeHTML}, {"json", writeJSON}, {"markdown", writeMarkdown}, {"text", writeText}}

// Formats are the names of the formats.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// Write writes a report in a format.
func Write(w io.Writer, name string, r *migrate.Report, opts Options) error {
	for _, f := range formats {
		if f.name == name {
			return f.write(w, r, opts)
		}
	}
	return fmt.Errorf("there is no format %q", name)
}
