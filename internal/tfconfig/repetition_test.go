package tfconfig_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// The count or for_each that leaves open how many instances there are, and the variables
// without a value behind it.
func TestRepetition(t *testing.T) {
	c := load(t, `
variable "n" {}
variable "names" {}
variable "tier" { default = "a" }
locals {
  names = toset([for n in var.names : "${var.tier}-${n}"])
}
resource "x_y" "one" {}
resource "x_y" "known" {
  count = 2
}
resource "x_y" "counted" {
  count = var.n
}
resource "x_y" "each" {
  for_each = local.names
}
resource "x_y" "data" {
  count = length(data.x_z.d.ids)
}
data "x_z" "d" {}
module "m" {
  source = "./m"
  n      = var.n
}
module "counted" {
  source = "./m"
  count  = length(var.names)
  n      = 1
}
-- m/main.tf --
variable "n" {}
resource "x_y" "in" {
  count = var.n > 2 ? 1 : 0
}
`)
	e := c.NewEvaluator(&plan{}, tfconfig.Schema{})
	for address, want := range map[string]struct {
		expression, why string
		variables       []string
	}{
		"x_y.one":               {},
		"x_y.known":             {},
		"x_y.none":              {},
		"x_y.counted":           {"count = var.n", "var.n has no value here", []string{"n"}},
		"x_y.each":              {"for_each = local.names", "var.names has no value here", []string{"names"}},
		"x_y.data":              {"count = length(data.x_z.d.ids)", "", nil},
		"module.m.x_y.in":       {"count = var.n > 2 ? 1 : 0", "var.n has no value here", []string{"n"}},
		"module.counted.x_y.in": {"count = length(var.names)", "var.names has no value here", []string{"names"}},
		"module.nowhere.x_y.in": {},
	} {
		r, ok := e.Repetition(address)
		if ok != (want.expression != "") || r.Expression != want.expression || !strings.Contains(r.Why, want.why) ||
			!slices.Equal(r.Variables, want.variables) || ok && (r.Why == "" || r.Position.Line == 0) {
			t.Errorf("%s: %+v, %t; want %+v", address, r, ok, want)
		}
	}
}
