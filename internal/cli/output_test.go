package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// A file appears whole or not at all, and an older one stays until then.
func TestSinkIsAtomic(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "out.json")
	if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	open := func() *sink {
		s, err := openSink(output{"json", target}, nil, report.EncodeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Begin(report.Report{FormatVersion: report.FormatVersion}); err != nil {
			t.Fatal(err)
		}
		return s
	}
	content := func() string {
		raw, err := os.ReadFile(target)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}

	s := open()
	s.discard()
	if got := content(); got != "old" {
		t.Errorf("after a failure: %q", got)
	}
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("left behind: %v", got)
	}

	s = open()
	if err := s.End(report.Closing{}); err != nil {
		t.Fatal(err)
	}
	if got := content(); got != "old" {
		t.Errorf("before it is whole: %q", got)
	}
	if err := s.finish(); err != nil {
		t.Fatal(err)
	}
	s.discard()
	if got := content(); !bytes.HasPrefix([]byte(got), []byte("{\n\"format_version\"")) {
		t.Errorf("after: %q", got)
	}
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("left behind: %v", got)
	}
}

func TestSinkFollowsASymlinkAndLeavesDevicesAlone(t *testing.T) {
	dir := t.TempDir()
	plain, link := filepath.Join(dir, "real.json"), filepath.Join(dir, "link.json")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(plain, link); err != nil {
		t.Skip("no symlinks here: " + err.Error())
	}
	for _, target := range []string{link, os.DevNull} {
		s, err := openSink(output{"json", target}, nil, report.EncodeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := report.Encode(s, report.Report{FormatVersion: report.FormatVersion}); err != nil {
			t.Fatal(err)
		}
		if err := s.finish(); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link was replaced")
	}
	if info, err := os.Stat(plain); err != nil || info.Size() == 0 {
		t.Error("the file behind the link was not written")
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Error("the null device was replaced")
	}
}

// A report never takes the place of what it was made of, under whatever name.
func TestNoOutputReplacesAnInput(t *testing.T) {
	dir := t.TempDir()
	plan, link := filepath.Join(dir, "plan.json"), filepath.Join(dir, "link.json")
	if err := os.WriteFile(plan, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	outputs := []string{plan, dir + "/./plan.json"}
	if err := os.Symlink(plan, link); err == nil {
		outputs = append(outputs, link)
	}
	for _, file := range outputs {
		for flag, args := range map[string][]string{"PLAN": {plan}, "exemptions": {"--exemptions", plan, "-"},
			"config": {"--config", plan, "-"}} {
			a, _, stderr := world()
			code := a.run(t.Context(), append([]string{"check", "--format", "json=" + file}, args...))
			if code != exitUsage || !strings.Contains(stderr.String(), "it is an input") {
				t.Errorf("%s, %s: exit code %d: %s", flag, file, code, stderr)
			}
		}
	}
	if got, err := os.ReadFile(plan); err != nil || string(got) != "{}" { //nolint:gosec // written above
		t.Errorf("the input holds %q, %v", got, err)
	}
}

// A link that leads nowhere is replaced: the report lands under the name that was
// given, and nothing appears where the link points.
func TestSinkDoesNotFollowADanglingSymlink(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	outside := filepath.Join(other, "planted")
	first, second, loop := filepath.Join(dir, "out.json"), filepath.Join(dir, "again.json"), filepath.Join(dir, "loop.json")
	for link, target := range map[string]string{first: outside, second: first, loop: loop} {
		if err := os.Symlink(target, link); err != nil {
			t.Skip("no symlinks here: " + err.Error())
		}
	}
	for _, name := range []string{second, first, loop} {
		s, err := openSink(output{"json", name}, nil, report.EncodeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := report.Encode(s, report.Report{FormatVersion: report.FormatVersion}); err != nil {
			t.Fatal(err)
		}
		if err := s.finish(); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
			t.Errorf("%s was not written: %v", name, err)
		}
	}
	if got := names(t, other); len(got) > 0 {
		t.Errorf("written outside: %v", got)
	}
	if got := names(t, dir); len(got) != 3 {
		t.Errorf("left behind: %v", got)
	}
	// Nor is a link that was planted under the name of the unfinished file.
	planted := filepath.Join(dir, fmt.Sprintf(".first.json.%d-0.tmp", os.Getpid()))
	if err := os.Symlink(outside, planted); err != nil {
		t.Fatal(err)
	}
	s, err := openSink(output{"json", filepath.Join(dir, "first.json")}, nil, report.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s.discard()
	if got := names(t, other); len(got) > 0 {
		t.Errorf("written outside through the unfinished file: %v", got)
	}
	// A folder that is such a link is none.
	gone := filepath.Join(dir, "folder")
	if err := os.Symlink(filepath.Join(other, "missing"), gone); err != nil {
		t.Fatal(err)
	}
	if err := checkDirectories([]output{{"json", filepath.Join(gone, "out.json")}}); err == nil {
		t.Error("a folder that is a dangling link was taken")
	}
}
