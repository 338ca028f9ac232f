package tfwrite

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrite(t *testing.T) {
	const a, b, own = "# About x.\nresource \"t\" \"x\" {\n}\n", "variable \"v\" {\n}\n\n# About y.\nresource \"t\" \"y\" {\n}\n",
		"variable \"v\" {\n  default = 1 # by hand\n}\n"
	both := map[string]string{"a.tf": a, "b.tf": b}
	tests := map[string]struct {
		prepare func(t *testing.T, dir string)
		manner  Manner
		err     string // part of it; empty for none
		want    map[string]string
	}{
		"an empty directory": {func(*testing.T, string) {}, Refuse, "", both},
		"other files":        {file("c.tf", "old"), Refuse, "", map[string]string{"a.tf": a, "b.tf": b, "c.tf": "old"}},
		"a file that is there": {file("b.tf", own), Refuse, "already has b.tf: choose another directory, or give --add",
			map[string]string{"b.tf": own}},
		"a file that is replaced": {file("b.tf", own), Replace, "",
			map[string]string{"a.tf": a, "b.tf": b, "b.tf.replaced": own}},
		"a file that is replaced by the same": {file("b.tf", b), Replace, "", both},
		"a file with a resource that would be lost": {file("b.tf", "resource \"t\" \"z\" {\n}\n"), Replace, "declares t.z, which would be lost",
			map[string]string{"b.tf": "resource \"t\" \"z\" {\n}\n"}},
		"a resource that another file gets": {file("b.tf", a), Replace, "",
			map[string]string{"a.tf": a, "b.tf": b, "b.tf.replaced": a}},
		"a file that cannot be read, replaced": {file("b.tf", "resource {"), Replace, "cannot read", map[string]string{"b.tf": "resource {"}},
		"a file that is completed": {file("b.tf", own), Add, "",
			map[string]string{"a.tf": a, "b.tf": own + "\n# About y.\nresource \"t\" \"y\" {\n}\n"}},
		"blocks in another file": {file("c.tf", own), Add, "",
			map[string]string{"a.tf": a, "b.tf": "\n# About y.\nresource \"t\" \"y\" {\n}\n", "c.tf": own}},
		"a file whose blocks are all elsewhere": {file("c.tf", a), Add, "", map[string]string{"b.tf": b, "c.tf": a}},
		"a file that cannot be read":            {file("c.tf", "resource {"), Add, "cannot read", map[string]string{"c.tf": "resource {"}},
		"a symbolic link": {func(t *testing.T, dir string) {
			file("target", "old")(t, dir)
			if err := os.Symlink(filepath.Join(dir, "target"), filepath.Join(dir, "b.tf")); err != nil {
				t.Fatal(err)
			}
		}, Replace, "is a symbolic link", map[string]string{"target": "old", "b.tf": "old"}},
		"a directory of that name": {func(t *testing.T, dir string) {
			if err := os.Mkdir(filepath.Join(dir, "b.tf"), 0o700); err != nil {
				t.Fatal(err)
			}
		}, Replace, "is not a regular file", map[string]string{}},
		"a directory that cannot be written": {func(t *testing.T, dir string) {
			if os.Getuid() == 0 {
				t.Skip("root can write everywhere")
			}
			if err := os.Chmod(dir, 0o500); err != nil { //nolint:gosec // a directory
				t.Fatal(err)
			}
		}, Refuse, "permission denied", map[string]string{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			set := &Set{Files: []File{{Name: "a.tf", Content: []byte(a)}, {Name: "b.tf", Content: []byte(b)}}}
			dir := t.TempDir()
			tt.prepare(t, dir)
			err := set.Write(dir, tt.manner)
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("got the error %v, want %q", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, contents(t, dir)); diff != "" {
				t.Error(diff)
			}
			if told := strings.Join(set.Notes, "") != ""; told != (tt.want["b.tf.replaced"] != "") {
				t.Errorf("the notes are %q", set.Notes)
			}
		})
	}
}

// The directory is made, but not those above it, and not for nothing.
func TestWriteMakesTheDirectory(t *testing.T) {
	dir := t.TempDir()
	file("file", "")(t, dir)
	set := &Set{Files: []File{{Name: "a.tf"}}}
	if err := set.Write(filepath.Join(dir, "new"), Refuse); err != nil {
		t.Error(err)
	}
	for target, want := range map[string]string{"missing/new": "cannot make the directory", "file": "is not a directory"} {
		if err := set.Write(filepath.Join(dir, target), Replace); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", target, err)
		}
	}
	none := filepath.Join(dir, "none")
	if err := (&Set{}).Write(none, Refuse); err == nil {
		t.Error("an empty set is written")
	}
	broken := &Set{Files: []File{{Name: "a/b.tf"}}}
	if err := broken.Write(none, Refuse); err == nil {
		t.Error("a file in a directory that is not there is written")
	}
	if _, err := os.Stat(none); err == nil {
		t.Error("a directory is left behind")
	}
}

// Where a file cannot get its name, those before it are taken back, and what they replaced
// is there again.
func TestPlaceUndone(t *testing.T) {
	set := &Set{Files: []File{{Name: "a.tf"}, {Name: "b.tf"}, {Name: "missing.tf"}}}
	dir := t.TempDir()
	work := filepath.Join(dir, ".work")
	if err := os.Mkdir(work, 0o700); err != nil {
		t.Fatal(err)
	}
	file("a.tf", "old")(t, dir)
	file("a.tf", "new")(t, work)
	file("b.tf", "new")(t, work)
	if err := set.place(work, dir, true); err == nil || !strings.Contains(err.Error(), "so that nothing is written") {
		t.Errorf("got the error %v", err)
	}
	if diff := cmp.Diff(map[string]string{"a.tf": "old"}, contents(t, dir)); diff != "" {
		t.Error(diff)
	}
	// A file that came there meanwhile is not replaced without force.
	if err := os.Mkdir(work, 0o700); err != nil {
		t.Fatal(err)
	}
	file("a.tf", "new")(t, work)
	if err := set.place(work, dir, false); err == nil || !strings.Contains(err.Error(), "file already exists") {
		t.Errorf("got the error %v", err)
	}
	if diff := cmp.Diff(map[string]string{"a.tf": "old"}, contents(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func file(name, content string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// contents are the files of a directory, which has no others, not even hidden ones.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			t.Errorf("%s is left behind", e.Name())
		}
		if e.IsDir() {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(content)
	}
	return out
}
