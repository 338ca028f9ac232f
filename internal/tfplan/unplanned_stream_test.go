package tfplan_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/plangen"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// A plan is read while it is written: where either ends early, the other does, and the
// error is that of the one that failed.
func TestReadUnplannedEnds(t *testing.T) {
	dir := t.TempDir()
	if err := plangen.WriteConfiguration(dir, 200); err != nil {
		t.Fatal(err)
	}
	load := func() *tfconfig.Configuration {
		c, err := tfconfig.LoadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	cancel(stopped)
	if _, err := tfplan.ReadUnplanned(ctx, load(), tfplan.UnplannedOptions{}); !errors.Is(err, stopped) {
		t.Errorf("error %v, want that of the context", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "cycle.tf"), []byte("locals {\n  a = local.b\n  b = local.a\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	want := "cycle.tf:2: a cycle: local.a refers to local.b refers to local.a"
	if _, err := tfplan.ReadUnplanned(t.Context(), load(), tfplan.UnplannedOptions{}); err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}
