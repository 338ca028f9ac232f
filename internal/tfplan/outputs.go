package tfplan

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// plannedOutput is what a plan says of a root output, without its value.
type plannedOutput struct {
	gone    bool // it is null afterwards, or not there
	unknown bool // nothing of it is known
	keys    bool // it holds a member that is named like a key and is not null
}

// readOutputs reads output_changes; values are never decoded.
func (r *reader) readOutputs(dec *jsontext.Decoder) error {
	r.outputs = map[string]plannedOutput{}
	return members(dec, func(name string) error {
		out := plannedOutput{}
		null := false
		err := members(dec, func(part string) error {
			switch part {
			case "actions":
				actions, err := readStrings(dec)
				out.gone = slices.Equal(actions, []string{"delete"})
				return err
			case "after":
				null = dec.PeekKind() == 'n'
				return findKeys(dec, &out.keys)
			case "after_unknown":
				out.unknown = dec.PeekKind() == 't'
				return findKeys(dec, &out.keys)
			default:
				return dec.SkipValue()
			}
		})
		out.gone = out.gone || null && !out.unknown && !out.keys
		r.outputs[name] = out
		return err
	})
}

// findKeys looks for members that are named like a key and are neither null nor
// false, which in after_unknown means known.
func findKeys(dec *jsontext.Decoder, found *bool) error {
	switch dec.PeekKind() {
	case '{':
		return members(dec, func(name string) error {
			if kind := dec.PeekKind(); slices.Contains(keyAttributes, name) && kind != 'n' && kind != 'f' {
				*found = true
			}
			return findKeys(dec, found)
		})
	case '[':
		return items(dec, func() error { return findKeys(dec, found) })
	default:
		return dec.SkipValue()
	}
}
