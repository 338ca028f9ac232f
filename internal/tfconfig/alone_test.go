package tfconfig_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// thing is a type of resource of which every plan of these tests has what is written.
const thing = "test_thing"

// alone is what a configuration without a plan is read with.
type alone struct {
	env, vars []string
}

// plan writes the plan of a configuration, and returns the argument v of every thing in it,
// one on each line, "?" where it is not known, with what else is said: notes, then the error.
func (a alone) plan(t *testing.T, text string) string {
	t.Helper()
	dir := write(t, text)
	sources := tfconfig.VariableSources{Dir: dir, Environment: a.env}
	for _, v := range a.vars {
		sources.Given = append(sources.Given, tfconfig.GivenVariable{Assignment: v})
	}
	var out []string
	cfg, err := tfconfig.LoadDir(dir)
	if err != nil {
		return err.Error()
	}
	values, notes, err := cfg.Variables(sources)
	if err != nil {
		return err.Error()
	}
	var plan bytes.Buffer
	told, err := cfg.WritePlan(&plan, tfconfig.PlanOptions{Types: map[string]*providerschema.Resource{thing: {}}, Variables: values})
	if err != nil {
		return err.Error()
	}
	var read struct {
		Changes []struct {
			Address, Type string
			Change        struct {
				After   map[string]any
				Unknown map[string]any `json:"after_unknown"`
			}
		} `json:"resource_changes"`
		Deferred []struct {
			Change struct{ Address string } `json:"resource_change"`
		} `json:"deferred_changes"`
	}
	if err := json.Unmarshal(plan.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	for _, c := range read.Changes {
		v, _ := json.Marshal(c.Change.After["v"])
		if u := c.Change.Unknown["v"]; u != nil && u != false {
			v = []byte("?")
		}
		out = append(out, fmt.Sprintf("%s %s", strings.TrimPrefix(c.Address, thing+"."), v))
	}
	for _, d := range read.Deferred {
		out = append(out, fmt.Sprintf("%s[?]", strings.TrimPrefix(d.Change.Address, thing+".")))
	}
	return strings.Join(slices.Concat(out, notes, told), "\n")
}

// TestVariableTypes: a variable takes from the command line and the environment what its
// type allows.
func TestVariableTypes(t *testing.T) {
	t.Parallel()
	const use = "\nresource \"test_thing\" \"a\" {\n  v = var.x\n}\n"
	for _, tt := range []struct{ typ, given, want string }{
		{`object({ a = optional(string, "d") })`, `{}`, `a {"a":"d"}`},
		{`map(object({ a = optional(number, 1), b = string }))`, `{ z = { b = "x" } }`, `a {"z":{"a":1,"b":"x"}}`},
		{`object({ a = optional(object({ b = optional(bool, true) }), {}) })`, `{}`, `a {"a":{"b":true}}`},
		{`list(object({ a = optional(string) }))`, `[{}]`, `a [{"a":null}]`},
		{`list`, `["x"]`, `a ["x"]`},
		{`map`, `{ k = 1 }`, `a {"k":1}`},
		{`any`, `["x"]`, `a ["x"]`},
		{`string`, `["x"]`, `a "[\"x\"]"`},
		{`object({ a = optional(number, 1) })`, `{ a = "hunter2" }`, ": the value does not fit the type of the variable x, object({a=number})"},
	} {
		text := "variable \"x\" {\n  type = " + tt.typ + "\n}" + use
		for from, got := range map[string]string{
			"--var x":                           alone{vars: []string{"x=" + tt.given}}.plan(t, text),
			"the environment variable TF_VAR_x": alone{env: []string{"TF_VAR_x=" + tt.given}}.plan(t, text),
		} {
			if want := tt.want; got != want && got != from+want {
				t.Errorf("%s of %s: got %s, want %s", from, tt.typ, got, want)
			}
		}
	}
}

// TestReadAsTerraform: what counts where Terraform has a rule of its own.
func TestReadAsTerraform(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{"for_each over count", `
resource "test_thing" "a" {
  count = 2
  v     = "x"
}
module "m" {
  source = "./m"
  count  = 1
}
-- override.tf --
resource "test_thing" "a" {
  for_each = toset(["k"])
}
module "m" {
  for_each = toset(["k"])
}
-- m/main.tf --
resource "test_thing" "b" {}
`, "a[0] \"x\"\na[1] \"x\"\nmodule.m[0].test_thing.b null"},
		{"count over for_each", `
resource "test_thing" "a" {
  for_each = toset(["k"])
  v        = "x"
}
-- override.tf --
resource "test_thing" "a" {
  count = 1
}
`, `a[0] "x"`},
		{"texts of defaults in JSON are no templates", `
-- main.tf.json --
{"variable": {"t": {"default": "1.${1+1}"}, "e": {"default": "$${x}"}, "o": {"type": "object({a=string})", "default": {"a": "${false}"}}},
 "resource": {"test_thing": {"t": {"v": "${var.t}"}, "e": {"v": "${var.e}"}, "o": {"v": "${var.o}"}}}}
`, "e \"$${x}\"\no {\"a\":\"${false}\"}\nt \"1.${1+1}\""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := (alone{}).plan(t, tt.text); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// TestRefused: what Terraform refuses, whatever stands in Azure, is an error at its place.
func TestRefused(t *testing.T) {
	t.Parallel()
	const thing = "resource \"test_thing\" \"a\" {\n  %s\n}\n"
	neither := "for_each of test_thing.a is neither a map nor a set of strings"
	for _, tt := range []struct{ text, want string }{
		{"count = true", "main.tf:2: count of test_thing.a is no number"},
		{`count = "two"`, "main.tf:2: count of test_thing.a is no number"},
		{"count = -1", "main.tf:2: count of test_thing.a is no whole number that is 0 or more"},
		{"count = 1.5", "main.tf:2: count of test_thing.a is no whole number that is 0 or more"},
		{"count = null", "main.tf:2: count of test_thing.a is null"},
		{"count = var.null", "main.tf:2: count of test_thing.a is null"},
		{`for_each = ["a"]`, "main.tf:2: " + neither},
		{`for_each = "a"`, "main.tf:2: " + neither},
		{`for_each = toset([1])`, "main.tf:2: " + neither},
		{`for_each = [test_thing.b.id]`, "main.tf:2: " + neither},
		{`for_each = null`, "main.tf:2: for_each of test_thing.a is null"},
		{`for_each = toset(["a", null])`, "main.tf:2: for_each of test_thing.a has null among its keys"},
		{"count = 1\n  for_each = {}", "main.tf:3: test_thing.a has both count and for_each: Terraform takes one of them"},

		{`count = "2"`, "a[0] null\na[1] null\nb null"},
		{"count = 0", "b null"},
		{"for_each = toset([])", "b null"},
		{"for_each = {}", "b null"},
		{`for_each = toset(["k"])`, "a[\"k\"] null\nb null"},
		{`for_each = { k = null }`, "a[\"k\"] null\nb null"},
		{`count = var.unset`, "b null\na[?]"},
		{`for_each = var.unset`, "b null\na[?]"},
		{`for_each = toset([test_thing.b.id])`, "b null\na[?]"},
	} {
		text := fmt.Sprintf(thing, tt.text) + "resource \"test_thing\" \"b\" {}\n" +
			"variable \"null\" {\n  default = null\n}\nvariable \"unset\" {}\n"
		if got := (alone{}).plan(t, text); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.text, got, tt.want)
		}
	}
	const noFunction = "the default of var.o calls a function or refers to something: Terraform takes neither there"
	for _, tt := range []struct{ text, want string }{
		{"variable \"o\" {\n  default = tobool(\"true\")\n}", "main.tf:2: " + noFunction},
		{"variable \"o\" {\n  default = [nofunction()]\n}", "main.tf:2: " + noFunction},
		{"locals {\n  a = 1\n}\nvariable \"o\" {\n  default = local.a\n}", "main.tf:5: " + noFunction},
		{"variable \"o\" {\n  default = [for x in [\"${1}/x\"] : x == \"\" ? !true : false]\n}", ""},
		{"module \"m\" {\n  source   = \"./m\"\n  for_each = []\n}\n-- m/a.tf --\n",
			"main.tf:3: for_each of module.m is neither a map nor a set of strings"},
		{"module \"m\" {\n  source = \"./m\"\n}\n-- m/a.tf --\ndata \"x\" \"y\" {\n  count = true\n}\n",
			"m/a.tf:2: count of module.m.data.x.y is no number"},
		{"locals {}\n-- override.tf --\nresource \"x\" \"y\" {}\n",
			`configuration: override.tf:1: resource "x.y" overrides nothing: no other file declares it`},
		{"locals {}\n-- a_override.tf --\nlocals {\n  a = 1\n}\n",
			`configuration: a_override.tf:2: local.a overrides nothing: no other file declares it`},
		{"locals {}\n-- override.tf --\nvariable \"y\" {}\n",
			`configuration: override.tf:1: variable "y" overrides nothing: no other file declares it`},
		{"locals {}\n-- override.tf --\nprovider \"y\" {}\n", ""},
	} {
		if got := (alone{}).plan(t, tt.text); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.text, got, tt.want)
		}
	}
}

// TestToldOfRefused: what Terraform refuses of a fragment is told, and the rest is judged.
func TestToldOfRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"resource \"test_thing\" \"a\" {\n  v = var.opn\n  w = var.opn\n}\nvariable \"open\" {}",
			"a ?\nmain.tf:2: var.opn is not declared: Terraform refuses it, and it is not known; did you mean var.open?"},
		{"resource \"test_thing\" \"a\" {\n  v = local.nope || module.gone.x\n}",
			"a ?\nmain.tf:2: local.nope is not declared: Terraform refuses it, and it is not known\n" +
				"main.tf:2: module.gone is not declared: Terraform refuses it, and it is not known"},
		{"resource \"test_thing\" \"a\" {\n  v = test_thing.b.id\n  w = data.test_it.c.id\n  provider = test.west\n}",
			"a ?\nmain.tf:2: test_thing.b is not declared: Terraform refuses it, and it is not known\n" +
				"main.tf:3: data.test_it.c is not declared: Terraform refuses it, and it is not known"},
		{"resource \"test_thing\" \"a\" {\n  v = [for ip_rule in [1] : ip_rule.y]\n  dynamic \"ip_rule\" {\n    for_each = []\n    content {\n" +
			"      v = ip_rule.value.x\n    }\n  }\n  lifecycle {\n    ignore_changes = [v, tags_all]\n  }\n}", "a ?"},
		{"-- a.tf.json --\n{\"resource\": {\"test_thing\": {\"a\": {\"v\": \"${var.nope}\"}}}}",
			"a ?\na.tf.json:1: var.nope is not declared: Terraform refuses it, and it is not known"},
		{"variable \"o\" {\n  default = true\n  validation {\n    condition     = !var.o\n    error_message = \"hunter2\"\n  }\n}\n" +
			"resource \"test_thing\" \"a\" {\n  v = 1\n}",
			"a 1\nmain.tf:4: the value of var.o does not meet this condition: Terraform refuses it"},
		{"variable \"o\" {\n  default = 3\n  validation {\n" +
			"    condition     = var.o > 1 && can(regex(\"^[0-9]$\", var.o))\n    error_message = \"no\"\n  }\n}\n" +
			"variable \"p\" {\n  validation {\n    condition     = var.p == 1\n    error_message = \"no\"\n  }\n}", ""},
		{"module \"m\" {\n  source = \"./m\"\n  count  = 2\n  o      = count.index\n}\n-- m/a.tf --\nvariable \"o\" {\n  validation {\n" +
			"    condition     = var.o > 5\n    error_message = \"no\"\n  }\n}",
			"m/a.tf:3: the value of var.o does not meet this condition: Terraform refuses it"},
	} {
		if got := (alone{}).plan(t, tt.text); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.text, got, tt.want)
		}
	}
}
