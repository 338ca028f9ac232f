package tfplan

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"regexp"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

// bufferSize is the number of bytes of the input that are read at once.
const bufferSize = 256 << 10

var errNextPlan = errors.New("the next plan begins here")

// encodingError says that an input is no UTF-16, though it begins as such.
type encodingError string

const (
	errUTF16 encodingError = "the input begins as UTF-16, and is invalid as such"
	errHalf  encodingError = "the UTF-16 ends within a character; the input is truncated"
)

func (e encodingError) Error() string { return string(e) }

// limited is the input as it is given. Its first error is its last.
type limited struct {
	ctx   context.Context
	r     io.Reader
	read  int64
	limit int64 // 0 for none
	err   error
}

func (l *limited) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	if l.ctx.Err() != nil {
		return 0, context.Cause(l.ctx)
	}
	n, err := l.r.Read(p)
	l.read += int64(n)
	switch {
	case l.limit > 0 && l.read > l.limit:
		n, err = n-int(l.read-l.limit), ErrTooLarge
	case err != nil && err != io.EOF:
		err = &readError{err}
	}
	l.err = err
	return n, err
}

// readError is an error of the reader of the input.
type readError struct{ err error }

func (e *readError) Error() string { return e.err.Error() }

// text is the input as UTF-8. It is read in pieces, of which each ends before a line at
// which a plan begins for sure.
type text struct {
	r       *bufio.Reader
	given   int // bytes of the buffer that the last Read returned
	scanned int // bytes of the buffer before which no plan begins

	key    []byte // the first one of a plan, quoted
	ahead  []byte // text that the decoder read beyond an error
	offset int64  // of the buffer in the text
	lines  int64  // line breaks before the buffer
}

func newText(r io.Reader) *text {
	b := bufio.NewReaderSize(r, bufferSize)
	head, _ := b.Peek(2) // an error shows again
	var order binary.ByteOrder
	switch string(head) {
	case "\xff\xfe", "{\x00":
		order = binary.LittleEndian
	case "\xfe\xff", "\x00{":
		order = binary.BigEndian
	default:
		return &text{r: b, key: []byte(usualKey)}
	}
	return &text{r: bufio.NewReaderSize(transform.NewReader(b, utf16Text{order: order}), bufferSize), key: []byte(usualKey)}
}

// Read returns what follows within the piece.
func (t *text) Read(p []byte) (int, error) {
	t.take(t.given)
	t.given = 0
	if t.scanned == 0 {
		err := t.scan()
		if err == errNextPlan {
			err = io.EOF
		}
		if err != nil {
			return 0, err
		}
	}
	b, _ := t.r.Peek(min(len(p), t.scanned)) // of the buffer
	t.given = copy(p, b)
	return t.given, nil
}

// linesRead is the number of line breaks in what was read.
func (t *text) linesRead() int64 {
	b, _ := t.r.Peek(t.given) // of the buffer
	return t.lines + int64(bytes.Count(b, []byte("\n")))
}

// unread gives back the last bytes that Read returned.
func (t *text) unread(n int) {
	t.take(t.given - n)
	t.given = 0
}

// take steps over bytes of the buffer.
func (t *text) take(n int) {
	b, _ := t.r.Peek(n) // of the buffer
	t.lines += int64(bytes.Count(b, []byte("\n")))
	t.offset += int64(n)
	t.scanned = max(t.scanned-n, 0)
	_, _ = t.r.Discard(n)
}

// beginLength is the number of bytes that tell the line at which a plan begins.
const beginLength = 64

// scan looks for the next piece in the buffer, which it fills where that is empty.
func (t *text) scan() error {
	head, err := t.r.Peek(beginLength)
	switch {
	case len(head) == 0:
		return err
	case t.beginsPlan(head):
		return errNextPlan
	}
	b, _ := t.r.Peek(t.r.Buffered())
	t.scanned = len(b)
	if i := bytes.Index(b[1:], []byte("\n{")); i >= 0 {
		t.scanned = 1 + i
	} else if len(b) > 1 && b[len(b)-1] == '\n' {
		t.scanned--
	}
	return nil
}

// begun takes the first key of the first plan for that of all; object is the text after
// the brace.
func (t *text) begun(object []byte) {
	if key := firstKey.FindSubmatch(object); key != nil {
		t.key = bytes.Clone(key[1])
	}
}

// usualKey is the first key of a plan as Terraform and OpenTofu write it; jq and others
// may sort keys.
const usualKey = `"format_version"`

var firstKey = regexp.MustCompile(`^\s*("\w{1,30}")`)

// beginsPlan reports whether a plan begins after a line break: an object with the first
// key of the first plan. No value within a plan begins so at the begin of a line.
func (t *text) beginsPlan(b []byte) bool {
	object, found := bytes.CutPrefix(b, []byte("\n{"))
	return found && bytes.HasPrefix(bytes.TrimLeft(object, " \t\r\n"), t.key)
}

// holdsPlan reports whether a plan seems to begin within a text: an object with the first
// key of the first plan that is no member of another object.
func (t *text) holdsPlan(b []byte) bool {
	for at := 0; ; at += len(t.key) {
		next := bytes.Index(b[at:], t.key)
		if next < 0 {
			return false
		}
		at += next
		before, opened := bytes.CutSuffix(trimSpaceRight(b[:at]), []byte("{"))
		if opened && !bytes.HasSuffix(trimSpaceRight(before), []byte(":")) {
			return true
		}
	}
}

func trimSpaceRight(b []byte) []byte { return bytes.TrimRight(b, " \t\r\n") }

// skip steps over the rest of the piece. It returns nil before a line at which a plan
// begins, whether there was anything else, and whether another plan seems to begin in that or in
// what the decoder read ahead.
func (t *text) skip() (some, more bool, err error) {
	seen := t.ahead
	t.ahead = nil
	for t.unread(0); ; t.take(t.scanned) {
		more = more || t.holdsPlan(seen)
		if t.scanned == 0 {
			err = t.scan()
		}
		switch {
		case err == errNextPlan:
			t.take(1) // the line break
			return some, more, nil
		case err != nil:
			return some, more, err
		}
		b, _ := t.r.Peek(t.scanned) // of the buffer
		some = some || len(trimGap(b)) > 0
		seen = append(bytes.Clone(seen[max(len(seen)-beginLength, 0):]), b...) // a plan may begin in both pieces
	}
}

// skipLine steps over the rest of a line, however long that is.
func (t *text) skipLine() {
	for {
		_, err := t.r.Peek(1)
		b, _ := t.r.Peek(t.r.Buffered())
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			t.take(i + 1)
			return
		}
		t.take(len(b))
		if err != nil {
			return // shows again
		}
	}
}

// trimGap removes white space and byte order marks from the begin of a text.
func trimGap(b []byte) []byte {
	for marked := true; marked; {
		b, marked = bytes.CutPrefix(bytes.TrimLeft(b, " \t\r\n"), []byte("\ufeff"))
	}
	return b
}

// utf16Text makes UTF-8 of UTF-16. Other than the decoder of x/text it refuses what is
// invalid instead of putting a replacement character there.
type utf16Text struct {
	transform.NopResetter
	order binary.ByteOrder
}

// Transform implements [transform.Transformer].
func (u utf16Text) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	unit := func(at int) rune { return rune(u.order.Uint16(src[at:])) }
	for len(src)-nSrc >= 2 {
		r, size := unit(nSrc), 2
		if utf16.IsSurrogate(r) {
			if len(src)-nSrc < 4 {
				break
			}
			if r, size = utf16.DecodeRune(r, unit(nSrc+2)), 4; r == unicode.ReplacementChar {
				return nDst, nSrc, errUTF16
			}
		}
		if nDst+utf8.RuneLen(r) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc += size
	}
	switch {
	case nSrc == len(src):
		return nDst, nSrc, nil
	case atEOF:
		return nDst, nSrc, errHalf
	default:
		return nDst, nSrc, transform.ErrShortSrc
	}
}
