package tfconfig_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Where a comment stands decides to which declaration it belongs; what is no comment
// of the user's own source is none.
func TestComments(t *testing.T) {
	c := load(t, `-- main.tf --
# x: alone

// x: above
# prose
resource "a" "one" { # x: behind
  # x: within
  name = "# x: text"
  script = <<EOT
# x: text
EOT
  nested {
    /* x: nested */
  }
} // x: end
# x: above two
resource "a" "two" {}
locals {} # x: behind locals
resource "a" "three" {}
locals {
  # x: in locals
}
# x: above locals
locals {
}
module "local" { # x: call
  source = "./local"
}
module "again" {
  source = "./local"
}
module "fetched" {
  source = "registry/fetched/x"
}
/* x: two
   lines */
data "a" "one" {}
data "a" "two" {} # y: other
# -X-: last
-- main_override.tf --
# x: override
resource "a" "two" {
}
-- json.tf.json --
{"//": "# x: json"}
-- local/local.tf --
# x: in a module

# x: once
resource "a" "in" {}
-- fetched/main.tf --
# x: fetched
resource "a" "in" {}
-- .terraform/modules/modules.json --
{"Modules":[{"Key":"fetched","Dir":"fetched"}]}
`)
	var got []string
	asked := func(text string) bool {
		return strings.HasPrefix(strings.ToLower(strings.ReplaceAll(text, "-", "")), "x:")
	}
	for _, c := range c.Comments(asked) {
		at := "-"
		if c.Declaration.File != "" {
			at = fmt.Sprintf("%s:%d", c.Declaration.File, c.Declaration.Line)
		}
		got = append(got, fmt.Sprintf("%s:%d %s > %s", c.Position.File, c.Position.Line, strings.ReplaceAll(c.Text, "\n", "|"), at))
	}
	want := []string{
		"main.tf:1 x: alone > -",
		"main.tf:3 x: above > main.tf:5",
		"main.tf:5 x: behind > main.tf:5",
		"main.tf:6 x: within > main.tf:5",
		"main.tf:12 x: nested > main.tf:5",
		"main.tf:14 x: end > main.tf:5",
		"main.tf:15 x: above two > main.tf:16",
		"main.tf:17 x: behind locals > -",
		"main.tf:20 x: in locals > -",
		"main.tf:22 x: above locals > -",
		"main.tf:25 x: call > main.tf:25",
		"main.tf:34 x: two|   lines > -",
		"main.tf:38 -X-: last > -",
		"main_override.tf:1 x: override > main.tf:16",
		"local/local.tf:1 x: in a module > -",
		"local/local.tf:3 x: once > local/local.tf:4",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
