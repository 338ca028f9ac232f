package tfconfig

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// imports are the addresses that the import blocks of a configuration name, by the same
// without keys; an empty address where a key is not known. What has one exists already.
type imports map[string][]string

// imports finds what the import blocks name, which Terraform takes in the root module only.
func (e *Evaluator) imports() imports {
	out := imports{}
	for i, decl := range e.root.module.imports {
		to := decl.bodies.attribute("to")
		if to == nil {
			continue
		}
		e.begin()
		x := e.expansion(e.root, decl, "import"+IntKey(i).String())
		keys := x.keys
		if !x.known {
			keys = []Key{{}}
		}
		for _, k := range keys {
			whole, plain, sure := e.imported(e.native(to.Expr), x.instanceScope(e.root, k))
			if !sure || !x.known {
				whole = ""
			}
			out[plain] = append(out[plain], whole)
		}
	}
	return out
}

// has reports whether a resource instance is imported, or may be.
func (i imports) has(r plannedResource) bool {
	if len(i) == 0 {
		return false
	}
	named := i[join(r.target.scope.module.module.address(), r.decl.typ+"."+r.decl.label)]
	return len(named) > 0 && r.open || slices.Contains(named, "") || slices.Contains(named, r.address)
}

// imported is the address that an import block names, with keys and without; sure says
// that all keys are known.
func (e *Evaluator) imported(expr hclsyntax.Expression, s scope) (whole, plain string, sure bool) {
	switch x := expr.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return stepsText(x.Traversal), stepsText(withoutIndexes(x.Traversal)), true
	case *hclsyntax.RelativeTraversalExpr:
		whole, plain, sure = e.imported(x.Source, s)
		return whole + stepsText(x.Traversal), plain + stepsText(withoutIndexes(x.Traversal)), sure
	case *hclsyntax.IndexExpr:
		whole, plain, sure = e.imported(x.Collection, s)
		k, ok := keyOf(e.evaluate(x.Key, s))
		return whole + k.String(), plain, sure && ok
	}
	text, _ := literal(expr) // in JSON syntax
	t, diags := hclsyntax.ParseTraversalAbs([]byte(text), "", hcl.InitialPos)
	return stepsText(t), stepsText(withoutIndexes(t)), !diags.HasErrors()
}

func withoutIndexes(t hcl.Traversal) hcl.Traversal {
	return slices.DeleteFunc(slices.Clone(t), func(step hcl.Traverser) bool {
		_, index := step.(hcl.TraverseIndex)
		return index
	})
}
