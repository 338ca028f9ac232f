package tfconfig

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is written is what encoding/json writes; invalid UTF-8 is replaced as there.
func TestJSONWriter(t *testing.T) {
	t.Parallel()
	value := map[string]any{
		"b": []any{nil, true, false, "é\"\n<", "\xff", json.Number("12.50"), json.RawMessage(`{"x":[1]}`)},
		"a": map[string]any{}, "c": []any{}, "d": []string{"one", "two"}, "e": []string{},
	}
	var got strings.Builder
	w := newJSONWriter(&got)
	w.value(value)
	if w.err != nil {
		t.Fatal(w.err)
	}
	var want strings.Builder
	enc := json.NewEncoder(&want)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		t.Fatal(err)
	}
	if decoded := strings.ReplaceAll(want.String(), `\ufffd`, "\ufffd"); got.String() != decoded {
		t.Errorf("got %s want %s", got.String(), decoded)
	}
}

// The first error of the writer underneath ends a plan, and is returned.
func TestWritePlanError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte("locals {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("the disk is full")
	if _, err := c.WritePlan(failing{full}, PlanOptions{}); !errors.Is(err, full) {
		t.Errorf("error %v, want %v", err, full)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
