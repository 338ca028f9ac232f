package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNotices(t *testing.T) {
	out := filepath.Join(t.TempDir(), "notices.txt")
	if err := run(filepath.Join("..", "..", ".."), out); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	// mousetrap is imported on Windows alone.
	for _, want := range []string{
		"The Go standard library\n", "github.com/spf13/cobra v", "github.com/inconshreveable/mousetrap v", "Mozilla Public License",
		"Copyright 2009 The Go Authors.",
	} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(string(raw), "terraform-provider-redisbaseline") {
		t.Error("the program is not a third party")
	}
}

// Code that a module took over has its licence in the folder of a package.
func TestLicenceOfPackage(t *testing.T) {
	module := t.TempDir()
	inner := filepath.Join(module, "internal", "borrowed")
	if err := os.MkdirAll(inner, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"LICENSE": "of the module", "internal/borrowed/COPYING.md": "of the author"} {
		if err := os.WriteFile(filepath.Join(module, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	texts := map[string][]string{}
	if err := addModule(texts, "example.com/m v1.0.0", module, inner); err != nil {
		t.Fatal(err)
	}
	if len(texts["of the module"]) != 1 || len(texts["of the author"]) != 1 {
		t.Errorf("found %v", texts)
	}
}

func TestModuleWithoutLicence(t *testing.T) {
	dir := t.TempDir()
	err := addModule(map[string][]string{}, "example.com/m v1.0.0", dir, dir)
	if err == nil || !strings.Contains(err.Error(), "example.com/m v1.0.0 has no licence") {
		t.Errorf("error %v", err)
	}
}
