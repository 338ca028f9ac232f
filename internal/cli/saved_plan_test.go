package cli

import (
	"archive/zip"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A saved plan that unpacks to more than a plan may have is not handed to
// terraform, which would unpack it into memory.
func TestSavedPlanThatUnpacksWithoutBound(t *testing.T) {
	name := filepath.Join(t.TempDir(), "bomb.tfplan")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for entry, text := range map[string]string{"tfconfig/m-/main.tf": `resource "a" "b" {}`, "tfplan": strings.Repeat("\x00", 1<<20)} {
		w, err := z.Create(entry)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for size, want := range map[string]string{"100kB": "unpacks to more than 100000 bytes", "2MB": "no program", "0": "no program"} {
		a, _, stderr := world()
		code := a.run(context.Background(), []string{"check", "--terraform", "no-such-program", "--max-size", size, name})
		if code != exitInput || !strings.Contains(stderr.String(), want) || strings.Contains(stderr.String(), "terraform init") {
			t.Errorf("--max-size %s: exit code %d, %s", size, code, stderr)
		}
	}
}
