package fix_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/fix"
)

// TestDiffApplies applies diffs of files with odd names, as people do.
func TestDiffApplies(t *testing.T) {
	for _, name := range []string{"main.tf", "a b.tf", "ü.tf", "with \"quotes\".tf", "a\\b.tf", "a\tb.tf", "a\nb ü.tf", "m/x y/main.tf"} {
		files := fix.Files{{Name: name, Before: []byte("a = 1\nb = 1"), After: []byte("a = 2\nb = 1")}}
		for _, command := range [][]string{{"patch", "-p1", "-i", "../a.diff"}, {"git", "apply", "../a.diff"}} {
			t.Run(command[0]+" "+name, func(t *testing.T) {
				if _, err := exec.LookPath(command[0]); err != nil {
					t.Skip(err)
				}
				above := t.TempDir()
				dir := filepath.Join(above, "root")
				at := filepath.Join(dir, "base dir", name)
				if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(at, files[0].Before, 0o644); err != nil {
					t.Skip(err) // a name that the system refuses
				}
				if err := os.WriteFile(filepath.Join(above, "a.diff"), files.Diff("base dir"), 0o644); err != nil {
					t.Fatal(err)
				}
				c := exec.Command(command[0], command[1:]...)
				c.Dir = dir
				if out, err := c.CombinedOutput(); err != nil {
					t.Fatalf("%v: %s\n%s", err, out, files.Diff("base dir"))
				}
				if got, err := os.ReadFile(at); err != nil || string(got) != string(files[0].After) {
					t.Errorf("%q, %v", got, err)
				}
			})
		}
	}
}
