package tfplan

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// The constraints of a configuration leave the newest version of each major version that
// they allow and that is known; of later ones the first.
func TestAllowedVersions(t *testing.T) {
	newest3, newest4, newest5 := providerschema.Newest[0], providerschema.Newest[1], providerschema.Newest[2]
	for constraint, want := range map[string][]providerschema.Version{
		"~> 4.0": {newest4}, ">= 3.50, < 5.0": {newest3, newest4}, "4.12.3": {{Major: 4, Minor: 12}}, "= 3.117.1": {newest3},
		">= 4": {newest4, newest5}, "~> 3.117.1": {newest3}, ">= 3.0, != 4.0.0": {newest3, newest4, newest5},
		"> 2": {newest3, newest4, newest5}, "~> 3.100.0": {{Major: 3, Minor: 100}}, "< 3.114, > 3": {{Major: 3, Minor: 113}},
		"<= 4.52.4, >= 4.52.1": {{Major: 4, Minor: 52}}, ">= 4.90, < 5": {{Major: 4, Minor: 90}},
		"< 3": nil, ">= 6": nil, "nonsense": nil, "5.0.0-beta1": nil,
	} {
		if got := allowedBy([]string{constraint}); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", constraint, got, want)
		}
	}
}

// What a lock file and constraints leave of the versions of azurerm, and what is told.
func TestAzurermVersions(t *testing.T) {
	newest := providerschema.Newest
	for name, test := range map[string]struct {
		lock, constraint, body string
		want                   []providerschema.Version
		unknown                string // how it begins
		notes                  []string
	}{
		"nothing said": {want: newest},
		"a lock":       {lock: "4.12.0", want: []providerschema.Version{{Major: 4, Minor: 12}}},
		"a lock counts": {lock: "4.12.0", constraint: "~> 3.0", want: []providerschema.Version{{Major: 4, Minor: 12}},
			notes: []string{".terraform.lock.hcl names azurerm 4.12.0, which ~> 3.0 does not allow: Terraform refuses that"}},
		"a later one":            {lock: "6.0.0", constraint: ">= 3", unknown: "azurerm 6.0.0, which .terraform.lock.hcl names, is not known"},
		"an earlier one":         {lock: "2.99.0", unknown: "azurerm 2.99.0, which"},
		"a prerelease":           {lock: "5.0.0-beta1", unknown: "azurerm 5.0.0-beta1, which"},
		"no version":             {lock: "new", unknown: "azurerm new, which"},
		"later by constraints":   {constraint: ">= 6.0", unknown: "azurerm >= 6.0, which the configuration asks for, is not known"},
		"earlier by constraints": {constraint: "< 3", unknown: "azurerm < 3, which"},
		"by what is written":     {body: "enable_non_ssl_port = true", want: newest[:1]},
		"renamed later": {lock: "3.113.0", body: "non_ssl_port_enabled = true", want: []providerschema.Version{{Major: 3, Minor: 113}},
			notes: []string{"main.tf:10: azurerm_redis_cache has no argument non_ssl_port_enabled in this version of its provider"}},
		"renamed": {lock: "3.114.0", body: "non_ssl_port_enabled = true", want: []providerschema.Version{{Major: 3, Minor: 114}}},
		"newer than the tables": {lock: "5.9.0", body: "encrypted = true", want: []providerschema.Version{{Major: 5, Minor: 9}},
			notes: []string{"main.tf:10: azurerm_redis_cache has no argument encrypted in the versions of its provider that are known here"}},
		"a type that came later": {lock: "4.49.0", body: "}\nresource \"azurerm_managed_redis\" \"b\" {",
			want:  []providerschema.Version{{Major: 4, Minor: 49}},
			notes: []string{"main.tf:11: this version of its provider has no resource type azurerm_managed_redis: Terraform refuses it"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			config := "terraform {\n  required_providers {\n    azurerm = {\n      source  = \"hashicorp/azurerm\"\n      version = \"" +
				test.constraint + "\"\n    }\n  }\n}\nresource \"azurerm_redis_cache\" \"a\" {\n" + test.body + "\n}\n"
			lock := "provider \"registry.terraform.io/hashicorp/azurerm\" {\n  version = \"" + test.lock + "\"\n}\n"
			if test.lock == "" {
				lock = ""
			}
			for file, text := range map[string]string{"main.tf": config, tfconfig.LockFile: lock} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			c, err := tfconfig.LoadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			got, unknown := AzurermVersions(c)
			if !slices.Equal(got, test.want) || !strings.HasPrefix(unknown, test.unknown) || (unknown == "") != (test.unknown == "") {
				t.Errorf("%v, %q; want %v, %q", got, unknown, test.want, test.unknown)
			}
			plan, err := ReadUnplanned(t.Context(), c, UnplannedOptions{})
			if err != nil {
				t.Fatal(err)
			}
			want := test.notes
			if unknown != "" {
				want = []string{unknown}
			}
			notes := plan.linker.notes
			if len(notes) != len(want) || len(want) > 0 && !strings.HasPrefix(notes[0], want[0]) {
				t.Errorf("notes %q, want %q", notes, want)
			}
		})
	}
}
