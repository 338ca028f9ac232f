package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestUnusableFilesAreErrors(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "no-such-folder", "ca.pem")
	if err := run("127.0.0.1:0", missing, "", false); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if err := run("not an address", "ca.pem", "", false); err == nil || !strings.Contains(err.Error(), "listen") {
		t.Errorf("got %v", err)
	}
}
