package page

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
)

// writeJSON writes one cache a line: to indent thousands of them takes nine times as long
// as to write them.
func writeJSON(w io.Writer, r *migrate.Report, _ Options) error {
	around := *r
	around.Caches = []migrate.Move{}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(around); err != nil {
		return err
	}
	before, after, _ := bytes.Cut(text.Bytes(), []byte("\n  \"caches\": []"))

	out := bufio.NewWriter(w)
	out.Write(before)
	out.WriteString("\n  \"caches\": [")
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for i := range r.Caches {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
		if err := lines.Encode(&r.Caches[i]); err != nil {
			return err
		}
	}
	out.WriteString("  ]")
	out.Write(after)
	return out.Flush()
}
