// Package page writes what reports say about controls, one small file for each format.
package page

import (
	_ "embed"
	"fmt"
	"io"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/controls"
)

// Schema is the JSON Schema of the format json.
//
//go:embed controls.schema.json
var Schema string

var formats = []struct {
	name  string
	write func(io.Writer, *controls.Result) error
}{{"csv", writeCSV}, {"html", writeHTML}, {"json", writeJSON}, {"markdown", writeMarkdown}}

// Formats are the names of the formats.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// Write writes a result in a format.
func Write(w io.Writer, name string, r *controls.Result) error {
	for _, f := range formats {
		if f.name == name {
			return f.write(w, r)
		}
	}
	return fmt.Errorf("there is no format %q", name)
}
