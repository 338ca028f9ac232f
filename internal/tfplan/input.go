package tfplan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxToken is the most bytes that one string, one number, or one resource may have
// whose type is not known yet. Real plans stay below a few megabytes. Only tests
// change it.
var maxToken int64 = 64 << 20

// ErrTooLarge is in the error of an input that is larger than the limit of its size.
var ErrTooLarge = errors.New("larger than the limit")

var (
	errDuplicate = errors.New("duplicate key")
	errToken     = errors.New("one value is too long")
	errStopped   = errors.New("an earlier entry is at fault") // ends reading early; the earlier error is reported instead
)

const causeDuplicate = "the JSON has a duplicate key"

// source is the text of one plan for the decoder, with a limit of a single value by
// maxToken, so that garbage cannot fill the memory.
type source struct {
	ctx   context.Context
	text  *text
	dec   *jsontext.Decoder
	skew  int64 // bytes of the input before the plan
	line  int64 // at which the plan begins
	read  int64
	limit int64 // of the size of the input
}

func newSource(ctx context.Context, text *text, limit int64) *source {
	s := &source{ctx: ctx, text: text, skew: text.offset, line: text.lines + 1, limit: limit}
	s.dec = jsontext.NewDecoder(s, jsontext.AllowDuplicateNames(true))
	return s
}

func (s *source) Read(p []byte) (int, error) {
	if s.dec != nil && s.read-s.dec.InputOffset() > maxToken {
		return 0, errToken
	}
	if s.ctx.Err() != nil {
		return 0, context.Cause(s.ctx)
	}
	n, err := s.text.Read(p)
	s.read += int64(n)
	return n, err
}

// lineOf is the line of a byte of the input that the decoder has not passed; of another
// one, the line up to which it read.
func (s *source) lineOf(offset int64) int64 {
	ahead := s.dec.UnreadBuffer()
	at := min(max(offset-s.skew-s.dec.InputOffset(), 0), int64(len(ahead)))
	return s.text.linesRead() + 1 - int64(bytes.Count(ahead[at:], []byte("\n")))
}

// unreadable is the error for an input whose text cannot be had; nil for an error that is
// not about that.
func unreadable(err error, limit, offset int64) *InputError {
	var failed *readError
	var encoding encodingError
	switch {
	case errors.Is(err, ErrTooLarge):
		return &InputError{Cause: fmt.Sprintf("the input is larger than the limit of %d bytes", limit), Err: ErrTooLarge}
	case errors.As(err, &encoding):
		return &InputError{Cause: string(encoding), Offset: offset}
	case errors.As(err, &failed):
		return &InputError{Cause: "cannot read the input: " + oneLine(failed.Error()), Offset: offset, Err: failed.err}
	default:
		return nil
	}
}

// fail turns an error of the decoder into one that names cause and place, without
// content of the input.
func (s *source) fail(err error) error {
	var known *InputError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		if known.Line = s.line; known.Offset > 0 {
			known.Line = s.lineOf(known.Offset)
		}
		return err
	}
	at := s.dec.InputOffset() + s.skew
	if out := unreadable(err, s.limit, at); out != nil {
		return out
	}
	out := &InputError{Offset: at}
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, errToken):
		out.Cause = fmt.Sprintf("a single value is longer than %d MiB; this is no plan", maxToken>>20)
	case errors.Is(err, errDuplicate):
		out.Cause, out.Path = causeDuplicate, place(s.dec.StackPointer())
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		out.Cause, out.Offset = "the JSON ends too early; the input is truncated", s.read+s.skew
	case errors.As(err, &syntax):
		out.Cause, out.Offset, out.Path = syntaxCause(syntax), syntax.ByteOffset+s.skew, place(syntax.JSONPointer)
	default:
		out.Cause = "the JSON is malformed"
	}
	out.Line = s.lineOf(out.Offset)
	return out
}

// syntaxCause describes an error of the decoder without the characters it quotes.
func syntaxCause(err *jsontext.SyntacticError) string {
	switch text := err.Err.Error(); {
	case strings.Contains(text, "UTF-8"):
		return "the JSON has invalid UTF-8"
	case strings.Contains(text, "depth"):
		return "the JSON is nested too deeply"
	default:
		return "the JSON is malformed"
	}
}

// place shortens a JSON pointer to its structural part: the names of a plan's
// own format are shown, everything that could be content is not.
func place(p jsontext.Pointer) string {
	var out strings.Builder
	for tok := range p.Tokens() {
		if !structural(tok) {
			break
		}
		out.WriteString("/" + tok)
	}
	return out.String()
}

func structural(tok string) bool {
	switch tok {
	case "format_version", "terraform_version", "resource_changes", "change", "before", "after", "after_unknown", "after_sensitive",
		"before_sensitive", "actions", "configuration", "root_module", "module_calls", "module", "resources", "outputs", "expressions",
		"provider_config",
		"planned_values", "prior_state", "values", "variables", "child_modules", "resource_drift", "deferred_changes", "output_changes", "checks",
		"errored", "complete", "applyable",
		"type", "mode", "address":
		return true
	}
	for _, c := range tok {
		if c < '0' || c > '9' {
			return false
		}
	}
	return tok != "" && len(tok) < 10
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(s), " ")
}
