package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// planSource is how PLAN arguments are opened.
type planSource struct {
	maxSize   int64
	config    *tfconfig.Configuration // of --config; nil without
	base      string                  // the root module's directory of config, as reports name it
	terraform string                  // the program that shows saved plans
	chdir     string                  // the directory in which that program runs
	migration bool                    // read also what only a migration asks for
}

// loadConfiguration reads --config: the directory of a root module, or a saved
// plan. Its errors do not name the argument.
func loadConfiguration(arg string) (*tfconfig.Configuration, error) {
	info, err := os.Stat(arg)
	if err != nil {
		return nil, bareError(err)
	}
	if info.IsDir() {
		return tfconfig.LoadWith(arg, tfconfig.LoadOptions{DataDir: dataDir()})
	}
	f, err := openFile(arg)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if !isArchive(bufio.NewReader(f)) {
		return nil, errors.New("is neither the directory of a root module nor a saved plan file")
	}
	return tfconfig.LoadPlanFile(arg)
}

// baseOf returns the directory of the root module that --config names. For a saved
// plan that is the directory in which it was made.
func baseOf(arg, chdir string) string {
	if info, err := os.Stat(arg); err == nil && info.IsDir() {
		return reportedDir(arg)
	}
	return reportedDir(chdir)
}

// reportedDir is a directory as reports name it: with forward slashes, and
// relative to where the program runs, which in CI is the root of the repository.
func reportedDir(dir string) string {
	if here, err := os.Getwd(); err == nil && filepath.IsAbs(dir) {
		if within, err := filepath.Rel(here, dir); err == nil && filepath.IsLocal(within) {
			dir = within
		}
	}
	return filepath.ToSlash(filepath.Clean(dir))
}

// isArchive reports whether an input is a zip archive, as saved plans are.
func isArchive(r *bufio.Reader) bool {
	head, _ := r.Peek(4) // an error shows again where the input is read
	return bytes.Equal(head, []byte("PK\x03\x04"))
}

// mostUnpacked is the largest size in bytes to which a saved plan may unpack. The
// content is shorter than its JSON, which --max-size limits, and 1 GiB is far more
// than Terraform writes.
func mostUnpacked(maxSize int64) int64 {
	if maxSize > 0 {
		return min(maxSize, 1<<30)
	}
	return 1 << 30
}

// openSaved reads a saved plan: its configuration from the file itself, its JSON
// from terraform, which needs the providers that made it.
func (a *app) openSaved(ctx context.Context, arg string, from planSource) (*tfplan.Plan, error) {
	config, err := tfconfig.LoadPlanFile(arg)
	if err != nil {
		return nil, err
	}
	// terraform show unpacks the plan and its states into memory.
	if err := tfconfig.CheckPlanFile(arg, mostUnpacked(from.maxSize)); err != nil {
		return nil, bareError(err)
	}
	file, err := filepath.Abs(arg)
	if err != nil {
		return nil, err
	}
	program, err := exec.LookPath(from.terraform)
	if err != nil {
		return nil, fmt.Errorf("this saved plan cannot be shown: there is no program %q; name another with --terraform, or %s", from.terraform,
			from.shownElsewhere(arg))
	}
	if program, err = filepath.Abs(program); err != nil {
		return nil, err
	}
	var said bytes.Buffer
	show := exec.CommandContext(ctx, program, "show", "-json", "-no-color", file)
	show.Dir, show.Stderr = from.chdir, &said
	show.Env = append(os.Environ(), "TF_IN_AUTOMATION=1", "TF_WORKSPACE=", "TF_LOG=", "TF_LOG_CORE=", "TF_LOG_PROVIDER=", "TF_LOG_PATH=")
	output, err := show.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := show.Start(); err != nil {
		return nil, from.savedError(arg, err)
	}
	r, done := a.watch(output, arg)
	plan, err := tfplan.Read(ctx, r, tfplan.Options{MaxSize: from.maxSize, Configuration: config, Base: reportedDir(from.chdir),
		Migration: from.migration})
	done()
	_ = output.Close() // ends terraform, where there is more than was read
	failed := show.Wait()
	// A failure must not look like a plan that ends early.
	if failed != nil && (err == nil || show.ProcessState.ExitCode() > 0) {
		return nil, from.savedError(arg, fmt.Errorf("%w\n%s", failed, said.String()))
	}
	return plan, err
}

// savedError is the error for a saved plan that could not be shown; it names the
// ways round it.
func (s planSource) savedError(arg string, err error) error {
	return fmt.Errorf("this saved plan cannot be shown in %s: %s; run `terraform init` there or name the place with --chdir, or %s", s.chdir,
		shortCause(err), s.shownElsewhere(arg))
}

// shownElsewhere is the way round a saved plan that cannot be shown here.
func (s planSource) shownElsewhere(arg string) string {
	command := "check"
	if s.migration {
		command = "migrate"
	}
	return fmt.Sprintf("make plan.json where the plan was made (`terraform show -json`) and run "+
		"`redisbaseline %s plan.json --config %s`", command, arg)
}

// shortCause is the summary of an error of terraform, which draws boxes around its
// errors; of another error it is the first line.
func shortCause(err error) string {
	text := err.Error()
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "│╷╵ "))
		if rest, ok := strings.CutPrefix(line, "Error: "); ok {
			return rest
		}
	}
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return first
}
