package page

import _ "embed"

// Schema is the JSON Schema of a report on a migration.
//
//go:embed migrate.schema.json
var Schema string
