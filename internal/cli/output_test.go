package cli

import (
	"bytes"
	"os"
	"path/filepath"
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
	if err := s.End(report.Summary{}, nil); err != nil {
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
