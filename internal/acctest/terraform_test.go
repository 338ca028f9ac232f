package acctest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/cli"
)

// TestMain serves a provider instead of running the tests where the test binary was
// started by the name of a provider's binary, as Terraform does, and is the command
// line by the name of that.
func TestMain(m *testing.M) {
	switch name := filepath.Base(os.Args[0]); {
	case name == "redisbaseline":
		os.Exit(cli.Main("test", baseline.Published()))
	case strings.HasPrefix(name, "terraform-provider-redisbaseline"):
		serve("registry.terraform.io/redisbaseline/redisbaseline", outOfProcess())
	case strings.HasPrefix(name, "terraform-provider-azurerm"):
		stub, err := azurermtest.Server(generationFromEnv())()
		if err != nil {
			panic(err)
		}
		serve("registry.terraform.io/hashicorp/azurerm", stub)
	case strings.HasPrefix(name, "terraform-provider-azapi"):
		stub, err := azurermtest.AzapiServer()
		if err != nil {
			panic(err)
		}
		serve("registry.terraform.io/azure/azapi", stub)
	default:
		os.Exit(run(m))
	}
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "acctest")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a folder for temporary files
	// The framework must not read the user's settings.
	config := filepath.Join(dir, "terraformrc")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		panic(err)
	}
	for name, value := range map[string]string{"TF_CLI_CONFIG_FILE": config, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	if path := terraformPath(); path != "" && strings.Contains(filepath.Base(path), "tofu") {
		_ = os.Setenv("TF_ACC_TERRAFORM_PATH", path)
		_ = os.Setenv("TF_ACC_PROVIDER_HOST", "registry.opentofu.org")
	}
	return m.Run()
}

func serve(address string, s tfprotov6.ProviderServer) {
	if err := tf6server.Serve(address, func() tfprotov6.ProviderServer { return s }); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const generationVariable = "ACCTEST_AZURERM_GENERATION"

func generationFromEnv() azurermtest.Generation {
	for _, g := range generations {
		if os.Getenv(generationVariable) == fmt.Sprint(g) {
			return g
		}
	}
	return azurermtest.V5
}

var generations = []azurermtest.Generation{azurermtest.V3, azurermtest.V4, azurermtest.V5}

// terraformPath is the path of Terraform or OpenTofu; empty where there is none.
func terraformPath() string {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// needTerraform skips a test where there is no Terraform.
func needTerraform(t *testing.T) {
	t.Helper()
	if terraformPath() == "" {
		t.Skip("no terraform or tofu on PATH and TF_ACC_TERRAFORM_PATH is not set: acceptance tests are skipped")
	}
}

// workspace is a directory with a configuration, and an environment in which Terraform
// starts the test binary for both providers.
type workspace struct {
	t    *testing.T
	dir  string
	path string
	env  []string
}

// header declares the providers; each configuration starts with it.
const header = `
terraform {
  required_providers {
    azurerm       = { source = "hashicorp/azurerm" }
    redisbaseline = { source = "redisbaseline/redisbaseline" }
  }
}
provider "azurerm" {
  features {}
}
`

// newWorkspace writes a configuration into a new folder. Tests that use it run
// in parallel.
func newWorkspace(t *testing.T, g azurermtest.Generation, config string) *workspace {
	t.Helper()
	w := newWorkspaceIn(t, g, t.TempDir())
	w.write("main.tf", header+config)
	return w
}

func newWorkspaceIn(t *testing.T, g azurermtest.Generation, dir string) *workspace {
	t.Helper()
	needTerraform(t)
	t.Parallel()
	return workspaceIn(t, g, dir)
}

// workspaceIn is a workspace in a directory; the test is not made parallel.
func workspaceIn(t *testing.T, g azurermtest.Generation, dir string) *workspace {
	t.Helper()
	needTerraform(t)
	plugins := t.TempDir()
	for _, name := range []string{"terraform-provider-redisbaseline", "terraform-provider-azurerm", "terraform-provider-azapi"} {
		linkSelf(t, filepath.Join(plugins, name))
	}
	config := filepath.Join(plugins, "terraformrc")
	text := fmt.Sprintf("provider_installation {\n dev_overrides {\n \"redisbaseline/redisbaseline\" = %[1]q\n "+
		"\"hashicorp/azurerm\" = %[1]q\n \"azure/azapi\" = %[1]q\n }\n}\n", plugins)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return &workspace{t: t, dir: dir, path: terraformPath(), env: []string{
		"TF_CLI_CONFIG_FILE=" + config, "CHECKPOINT_DISABLE=1", "TF_DATA_DIR=" + t.TempDir(), generationVariable + "=" + fmt.Sprint(g),
	}}
}

// linkSelf gives the test binary another name, by which TestMain knows what to be.
func linkSelf(t *testing.T, path string) {
	t.Helper()
	self, err := os.Executable()
	if err == nil {
		err = os.Symlink(self, path)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (w *workspace) write(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

func (w *workspace) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(w.t.Context(), w.path, args...) //nolint:gosec // the Terraform of this machine
	cmd.Dir, cmd.Env = w.dir, append(os.Environ(), w.env...)
	return cmd
}

// run is the output of Terraform, and whether it succeeded.
func (w *workspace) run(args ...string) (string, bool) {
	w.t.Helper()
	cmd := w.command(args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.t.Fatal(err)
	}
	return out.String(), err == nil
}

// must is the output of a command that must succeed.
func (w *workspace) must(args ...string) string {
	w.t.Helper()
	out, ok := w.run(args...)
	if !ok {
		w.t.Fatalf("terraform %s failed:\n%s", strings.Join(args, " "), out)
	}
	return out
}

// redisbaseline is the output of the command line, and its exit code.
func (w *workspace) redisbaseline(args ...string) (string, int) {
	w.t.Helper()
	program := filepath.Join(w.t.TempDir(), "redisbaseline")
	linkSelf(w.t, program)
	cmd := exec.CommandContext(w.t.Context(), program, args...) //nolint:gosec // this test binary
	cmd.Dir, cmd.Env = w.dir, append(os.Environ(), w.env...)
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// diagnostic is one line of `terraform plan -json` of type diagnostic.
type diagnostic struct {
	Severity string
	Summary  string
	Detail   string
	Address  string
}

// plan are the diagnostics of a plan, each once, and whether it succeeded.
func (w *workspace) plan() ([]diagnostic, bool) {
	w.t.Helper()
	out, ok := w.run("plan", "-json", "-no-color")
	var diags []diagnostic
	seen := map[diagnostic]bool{}
	for _, line := range strings.Split(out, "\n") {
		var message struct {
			Type       string
			Diagnostic diagnostic
		}
		if json.Unmarshal([]byte(line), &message) != nil || message.Type != "diagnostic" {
			continue
		}
		d := message.Diagnostic
		if strings.HasPrefix(d.Summary, "Provider development overrides") || seen[d] {
			continue
		}
		seen[d] = true
		diags = append(diags, d)
	}
	if !ok && len(diags) == 0 {
		w.t.Fatalf("terraform plan failed:\n%s", out)
	}
	return diags, ok
}

// lines are diagnostics as texts: severity, address and summary.
func lines(diags []diagnostic) []string {
	var out []string
	for _, d := range diags {
		out = append(out, strings.TrimSpace(d.Severity+" "+d.Address+": "+d.Summary))
	}
	return out
}
