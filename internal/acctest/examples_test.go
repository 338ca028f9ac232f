package acctest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
)

// Every example can be planned as it stands.
func TestExamples(t *testing.T) {
	// A copy, because one example reads the plan of another and none may be written to.
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS(filepath.Join("..", "..", "examples"))); err != nil {
		t.Fatal(err)
	}
	var dirs []string
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		files, err := filepath.Glob(filepath.Join(path, "*.tf"))
		if len(files) > 0 {
			dirs = append(dirs, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(dirs) == 0 {
		t.Fatal("no examples")
	}
	for _, dir := range dirs {
		t.Run(filepath.ToSlash(dir[len(root):]), func(t *testing.T) {
			w := newWorkspaceIn(t, azurermtest.V5, dir)
			w.must("plan", "-no-color", "-input=false")
		})
	}
}
