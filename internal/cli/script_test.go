package cli

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"redisbaseline": func() { os.Exit(Main("0.0.0-test")) },
	})
}

// TestScripts runs testdata/script/*.txtar against the real program. $PLANS
// holds plans that the real Terraform and azurerm made.
func TestScripts(t *testing.T) {
	plans, err := filepath.Abs("testdata/plans")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PLANS", plans)
			return nil
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
