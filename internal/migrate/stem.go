package migrate

import "strings"

// Stem is what labels and variables of a target begin with: the names of the modules, the
// label and the keys in the address of the old cache, with underscores between them.
func Stem(address string) string {
	var parts []string
	for i, step := range steps(address) {
		name, key, _ := strings.Cut(step, "[")
		if i%2 == 1 { // behind "module" or a resource type
			parts = append(parts, name, key)
		}
	}
	return strings.Join(strings.FieldsFunc(strings.Join(parts, "_"), func(r rune) bool { return !isLetterOrDigit(r) }), "_")
}

// label is the label of a resource in its address, without the key of an instance.
func label(address string) string {
	all := steps(address)
	if len(all) == 0 {
		return ""
	}
	name, _, _ := strings.Cut(all[len(all)-1], "[")
	return name
}

// steps are the parts of an address between dots, but for dots within keys.
func steps(address string) []string {
	depth := 0
	return strings.FieldsFunc(address, func(r rune) bool {
		switch r {
		case '[':
			depth++
		case ']':
			depth--
		}
		return r == '.' && depth == 0
	})
}

func isLetterOrDigit(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}
