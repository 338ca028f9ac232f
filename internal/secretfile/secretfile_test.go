package secretfile

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	link := func(name, target string) string {
		path := filepath.Join(dir, name)
		if err := os.Symlink(target, path); err != nil {
			t.Skip("no symlinks here: " + err.Error())
		}
		return path
	}
	plain := write("plain", []byte("secret\n"))
	for name, path := range map[string]string{"a file": plain, "a link, as Kubernetes makes them": link("link", plain)} {
		if got, err := Read(path); err != nil || string(got) != "secret\n" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if got, err := Read(write("full", bytes.Repeat([]byte("x"), Most))); err != nil || len(got) != Most {
		t.Errorf("as long as may be: %d bytes, %v", len(got), err)
	}
	refused := map[string]struct{ path, want string }{
		"too long":        {write("long", bytes.Repeat([]byte("CANARY"), Most)), "longer than"},
		"a folder":        {dir, "not a regular file"},
		"nothing":         {filepath.Join(dir, "nowhere"), "no such file"},
		"a dangling link": {link("dangling", filepath.Join(dir, "nowhere")), "no such file"},
		"a loop":          {link("loop", filepath.Join(dir, "loop")), ""},
	}
	for _, device := range []string{"/dev/zero", "/dev/null"} {
		if _, err := os.Stat(device); err == nil {
			refused["device "+device] = struct{ path, want string }{device, "not a regular file"}
			refused["link to "+device] = struct{ path, want string }{link("to"+filepath.Base(device), device), "not a regular file"}
		}
	}
	// Opening a pipe to which nobody writes would never return.
	pipe := filepath.Join(dir, "pipe")
	if exec.Command("mkfifo", pipe).Run() == nil {
		refused["a pipe"] = struct{ path, want string }{pipe, "not a regular file"}
	}
	for name, tt := range refused {
		got, err := Read(tt.path)
		if err == nil || got != nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%s: %d bytes, %v; want %q", name, len(got), err, tt.want)
		}
	}
}

// A file that took the name after it was looked at is not read either.
func TestReadOfAnotherFile(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{t.TempDir(), os.DevNull} {
		got, err := read(plain, func(string) (*os.File, error) { return os.Open(other) })
		if !errors.Is(err, errNotRegular) || got != nil {
			t.Errorf("%s: %q, %v", other, got, err)
		}
	}
}
