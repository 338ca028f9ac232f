package fix_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"golang.org/x/tools/txtar"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/fix"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
)

// sloppy makes a configuration of up to three caches, in random spelling.
func sloppy(r *rand.Rand) string {
	var out strings.Builder
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	fmt.Fprintf(&out, "terraform {\n  required_providers {\n    azurerm = {\n      source  = \"hashicorp/azurerm\"\n"+
		"      version = \"~> %s\"\n    }\n  }\n}\n\nvariable \"v\" {\n  default = true\n}\n", pick("3.0", "4.0", "5.0"))
	for i := range 1 + r.IntN(3) {
		fmt.Fprintf(&out, "\nresource \"azurerm_redis_cache\" \"c%d\" {\n", i)
		if r.IntN(4) == 0 {
			out.WriteString("  count = 2\n\n")
		}
		lines := []string{
			fmt.Sprintf("name = \"redis-%d\"", i), "location = \"westeurope\"", "resource_group_name = \"rg\"",
			"capacity = 1", "family = \"P\"", "sku_name = \"Premium\"",
		}
		for _, a := range []struct {
			name   string
			values []string
		}{
			{"public_network_access_enabled", []string{"true", "false", "null", "var.v", "!false", "(true)"}},
			{"minimum_tls_version", []string{`"1.0"`, `"1.1"`, `"1.2"`, `"1.${0}"`, "1.1"}},
			{"non_ssl_port_enabled", []string{"true", "false", "var.v", `"true"`}},
			{"tags", []string{"{}", "{\n    a = <<-E\n      text }\n    E\n  }", "{ a = \"}\" }"}},
		} {
			if r.IntN(2) == 0 {
				lines = append(lines, a.name+" = "+pick(a.values...))
			}
		}
		r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		for _, line := range lines {
			out.WriteString(pick("  ", "  ", "    ", "\t") + line + pick("", "", " # why", " // it = true {", " /* } */") + "\n" +
				pick("", "", "\n", "  # }\n"))
		}
		inner := pick("", `maxmemory_policy = "noeviction"`, "active_directory_authentication_enabled = false",
			"authentication_enabled = false")
		switch r.IntN(4) {
		case 0:
			out.WriteString("\n  redis_configuration { " + inner + " }\n")
		case 1:
			out.WriteString("\n  redis_configuration {\n    # first\n    " + inner + "\n  }\n")
		case 2:
			out.WriteString("  redis_configuration {}\n")
		}
		out.WriteString("}\n")
		if r.IntN(2) == 0 {
			fmt.Fprintf(&out, "\nresource \"azurerm_private_endpoint\" \"c%d\" {\n  name = \"pe\"\n"+
				"  private_service_connection {\n    name = \"a\"\n"+
				"    private_connection_resource_id = azurerm_redis_cache.c%d.id\n    subresource_names = [\"redisCache\"]\n"+
				"    is_manual_connection = false\n  }\n}\n", i, i)
		}
	}
	text := out.String()
	if r.IntN(2) == 0 {
		text = string(hclwrite.Format([]byte(text)))
	}
	if r.IntN(8) == 0 {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

// TestRandom mends random configurations: what is true of goldens is true of them, and lines
// change only in the blocks of caches.
func TestRandom(t *testing.T) {
	seeds := 200
	if testing.Short() {
		seeds = 40
	}
	var changed atomic.Int64
	t.Run("seed", func(t *testing.T) {
		for seed := range seeds {
			t.Run(strconv.Itoa(seed), func(t *testing.T) {
				t.Parallel()
				text := sloppy(rand.New(rand.NewPCG(uint64(seed), 17)))
				dir := write(t, []txtar.File{{Name: "main.tf", Data: []byte(text)}})
				if _, diags := hclsyntax.ParseConfig([]byte(text), "", hcl.InitialPos); diags.HasErrors() {
					t.Fatalf("%v\n%s", diags, text)
				}
				result, err := run(dir)
				if err != nil {
					t.Fatalf("%v\n%s", err, text)
				}
				for _, f := range result.Files {
					changed.Add(1)
					outsideCaches(t, f)
				}
				holds(t, dir, result)
				if t.Failed() {
					t.Logf("%s\n%s", text, result.Files.Diff("."))
				}
			})
		}
	})
	if n := changed.Load(); n < int64(seeds/2) {
		t.Errorf("only %d of %d configurations changed", n, seeds)
	}
}

// outsideCaches wants everything but the blocks of caches to be the same, byte for byte, and
// in files that are not formatted every line of those too that was there and is not named.
func outsideCaches(t *testing.T, f fix.File) {
	t.Helper()
	if a, b := withoutCaches(f.Before), withoutCaches(f.After); !bytes.Equal(a, b) {
		t.Errorf("outside of caches\n%s\nbecame\n%s", a, b)
	}
	if bytes.Equal(hclwrite.Format(f.Before), f.Before) {
		return
	}
	rest := f.After
	for line := range bytes.Lines(f.Before) {
		if bytes.Contains(line, []byte("_enabled")) || bytes.Contains(line, []byte("tls_version")) ||
			bytes.Contains(line, []byte("redis_configuration {")) {
			continue
		}
		_, after, found := bytes.Cut(rest, line)
		if !found {
			t.Errorf("the line %q is not there any more", line)
			return
		}
		rest = after
	}
}

func withoutCaches(data []byte) []byte {
	file, _ := hclsyntax.ParseConfig(data, "", hcl.InitialPos)
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return data
	}
	var out []byte
	at := 0
	for _, b := range body.Blocks {
		if b.Type == "resource" && b.Labels[0] == "azurerm_redis_cache" {
			out = append(out, data[at:b.OpenBraceRange.Start.Byte]...)
			at = b.CloseBraceRange.Start.Byte
		}
	}
	return append(out, data[at:]...)
}

// FuzzSet edits any file: the result parses and has the literal, or there is none.
func FuzzSet(f *testing.F) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if filepath.Ext(file.Name) == ".tf" {
				f.Add(file.Data, uint8(1), false)
				f.Add(file.Data, uint8(0), true)
			}
		}
	}
	schema := &providerschema.Azurerm(providerschema.Latest(4))["azurerm_redis_cache"].Block
	f.Fuzz(func(t *testing.T, data []byte, index uint8, azapi bool) {
		path, literal, of := []string{"redis_configuration", "active_directory_authentication_enabled"}, "true", schema
		if azapi {
			path, literal, of = []string{"body", "properties", "publicNetworkAccess"}, `"Disabled"`, nil
		}
		out, err := fix.Set(data, int(index), path, literal, of)
		if err != nil {
			return
		}
		if _, diags := hclsyntax.ParseConfig(out, "", hcl.InitialPos); diags.HasErrors() {
			t.Fatalf("%v\n%s", diags, out)
		}
		again, err := fix.Set(out, int(index), path, literal, of)
		if err != nil || !bytes.Equal(again, out) {
			t.Fatalf("a second time: %v\n%s\n%s", err, out, again)
		}
		if bytes.Equal(hclwrite.Format(data), data) && !bytes.Equal(hclwrite.Format(out), out) {
			t.Fatalf("not formatted:\n%s", out)
		}
	})
}

// TestWrite writes all files or none.
func TestWrite(t *testing.T) {
	made := func() (dir string, files fix.Files) {
		dir = write(t, []txtar.File{{Name: "a.tf", Data: []byte("a")}, {Name: "m/b.tf", Data: []byte("b")}})
		return dir, fix.Files{{Name: "a.tf", Before: []byte("a"), After: []byte("A")}, {Name: "m/b.tf", Before: []byte("b"), After: []byte("B")}}
	}
	content := func(dir string) string {
		a, _ := os.ReadFile(filepath.Join(dir, "a.tf"))
		b, _ := os.ReadFile(filepath.Join(dir, "m/b.tf"))
		return string(a) + string(b)
	}
	for name, c := range map[string]struct {
		spoil func(dir string, files fix.Files) error
		want  string
	}{
		"as it is": {func(string, fix.Files) error { return nil }, ""},
		"changed": {func(dir string, _ fix.Files) error {
			return os.WriteFile(filepath.Join(dir, "m/b.tf"), []byte("x"), 0o600)
		}, "changed while"},
		"gone":      {func(dir string, _ fix.Files) error { return os.Remove(filepath.Join(dir, "m/b.tf")) }, "no such file"},
		"outside":   {func(_ string, files fix.Files) error { files[1].Name = "../b.tf"; return nil }, "outside"},
		"a folder":  {func(dir string, files fix.Files) error { files[1].Name = "m"; return nil }, "no regular file"},
		"link":      {func(dir string, _ fix.Files) error { return link(filepath.Join(dir, "m/b.tf")) }, "symbolic link"},
		"link dir":  {func(dir string, _ fix.Files) error { return link(filepath.Join(dir, "m")) }, "symbolic link"},
		"no rights": {func(dir string, _ fix.Files) error { return os.Chmod(filepath.Join(dir, "m"), 0o500) }, "permission denied"},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "no rights" && os.Geteuid() == 0 {
				t.Skip("root may write everywhere")
			}
			dir, files := made()
			if err := os.Chmod(filepath.Join(dir, "a.tf"), 0o640); err != nil {
				t.Fatal(err)
			}
			if err := c.spoil(dir, files); err != nil {
				t.Fatal(err)
			}
			before := content(dir)
			_, err := files.Write(dir, true)
			switch {
			case c.want == "" && (err != nil || content(dir) != "AB"):
				t.Errorf("%v, and the files are %q", err, content(dir))
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || content(dir) != before):
				t.Errorf("error %v, want %q; the files were %q and are %q", err, c.want, before, content(dir))
			}
			if info, err := os.Stat(filepath.Join(dir, "a.tf")); err != nil || info.Mode().Perm() != 0o640 {
				t.Errorf("the mode of the file became %v, %v", info.Mode(), err)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*", ".*.tmp")); len(left) > 0 {
				t.Errorf("temporary files are left: %v", left)
			}
		})
	}
}

// link moves a file or folder away and puts a symbolic link in its place.
func link(name string) error {
	if err := os.Rename(name, name+".real"); err != nil {
		return err
	}
	return os.Symlink(name+".real", name)
}
