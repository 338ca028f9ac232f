package conformance

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// ref is a reference to a resource: an expression in a configuration, an id in an
// answer of ARM.
type ref struct{ expression, id string }

// object is a JSON object.
type object = map[string]any

// writer is the text of a configuration, with the depth of the next line.
type writer struct {
	strings.Builder
	depth int
}

// block writes a block; body writes its content.
func (w *writer) block(head string, body func()) {
	w.line(head + " {")
	w.depth++
	body()
	w.depth--
	w.line("}")
}

// attr writes an argument; it writes nothing for nil.
func (w *writer) attr(name string, v any) {
	if v != nil {
		w.line(name + " = " + w.expression(v))
	}
}

func (w *writer) line(text string) {
	w.WriteString(strings.Repeat("  ", w.depth) + text + "\n")
}

func (w *writer) expression(v any) string {
	if v == later {
		return "terraform_data.later.output"
	}
	switch v := v.(type) {
	case ref:
		if v.expression == "" {
			return w.expression(v.id)
		}
		return v.expression
	case string:
		return fmt.Sprintf("%q", v)
	case []string:
		return list(w, v)
	case []object:
		return list(w, v)
	case []any:
		return list(w, v)
	case object:
		w.depth++
		text := "{\n"
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if v[name] != nil {
				key := name
				if !hclsyntax.ValidIdentifier(name) {
					key = strconv.Quote(name)
				}
				text += strings.Repeat("  ", w.depth) + key + " = " + w.expression(v[name]) + "\n"
			}
		}
		w.depth--
		return text + strings.Repeat("  ", w.depth) + "}"
	default:
		return fmt.Sprint(v)
	}
}

func list[T any](w *writer, items []T) string {
	texts := make([]string, len(items))
	for i := range items {
		texts[i] = w.expression(items[i])
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// plain is a value of a configuration as it stands in an answer of ARM.
func plain(v any) any {
	switch v := v.(type) {
	case ref:
		return v.id
	case []object:
		list := make([]any, len(v))
		for i := range v {
			list[i] = plain(v[i])
		}
		return list
	case object:
		out := object{}
		for name, inner := range v {
			if inner != nil {
				out[name] = plain(inner)
			}
		}
		return out
	default:
		return v
	}
}
