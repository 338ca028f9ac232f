package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fake writes a script that answers `version` as Terraform does.
func fake(t *testing.T, dir, name, version string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	script := fmt.Sprintf("#!/bin/sh\n[ \"$2\" = -json ] && echo '{\"terraform_version\":\"%s\"}' || echo v%s\n", version, version)
	if version == "" {
		script = "#!/bin/sh\nexit 1\n"
	}
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFindTakesWhatIsThere(t *testing.T) {
	for _, test := range []struct {
		name            string
		terraform, tofu string // versions on PATH; empty is a broken binary
		want            string
	}{
		{"terraform first", "1.11.4", "1.12.6", "terraform"},
		{"a broken terraform is passed over", "", "1.12.6", "tofu"},
		{"a terraform without functions is passed over", "1.7.5", "1.12.6", "tofu"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			fake(t, dir, "terraform", test.terraform)
			fake(t, dir, "tofu", test.tofu)
			t.Setenv("PATH", dir+":/bin:/usr/bin")
			t.Setenv("TF_ACC_TERRAFORM_PATH", "")
			got, err := find(t.TempDir())
			if err != nil || got != filepath.Join(dir, test.want) {
				t.Errorf("got %q, %v; want %s", got, err, test.want)
			}
		})
	}
}

func TestFindPrefersTheEnvironment(t *testing.T) {
	want := fake(t, t.TempDir(), "mine", "1.9.0")
	t.Setenv("TF_ACC_TERRAFORM_PATH", want)
	if got, err := find(t.TempDir()); err != nil || got != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestFindSaysThatTheEnvironmentIsWrong(t *testing.T) {
	t.Setenv("TF_ACC_TERRAFORM_PATH", "/nowhere/terraform")
	if got, err := find(t.TempDir()); err == nil || !strings.Contains(err.Error(), "TF_ACC_TERRAFORM_PATH") {
		t.Errorf("got %q, %v; want an error that names TF_ACC_TERRAFORM_PATH", got, err)
	}
}

func TestAtomicallyTakesOnlyWhatWorks(t *testing.T) {
	target := filepath.Join(t.TempDir(), "tofu-1", "tofu")
	failure := errors.New("disk full")
	if err := atomically(target, func(string) error { return failure }); !errors.Is(err, failure) {
		t.Errorf("got %v, want the failure", err)
	}
	if err := atomically(target, func(dir string) error { fake(t, dir, "tofu", ""); return nil }); err == nil {
		t.Error("a binary that does not run was taken")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(target)), "*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	for range 2 { // the second time it is there already
		if err := atomically(target, func(dir string) error { fake(t, dir, "tofu", "1.12.6"); return nil }); err != nil {
			t.Error(err)
		}
	}
	if err := works(target); err != nil {
		t.Error(err)
	}
}
