package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"time"

	"github.com/dustin/go-humanize"
	"golang.org/x/term"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// The exit codes; of several that apply, the highest counts.
const (
	exitOK         = 0 // nothing to object to
	exitObjections = 1 // the gate objects
	exitUsage      = 2 // wrong usage
	exitInput      = 3 // an input that cannot be judged
)

// app is the environment of a command: its streams, its clock, its terminal. Tests
// replace it.
type app struct {
	Version    string
	Documents  baseline.Documents
	Stdin      io.Reader
	Stdout     io.Writer
	Stderr     io.Writer
	Now        func() time.Time
	Getenv     func(string) string
	IsTerminal func(io.Writer) bool
	Width      func() int // columns of standard output; 0 when it has none
	// Ticks starts the clock of progress messages, and returns what stops it.
	Ticks func() (<-chan time.Time, func())
	quiet bool // no progress
	// Azure changes the options of the client of Azure Resource Manager; may be nil.
	Azure func(*arm.Options)
}

// Main runs the command line with the arguments of the process, judging by the
// documents, and returns its exit code.
func Main(version string, documents baseline.Documents) int {
	return ofProcess(version, documents).run(context.Background(), os.Args[1:])
}

// ofProcess is the app in the world of the process.
func ofProcess(version string, documents baseline.Documents) *app {
	return &app{
		Version: version, Documents: documents,
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Now: time.Now, Getenv: os.Getenv, IsTerminal: isTerminal, Width: terminalWidth, Ticks: everySecond,
	}
}

// exitError is an exit code, with an error that is still to be printed, or without.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return "exit code " + strconv.Itoa(e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// inputError returns an error about an input: exit code 3.
func inputError(name string, err error) error {
	return &exitError{exitInput, fmt.Errorf("%s: %w", name, err)}
}

// run runs one command line. Every error that is not an exitError is wrong usage.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.rootCommand()
	root.SetArgs(args)
	root.SetIn(a.Stdin)
	root.SetOut(a.Stdout)
	root.SetErr(a.Stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	var exit *exitError
	if !errors.As(err, &exit) {
		exit = &exitError{exitUsage, err}
	}
	if exit.err != nil {
		a.complain(exit.err)
	}
	return exit.code
}

// parseMaxSize reads the value of --max-size, in bytes.
func parseMaxSize(text string) (int64, error) {
	size, err := humanize.ParseBytes(text)
	if err != nil || size > math.MaxInt64 {
		return 0, fmt.Errorf("--max-size %q is not a size: use for example 500MB or 2GiB", text)
	}
	return int64(size), nil
}

// mostMistakes is the number of errors that are printed of several.
const mostMistakes = 20

// complain prints an error on one line, and several that were joined on a line each.
func (a *app) complain(err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		all := joined.Unwrap()
		for _, one := range all[:min(len(all), mostMistakes)] {
			a.complain(one)
		}
		if more := len(all) - mostMistakes; more > 0 {
			a.complain(fmt.Errorf("and %s", report.Count(more, "more mistake", "more mistakes")))
		}
		return
	}
	fmt.Fprintln(a.Stderr, "redisbaseline: "+report.OneLine(err.Error()))
}

// colour reports whether text on standard output may be coloured.
func (a *app) colour(noColor bool) bool {
	return !noColor && a.Getenv("NO_COLOR") == "" && a.Getenv("TERM") != "dumb" && a.IsTerminal(a.Stdout)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func terminalWidth() int {
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		return 0
	}
	return width
}
