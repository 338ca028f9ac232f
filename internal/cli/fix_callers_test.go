package cli

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestCallers looks for callers in the repository, and in the directory alone where that is
// too large or none.
func TestCallers(t *testing.T) {
	for name, test := range map[string]struct {
		git   bool
		limit int
		want  []string
	}{
		"in the repository":         {true, 100, []string{"../.."}},
		"in one that is too large":  {true, 7, nil},
		"in one that is just small": {true, 8, []string{"../.."}},
		"without a repository":      {false, 100, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			top := t.TempDir()
			for file, text := range map[string]string{
				"main.tf":               `module "m" { source = "./modules/cache/inner" }`,
				"modules/cache/main.tf": `module "m" { source = "./inner" }`, "modules/cache/inner/main.tf": "",
			} {
				at := filepath.Join(top, filepath.FromSlash(file))
				if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if test.git {
				if err := os.Mkdir(filepath.Join(top, ".git"), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			root := filepath.Join(top, "modules", "cache")
			c := &callers{dir: root, limit: test.limit}
			got, err := c.of(root, "inner")
			if err != nil || !slices.Equal(got, test.want) || c.tooBig != (test.git && test.want == nil) {
				t.Errorf("%q, %v, too big: %v; want %q", got, err, c.tooBig, test.want)
			}
		})
	}
}
