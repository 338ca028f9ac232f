package page

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
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

	out := bufio.NewWriter(w) // whose first error Flush returns
	fmt.Fprintf(out, "%s\n  \"caches\": [", before)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for i := range r.Caches {
		if i > 0 {
			fmt.Fprint(out, ",")
		}
		fmt.Fprintln(out)
		if err := lines.Encode(&r.Caches[i]); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "  ]%s", after)
	return out.Flush()
}
