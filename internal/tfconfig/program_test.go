package tfconfig_test

import (
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// TestPrograms: each program reads its own files, and where it is not known
// which one reads, only what both come to is told.
func TestPrograms(t *testing.T) {
	const (
		first  = "resource \"x\" \"e\" {\n target = \"terraform\"\n both = \"same\"\n}\n"
		second = "resource \"x\" \"e\" {\n target = \"opentofu\"\n both = \"same\"\n}\n"
	)
	for name, tt := range map[string]struct {
		files                         string
		terraform, opentofu, together string // of x.e.target
	}{
		"no file of OpenTofu":    {first, `"terraform"`, `"terraform"`, `"terraform"`},
		"a file in the place of": {"-- a.tf --\n" + first + "-- a.tofu --\n" + second, `"terraform"`, `"opentofu"`, "unresolved"},
		"the same in both":       {"-- a.tf --\n" + first + "-- a.tofu --\n" + first, `"terraform"`, `"terraform"`, `"terraform"`},
		"an override": {"-- a.tf --\n" + first + "-- a_override.tofu --\nresource \"x\" \"e\" {\n target = \"opentofu\"\n}\n",
			`"terraform"`, `"opentofu"`, "unresolved"},
		"JSON": {"-- a.tf.json --\n" + `{"resource":{"x":{"e":{"target":"terraform"}}}}` + "\n-- a.tofu.json --\n" +
			`{"resource":{"x":{"e":{"target":"opentofu"}}}}`, `"terraform"`, `"opentofu"`, "unresolved"},
		"another kind of file": {"-- a.tf --\n" + first + "-- a.tofu.json --\n" + `{"locals":{"a":1}}`, `"terraform"`, `"terraform"`,
			`"terraform"`},
		"in a module": {first + "module \"m\" { source = \"./m\" }\n-- m/a.tofu --\nlocals { a = 1 }\n", `"terraform"`,
			`"terraform"`, `"terraform"`},
		"OpenTofu's only":          {"-- a.tofu --\n" + second, "error", `"opentofu"`, "error"},
		"a broken one of OpenTofu": {"-- a.tf --\n" + first + "-- b.tofu --\na = \n", `"terraform"`, "error", "error"},
		"tests are no part": {first + "-- tests/a.tftest.hcl --\nrun \"x\" {}\n-- tests/b.tf --\n" + second, `"terraform"`, `"terraform"`,
			`"terraform"`},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := load(t, tt.files)
			for program, want := range map[tfconfig.Program]string{tfconfig.Terraform: tt.terraform, tfconfig.OpenTofu: tt.opentofu,
				tfconfig.Undetermined: tt.together} {
				got := "error"
				if read, err := cfg.As(program); err == nil {
					got = show(read.NewEvaluator(nil, azure).Reference("x.e", "target"))
				}
				if got != want {
					t.Errorf("program %d reads %s, want %s", program, got, want)
				}
			}
		})
	}
	read, err := load(t, "-- a.tf --\n"+first+"-- a.tofu --\n"+second).As(tfconfig.Undetermined)
	if err != nil {
		t.Fatal(err)
	}
	if got := show(read.NewEvaluator(nil, azure).Reference("x.e", "both")); got != `"same"` {
		t.Errorf("what both say is %s", got)
	}
}
