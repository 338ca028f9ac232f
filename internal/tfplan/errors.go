package tfplan

import "fmt"

// InputError says why an input is no plan that can be judged. It is one line
// and never holds content of the input.
type InputError struct {
	Cause  string
	Offset int64  // byte at which it was noticed; 0 when that says nothing
	Path   string // JSON pointer; empty when that says nothing
	Err    error  // an error of the reader underneath, if any
}

// Error names the cause and the place.
func (e *InputError) Error() string {
	switch {
	case e.Path != "" && e.Offset > 0:
		return fmt.Sprintf("%s (at %s, byte %d)", e.Cause, e.Path, e.Offset)
	case e.Path != "":
		return fmt.Sprintf("%s (at %s)", e.Cause, e.Path)
	case e.Offset > 0:
		return fmt.Sprintf("%s (at byte %d)", e.Cause, e.Offset)
	default:
		return e.Cause
	}
}

// Unwrap returns the error of the reader underneath, if any.
func (e *InputError) Unwrap() error { return e.Err }
