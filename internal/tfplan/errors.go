package tfplan

import (
	"fmt"
	"strings"
)

// InputError says why an input is no plan that can be judged. It is one line
// and never holds content of the input.
type InputError struct {
	Cause  string
	Offset int64  // byte of the text as UTF-8 at which it was noticed; 0 when that says nothing
	Line   int64  // of the input; 0 when that says nothing
	Path   string // JSON pointer; empty when that says nothing
	Err    error  // an error of the reader underneath, if any
	// Unread says that what follows in the input is not read.
	Unread bool

	whole bool // the JSON was read to its end
}

// Error names the cause and the place.
func (e *InputError) Error() string {
	var at []string
	if e.Path != "" {
		at = append(at, e.Path)
	}
	if e.Line > 0 {
		at = append(at, fmt.Sprintf("line %d", e.Line))
	}
	if e.Offset > 0 {
		at = append(at, fmt.Sprintf("byte %d", e.Offset))
	}
	text := e.Cause
	if at != nil {
		text += " (at " + strings.Join(at, ", ") + ")"
	}
	if e.Unread {
		text += "; what follows in the input is not read"
	}
	return text
}

// Unwrap returns the error of the reader underneath, if any.
func (e *InputError) Unwrap() error { return e.Err }
