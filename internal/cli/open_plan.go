package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// stdin is the argument that stands for standard input.
const stdin = "-"

// planInput is one plan of a PLAN argument.
type planInput struct {
	*tfplan.Plan
	name  string // its element of the inputs of a report
	label string // what messages call it
}

// planInputs is what the PLAN arguments hold.
type planInputs struct {
	plans  []planInput
	unread []string // what messages call what could not be read
	notes  []string // on saved plans for which --config does not count
}

// openPlans reads the PLAN arguments, of which each is a file of JSON, a saved plan, or
// standard input. What cannot be read is named on standard error; an error ends the program.
func (a *app) openPlans(ctx context.Context, args []string, from planSource) (all planInputs, err error) {
	for _, arg := range args {
		err := a.openPlan(ctx, arg, from, &all)
		if ctx.Err() != nil {
			return all, &exitError{exitInput, errors.New("interrupted")}
		}
		if err != nil {
			all.refuse(a, inputName(arg), missing(arg, err))
		}
	}
	return all, nil
}

// openPlan adds the plans of one PLAN argument. Its errors do not name the argument.
func (a *app) openPlan(ctx context.Context, arg string, from planSource, all *planInputs) error {
	r := a.Stdin
	if arg != stdin {
		f, err := openFile(arg)
		if err != nil {
			return err
		}
		defer f.Close()
		// A pipe can be read only once: its first bytes are looked at, not consumed.
		peeked := bufio.NewReader(f)
		if isArchive(peeked) {
			plan, err := a.openSaved(ctx, arg, from)
			if err != nil {
				return err
			}
			all.plans = append(all.plans, planInput{plan, arg, arg})
			if from.config != nil {
				all.notes = append(all.notes, arg+" is a saved plan and its own configuration: --config is ignored for it")
			}
			return nil
		}
		r = peeked
	}
	r, done := a.watch(r, inputName(arg))
	defer done()
	stream := tfplan.NewStream(ctx, r, tfplan.Options{MaxSize: from.maxSize, Configuration: from.config, Base: from.base,
		Migration: from.migration})
	for {
		plan, err := stream.Next()
		input := planInput{plan, arg, inputName(arg) + stream.Place()}
		switch {
		case err == io.EOF || ctx.Err() != nil:
			return nil
		case err != nil:
			all.refuse(a, input.label, err)
			continue
		case stream.Place() != "":
			input.name = input.label
		}
		all.plans = append(all.plans, input)
	}
}

// refuse names an input that cannot be read on standard error.
func (all *planInputs) refuse(a *app, label string, err error) {
	if errors.Is(err, tfplan.ErrTooLarge) {
		err = fmt.Errorf("%w; --max-size raises the limit", err)
	}
	for line := range strings.Lines(err.Error()) { // a configuration may have several errors
		a.complain(inputError(label, errors.New(line)))
	}
	var bad *tfplan.InputError
	if errors.As(err, &bad) && bad.Unread {
		label += " and what follows it"
	}
	all.unread = append(all.unread, label)
}

// names are the elements of the inputs of a report.
func (all *planInputs) names() []string {
	names := []string{}
	for _, p := range all.plans {
		names = append(names, p.name)
	}
	return names
}

// unreadNotes are notes on what could not be read, with what that means for a report.
func (all *planInputs) unreadNotes(consequence string) (notes []string) {
	for _, label := range all.unread {
		notes = append(notes, label+" could not be read: "+consequence)
	}
	return notes
}

// openFile opens a file for reading; its error does not name the file.
func openFile(name string) (io.ReadCloser, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, bareError(err)
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = errors.New("is a directory, not a file")
	}
	if err != nil {
		_ = f.Close() // nothing was written
		return nil, bareError(err)
	}
	return f, nil
}

// bareError is an error of the file system without the operation and the name.
func bareError(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}

// inputName is what messages call an argument.
func inputName(arg string) string {
	if arg == stdin {
		return "standard input"
	}
	return arg
}
