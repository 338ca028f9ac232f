package tfplan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"sync"
)

// Stream reads the plans of an input in which one may follow another: a plan on each
// line, as Terragrunt prints the plans of several units, or texts one after another.
type Stream struct {
	ctx    context.Context
	opts   Options
	in     *limited
	text   *text // nil before the first plan
	number int   // of the plan that was read last, from 1

	ahead   error       // what stands next: nil for a plan, io.EOF for nothing
	between bool        // the last error is about what stands between plans
	failed  *InputError // a line of the wrapper says that the program failed; nil once this was returned
	wrapped bool        // lines of the wrapper were skipped since the last plan
	noted   bool        // a note says so
}

// NewStream returns the plans of an input. The limit of the size counts for all of them.
func NewStream(ctx context.Context, r io.Reader, opts Options) *Stream {
	return &Stream{ctx: ctx, opts: opts, in: &limited{ctx: ctx, r: r, limit: opts.MaxSize}}
}

// Read reads an input of exactly one plan. Errors about the input are of type *InputError.
// It ends soon after ctx does, with the cause of that.
func Read(ctx context.Context, r io.Reader, opts Options) (*Plan, error) {
	s := NewStream(ctx, r, opts)
	s.open()
	if s.ahead != nil {
		return nil, placed(s.ahead, true)
	}
	p, err := s.read()
	switch {
	case err != nil:
		return nil, placed(err, true)
	case s.failed != nil:
		return nil, placed(s.failed, true)
	case s.ahead == io.EOF:
		return p, nil
	case s.ahead == nil:
		return nil, s.here("the plan is followed by another one, and exactly one is expected")
	default:
		return nil, placed(s.ahead, true)
	}
}

// Next reads the next plan; the error is io.EOF after the last one. After an error of
// type *InputError it goes on at the next line at which a plan begins for sure. Any other
// error is the cause of the end of the context.
func (s *Stream) Next() (*Plan, error) {
	if s.text == nil {
		s.open()
	}
	if failed := s.failed; failed != nil {
		s.failed, s.between = nil, true
		return nil, failed
	}
	s.between = s.ahead != nil
	p, err := (*Plan)(nil), s.ahead
	if err == nil {
		p, err = s.read()
	}
	var bad *InputError
	if !errors.As(err, &bad) {
		return p, err
	}
	if !bad.whole {
		some, more, end := s.text.skip()
		s.ahead = end
		if bad.Unread = end != nil && (more || some && s.number > 1); end != nil && end != io.EOF {
			s.ahead = io.EOF // the error of the input is the one that is known, or the rest is not read
		}
	}
	return nil, placed(err, !s.several())
}

// placed is an error without the number of the first line where that says nothing.
func placed(err error, alone bool) error {
	var bad *InputError
	if errors.As(err, &bad) && bad.Line == 1 && alone {
		bad.Line = 0
	}
	return err
}

// several reports whether the input has more than the plan that was read.
func (s *Stream) several() bool { return s.number > 1 || s.ahead != io.EOF }

// Place says where in the input that stands which Next returned last, for example
// ", plan 2"; it is empty for the only plan.
func (s *Stream) Place() string {
	switch {
	case s.between && s.number > 0:
		return fmt.Sprintf(", after plan %d", s.number)
	case s.number > 0 && s.several():
		return fmt.Sprintf(", plan %d", s.number)
	default:
		return ""
	}
}

// open reads up to the first plan.
func (s *Stream) open() {
	s.text = newText(s.in)
	s.ahead = s.gap()
	if s.ahead == io.EOF {
		what := "the input is empty; expected the output of `terraform show -json`"
		if s.wrapped {
			what = "the input has no plan, only lines of the wrapper of setup-terraform"
		}
		if s.failed != nil {
			what, s.failed = what+": "+s.failed.Cause, nil
		}
		s.ahead = &InputError{Cause: what}
	}
}

// wrapperNote says that lines were skipped that are no part of a plan.
const wrapperNote = "lines of the wrapper of setup-terraform were skipped; set terraform_wrapper: false"

// read reads the plan that stands next, and what follows up to the next one.
func (s *Stream) read() (*Plan, error) {
	s.number++
	doc, err := readDocument(s.ctx, s.text, s.opts)
	if s.ctx.Err() != nil {
		return nil, context.Cause(s.ctx)
	}
	var bad *InputError
	if errors.As(err, &bad) && !bad.whole {
		return nil, err
	}
	s.ahead = s.gap()
	if s.ctx.Err() != nil {
		return nil, context.Cause(s.ctx)
	}
	if err != nil {
		return nil, err
	}
	l := newLinker(s.ctx, doc, s.opts)
	l.link()
	if s.ctx.Err() != nil {
		return nil, context.Cause(s.ctx) // what is linked is not all
	}
	if s.wrapped && !s.noted {
		s.noted = true
		l.notes = append(l.notes, wrapperNote)
	}
	if s.failed != nil {
		l.notes = append(l.notes, s.failed.Cause+", says the wrapper: the plan may not be whole")
	}
	return &Plan{linker: l}, nil
}

// wrapperLine is the begin of a line that the wrapper of the action setup-terraform, or
// setup-opentofu, writes to standard output around that of the program: @actions/exec
// the command, and older versions what they log and set.
var wrapperLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:\[command\].*[/\\](?:terraform|tofu)-bin\b|` +
		`::(?:debug|error)::((?:Terraform|OpenTofu) exited with code (\d+))|` +
		`::debug::(?:stdout|stderr|exitcode):|` +
		`::set-output name=(?:stdout|stderr|exitcode)::)`)
})

// codesOfSuccess are the exit codes of a run that did not fail: 2 is that of a plan with
// changes under -detailed-exitcode. A line without a code has none.
var codesOfSuccess = []string{"", "0", "2"}

// wrapperLength is the number of bytes that tell a line of the wrapper.
const wrapperLength = 4096

// gap steps over what may stand around plans: white space, byte order marks and lines of
// the wrapper. It returns nil before a plan, and io.EOF at the end of the input.
func (s *Stream) gap() error {
	atLine := s.number == 0
	for {
		head, err := s.text.r.Peek(wrapperLength)
		if len(head) == 0 {
			return s.inputError(err)
		}
		space := len(head) - len(trimGap(head))
		switch line, _, _ := bytes.Cut(head, []byte("\n")); {
		case space > 0:
			atLine = atLine || bytes.IndexByte(head[:space], '\n') >= 0
			s.text.take(space)
		case head[0] == '{':
			if s.number == 0 {
				s.text.begun(head[1:])
			}
			return nil
		case atLine && wrapperLine().Match(line):
			s.wrapped = true
			if exited := wrapperLine().FindSubmatch(line); s.failed == nil && !slices.Contains(codesOfSuccess, string(exited[2])) {
				s.failed = s.here(string(exited[1]))
			}
			s.text.skipLine()
		case s.number > 0:
			return s.here("the JSON is followed by something else" + terragruntHint(line))
		default:
			return s.noPlan(head)
		}
	}
}

// terragruntLine is the begin of a line of the log of Terragrunt with output of
// Terraform, of which a plan on a line of its own must be free.
var terragruntLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:\d\d:\d\d:\d\d\.\d+ [A-Z]+ |time=\S+ level=|\[[^\]]+\] \{)`)
})

// terragruntHint says how to get rid of the log of Terragrunt; empty for another line.
func terragruntHint(line []byte) string {
	if !terragruntLine().Match(line) {
		return ""
	}
	return ", which looks like a line of the log of Terragrunt; run it with `-json --tf-forward-stdout --log-disable`"
}

// noPlan says of an input that does not begin with a JSON object what it is.
func (s *Stream) noPlan(head []byte) error {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return &InputError{Cause: "the input is a saved plan file (or another zip), not JSON; `terraform show -json FILE` prints its JSON"}
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return &InputError{Cause: "the input is compressed with gzip, not JSON"}
	case head[0] == '<':
		return &InputError{Cause: "the input is HTML or XML, not JSON; a download or login page may have been saved instead of the plan"}
	default:
		return s.here("the input is no plan: expected a JSON object as `terraform show -json` prints it" + terragruntHint(line))
	}
}

// here is an error at the place up to which the input was read.
func (s *Stream) here(cause string) *InputError {
	return &InputError{Cause: cause, Offset: s.text.offset, Line: s.text.lines + 1}
}

// inputError is an error of the reader underneath, or the end of the input.
func (s *Stream) inputError(err error) error {
	switch {
	case err == io.EOF:
		return err
	case s.ctx.Err() != nil:
		return context.Cause(s.ctx)
	}
	if bad := unreadable(err, s.opts.MaxSize, s.text.offset); bad != nil {
		return bad
	}
	return &InputError{Cause: "cannot read the input: " + oneLine(err.Error()), Err: err}
}
