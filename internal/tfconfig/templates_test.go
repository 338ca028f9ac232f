package tfconfig_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// TestFunctionsOfStrings holds templates in strings, encodings and ephemeral values
// against the real Terraform. What programs refuse, or see differently, is not known.
func TestFunctionsOfStrings(t *testing.T) {
	t.Parallel()
	list := []struct {
		expr  string
		known bool
	}{
		{`templatestring(local.text, { x = "a", n = 2 })`, true},
		{`templatestring(local.map.a, { x = "a" })`, true},
		{`templatestring(local.map["a"], tomap({ x = "a" }))`, true},
		{`templatestring(local.map[lower("A")], { x = "a" })`, true},
		{`templatestring(local.list[0], { x = "a", unused = null })`, true},
		{`join("", [for s in local.list : templatestring(s, { x = "é" })])`, true},
		{`try(templatestring(local.shadow, { local = { text = "own" } }), "fails")`, true},
		{`module.m.text`, true},
		{`textencodebase64("aé€", "UTF-16LE")`, true},
		{`textencodebase64("a", "utf-16")`, true},
		{`textencodebase64("漢", "Shift_JIS")`, true},
		{`textencodebase64("é", "csISOLatin1")`, true},
		{`textencodebase64("", "UTF-8")`, true},
		{`textdecodebase64("YQDpAKwg", "UTF-16LE")`, true},
		{`textdecodebase64("6Q==", "latin1")`, true},
		{`jsonencode(ephemeralasnull({ a = 1, b = [null, "x"] }))`, true},
		{`ephemeralasnull(sensitive("b"))`, true},
		{`module.m.kept`, true},

		{`try(templatestring(local.map.a, { x = 1 }), "fails")`, true},
		{`try(templatestring(local.one, { x = true }), "fails")`, false}, // text in Terraform only
		{`try(templatestring(local.one, { x = null }), "fails")`, false},
		{`try(templatestring(local.one, { x = ["a"] }), "fails")`, false},
		{`try(templatestring(local.one, {}), "fails")`, false},
		{`try(templatestring(local.one, null), "fails")`, true},
		{`try(templatestring(local.one, ["x"]), "fails")`, false},
		{`try(templatestring(local.one, { x = "a", "a.b" = 1 }), "fails")`, false},
		{`try(templatestring((local.one), { x = "a" }), "fails")`, false},
		{`try(templatestring("${local.one}", { x = "a" }), "fails")`, false},
		{`try(templatestring("abc", { x = "a" }), "fails")`, false},
		{`try(templatestring(upper(local.one), { X = "a" }), "fails")`, false},
		{`try(templatestring(local.list[*], { x = "a" }), "fails")`, false},
		{`try(templatestring(local.number, {}), "fails")`, false},
		{`try(templatestring(local.broken, {}), "fails")`, false},
		{`try(templatestring(local.reads, {}), "fails")`, false},
		{`try(templatestring(local.tries, {}), "fails")`, false},
		{`try(templatestring(local.calls, { x = "a" }), "fails")`, false},
		{`try(textencodebase64("€", "iso-8859-1"), "fails")`, false},
		{`try(textencodebase64("a", "cp1252"), "fails")`, false},
		{`try(textencodebase64("a", "utf-7"), "fails")`, false},
		{`try(textdecodebase64("YQ==", "UTF-16LE"), "fails")`, false},
		{`try(textdecodebase64("%", "UTF-8"), "fails")`, false},
		{`try(textdecodebase64("/w==", "UTF-8"), "fails")`, false},
		{`ephemeralasnull(terraform.applying) == null ? "null" : "kept"`, false},
		{`module.m.ephemeral`, false},
		{`module.m.within`, false},
		{`module.m.made`, false},
		{`ephemeralasnull(module.m.output) == null ? "null" : "kept"`, false},
		{`base64gzip("a")`, false},
		{`issensitive("a") ? "yes" : "no"`, false},
	}
	var hcl strings.Builder
	hcl.WriteString(`
locals {
  text   = "$${x}-%%{ for i in range(n) }$${upper(x)}%%{ endfor }"
  one    = "$${x}"
  map    = { a = "A $${x}" }
  list   = ["<$${x}>"]
  shadow = "$${local.text}"
  number = 5
  broken = "$${"
  reads  = "$${file(\"main.tf\")}"
  tries  = "$${try(file(\"main.tf\"), \"not read\")}"
  calls  = "$${templatestring(x, {})}"
}
module "m" {
  source = "./m"
  secret = "s"
  text   = "T $${x}"
}
`)
	for i, x := range list {
		fmt.Fprintf(&hcl, "output \"e%d\" {\n  value = nonsensitive(%s)\n}\n"+
			"resource \"terraform_data\" \"e%[1]d\" { triggers_replace = %[2]s }\n", i, x.expr)
	}
	hcl.WriteString(`
-- m/main.tf --
variable "text" {}
variable "secret" { ephemeral = true }
output "text" { value = templatestring(var.text, { x = "a" }) }
output "kept" { value = ephemeralasnull(var.text) }
output "ephemeral" { value = ephemeralasnull(var.secret) == null ? "null" : "kept" }
output "within" { value = jsonencode(ephemeralasnull([var.secret, "a"])) }
output "made" { value = ephemeralasnull(upper("${var.secret}-x")) == null ? "null" : "kept" }
output "output" {
  value     = var.secret
  ephemeral = true
}
`)
	dir := write(t, hcl.String())
	run := realTerraform(t, dir)
	run("init", "-no-color", "-input=false")
	run("plan", "-no-color", "-input=false", "-out=saved.tfplan")
	var plan struct {
		Planned struct {
			Outputs map[string]struct{ Value any }
		} `json:"planned_values"`
	}
	if err := json.Unmarshal(run("show", "-json", "saved.tfplan"), &plan); err != nil {
		t.Fatal(err)
	}
	cfg, err := tfconfig.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	e := cfg.NewEvaluator(nil, azure)
	for i, x := range list {
		got := e.Reference(fmt.Sprintf("terraform_data.e%d", i), "triggers_replace")
		want := plan.Planned.Outputs[fmt.Sprintf("e%d", i)].Value
		if (got.Kind != tfconfig.Unresolved) != x.known || x.known && got.Value != want {
			t.Errorf("%s: got %s (%s), Terraform has %v", x.expr, show(got), got.Why, want)
		}
	}
}

// TestEphemeralOutput: Terraform refuses an ephemeral output whose value is not; where a
// program does not, the value is ephemeral.
func TestEphemeralOutput(t *testing.T) {
	t.Parallel()
	cfg, err := tfconfig.LoadDir(write(t, `
module "m" { source = "./m" }
resource "terraform_data" "a" { triggers_replace = ephemeralasnull(module.m.output) }
resource "terraform_data" "b" { triggers_replace = ephemeralasnull(module.m.plain) }
-- m/main.tf --
output "plain" { value = "x" }
output "output" {
  value     = "x"
  ephemeral = true
}
`))
	if err != nil {
		t.Fatal(err)
	}
	e := cfg.NewEvaluator(nil, azure)
	for address, want := range map[string]string{"terraform_data.a": "unresolved", "terraform_data.b": `"x"`} {
		if got := show(e.Reference(address, "triggers_replace")); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

// TestTemplateStringMarks: what a sensitive template or variable makes is sensitive, and
// a template in a loop costs as much as it is long.
func TestTemplateStringMarks(t *testing.T) {
	t.Parallel()
	cfg, err := tfconfig.LoadDir(write(t, `
variable "secret" {
  default   = "secret $${x}"
  sensitive = true
}
locals {
  plain = "$${x}"
  long  = join("", [for i in range(1000) : "aaaaaaaaaaaaaaaaaaaa"])
}
resource "terraform_data" "template" { triggers_replace = templatestring(var.secret, { x = "a" }) }
resource "terraform_data" "variable" { triggers_replace = templatestring(local.plain, { x = var.secret }) }
resource "terraform_data" "loop" { triggers_replace = alltrue([for i in range(300) : templatestring(local.long, {}) != ""]) ? "a" : "b" }
`))
	if err != nil {
		t.Fatal(err)
	}
	e := cfg.NewEvaluator(nil, azure)
	for _, name := range []string{"template", "variable"} {
		if got := e.Reference("terraform_data."+name, "triggers_replace"); got.Kind != tfconfig.KnownString || !got.Sensitive {
			t.Errorf("%s: sensitive is %t, known is %t", name, got.Sensitive, got.Kind == tfconfig.KnownString)
		}
	}
	if got := e.Reference("terraform_data.loop", "triggers_replace"); got.Kind != tfconfig.Unresolved {
		t.Error("a loop over a long template is known")
	}
}
