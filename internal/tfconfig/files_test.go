package tfconfig_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// TestFiles holds what functions read from files against the real Terraform. What lies
// outside the configuration's directory, or is too large, is not read.
func TestFiles(t *testing.T) {
	t.Parallel()
	list := []struct {
		expr  string
		known bool
	}{
		{`file("a.txt")`, true},
		{`file("./sub/../a.txt")`, true},
		{`yamldecode(file("${path.module}/sub/b.yaml")).name`, true},
		{`jsonencode(fileset("${path.module}/sub", "**/*.yaml"))`, true},
		{`jsonencode(fileset("sub", "*.{yaml,txt}"))`, true},
		{`jsonencode(fileset("${path.root}/nowhere", "*"))`, true},
		{`jsonencode([for f in fileset("${path.module}/sub", "*") : trimsuffix(basename(f), ".yaml")])`, true},
		{`fileexists("a.txt") ? "yes" : "no"`, true},
		{`fileexists("b.txt") ? "yes" : "no"`, true},
		{`join(" ", [filebase64("binary"), filemd5("binary"), filesha1("a.txt"), filesha256("a.txt"), filesha512("a.txt")])`, true},
		{`join(" ", [filebase64sha256("a.txt"), filebase64sha512("binary")])`, true},
		{`templatefile("t.tftpl", { names = ["x", "y"], on = true })`, true},
		{`templatefile("t.tftpl", { names = fileset("sub", "*"), on = false })`, true},
		{`jsonencode(templatefile("value.tftpl", { v = [1, "a"] }))`, true},
		{`module.m.text`, true},
		{`path.module`, true},
		{`path.root`, true},
		{`jsonencode(try(file("absent"), "absent"))`, false},
		{`try(file("binary"), "no text")`, false},
		{`try(templatefile("t.tftpl", {}), "fails")`, false},
		{`try(templatefile("outer.tftpl", {}), "fails")`, false},
		{`file("../outside.txt")`, false},
		{`file("linked.txt")`, false},
		{`file("linked/outside.txt")`, false},
		{`file("/etc/hostname") == "" ? "" : ""`, false},
		{`jsonencode(fileset("..", "outside.*"))`, false},
		{`jsonencode(length(fileset(".", "*")))`, false}, // among them are links
		{`file("large.txt") == "" ? "" : ""`, false},
		{`fileexists("../outside.txt") ? "yes" : "no"`, false},
		{`path.cwd`, false},
		{`terraform.workspace`, false},
	}
	var hcl strings.Builder
	hcl.WriteString(`
module "m" { source = "./sub/m" }
`)
	for i, x := range list {
		fmt.Fprintf(&hcl, "output \"e%d\" { value = %s }\nresource \"terraform_data\" \"e%[1]d\" { triggers_replace = %[2]s }\n", i, x.expr)
	}
	outer := write(t, "-- root/main.tf --\n"+hcl.String()+`
-- root/sub/m/main.tf --
output "text" { value = "${path.module} ${file("${path.module}/c.txt")}" }
-- root/sub/m/c.txt --
see
-- root/a.txt --
é
-- root/sub/b.yaml --
name: b
list: [1, 2]
-- root/sub/c.txt --
c
-- root/t.tftpl --
%{ for n in names ~}
- ${upper(n)}%{ if on } on%{ endif }
%{ endfor ~}
-- root/value.tftpl --
${v}
-- root/outer.tftpl --
[${templatefile("t.tftpl", { names = ["z"], on = true })}]
-- outside.txt --
outside
`)
	dir := filepath.Join(outer, "root")
	put := func(name, content string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("binary", "\xff\x00")
	put("value.tftpl", "${v}")
	put("large.txt", strings.Repeat("large", 1<<20))
	if err := os.Symlink("../outside.txt", filepath.Join(dir, "linked.txt")); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink("..", filepath.Join(dir, "linked")); err != nil {
		t.Skip(err)
	}
	cfg, err := tfconfig.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	e := cfg.NewEvaluator(nil, azure)
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
	for i, x := range list {
		got := e.Reference(fmt.Sprintf("terraform_data.e%d", i), "triggers_replace")
		want := plan.Planned.Outputs[fmt.Sprintf("e%d", i)].Value
		if (got.Kind != tfconfig.Unresolved) != x.known || x.known && got.Value != want {
			t.Errorf("%s: got %s (%s), Terraform has %v", x.expr, show(got), got.Why, want)
		}
	}
	// A saved plan knows its workspace, and reads no file.
	saved, err := tfconfig.LoadPlanFile(filepath.Join(dir, "saved.tfplan"))
	if err != nil {
		t.Fatal(err)
	}
	e = saved.NewEvaluator(nil, azure)
	for i, x := range list {
		got := e.Reference(fmt.Sprintf("terraform_data.e%d", i), "triggers_replace")
		if x.expr == "terraform.workspace" {
			if show(got) != `"default"` {
				t.Errorf("the saved plan was made for the workspace %s", show(got))
			}
		} else if got.Kind != tfconfig.Unresolved {
			t.Errorf("%s: got %s from a saved plan", x.expr, show(got))
		}
	}
}
