package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	controlspage "github.com/redisbaseline/terraform-provider-redisbaseline/internal/controls/page"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/page"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/schematest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"redisbaseline": func() {
			a := ofProcess("0.0.0-test", baseline.Published())
			a.Now = func() time.Time { return time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC) }
			os.Exit(a.run(context.Background(), os.Args[1:]))
		},
		// Terraform finds the stub of azurerm beside the program.
		"terraform-provider-azurerm": func() {
			stub, err := azurermtest.Server(azurermtest.V5)()
			if err == nil {
				err = tf6server.Serve("registry.terraform.io/hashicorp/azurerm", func() tfprotov6.ProviderServer { return stub })
			}
			if err != nil {
				os.Exit(1)
			}
		},
	})
}

// TestScripts runs testdata/script/*.txtar against the real program. $PLANS
// holds plans that the real Terraform and azurerm made, and $SOURCE such plans
// with their configuration.
func TestScripts(t *testing.T) {
	plans, err := filepath.Abs("testdata/plans")
	if err != nil {
		t.Fatal(err)
	}
	source, err := filepath.Abs("../tfplan/testdata/plans")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Defer(func() { checkReports(t, env.WorkDir) })
			env.Setenv("PLANS", plans)
			env.Setenv("SOURCE", source)
			stub, err := exec.LookPath("terraform-provider-azurerm")
			if err != nil {
				return err
			}
			rc := filepath.Join(env.WorkDir, ".terraformrc")
			env.Setenv("TF_CLI_CONFIG_FILE", rc)
			env.Setenv("CHECKPOINT_DISABLE", "1")
			return os.WriteFile(rc, fmt.Appendf(nil,
				"provider_installation {\n  dev_overrides {\n    \"hashicorp/azurerm\" = %q\n  }\n  direct {}\n}\n", filepath.Dir(stub)), 0o600)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":   exits,
			"oneline": oneline,
		},
	})
}

// exits CODE COMMAND ARGS… runs a command and wants this exit code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// oneline wants exactly one line on standard error, and on standard output
// nothing: no partial verdict.
func oneline(ts *testscript.TestScript, _ bool, _ []string) {
	stderr := ts.ReadFile("stderr")
	if !strings.HasPrefix(stderr, "redisbaseline: ") || strings.Count(stderr, "\n") != 1 || !strings.HasSuffix(stderr, "\n") {
		ts.Fatalf("standard error is not one line of ours: %q", stderr)
	}
	if stdout := ts.ReadFile("stdout"); stdout != "" {
		ts.Fatalf("standard output is not empty: %q", stdout)
	}
}

// checkReports holds every report in a folder against its schema.
func checkReports(t *testing.T, dir string) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err == nil && bytes.HasPrefix(raw, []byte("{\n\"format_version\":")) {
			checkReport(t, file, string(raw))
		}
	}
}

// checkReport holds a report of verdicts or of a migration against its schema.
func checkReport(t *testing.T, name, text string) {
	t.Helper()
	schema := report.Schema
	switch {
	case strings.Contains(text, "\n\"tables\":"):
		schema = page.Schema
	case strings.Contains(text, "\n\"frameworks\":"):
		schema = controlspage.Schema
	}
	schematest.Compile(t, schema).Check(t, name, text)
}
