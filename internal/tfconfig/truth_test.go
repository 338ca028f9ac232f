package tfconfig_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// realTerraform returns a function that runs the real Terraform in a directory.
func realTerraform(t *testing.T, dir string) func(args ...string) []byte {
	t.Helper()
	terraform := os.Getenv("TF_ACC_TERRAFORM_PATH") // that make test has found
	if terraform == "" {
		var err error
		if terraform, err = exec.LookPath("terraform"); err != nil {
			t.Skip("no terraform on PATH and TF_ACC_TERRAFORM_PATH is not set")
		}
	}
	return func(args ...string) []byte {
		t.Helper()
		cmd := exec.Command(terraform, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+os.DevNull, "TF_IN_AUTOMATION=1")
		out, err := cmd.Output()
		if err != nil {
			var stderr string
			if e, ok := err.(*exec.ExitError); ok {
				stderr = string(e.Stderr)
			}
			t.Fatalf("terraform %v: %v\n%s", args, err, stderr)
		}
		return out
	}
}

// TestTerraformAgrees lets the real Terraform say which instance an expression
// picks, on terraform_data, and compares every answer that was given. It also
// covers what must stay open: nothing that is answered here may differ there.
func TestTerraformAgrees(t *testing.T) {
	t.Parallel()
	expressions := []string{
		`terraform_data.one.id`,
		`"${terraform_data.one.id}"`,
		`values(terraform_data.keyed)[0].id`,
		`terraform_data.counted.*.id[2]`,
		`(terraform_data.counted[*].id)[1]`,
		`(terraform_data.one[*].id)[0]`,
		`element(terraform_data.counted, 4).id`,
		`element([terraform_data.one.id, terraform_data.other.id], 3)`,
		`coalesce(null, "", terraform_data.one.id, terraform_data.other.id)`,
		`compact(["", null, terraform_data.one.id])[0]`,
		`coalescelist([], [terraform_data.other.id])[0]`,
		`{ for k, v in terraform_data.keyed : v.input => v.id... }["k-x"][0]`,
		`{ for c in toset([{ n = "a", id = terraform_data.one.id }, { n = "b", id = terraform_data.other.id }]) : c.n => c.id }["b"]`,
		`[for k, v in terraform_data.keyed : v.id if k != "x"][0]`,
		`[for i, c in terraform_data.counted : c.id if i == 2][0]`,
		`try(terraform_data.counted[9].id, terraform_data.one.id)`,
		`try(tonumber(terraform_data.one.id), terraform_data.other.id)`,
		`can(terraform_data.counted[9]) ? terraform_data.one.id : terraform_data.other.id`,
		`can(terraform_data.one.id) ? terraform_data.one.id : terraform_data.other.id`,
		`can(terraform_data.one) ? terraform_data.one.id : terraform_data.other.id`,
		`can(regex("-", terraform_data.one.id)) ? terraform_data.one.id : terraform_data.other.id`,
		`(var.on ? terraform_data.one : terraform_data.other).id`,
		`(var.on ? [terraform_data.one.id] : [])[0]`,
		`(var.on ? { a = terraform_data.one.id } : {})["a"]`,
		`(var.on ? terraform_data.keyed : {})["y"].id`,
		`reverse([terraform_data.one.id, terraform_data.other.id])[0]`,
		`chunklist([terraform_data.one.id, terraform_data.other.id], 1)[1][0]`,
		`flatten([[terraform_data.one.id], [[terraform_data.other.id]]])[1]`,
		`slice(terraform_data.counted, 1, 3)[0].id`,
		`zipmap(["p", "q"], [terraform_data.one.id, terraform_data.other.id])["q"]`,
		`[for i in range(3) : terraform_data.counted[2 - i].id][0]`,
		`lookup(tomap({ a = terraform_data.one.id, b = terraform_data.other.id }), "b", "none")`,
		`lookup({ a = terraform_data.one.id }, "b", terraform_data.other.id)`,
		`merge({ a = terraform_data.one.id }, { a = terraform_data.other.id }).a`,
		`merge([{ a = terraform_data.one.id }, { b = terraform_data.other.id }]...)["b"]`,
		`terraform_data.one.id != null ? terraform_data.one.id : terraform_data.other.id`,
		`terraform_data.one.id == terraform_data.other.id ? terraform_data.one.id : terraform_data.other.id`,
		`terraform_data.keyed[keys(terraform_data.keyed)[1]].id`,
		`terraform_data.keyed[var.on ? "x" : "y"].id`,
		`terraform_data.counted[length(terraform_data.keyed)].id`,
		`one([terraform_data.one.id])`,
		`one(toset([terraform_data.one.id]))`,
		`tolist(toset([terraform_data.one.id, terraform_data.other.id]))[0]`,
		`[for id in toset([terraform_data.one.id, terraform_data.other.id]) : id][0]`,
		`sort([terraform_data.one.id, terraform_data.other.id])[0]`,
		`distinct([terraform_data.one.id, terraform_data.one.id, terraform_data.other.id])[1]`,
		`distinct([terraform_data.one.id, terraform_data.one.id])[0]`,
		`lower(terraform_data.one.id)`,
		`ephemeralasnull(terraform_data.one.id)`,
		`ephemeralasnull({ id = terraform_data.one.id }).id`,
		`templatestring(local.template, { id = terraform_data.one.id })`,
		`jsondecode(jsonencode({ id = terraform_data.one.id })).id`,
		`terraform_data.box.output`,
		`module.m["b"].id`,
		`values(module.m)[0].id`,
		`{ for k, m in module.m : m.name => m.id }["n-b"]`,
		`tostring(terraform_data.one.id)`,
		`nonsensitive(sensitive(terraform_data.other.id))`,
		`tomap({ for k, v in terraform_data.keyed : upper(k) => v.id })["X"]`,
		`[for s in [{ id = terraform_data.one.id, n = 1 }, { id = terraform_data.other.id, n = 2 }] : s.id if s.n > 1][0]`,
		`split("|", "${terraform_data.one.id}|x")[0]`,
		`format("%s", terraform_data.one.id)`,
		`transpose({ a = [terraform_data.one.id] }) == {} ? "" : terraform_data.one.id`,
	}
	var hcl strings.Builder
	hcl.WriteString(`
variable "on" { default = true }
resource "terraform_data" "one" { input = "one" }
resource "terraform_data" "other" { input = "other" }
resource "terraform_data" "counted" {
  count = 3
  input = "c${count.index}"
}
resource "terraform_data" "keyed" {
  for_each = { x = "Basic", y = "Premium" }
  input    = "k-${each.key}"
}
resource "terraform_data" "box" { input = terraform_data.one.id }
module "m" {
  source   = "./m"
  for_each = toset(["a", "b"])
  name     = "n-${each.key}"
}
locals {
  template = "$${id}"
  ids = merge(
    { "terraform_data.one.id" = terraform_data.one.id, "terraform_data.other.id" = terraform_data.other.id },
    { for i, c in terraform_data.counted : "terraform_data.counted[${i}].id" => c.id },
    { for k, c in terraform_data.keyed : "terraform_data.keyed[\"${k}\"].id" => c.id },
    { for k, c in module.m : "module.m[\"${k}\"].terraform_data.this.id" => c.id },
  )
}
output "ids" { value = local.ids }
`)
	for i, expr := range expressions {
		fmt.Fprintf(&hcl, "resource \"terraform_data\" \"e%d\" {\n  input = %s\n}\noutput \"e%d\" { value = terraform_data.e%d.output }\n", i,
			expr, i, i)
	}
	hcl.WriteString(`
-- m/main.tf --
variable "name" {}
resource "terraform_data" "this" { input = var.name }
output "id" { value = terraform_data.this.id }
output "name" { value = terraform_data.this.input }
`)
	dir := write(t, hcl.String())
	run := realTerraform(t, dir)
	run("init", "-no-color", "-input=false")
	run("plan", "-no-color", "-input=false", "-out=saved.tfplan")
	run("apply", "-no-color", "-input=false", "saved.tfplan")
	var outputs map[string]struct{ Value any }
	if err := json.Unmarshal(run("output", "-json"), &outputs); err != nil {
		t.Fatal(err)
	}
	ids, _ := outputs["ids"].Value.(map[string]any)

	cfg, err := tfconfig.LoadPlanFile(filepath.Join(dir, "saved.tfplan"))
	if err != nil {
		t.Fatal(err)
	}
	e, answered := cfg.NewEvaluator(nil, azure), 0
	for i, expr := range expressions {
		got := e.Reference(fmt.Sprintf("terraform_data.e%d", i), "input")
		if got.Kind == tfconfig.Unresolved {
			continue
		}
		answered++
		if want := outputs[fmt.Sprintf("e%d", i)].Value; got.Kind != tfconfig.Instance || ids[show(got)] != want {
			t.Errorf("%s: got %s, but Terraform picked another", expr, show(got))
		}
	}
	if least := 45; answered < least {
		t.Errorf("only %d of %d answered, want at least %d", answered, len(expressions), least)
	}
}
