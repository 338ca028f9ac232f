package tfplan

import (
	"slices"
	"strconv"
	"strings"
)

// seg is one step of a reference: a name and the instance key or index after it, with brackets.
type seg struct{ name, key string }

// parseRef takes a reference such as module.a["x"].azurerm_subnet.b.id apart.
// Keys may contain dots and brackets.
func parseRef(s string) []seg {
	segs := make([]seg, 0, 6)
	for s != "" {
		end := 0
		for end < len(s) && s[end] != '.' && s[end] != '[' {
			end++
		}
		sg := seg{name: s[:end]}
		s = s[end:]
		for strings.HasPrefix(s, "[") {
			n := keyEnd(s)
			sg.key += s[:n]
			s = s[n:]
		}
		segs = append(segs, sg)
		s = strings.TrimPrefix(s, ".")
	}
	return segs
}

// parseInModule is parseRef without the modules that the address of a resource begins with.
func parseInModule(address string) []seg {
	segs := parseRef(address)
	for len(segs) > 2 && segs[0].name == "module" {
		segs = segs[2:]
	}
	return segs
}

// keyEnd returns the length of the bracketed key that s begins with.
func keyEnd(s string) int {
	quoted := false
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ']' && !quoted:
			return i + 1
		}
	}
	return len(s)
}

func renderRef(segs []seg) string {
	var out strings.Builder
	size := len(segs)
	for _, s := range segs {
		size += len(s.name) + len(s.key)
	}
	out.Grow(size)
	for i, s := range segs {
		if i > 0 {
			out.WriteByte('.')
		}
		out.WriteString(s.name)
		out.WriteString(s.key)
	}
	return out.String()
}

// mostReferences is the most references of one expression that are followed. The
// time for more would grow with their square in a hostile plan.
const mostReferences = 2000

// tooMany stands for more references than that. Like any local, it cannot be
// followed.
const tooMany = "local.too_many_references"

// maximal drops the prefixes that Terraform lists after each reference.
func maximal(refs []string) []string {
	switch {
	case len(refs) < 2:
		return refs
	case len(refs) > mostReferences:
		return []string{tooMany}
	}
	out := refs[:0:0]
	for _, r := range refs {
		if !slices.ContainsFunc(out, func(have string) bool { return leads(r, have) }) {
			out = append(out, r)
		}
	}
	return out
}

// leads reports whether a reference is r, or begins with r.
func leads(r, reference string) bool {
	rest, ok := strings.CutPrefix(reference, r)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

func itoa(i int) string { return strconv.Itoa(i) }
