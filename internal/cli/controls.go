package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/controls"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/controls/page"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// controlsFlags are the flags of controls as they are written.
type controlsFlags struct {
	formats  []string
	quiet    bool
	settings *settings
}

func (a *app) controlsCommand() *cobra.Command {
	var flags controlsFlags
	cmd := &cobra.Command{
		Use:   "controls [flags] [REPORT.json...]",
		Short: "Tell auditors the state of every control, with evidence and dates",
		Long: `Tell auditors the state of each control of the Microsoft cloud security
benchmark for each cache, with its evidence and date, and the counterparts of
the control in NIST SP 800-53, CIS Controls and PCI-DSS as far as Microsoft
publishes them. A counterpart is a relation, and not compliance with that
framework.

A REPORT is what check or scan write with --format json=FILE, or the report_json
of the data source; - is standard input. Of several reports the newest one of
each cache counts, and the older ones show what changed. What exists, is planned
and is configured stand beside each other: no plan supersedes what a scan saw.
Without a REPORT the controls are listed with their counterparts.

The format csv has a row for each control of each cache in each report; those of
today have "yes" in the column current. That of json is told by "redisbaseline
schema controls". Advisories stand under no control and are left out.

Exit codes: 0 written, whatever the states are, 2 wrong usage, 3 a report that
cannot be read or that contradicts another one; the others are told.`,
		Example: `  redisbaseline controls
  redisbaseline controls --format csv=controls.csv report.json
  redisbaseline controls --format html=audit.html --format json=audit.json july.json august.json`,
		RunE: func(cmd *cobra.Command, args []string) error { return a.controls(cmd.Context(), flags, args) },
	}
	addFormats(cmd.Flags(), &flags.formats, page.Formats(), "markdown")
	cmd.Flags().BoolVar(&flags.quiet, "quiet", false, "on standard error only what is wrong: no line on files that were written")
	flags.settings = a.addSettings(cmd, "controls")
	return cmd
}

// controls reads reports, puts them together and writes what they say of controls.
func (a *app) controls(ctx context.Context, flags controlsFlags, args []string) error {
	outputs, err := parseOutputs(flags.formats, page.Formats())
	if err != nil {
		return err
	}
	if err := errors.Join(distinctReports(args), checkDirectories(outputs),
		checkInputs(outputs, append(args, flags.settings.file)...)); err != nil {
		return err
	}
	catalogue := controls.Of(a.Documents)
	var reports []*controls.Report
	var notes []string
	for _, arg := range args {
		r, err := a.readReport(catalogue, arg)
		if err != nil {
			a.complain(inputError(inputName(arg), err))
			notes = append(notes, inputName(arg)+" could not be read: what it says is left out")
			continue
		}
		reports = append(reports, r)
	}
	result, refused := catalogue.Merge(reports)
	for _, err := range refused {
		a.complain(err)
		notes = append(notes, "left out: "+err.Error())
	}
	failed := len(notes) > 0
	if len(args) == 0 || len(result.Reports) > 0 {
		result.Tool, result.GeneratedAt = report.Tool{Name: "redisbaseline", Version: a.Version}, a.Now().UTC().Truncate(time.Second)
		remarks := result.Remarks(a.Now())
		for _, text := range remarks {
			if !flags.quiet {
				fmt.Fprintf(a.Stderr, "redisbaseline: note: %s\n", report.OneLine(text))
			}
		}
		result.Notes = slices.Concat(flags.settings.note(), notes, remarks)
		if err := a.writeControls(ctx, outputs, result, flags.quiet); err != nil {
			return err
		}
	}
	if failed {
		return &exitError{code: exitInput}
	}
	return nil
}

// interruptible is a writer that fails once its context has ended.
type interruptible struct {
	ctx context.Context
	io.Writer
}

func (w interruptible) Write(p []byte) (int, error) {
	if w.ctx.Err() != nil {
		return 0, context.Cause(w.ctx)
	}
	return w.Writer.Write(p)
}

// distinctReports refuses arguments that name one input twice.
func distinctReports(args []string) error {
	for i, arg := range args {
		if arg == "" {
			return errors.New("a REPORT is empty")
		}
		if j := slices.IndexFunc(args[:i], func(other string) bool { return sameFile(other, arg) }); j >= 0 {
			return fmt.Errorf("the REPORT %s is given twice%s", inputName(arg), otherSpelling(arg, args[j]))
		}
	}
	return nil
}

// readReport reads a REPORT argument; its errors do not name the argument.
func (a *app) readReport(catalogue *controls.Catalogue, arg string) (*controls.Report, error) {
	in := a.Stdin
	if arg != stdin {
		f, err := openFile(arg)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	limited := &io.LimitedReader{R: in, N: maxEarlier}
	r, err := catalogue.Read(bufio.NewReader(limited), inputName(arg))
	if limited.N <= 0 {
		return nil, fmt.Errorf("is larger than %d MiB", maxEarlier>>20)
	}
	return r, bareError(err)
}

// writeControls writes the result into all outputs. Nothing is left behind of files that
// could not be written to the end.
func (a *app) writeControls(ctx context.Context, outputs []output, r *controls.Result, quiet bool) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	var open sinks
	defer func() { open.discard() }()
	var files []string
	for _, o := range outputs {
		s, err := o.open(a.Stdout)
		if err != nil {
			return err
		}
		open = append(open, s)
		if o.file != "" {
			files = append(files, report.OneLine(o.file))
		}
	}
	for i, o := range outputs {
		err := page.Write(interruptible{ctx, open[i].buffer}, o.format, r)
		if ctx.Err() != nil {
			return &exitError{exitInput, errors.New("interrupted")}
		}
		if err != nil {
			return open[i].failure(err)
		}
	}
	if err := open.finish(); err != nil {
		return err
	}
	if !quiet && len(files) == len(outputs) {
		fmt.Fprintf(a.Stderr, "redisbaseline: %s, %s; written: %s\n", report.Count(len(r.Reports), "report", "reports"),
			page.Caches(r), strings.Join(files, ", "))
	}
	return nil
}
