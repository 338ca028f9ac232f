package tfconfig_test

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// TestAddresses: how many instances there will be is told only where count and
// for_each are known, in every instance of the module.
func TestAddresses(t *testing.T) {
	c := load(t, `
variable "names" {}
variable "hidden" {}
resource "a_b" "single" {}
resource "a_b" "zero" { count = 0 }
resource "a_b" "off" { count = var.names == null ? 1 : 0 }
resource "a_b" "two" { count = length(var.names) }
resource "a_b" "each" { for_each = toset(var.names) }
resource "a_b" "later" { for_each = toset([a_b.single.id]) }
resource "a_b" "hidden" { count = var.hidden ? 1 : 0 }
resource "a_b" "disabled" {
  lifecycle { enabled = var.names == null }
}
resource "a_b" "perhaps" {
  lifecycle { enabled = var.hidden }
}
module "many" {
  source   = "./m"
  for_each = toset(var.names)
  on       = each.key == "x"
}
module "none" {
  source = "./m"
  count  = 0
  on     = true
}
module "later" {
  source = "./m"
  count  = a_b.single.size
  on     = true
}
-- m/main.tf --
variable "on" {}
resource "a_b" "r" { count = var.on ? 1 : 0 }
`)
	e := c.NewEvaluator(&plan{variables: map[string]cty.Value{
		"names": cty.TupleVal([]cty.Value{cty.StringVal("x"), cty.StringVal("y")}), "hidden": cty.DynamicVal,
	}}, azure)
	for address, want := range map[string]string{
		"a_b.single": "a_b.single", "a_b.zero": "none", "a_b.off": "none", "a_b.two": "a_b.two[0] a_b.two[1]",
		"a_b.each": `a_b.each["x"] a_b.each["y"]`, "a_b.later": "?", "a_b.hidden": "?", "a_b.absent": "?",
		"a_b.disabled": "none", "a_b.perhaps": "?",
		"module.many.a_b.r": `module.many["x"].a_b.r[0]`, "module.none.a_b.r": "none", "module.later.a_b.r": "?", "module.absent.a_b.r": "?",
	} {
		list, ok := e.Addresses(address)
		got := strings.Join(list, " ")
		switch {
		case !ok:
			got = "?"
		case got == "":
			got = "none"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

// Keys stand in addresses as Terraform writes them.
func TestKeyString(t *testing.T) {
	for key, want := range map[tfconfig.Key]string{
		{}:                     "",
		tfconfig.IntKey(7):     "[7]",
		tfconfig.StringKey(""): `[""]`,
		tfconfig.StringKey("a\"b\\${c}%{d}\n\t\r\u0001é\U0001F600\U000E0001"): `["a\"b\\$${c}%%{d}\n\t\r\u0001é😀\U000e0001"]`,
	} {
		if got := key.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
