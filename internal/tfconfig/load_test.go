package tfconfig_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

type entry struct {
	name, data string
	mode       fs.FileMode
}

func archive(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

const mainTF = "tfconfig/m-/main.tf"

func TestLoadPlanHostile(t *testing.T) {
	t.Parallel()
	good := entry{name: mainTF, data: `resource "x" "e" {}`}
	for _, tt := range []struct {
		name, want string
		data       []byte
	}{
		{"not a zip", "not a saved plan file", []byte("{}")},
		{"empty", "not a saved plan file", nil},
		{"no configuration", "no configuration files", archive(t, entry{name: "tfplan", data: "x"})},
		{"leaves the archive", "leaves the archive", archive(t, good, entry{name: "tfconfig/m-/../../main.tf"})},
		{"absolute", "leaves the archive", archive(t, good, entry{name: "/etc/main.tf"})},
		{"backslash", "leaves the archive", archive(t, good, entry{name: `tfconfig\m-\main.tf`})},
		{"twice", "there twice", archive(t, good, good)},
		{"link", "not a regular file", archive(t, good, entry{name: "tfconfig/m-/l.tf", data: "/etc/passwd", mode: fs.ModeSymlink | 0o777})},
		{"bad manifest", "module manifest", archive(t, good, entry{name: "tfconfig/modules.json", data: "{"})},
		{"bad syntax", "main.tf:2:", archive(t, entry{name: mainTF, data: "\nresource {"})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := tfconfig.LoadPlan(bytes.NewReader(tt.data), int64(len(tt.data)))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// Small archives that unpack to more than the limits are refused.
func TestLoadPlanBomb(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("large: minutes under the race detector")
	}
	var heavy []entry
	for i := range 9 {
		heavy = append(heavy, entry{name: "tfconfig/m-/f" + string(rune('0'+i)) + ".tf", data: strings.Repeat(" ", 8<<20)})
	}
	many := make([]entry, 20001)
	for i := range many {
		many[i].name = fmt.Sprint("x", i)
	}
	for _, tt := range []struct {
		name, want string
		entries    []entry
	}{
		{"one file", "more than", []entry{{name: mainTF}, {name: "tfconfig/m-/b.tf", data: strings.Repeat("\n", 9<<20)}}},
		{"many files", "more than", heavy},
		{"many entries", "more than 20000 files", many},
	} {
		data := archive(t, tt.entries...)
		if _, err := tfconfig.LoadPlan(bytes.NewReader(data), int64(len(data))); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

// An archive whose list of entries alone would fill the memory is refused before
// the list is read, though it announces few entries.
func TestLoadPlanLongDirectory(t *testing.T) {
	if testing.Short() {
		t.Skip("large: minutes under the race detector")
	}
	var many []entry
	for i := range 90_000 {
		many = append(many, entry{name: fmt.Sprintf("%0200d", i)})
	}
	data := archive(t, many...)
	reader := &counted{r: bytes.NewReader(data)}
	if _, err := tfconfig.LoadPlan(reader, int64(len(data))); err == nil ||
		!strings.Contains(err.Error(), "the list of its entries is longer than") {
		t.Error(err)
	}
	if reader.n > 17<<20 {
		t.Errorf("%d bytes were read", reader.n)
	}
}

type counted struct {
	r *bytes.Reader
	n int
}

func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	c.n += len(p)
	return c.r.ReadAt(p, off)
}

// What another program would unpack into memory is counted first, in bounded
// memory and by the bytes that come.
func TestCheckPlanFile(t *testing.T) {
	if testing.Short() {
		t.Skip("large: minutes under the race detector")
	}
	const most = 1 << 20
	good := archive(t, entry{name: "tfplan", data: strings.Repeat("x", most/2)}, entry{name: "tfstate", data: strings.Repeat("x", most/2)})
	lying := archive(t, entry{name: "tfplan", data: strings.Repeat("\x00", 64*most)})
	// The list of entries says that the entry is short.
	at := bytes.LastIndex(lying, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(lying[at+24:], 10)
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"as much as may be": {good, ""},
		"a byte more": {archive(t, entry{name: "tfplan", data: strings.Repeat("x", most)}, entry{name: "tfstate", data: "x"}),
			"unpacks to more than"},
		"a bomb":              {archive(t, entry{name: "tfplan", data: strings.Repeat("\x00", 64*most)}), "unpacks to more than"},
		"a bomb that lies":    {lying, ""},
		"not a saved plan":    {[]byte("{}"), "not a saved plan file"},
		"cut off in the list": {good[:len(good)-30], "not a saved plan file"},
	} {
		path := filepath.Join(t.TempDir(), "plan.tfplan")
		if err := os.WriteFile(path, tt.data, 0o600); err != nil {
			t.Fatal(err)
		}
		err := tfconfig.CheckPlanFile(path, most)
		switch {
		case name == "a bomb that lies":
			if err == nil {
				t.Errorf("%s: no error", name)
			}
		case tt.want == "" && err != nil, tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

// TestLoadPlanReadsOnlyConfiguration: bytes elsewhere are not even unpacked.
func TestLoadPlanReadsOnlyConfiguration(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("large: minutes under the race detector")
	}
	data := archive(t, entry{name: mainTF, data: `resource "x" "e" { target = "t" }`},
		entry{name: "tfstate", data: strings.Repeat("s", 70<<20)},
		entry{name: "tfconfig/m-/notes.txt", data: strings.Repeat("n", 9<<20)},
		entry{name: "tfconfig/modules.json", data: `[{"Key":"","Dir":"."},{"Key":"a","Dir":"/etc\u0000"}]`},
		entry{name: "tfconfig/m-a/main.tf", data: `resource "x" "e" {}`})
	cfg, err := tfconfig.LoadPlan(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if got := cfg.NewEvaluator(nil, azure).Reference("x.e", "target"); show(got) != `"t"` {
		t.Error(show(got))
	}
}

func TestLoadDirErrors(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000)
	for _, tt := range []struct{ name, files, want string }{
		{"syntax", "a = \n", "main.tf:1: "},
		{"syntax in a module", "module \"m\" { source = \"./m\" }\n-- m/x.tf --\n\n}", "m/x.tf:2: "},
		{"JSON syntax", "-- x.tf.json --\n{\n\"a\" 1}", "x.tf.json:2: "},
		{"declared twice", "resource \"x\" \"e\" {}\nresource \"x\" \"e\" {}", "main.tf:2: resource \"x.e\" is declared twice"},
		{"local twice", "locals { a = 1 }\nlocals { a = 2 }", "main.tf:2: local.a is declared twice"},
		{"no files", "-- readme.md --\n", "no configuration files"},
		{"deep brackets", "locals { a = " + deep + " }", "main.tf:1: expressions nest"},
		{"deep operators", "locals { a = " + strings.Repeat("!", 5000) + "true }", "main.tf:1: expressions nest"},
		{"deep conditionals", "locals { a = " + strings.Repeat("true ? 1 : ", 5000) + "1 }", "main.tf:1: expressions nest"},
		{"deep indexes", "locals { a = local.b" + strings.Repeat("[local.c]", 5000) + " }", "main.tf:1: expressions nest"},
		{"deep templates", "locals { a = " + strings.Repeat(`"${`, 3000) + "1" + strings.Repeat(`}"`, 3000) + " }",
			"main.tf:1: expressions nest"},
		{"deep blocks", strings.Repeat("a {\n", 5000), "expressions nest"},
		{"deep JSON", "-- x.tf.json --\n" + strings.Repeat(`{"a":`, 5000), "x.tf.json:1: values nest"},
		{"endless number", "locals { a = 1e999999999 }", "main.tf:1: number has more than"},
		{"endless JSON number", "-- x.tf.json --\n{\"locals\": {\"a\": 1e999999999}}", "x.tf.json:1: number has more than"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := tfconfig.LoadDir(write(t, tt.files))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	if _, err := tfconfig.LoadDir(filepath.Join(t.TempDir(), "absent")); err == nil {
		t.Error("a directory that does not exist was loaded")
	}
}

func TestModuleSources(t *testing.T) {
	t.Parallel()
	dir := write(t, `
module "registry" {
  source = "Azure/redis/azurerm"
}
module "absent" {
  source = "Azure/absent/azurerm"
}
module "gone" {
  source = "./gone"
}
module "self" {
  source = "."
}
module "bad" {
  source = "Azure/redis/azurerm"
  missing_directory = true
}
resource "x" "r" { target = module.registry.id }
resource "x" "a" { target = module.absent.id }
resource "x" "g" { target = module.gone.id }
-- .terraform/modules/modules.json --
{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"registry","Source":"registry.terraform.io/Azure/redis/azurerm",
  "Dir":".terraform/modules/registry"},
{"Key":"bad","Dir":"nowhere"}]}
-- .terraform/modules/registry/main.tf --
resource "azurerm_redis_cache" "this" {}
output "id" { value = azurerm_redis_cache.this.id }
`)
	cfg, err := tfconfig.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	e := cfg.NewEvaluator(nil, azure)
	for instance, want := range map[string][2]string{
		`x.r`:             {"module.registry.azurerm_redis_cache.this.id", ""},
		`x.a`:             {"unresolved", "run terraform init"},
		`x.g`:             {"unresolved", "does not exist"},
		`module.absent.x`: {"unresolved", "not a resource instance address"},
		`module.bad.x.e`:  {"unresolved", "nowhere does not exist"},
	} {
		got := e.Reference(instance, "target")
		if show(got) != want[0] || !strings.Contains(got.Why, want[1]) {
			t.Errorf("%s: got %s (%s), want %v", instance, show(got), got.Why, want)
		}
	}
}

// TestEvaluationEnds: what is made to be endless gives up, and says nothing.
func TestEvaluationEnds(t *testing.T) {
	t.Parallel()
	var doubling, chain strings.Builder
	doubling.WriteString("locals {\n  l0 = [\"x\"]\n")
	chain.WriteString("locals {\n  l0 = \"x\"\n")
	for i := 1; i < 400; i++ {
		fmt.Fprintf(&doubling, "  l%d = concat([local.l%d], [local.l%d])\n", i, i-1, i-1)
		fmt.Fprintf(&chain, "  l%d = local.l%d\n", i, i-1)
	}
	doubling.WriteString("  last = local.l399\n}\n")
	chain.WriteString("  last = local.l399\n}\n")
	aliases := ""
	for c := 'b'; c < 'l'; c++ {
		aliases += fmt.Sprintf(`%c: &%[1]c [%[2]s]\n`, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", c-1), 9), ","))
	}
	for name, hcl := range map[string]string{
		"doubling":   doubling.String(),
		"long chain": chain.String(),
		"nested loops": `locals { last = [for a in range(1000) : [for b in range(1000) : ` +
			`[for c in range(1000) : [for d in range(1000) : "x"]]]] }`,
		"wide format":  `locals { last = format("%1000000000d", 1) }`,
		"many parts":   `locals { last = "` + strings.Repeat("${local.l}", 20_000) + `" }`,
		"loop of text": `locals { last = "%{ for a in range(1000) }%{ for b in range(1000) }${local.l}%{ endfor }%{ endfor }" }`,
		"joined":       `locals { last = join(local.l, range(1000)) }`,
		"indented":     `locals { last = indent(900, join("\n", [for a in range(1000) : local.l])) }`,
		"aliases":      `locals { last = yamldecode("a: &a [x,x,x,x,x,x,x,x,x]\n` + aliases + `") }`,
		"deep YAML":    `locals { last = yamldecode("` + strings.Repeat("- ", 100_000) + `x") }`,
		"deep flow":    `locals { last = yamldecode("` + strings.Repeat("[", 100_000) + `") }`,
		"product":      `locals { last = setproduct(range(1000), range(1000), range(1000), range(1000)) }`,
		"squares": `locals {
  a = 1e300
  last = "${local.a * local.a * local.a * local.a * local.a * local.a * local.a * local.a * local.a * local.a * local.a * local.a}"
}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && (name == "doubling" || name == "nested loops") {
				t.Skip("up to the limits of work and memory: half a minute under the race detector")
			}
			cfg := load(t, hcl+"\nlocals { l = \""+strings.Repeat("long", 100_000)+"\" }\n\n"+
				"resource \"x\" \"e\" { target = try(local.last, \"none\") }\n")
			if got := cfg.NewEvaluator(nil, azure).Reference("x.e", "target"); got.Kind == tfconfig.Instance || got.Value == "none" {
				t.Errorf("got %s", show(got))
			}
		})
	}
}
