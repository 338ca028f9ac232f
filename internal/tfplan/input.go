package tfplan

import (
	"bufio"
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

// source is the input of the decoder, with limits: of the whole input, and of a
// single value by maxToken, so that garbage cannot fill the memory.
type source struct {
	ctx   context.Context
	r     *bufio.Reader
	dec   *jsontext.Decoder
	read  int64
	limit int64
	skew  int64 // bytes before the JSON, a byte order mark
	err   error // the reader's own error
}

func (s *source) Read(p []byte) (int, error) {
	if s.dec != nil && s.read-s.dec.InputOffset() > maxToken {
		return 0, errToken
	}
	if s.ctx.Err() != nil {
		return 0, context.Cause(s.ctx)
	}
	n, err := s.r.Read(p)
	s.read += int64(n)
	if s.limit > 0 && s.read+s.skew > s.limit {
		return 0, ErrTooLarge
	}
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// open checks the first bytes, and says of an input that is no JSON object what it is.
func open(ctx context.Context, r io.Reader, opts Options) (*source, error) {
	s := &source{ctx: ctx, r: bufio.NewReaderSize(r, 256<<10), limit: opts.MaxSize}
	head, err := s.r.Peek(512)
	if err != nil && err != io.EOF && len(head) == 0 {
		return nil, &InputError{Cause: "cannot read the input: " + oneLine(err.Error()), Err: err}
	}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		_, _ = s.r.Discard(3)
		s.skew, head = 3, head[3:]
	}
	body := bytes.TrimLeft(head, " \t\r\n")
	for len(body) == 0 && len(head) > 0 {
		n, _ := s.r.Discard(len(head))
		s.skew += int64(n)
		if s.limit > 0 && s.skew > s.limit {
			return nil, &InputError{Cause: tooLarge(s.limit), Err: ErrTooLarge}
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		head, _ = s.r.Peek(512)
		body = bytes.TrimLeft(head, " \t\r\n")
	}
	lower := bytes.ToLower(body)
	switch {
	case len(body) == 0:
		return nil, &InputError{Cause: "the input is empty; expected the output of `terraform show -json`"}
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}), bytes.HasPrefix(head, []byte("{\x00")),
		bytes.HasPrefix(head, []byte("\x00{")):
		return nil, &InputError{Cause: "the input is UTF-16, as PowerShell redirects write it; write it as UTF-8, for example with `| " +
			"Out-File -Encoding utf8`"}
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return nil, &InputError{Cause: "the input is a saved plan file (or another zip), not JSON; `terraform show -json FILE` prints its JSON"}
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return nil, &InputError{Cause: "the input is compressed with gzip, not JSON"}
	case bytes.HasPrefix(lower, []byte("<")):
		return nil, &InputError{Cause: "the input is HTML or XML, not JSON; a download or login page may have been saved instead of the plan"}
	case body[0] != '{':
		return nil, &InputError{Cause: "the input is no plan: expected a JSON object as `terraform show -json` prints it",
			Offset: s.skew + int64(len(head)-len(body))}
	}
	s.dec = jsontext.NewDecoder(s, jsontext.AllowDuplicateNames(true))
	return s, nil
}

func tooLarge(limit int64) string {
	return fmt.Sprintf("the input is larger than the limit of %d bytes", limit)
}

// fail turns an error of the decoder into one that names cause and place, without
// content of the input.
func (s *source) fail(err error) error {
	var known *InputError
	if err == nil || errors.As(err, &known) {
		return err
	}
	out := &InputError{Offset: s.dec.InputOffset() + s.skew, Err: nil}
	var syntax *jsontext.SyntacticError
	switch {
	case s.err != nil:
		out.Cause, out.Err = "cannot read the input: "+oneLine(s.err.Error()), s.err
	case errors.Is(err, ErrTooLarge):
		return &InputError{Cause: tooLarge(s.limit), Err: ErrTooLarge}
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
	return out
}

// syntaxCause describes an error of the decoder without the characters it quotes.
func syntaxCause(err *jsontext.SyntacticError) string {
	switch text := err.Err.Error(); {
	case strings.Contains(text, "UTF-8"):
		return "the JSON has invalid UTF-8"
	case strings.Contains(text, "depth"):
		return "the JSON is nested too deeply"
	case strings.Contains(text, "after top-level"):
		return "the JSON is followed by something else"
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
