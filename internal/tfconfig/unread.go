package tfconfig

import (
	"errors"
	"io/fs"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Unread says of the first call on which an argument of a resource instance depends, and that
// reads a file outside of the configuration's directory or one that is not there, that it is
// not read; empty where there is none. It has the call as it is written, and no value.
func (e *Evaluator) Unread(instance string, path ...any) (why string) {
	o, ok := e.originOf(instance, path)
	if !ok {
		return ""
	}
	e.eachOrigin(o, func(at site, expr hclsyntax.Expression) {
		_ = hclsyntax.VisitAll(expr, func(node hclsyntax.Node) hcl.Diagnostics {
			call, ok := node.(*hclsyntax.FunctionCallExpr)
			if ok && why == "" && slices.Contains(fileNames, call.Name) && len(call.Args) > 0 {
				if not := e.refuses(call, at.module); not != "" {
					why = e.text(scope{module: &moduleInstance{module: at.module}}, call.Range()) + " is not read: " + not
				}
			}
			return nil
		})
	})
	return why
}

// refuses says why the file that a call names is not read; empty where it may be, or where
// its name depends on more than path.module and path.root.
func (e *Evaluator) refuses(call *hclsyntax.FunctionCallExpr, m *module) string {
	for _, n := range e.needsOf(call.Args[0]) {
		if n.root != "path" {
			return ""
		}
	}
	name, ok := text([]cty.Value{e.evaluate(call.Args[0], scope{module: &moduleInstance{module: m}})})
	if !ok {
		return ""
	}
	root, name, err := e.files.within(name)
	switch {
	case errors.Is(err, errOutside):
		return "the file is outside of the root module's directory"
	case err != nil:
		return ""
	}
	defer root.Close()
	if _, err := root.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return "there is no such file"
	}
	return ""
}
