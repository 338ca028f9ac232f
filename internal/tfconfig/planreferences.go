package tfconfig

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// dependencies are the references of depends_on.
func dependencies(expr hcl.Expression) []string {
	list, _ := hcl.ExprList(expr)
	out := []string{}
	for _, e := range list {
		if t, diags := hcl.AbsTraversalForExpr(e); !diags.HasErrors() {
			if refs := references(t); len(refs) > 0 {
				out = append(out, refs[0])
			}
		}
	}
	return out
}

// references are what plan JSON lists of one traversal: the whole first, then without its
// last steps, down to what it refers to.
func references(t hcl.Traversal) []string {
	n := 2 // steps of the subject
	switch t.RootName() {
	case "data":
		n = 3
	case "self":
		return nil
	}
	n = min(n, len(t))
	subject, keyed := stepsText(t[:n]), ""
	rest := t[n:]
	switch root := t.RootName(); {
	case slices.Contains([]string{"var", "local", "each", "count", "path", "terraform"}, root):
	default:
		if len(rest) > 0 {
			if _, ok := rest[0].(hcl.TraverseIndex); ok {
				keyed, subject, rest = subject, subject+stepsText(rest[:1]), rest[1:]
			}
		}
		if root == "module" && len(rest) > 0 {
			keyed = subject
			subject, rest = subject+stepsText(rest[:1]), rest[1:]
		}
	}
	var out []string
	for ; len(rest) > 0; rest = rest[:len(rest)-1] {
		out = append(out, subject+stepsText(rest))
	}
	out = append(out, subject)
	if keyed != "" {
		out = append(out, keyed)
	}
	return out
}

// stepsText writes steps of a traversal as addresses have them.
func stepsText(t hcl.Traversal) string {
	var b strings.Builder
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(s.Name)
		case hcl.TraverseAttr:
			b.WriteString("." + s.Name)
		case hcl.TraverseIndex:
			k, _ := keyOf(s.Key)
			b.WriteString(k.String())
		}
	}
	return b.String()
}
