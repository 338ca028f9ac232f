package cli

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/suggest"
)

// output is the value of one --format: a format, and the file it is written to.
type output struct {
	format string
	file   string // empty for standard output
}

// formatsByExtension are the formats that somebody may call by the extension of a file.
var formatsByExtension = map[string]string{"md": "markdown", "txt": "text", "htm": "html", "xml": "junit"}

// parseOutputs reads the values of --format, FORMAT or FORMAT=FILE, where there are
// some formats.
func parseOutputs(values, formats []string) ([]output, error) {
	var outputs []output
	seen := map[string]bool{}
	for _, v := range values {
		format, file, named := strings.Cut(v, "=")
		switch {
		case !slices.Contains(formats, format):
			return nil, fmt.Errorf("unknown format %q: use %s, or FORMAT=FILE%s", format, strings.Join(formats, ", "),
				suggest.DidYouMean(cmp.Or(formatsByExtension[format], format), formats))
		case named && file == "":
			return nil, fmt.Errorf("--format %s names no file: use FORMAT or FORMAT=FILE", v)
		case file == stdin:
			file = ""
		}
		key := file
		if file != "" {
			key = filepath.Clean(file)
		}
		if seen[key] {
			if file == "" {
				return nil, fmt.Errorf("only one --format can go to standard output: give the others a file, as in --format %s=out.%[1]s", format)
			}
			return nil, fmt.Errorf("two --format write to %s", file)
		}
		seen[key] = true
		outputs = append(outputs, output{format, file})
	}
	return outputs, nil
}

// checkDirectories refuses files that cannot be written, before any work is done.
func checkDirectories(outputs []output) error {
	for _, o := range outputs {
		if o.file == "" {
			continue
		}
		_, err := os.Stat(o.file)
		if why := unreplaced(o.file); why != "" && errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("cannot write %s: %s", o.file, why)
		}
		dir := filepath.Dir(o.file)
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return fmt.Errorf("cannot write %s: there is no folder %s", o.file, dir)
		}
		if info, err := os.Stat(o.file); err == nil && info.IsDir() {
			return fmt.Errorf("cannot write %s: it is a folder", o.file)
		}
	}
	return nil
}

// checkInputs refuses outputs that would overwrite an input.
func checkInputs(outputs []output, inputs ...string) error {
	for _, o := range outputs {
		written, err := os.Stat(o.file)
		if err != nil || !written.Mode().IsRegular() {
			continue
		}
		for _, name := range inputs {
			if read, err := os.Stat(name); err == nil && os.SameFile(written, read) {
				return fmt.Errorf("cannot write %s: it is an input", o.file)
			}
		}
	}
	return nil
}

// sink is an output that is being written. A file gets its name once it is
// complete.
type sink struct {
	report.Encoder
	name   string // for messages
	buffer *bufio.Writer
	file   *os.File // nil for standard output
	target string   // name of the complete file; empty for a file that is written directly
}

// open starts an output without an encoder.
func (o output) open(stdout io.Writer) (*sink, error) {
	s := &sink{name: "standard output"}
	w := stdout
	if o.file != "" {
		s.name = o.file
		if err := s.create(o.file); err != nil {
			return nil, inputError(o.file, bareError(err))
		}
		w = s.file
	}
	s.buffer = bufio.NewWriterSize(w, 64<<10)
	return s, nil
}

// openSink starts an output.
func openSink(o output, stdout io.Writer, opts report.EncodeOptions) (*sink, error) {
	s, err := o.open(stdout)
	if err != nil {
		return nil, err
	}
	if o.file != "" {
		opts.Color, opts.Width = false, 0
	}
	if s.Encoder, err = report.NewEncoder(o.format, s.buffer, opts); err != nil {
		s.discard()
		return nil, err
	}
	return s, nil
}

// create opens a temporary file beside the target. A target that is not a regular
// file, such as /dev/null or a pipe, is written directly.
func (s *sink) create(name string) (err error) {
	if resolved, err := filepath.EvalSymlinks(name); err == nil {
		name = resolved
	}
	if info, statErr := os.Stat(name); statErr == nil && !info.Mode().IsRegular() {
		s.file, err = os.OpenFile(name, os.O_WRONLY, 0)
		return err
	}
	dir, base := filepath.Split(name)
	for i := 0; ; i++ {
		temporary := filepath.Join(dir, fmt.Sprintf(".%s.%d-%d.tmp", base, os.Getpid(), i))
		s.file, err = os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, os.ErrExist) {
			s.target = name
			return err
		}
	}
}

// finish completes the file and gives it its name; an error removes the file.
func (s *sink) finish() error {
	err := s.buffer.Flush()
	if s.file == nil {
		return s.failure(err)
	}
	if closeErr := s.file.Close(); err == nil {
		err = closeErr
	}
	if s.target != "" {
		if err == nil {
			err = os.Rename(s.file.Name(), s.target)
		}
		if err != nil {
			_ = os.Remove(s.file.Name()) // the first error is the one to report
		}
	}
	s.file = nil
	return s.failure(err)
}

// discard removes an unfinished file; it does nothing after finish.
func (s *sink) discard() {
	if s.file == nil {
		return
	}
	_ = s.file.Close() // the content is thrown away
	if s.target != "" {
		_ = os.Remove(s.file.Name()) // best effort: the failure that led here is reported
	}
	s.file = nil
}

func (s *sink) failure(err error) error {
	if err == nil {
		return nil
	}
	return inputError(s.name, bareError(err))
}

// sinks are the outputs of one report, as one encoder.
type sinks []*sink

// openSinks starts all outputs, or none.
func openSinks(outputs []output, stdout io.Writer, opts report.EncodeOptions) (sinks, error) {
	var all sinks
	for _, o := range outputs {
		s, err := openSink(o, stdout, opts)
		if err != nil {
			all.discard()
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// Begin starts the report in all outputs.
func (all sinks) Begin(header report.Report) error {
	return all.each(func(e report.Encoder) error { return e.Begin(header) })
}

// Cache writes a cache to all outputs.
func (all sinks) Cache(c report.Cache) error {
	return all.each(func(e report.Encoder) error { return e.Cache(c) })
}

// End ends the report in all outputs.
func (all sinks) End(end report.Closing) error {
	return all.each(func(e report.Encoder) error { return e.End(end) })
}

// each calls write for every output; an error names the output that failed.
func (all sinks) each(write func(report.Encoder) error) error {
	for _, s := range all {
		if err := write(s); err != nil {
			return s.failure(err)
		}
	}
	return nil
}

func (all sinks) finish() error {
	for _, s := range all {
		if err := s.finish(); err != nil {
			return err
		}
	}
	return nil
}

func (all sinks) discard() {
	for _, s := range all {
		s.discard()
	}
}
