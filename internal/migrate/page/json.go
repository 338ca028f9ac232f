package page

import (
	"encoding/json"
	"io"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
)

func writeJSON(w io.Writer, r *migrate.Report, _ Options) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}
