package tfconfig_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// TestInstalled: a module that is installed counts where Terraform takes it for its call.
func TestInstalled(t *testing.T) {
	t.Parallel()
	const (
		http   = "git::https://github.com/acme/redis.git//modules/cache?ref=v1"
		public = "registry.terraform.io/acme/redis/azurerm"
	)
	for _, tt := range []struct{ source, version, installed, at, want string }{
		{"acme/redis/azurerm", "", public, "1.2.0", ""},
		{"acme/redis/azurerm", "~> 1.0", public, "1.2.0", ""},
		{"acme/redis/azurerm", "1.2.0", "acme/redis/azurerm", "1.2.0", ""},
		{"acme/redis/azurerm//modules/cache", "1.2.0", public + "//modules/cache", "1.2.0", ""},
		{public, ">= 1.0, < 2.0", public, "1.2.0", ""},
		{"app.example.com/acme/redis/azurerm", "1.2.0", "app.example.com/acme/redis/azurerm", "1.2.0", ""},
		{"github.com/acme/redis//modules/cache?ref=v1", "", http, "", ""},
		{"git::https://github.com/acme/redis//modules/cache?ref=v1", "", http, "", ""},
		{"git@github.com:acme/redis.git//modules/cache?ref=v1", "", "git::ssh://git@github.com/acme/redis.git//modules/cache?ref=v1", "", ""},
		{"https://example.com/redis.zip", "", "https://example.com/redis.zip", "", ""},

		{"acme/redis/azurerm", "~> 2.0", public, "1.2.0", `is installed in version 1.2.0, which "~> 2.0" does not allow`},
		{"acme/redis/azurerm", "1.2.0", public, "", `is installed in version unknown, which "1.2.0" does not allow`},
		{"acme/redis/azurerm", "> 1.0", public, "2.0.0-beta", "does not allow"},
		{"acme/redis/azurerm", "newest", public, "1.2.0", `its version "newest" is no version constraint`},
		{"acme/redis/azurerm", "1.2.0", "registry.terraform.io/acme/other/azurerm", "1.2.0", "is not the one that is installed"},
		{"acme/redis/azurerm", "", "app.example.com/acme/redis/azurerm", "1.2.0", "is not the one that is installed"},
		{"acme/redis/azurerm//modules/a", "", public + "//modules/b", "1.2.0", "is not the one that is installed"},
		{"github.com/acme/redis//modules/cache?ref=v2", "", http, "", "is not the one that is installed"},
		{"github.com/acme/redis//modules/cache", "", http, "", "is not the one that is installed"},
		{"https://example.com/redis2.zip", "", "https://example.com/redis.zip", "", "is not the one that is installed"},
	} {
		version := ""
		if tt.version != "" {
			version = fmt.Sprintf("  version = %q\n", tt.version)
		}
		dir := write(t, fmt.Sprintf(`
module "m" {
  source = %q
%s}
resource "x" "e" {
  target = module.m.id
}
-- .terraform/modules/modules.json --
{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"m","Source":%q,"Version":%q,"Dir":".terraform/modules/m"}]}
-- .terraform/modules/m/main.tf --
output "id" { value = "here" }
`, tt.source, version, tt.installed, tt.at))
		cfg, err := tfconfig.LoadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		got := cfg.NewEvaluator(nil, azure).Reference("x.e", "target")
		if (tt.want == "") != (show(got) == `"here"`) || !strings.Contains(got.Why, tt.want) {
			t.Errorf("%s %s over %s %s: got %s (%s), want %q", tt.source, tt.version, tt.installed, tt.at, show(got), got.Why, tt.want)
		}
	}
}

// TestDataDir: TF_DATA_DIR says where modules and the name of the workspace stand.
func TestDataDir(t *testing.T) {
	t.Parallel()
	dir := write(t, `
module "m" {
  source = "acme/redis/azurerm"
}
resource "x" "e" {
  target = module.m.id
}
-- data/environment --
prod
-- data/modules/modules.json --
{"Modules":[{"Key":"m","Source":"registry.terraform.io/acme/redis/azurerm","Version":"1.0.0","Dir":"data/modules/m"}]}
-- data/modules/m/main.tf --
output "id" { value = "here" }
-- .terraform/environment --
test
`)
	for given, want := range map[string][2]string{"": {"unresolved", "test"}, "data": {`"here"`, "prod"},
		filepath.Join(dir, "data"): {`"here"`, "prod"}} {
		cfg, err := tfconfig.LoadWith(dir, tfconfig.LoadOptions{DataDir: given})
		if err != nil {
			t.Fatal(err)
		}
		if got := show(cfg.NewEvaluator(nil, azure).Reference("x.e", "target")); got != want[0] {
			t.Errorf("TF_DATA_DIR=%s: got module %s, want %s", given, got, want[0])
		}
		if got := cfg.Workspace("", given); got != want[1] {
			t.Errorf("TF_DATA_DIR=%s: got workspace %s, want %s", given, got, want[1])
		}
	}
	if err := os.Remove(filepath.Join(dir, ".terraform", "environment")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, ".terraform")); err != nil {
		t.Fatal(err)
	}
	for given, want := range map[string]string{"": "roots [] uncalled [. data/modules/m]", "data": "roots [.] uncalled []",
		filepath.Join(dir, "data"): "roots [] uncalled [.]"} {
		found, err := tfconfig.FindDirectories(dir, tfconfig.Terraform, given, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("roots %v uncalled %v", found.Roots, found.Uncalled); got != want {
			t.Errorf("TF_DATA_DIR=%s: got %s, want %s", given, got, want)
		}
	}
}

// TestWorkspace: a cloud block says which workspace it is, and with the backend remote it is
// not known.
func TestWorkspace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, environment, want string }{
		{`terraform {}`, "", "selected"},
		{`terraform {}`, "env", "env"},
		{"terraform {\n backend \"azurerm\" {}\n}", "env", "env"},
		{"terraform {\n cloud {\n workspaces { name = \"prod\" }\n }\n}", "env", "prod"},
		{"terraform {\n cloud {\n workspaces { tags = [\"redis\"] }\n }\n}", "env", "env"},
		{"terraform {\n cloud {}\n}", "", "selected"},
		{"terraform {\n backend \"remote\" {\n workspaces { name = \"prod\" }\n }\n}", "env", ""},
		{"-- a.tf.json --\n" + `{"terraform": {"cloud": {"workspaces": {"name": "prod"}}}}`, "", "prod"},
		{"terraform {\n backend \"azurerm\" {}\n}\n-- x_override.tf --\n" +
			"terraform {\n cloud {\n workspaces { name = \"prod\" }\n }\n}", "", "prod"},
	} {
		cfg := load(t, tt.text+"\n-- .terraform/environment --\nselected\n")
		if got := cfg.Workspace(tt.environment, ""); got != tt.want {
			t.Errorf("%s with TF_WORKSPACE=%s: got %q, want %q", tt.text, tt.environment, got, tt.want)
		}
	}
}
