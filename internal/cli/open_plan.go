package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// stdin is the argument that stands for standard input.
const stdin = "-"

// openPlan reads one PLAN argument: a file of JSON, a saved plan, or standard
// input. Its errors do not name the argument; saved says which it was.
func (a *app) openPlan(ctx context.Context, arg string, from planSource) (plan *tfplan.Plan, saved bool, err error) {
	r := a.Stdin
	if arg != stdin {
		f, err := openFile(arg)
		if err != nil {
			return nil, false, err
		}
		defer f.Close()
		// A pipe can be read only once: its first bytes are looked at, not consumed.
		peeked := bufio.NewReader(f)
		if isArchive(peeked) {
			plan, err = a.openSaved(ctx, arg, from)
			return plan, true, err
		}
		r = peeked
	}
	r, done := a.watch(from.reading.over(r), inputName(arg))
	defer done()
	plan, err = tfplan.Read(ctx, r, tfplan.Options{MaxSize: from.maxSize, Configuration: from.config, Base: from.base,
		Migration: from.migration})
	return plan, false, err
}

// openOrComplain reads one PLAN argument. A plan that cannot be read is named on standard
// error and nil; the error ends the program.
func (a *app) openOrComplain(ctx context.Context, arg string, from planSource) (plan *tfplan.Plan, saved bool, err error) {
	plan, saved, err = a.openPlan(ctx, arg, from)
	if ctx.Err() != nil {
		return nil, saved, &exitError{exitInput, errors.New("interrupted")}
	}
	if errors.Is(err, tfplan.ErrTooLarge) {
		err = fmt.Errorf("%w; --max-size raises the limit", err)
	}
	if err != nil {
		a.complain(inputError(inputName(arg), err))
		return nil, saved, nil
	}
	return plan, saved, nil
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
