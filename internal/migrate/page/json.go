package page

import (
	"io"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/parallel"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// jsonBatch is the number of caches that one processor encodes at a time.
const jsonBatch = 32

// writeJSON writes each member on a line of its own, and one cache a line. Every Write is
// of whole values, as report.JSONWriter wants it.
func writeJSON(w io.Writer, r *migrate.Report, _ Options) error {
	e := &jsonWriter{w: report.JSONWriter(w)}
	e.member("{", "format_version", r.FormatVersion)
	e.member(",", "tool", r.Tool)
	e.member(",", "generated_at", r.GeneratedAt)
	e.member(",", "source", r.Source)
	e.member(",", "tables", r.Tables)
	e.member(",", "catalogue", r.Catalogue)
	e.raw(",\n\"caches\":[")
	separator := "\n"
	for raw := range parallel.Ahead(slices.Values(r.Caches), jsonBatch, encode) {
		e.raw(separator)
		e.value(raw)
		separator = ",\n"
	}
	e.raw("]")
	e.member(",", "waves", r.Waves)
	e.member(",", "summary", r.Summary)
	if r.Since != nil {
		e.member(",", "since", r.Since)
	}
	if len(r.Unjudged) > 0 {
		e.member(",", "unjudged", r.Unjudged)
	}
	if r.Partial != "" {
		e.member(",", "partial", r.Partial)
	}
	if len(r.Unseen) > 0 {
		e.member(",", "unseen", r.Unseen)
	}
	if len(r.Notes) > 0 {
		e.member(",", "notes", r.Notes)
	}
	e.raw("\n}\n")
	return e.err
}

// jsonWriter keeps the first error.
type jsonWriter struct {
	w   io.Writer
	err error
}

func (e *jsonWriter) member(before, name string, value any) {
	e.raw(before + "\n\"" + name + "\":")
	e.value(encoded(value))
}

func (e *jsonWriter) value(v encodedValue) {
	if e.err == nil {
		e.err = v.err
	}
	e.raw(string(v.text))
}

func (e *jsonWriter) raw(text string) {
	if e.err == nil {
		_, e.err = io.WriteString(e.w, text)
	}
}

// encodedValue is a value as JSON, or why it is none.
type encodedValue struct {
	text []byte
	err  error
}

func encode(m migrate.Move) encodedValue { return encoded(&m) }

func encoded(v any) encodedValue {
	text, err := json.Marshal(v, jsontext.AllowInvalidUTF8(true)) // the name of a file may hold any byte
	return encodedValue{text, err}
}
