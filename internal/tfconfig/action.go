package tfconfig

import (
	"maps"

	"github.com/zclconf/go-cty/cty"
)

// ActionReference returns what an argument in the config block of an action refers
// to, as [Evaluator.Reference] does for a resource. The caller is the address of the
// resource instance that triggers the action, or empty: from Terraform 1.16 on the
// action can refer to its attributes, as in caller.id.
func (e *Evaluator) ActionReference(action, caller string, path ...any) Reference {
	e.begin()
	t, why := e.find(action)
	switch {
	case why != "":
		return Reference{Why: why}
	case e.writeOnly(path):
		return Reference{Why: "write-only"}
	}
	at := e.locate(t.decl.bodies, t.scope, t.decl.rng, append([]any{"config", 0}, path...))
	if at.expr != nil && caller != "" {
		for _, n := range e.needsOf(e.native(at.expr)) {
			if n.root == "caller" {
				vars := map[string]cty.Value{}
				maps.Copy(vars, at.scope.vars)
				vars["caller"] = e.callerValue(caller, n.attr)
				at.scope.vars = vars
			}
		}
	}
	return e.reference(at)
}

// callerValue is the instance that triggers an action, limited to the one
// attribute that an expression asks for.
func (e *Evaluator) callerValue(caller, attr string) cty.Value {
	if attr == "" {
		return e.because("caller is asked for several attributes")
	}
	t, why := e.find(caller)
	if why != "" {
		return e.because("%s", why)
	}
	return cty.ObjectVal(map[string]cty.Value{partialAttr: cty.DynamicVal, attr: e.attribute(t.decl, caller, t.scope, attr)})
}

// ActionSets reports whether the config block of an action writes an argument,
// whatever its value. It evaluates nothing, so it may be called for a write-only
// argument.
func (e *Evaluator) ActionSets(action, name string) (written, known bool) {
	t, why := e.find(action)
	if why != "" {
		return false, false
	}
	for _, b := range t.decl.bodies.blocks("config") {
		if attribute(b.Body, name) != nil {
			return true, true
		}
	}
	return false, true
}
