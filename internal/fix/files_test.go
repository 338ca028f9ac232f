package fix_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/fix"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// appliers are the programs that apply diffs.
var appliers = [][]string{{"patch", "-p1", "-i"}, {"git", "apply", "--unidiff-zero"}}

// applied is what a program makes of a file to which it applies the diff.
func applied(t *testing.T, command []string, f fix.File) string {
	t.Helper()
	if _, err := exec.LookPath(command[0]); err != nil {
		t.Skip(err)
	}
	above := t.TempDir()
	dir := filepath.Join(above, "root")
	at := filepath.Join(dir, "base dir", f.Name)
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, f.Before, 0o644); err != nil {
		t.Skip(err) // a name that the system refuses
	}
	diff := fix.Files{f}.Diff("base dir")
	if err := os.WriteFile(filepath.Join(above, "a.diff"), diff, 0o644); err != nil {
		t.Fatal(err)
	}
	if len(diff) > 0 {
		c := exec.Command(command[0], append(command[1:], "../a.diff")...)
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s\n%s", err, out, diff)
		}
	}
	got, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

// TestDiffApplies applies diffs of files with odd names, and odd changes, as people do.
func TestDiffApplies(t *testing.T) {
	type row struct {
		name   string
		before string
		shown  []report.Lines
		want   string
	}
	var rows []row
	for _, name := range []string{"main.tf", "a b.tf", "ü.tf", "with \"quotes\".tf", "a\\b.tf", "a\tb.tf", "a\nb ü.tf", "m/x y/main.tf"} {
		rows = append(rows, row{name, "a = 1\nb = 1", []report.Lines{{Start: 1, End: 2, Text: "a = 2\n"}}, "a = 2\nb = 1"})
	}
	rows = append(rows,
		row{"first and last", "a\nb\nc\n", []report.Lines{{Start: 1, End: 1, Text: "x\n"}, {Start: 4, End: 4, Text: "y\n"}}, "x\na\nb\nc\ny\n"},
		row{"growing", "a\nb\nc\nd\n",
			[]report.Lines{{Start: 1, End: 3, Text: "1\n2\n3\n"}, {Start: 4, End: 4, Text: "4\n"}, {Start: 4, End: 5, Text: "5\n"}},
			"1\n2\n3\nc\n4\n5\n"},
		row{"shrinking", "a\nb\nc\nd\n", []report.Lines{{Start: 1, End: 3, Text: "1\n"}, {Start: 4, End: 5, Text: "5\n"}}, "1\nc\n5\n"},
		row{"no newline at the end", "a\nb", []report.Lines{{Start: 2, End: 3, Text: "c"}}, "a\nc"},
		row{"Windows", "a\r\nb\r\n", []report.Lines{{Start: 2, End: 3, Text: "c\r\n"}}, "a\r\nc\r\n"},
		row{"nothing", "a\n", nil, "a\n"},
	)
	for _, r := range rows {
		for _, command := range appliers {
			t.Run(command[0]+" "+r.name, func(t *testing.T) {
				t.Parallel()
				if command[0] == "patch" && strings.Contains(r.before, "\r") {
					command = append([]string{"patch", "--binary"}, command[1:]...)
				}
				if got := applied(t, command, fix.File{Name: r.name, Before: []byte(r.before), Shown: r.shown}); got != r.want {
					t.Errorf("%q, want %q", got, r.want)
				}
			})
		}
	}
}

// TestWriteTracked writes a file that git tracks, and none that it ignores.
func TestWriteTracked(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{".gitignore": "*.local.tf\n", "main.tf": "a = 1\n", "a.local.tf": "a = 1\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, arguments := range [][]string{{"init", "-q"}, {"add", "."},
		{"-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "a"}} {
		if out, err := exec.Command("git", append([]string{"-C", dir}, arguments...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	for _, tt := range []struct {
		name  string
		force bool
		want  string
	}{
		{"main.tf", false, ""},
		{"a.local.tf", false, "git does not track a.local.tf, which it ignores (--force writes all the same)"},
		{"a.local.tf", true, ""},
	} {
		got := ""
		files := fix.Files{{Name: tt.name, Before: []byte("a = 1\n"), After: []byte("a = 2\n")}}
		if _, err := files.Write(dir, tt.force); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
