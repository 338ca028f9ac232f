// Command gotest runs the tests of the project with a given Terraform and says
// at the end what ran. It fails when no acceptance test ran, so that a green
// run is never an empty one.
//
// Usage: gotest -terraform PATH [-- GO TEST FLAGS]. It is run from internal/tools.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	module     = "github.com/redisbaseline/terraform-provider-redisbaseline/"
	acceptance = module + "internal/acctest"
)

// event is one line of `go test -json`.
type event struct {
	Action, Package, Test, Output string
}

func main() {
	terraform := flag.String("terraform", "", "path of the Terraform to test with")
	flag.Parse()
	if err := run(*terraform, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "FAIL:", err)
		os.Exit(1)
	}
}

func run(terraform string, flags []string) error {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return err
	}
	work := filepath.Join(root, ".cache", "test")
	if err := os.MkdirAll(work, 0o755); err != nil {
		return err
	}
	env, err := environment(work, terraform)
	if err != nil {
		return err
	}
	version, err := versionOf(terraform, env)
	if err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(work, "events.json"))
	if err != nil {
		return err
	}
	defer log.Close()

	fmt.Printf("testing with %s (%s)\n", version, terraform)
	start := time.Now()
	args := append([]string{"test", "-json"}, flags...)
	if !slices.ContainsFunc(flags, func(f string) bool { return strings.HasPrefix(f, "./") }) {
		args = append(args, "./...")
	}
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env, cmd.Stderr = root, env, os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	seen := newTally(slices.Contains(flags, "-v"))
	if err := seen.read(io.TeeReader(out, log)); err != nil {
		return err
	}
	failed := cmd.Wait()
	seen.summarize(version, time.Since(start))
	switch {
	case failed != nil:
		return errors.New("tests failed")
	case seen.acceptance == 0 && len(flags) == 0:
		return errors.New("no acceptance test ran in internal/acctest")
	}
	return nil
}

// environment is that of the caller without Terraform settings of the machine,
// which must not decide over a test.
func environment(work, terraform string) ([]string, error) {
	config := filepath.Join(work, "terraformrc")
	if err := os.WriteFile(config, nil, 0o644); err != nil {
		return nil, err
	}
	env := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, "TF_") && !strings.HasPrefix(entry, "TF_ACC_")
	})
	env = append(env, "TF_ACC=1", "TF_ACC_TERRAFORM_PATH="+terraform, "TF_CLI_CONFIG_FILE="+config, "CHECKPOINT_DISABLE=1")
	// An OpenTofu that was built earlier is tested beside Terraform, too.
	built, err := filepath.Glob(filepath.Join(filepath.Dir(work), "terraform", "tofu-*"))
	if err != nil {
		return nil, err
	}
	path := append([]string{os.Getenv("PATH")}, built...)
	env = append(env, "PATH="+strings.Join(path, string(os.PathListSeparator)))
	if isTofu(terraform) {
		env = append(env, "TF_ACC_PROVIDER_HOST=registry.opentofu.org")
	}
	return env, nil
}

func isTofu(path string) bool {
	return strings.HasPrefix(filepath.Base(path), "tofu")
}

func versionOf(terraform string, env []string) (string, error) {
	cmd := exec.Command(terraform, "version")
	cmd.Env = env
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s version: %w", terraform, err)
	}
	first, _, _ := strings.Cut(string(out), "\n")
	return strings.TrimSpace(first), nil
}

type tally struct {
	verbose                               bool
	packages, tests, acceptance, failures int
	skipped                               []string
	output                                map[string]*bytes.Buffer // of tests and packages that are not over
	reasons                               map[string]string        // last words of a test, which say why it was skipped
}

func newTally(verbose bool) *tally {
	return &tally{verbose: verbose, output: map[string]*bytes.Buffer{}, reasons: map[string]string{}}
}

// read shows one line for each package, and all that failing tests said.
func (t *tally) read(r io.Reader) error {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				os.Stdout.Write(line) // a build error is plain text
			} else {
				t.add(e)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (t *tally) add(e event) {
	key := e.Package + "\n" + e.Test
	switch e.Action {
	case "build-output":
		fmt.Print(e.Output)
	case "output":
		if t.output[key] == nil {
			t.output[key] = &bytes.Buffer{}
		}
		t.output[key].WriteString(e.Output)
		if said := strings.TrimSpace(e.Output); said != "" && !strings.HasPrefix(said, "--- ") && !strings.HasPrefix(said, "=== ") {
			t.reasons[key] = said
		}
		if t.verbose && e.Test != "" || e.Test == "" && strings.HasPrefix(e.Output, "ok ") {
			fmt.Print(e.Output)
		}
	case "pass", "fail", "skip":
		t.end(e, key)
		delete(t.output, key)
	}
}

func (t *tally) end(e event, key string) {
	switch {
	case e.Test == "":
		if e.Action != "skip" {
			t.packages++
		}
		if e.Action == "fail" && t.output[key] != nil {
			fmt.Print(t.output[key].String())
		}
	case e.Action == "pass":
		t.tests++
		if e.Package == acceptance {
			t.acceptance++
		}
	case e.Action == "skip":
		t.skipped = append(t.skipped, fmt.Sprintf("%s %s: %s", strings.TrimPrefix(e.Package, module), e.Test, t.reasons[key]))
	default:
		t.failures++
		if !t.verbose && t.output[key] != nil {
			fmt.Print(t.output[key].String())
		}
	}
}

func (t *tally) summarize(version string, took time.Duration) {
	fmt.Println()
	slices.Sort(t.skipped)
	for _, s := range t.skipped {
		fmt.Println("skipped:", s)
	}
	fmt.Printf("%d tests passed in %d packages, %d failed, %d skipped; %d of them acceptance tests that ran %s; %s\n",
		t.tests, t.packages, t.failures, len(t.skipped), t.acceptance, version, took.Round(time.Second))
}
