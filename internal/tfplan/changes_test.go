package tfplan_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// TestFirstErrorIsTold: changes are picked while later ones are read; still the
// first error of the input is told, with its own place, and nothing goes on
// running behind it.
func TestFirstErrorIsTold(t *testing.T) {
	head := `"mode":"managed","type":"azurerm_redis_cache",`
	const twice = `"change":{"actions":["create"],"after":{"name":"a","name":"b"}}`
	good := func(n int) string {
		var out strings.Builder
		for i := range n {
			fmt.Fprintf(&out, `{"address":"azurerm_redis_cache.c[%d]",%s"change":{"actions":["create"],"after":{"name":"n%d"}}},`, i, head, i)
		}
		return out.String()
	}
	twiceAt := func(changes string) int64 { return int64(strings.Index(changes, `"b"}}`) + len(`"b"}}`)) }
	const broken = `{"address":"x",]`
	tests := []struct {
		name, changes, cause, path string
	}{
		{"then a syntax error", `{"address":"a",` + head + twice + `},` + broken, "duplicate key", "/resource_changes/0/change"},
		{"then a syntax error in the same change", `{"address":"a",` + head + twice + `,]`, "duplicate key", "/resource_changes/0/change"},
		{"then a duplicate key in the same item", `{"address":"a",` + head + twice + `,"type":"x"}`, "duplicate key",
			"/resource_changes/0/change"},
		{"of a deposed object", `{"address":"a","deposed":"d",` + head + twice + `}`, "duplicate key", "/resource_changes/0/change"},
		{"far from the end", good(5000) + `{"address":"a",` + head + twice + `},` + good(20000) + broken, "duplicate key",
			"/resource_changes/5000/change"},
		{"a syntax error far from the start", good(5000) + broken, "malformed", ""},
		{"the same address twice, then a syntax error", good(1) + good(1) + broken, "same address", "/resource_changes"},
		{"no known action, then the same address twice", good(1) + `{"address":"a",` + head + `"change":{"actions":[]}},` + good(1) + `{}`,
			"no action", "/resource_changes/1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			current := goleak.IgnoreCurrent()
			defer goleak.VerifyNone(t, current)
			input := `{"format_version":"1.2","resource_changes":[` + tt.changes + `]}`
			_, err := tfplan.Read(t.Context(), strings.NewReader(input), tfplan.Options{})
			var bad *tfplan.InputError
			if !errors.As(err, &bad) || !strings.Contains(bad.Cause, tt.cause) {
				t.Fatalf("error %v, want one about %q", err, tt.cause)
			}
			if tt.path != "" && bad.Path != tt.path {
				t.Errorf("path %q, want %q", bad.Path, tt.path)
			}
			if want := twiceAt(input); tt.cause == "duplicate key" && bad.Offset != want {
				t.Errorf("offset %d, want %d, behind the change", bad.Offset, want)
			}
		})
	}
}
