package tfconfig

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"
)

func slug(t *testing.T, entries ...tar.Header) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, e := range entries {
		// The content travels in a field that files do not use.
		content := e.Uname
		e.Uname = ""
		if e.Typeflag == 0 {
			e.Typeflag = tar.TypeReg
		}
		if e.Typeflag == tar.TypeReg {
			e.Size = int64(len(content))
		}
		if err := w.WriteHeader(&e); err != nil {
			t.Fatal(err)
		}
		if e.Typeflag == tar.TypeReg {
			if _, err := io.WriteString(w, content); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return &b
}

func file(name, content string) tar.Header { return tar.Header{Name: name, Uname: content} }

func TestLoadSlug(t *testing.T) {
	main := file("env/prod/main.tf", `module "a" { source = "../../modules/a" }
module "b" { source = "example.com/b/b" }
module "c" { source = "../../../../etc" }
`)
	c, err := LoadSlug(slug(t, main,
		file("modules/a/main.tf", `locals { x = 1 }`),
		file("env/prod/.terraform/modules/modules.json", `{"Modules":[{"Key":"","Dir":"."},{"Key":"b","Dir":".terraform/modules/b"}]}`),
		file("env/prod/.terraform/modules/b/main.tf", `locals { y = 2 }`),
		file("lambda.zip", "not read"),
		tar.Header{Name: "shared", Typeflag: tar.TypeSymlink, Linkname: "/etc"},
	), "env/prod")
	if err != nil {
		t.Fatal(err)
	}
	for name, found := range map[string]bool{"a": true, "b": true, "c": false} {
		if got := c.root.children[name].missing == ""; got != found {
			t.Errorf("module %s found: %v, want %v (%s)", name, got, found, c.root.children[name].missing)
		}
	}
}

func TestLoadSlugRefuses(t *testing.T) {
	main := file("main.tf", "locals {}")
	for name, c := range map[string]struct {
		archive io.Reader
		dir     string
		want    string
	}{
		"traversal":        {slug(t, main, file("../evil.tf", "")), "", "leaves the archive"},
		"absolute":         {slug(t, main, file("/etc/evil.tf", "")), "", "leaves the archive"},
		"hidden traversal": {slug(t, main, file("a/../../evil.tf", "")), "", "leaves the archive"},
		"backslash":        {slug(t, main, file(`..\evil.tf`, "")), "", "leaves the archive"},
		"configuration link": {slug(t, tar.Header{Name: "main.tf", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}), "",
			"not a regular file"},
		"hard link":            {slug(t, main, tar.Header{Name: "b.tf", Typeflag: tar.TypeLink, Linkname: "main.tf"}), "", "not a regular file"},
		"twice":                {slug(t, main, main), "", "twice"},
		"twice by another way": {slug(t, main, file("./main.tf", "")), "", "twice"},
		"no root module":       {slug(t, main), "elsewhere", "no configuration files"},
		"working directory":    {slug(t, main), "../..", "outside the archive"},
		"not gzip":             {strings.NewReader("PK"), "", "archive"},
		"source bomb": {slug(t, file("a.tf", spaces(7)), file("b.tf", spaces(7)), file("c.tf", spaces(7))), "",
			"bytes of configuration"},
		"one large file": {slug(t, file("a.tf", spaces(9))), "", "more than"},
		"cut off":        {io.LimitReader(slug(t, main, file("x", strings.Repeat("abc", 1000))), 40), "", "unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := LoadSlug(c.archive, c.dir)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

// A few kilobytes that unpack to more than the limit.
func TestLoadSlugBomb(t *testing.T) {
	if testing.Short() {
		t.Skip("large: minutes under the race detector")
	}
	r, w := io.Pipe()
	go func() {
		z := gzip.NewWriter(w)
		archive := tar.NewWriter(z)
		_ = archive.WriteHeader(&tar.Header{Name: "bomb", Size: maxSlugUnpacked + 1<<20, Typeflag: tar.TypeReg})
		zeros := make([]byte, 1<<20)
		for range maxSlugUnpacked>>20 + 1 {
			if _, err := archive.Write(zeros); err != nil {
				return
			}
		}
		_ = archive.Close()
		_ = z.Close()
		_ = w.Close()
	}()
	_, err := LoadSlug(r, "")
	_ = r.Close() // lets the writer end
	if err == nil || !strings.Contains(err.Error(), "unpacked") {
		t.Errorf("error %v", err)
	}
}

func spaces(mib int) string { return strings.Repeat(" ", mib<<20) }
