package tfconfig

import (
	"errors"
	"maps"
	"path/filepath"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// maxTemplate is the largest size in bytes of a template.
const maxTemplate = 64 << 10

// templateFunctions adds the functions that evaluate templates.
func (e *Evaluator) templateFunctions() {
	put := func(name string, first function.Parameter, f func(args []cty.Value) (cty.Value, error)) {
		e.functions[name] = blinded(orUnknown(function.New(&function.Spec{
			Params: []function.Parameter{first, {Name: "vars", Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true}},
			Type: func(args []cty.Value) (cty.Type, error) {
				v, err := f(args)
				return v.Type(), err
			},
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return f(args) },
		}), &e.doubts), maxLeaves, e.spend)
	}
	// OpenTofu lets a template in a string read files, and Terraform does not.
	within := maps.Clone(e.functions)
	for _, name := range fileNames {
		within[name] = e.functions[fnUnknown]
	}
	within["templatestring"] = e.functions[fnUnknown]
	put("templatestring", function.Parameter{Name: "template", Type: customdecode.ExpressionClosureType},
		func(args []cty.Value) (cty.Value, error) { return e.templateString(args, within) })
	put("templatefile", stringParam("path"), e.templateFile)
}

// templateFile is the value of a template file with variables.
func (e *Evaluator) templateFile(args []cty.Value) (cty.Value, error) {
	if !args[0].IsKnown() {
		return cty.DynamicVal, nil
	}
	expr, err := e.files.template(args[0].AsString(), e.spend)
	if err != nil {
		return cty.DynamicVal, err
	}
	return e.render(expr, args[1], e.functions)
}

// templateString is the value of a template in a string with variables. Terraform accepts
// only a reference to the string; it makes text of every value, which OpenTofu does not.
func (e *Evaluator) templateString(args []cty.Value, functions map[string]function.Function) (cty.Value, error) {
	closure := customdecode.ExpressionClosureFromVal(args[0])
	if !isReference(closure.Expression) {
		return cty.DynamicVal, errors.New("not a reference")
	}
	template, diags := closure.Value()
	template, marks := blind(template).Unmark()
	switch {
	case diags.HasErrors():
		return cty.DynamicVal, errors.New("the template fails")
	case !template.IsKnown():
		return cty.DynamicVal, nil
	case template.IsNull() || template.Type() != cty.String:
		return cty.DynamicVal, errors.New("the template is not text")
	case len(template.AsString()) > maxTemplate || !e.spend(len(template.AsString())/4):
		return cty.DynamicVal, errTooLarge
	}
	expr, err := parseTemplate([]byte(template.AsString()), "templatestring")
	if err != nil {
		return cty.DynamicVal, err
	}
	v, err := e.render(expr, args[1], functions)
	if u, _ := v.Unmark(); err == nil && u.IsKnown() && (u.IsNull() || u.Type() != cty.String) {
		err = errors.New("the value is not text")
	}
	return v.WithMarks(marks), err
}

// isReference reports whether an expression only names a value, by keys that may be
// computed.
func isReference(expr hcl.Expression) bool {
	switch x := expr.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return true
	case *hclsyntax.RelativeTraversalExpr:
		return isReference(x.Source)
	case *hclsyntax.IndexExpr:
		return isReference(x.Collection)
	default:
		return false
	}
}

// render is the value of a template with variables.
func (e *Evaluator) render(expr hclsyntax.Expression, vars cty.Value, functions map[string]function.Function) (cty.Value, error) {
	if !vars.IsKnown() {
		return cty.DynamicVal, nil
	}
	if ty := vars.Type(); vars.IsNull() || !ty.IsObjectType() && !ty.IsMapType() {
		return cty.DynamicVal, errors.New("variables are not a map")
	}
	values := vars.AsValueMap()
	for name := range values {
		if !hclsyntax.ValidIdentifier(name) {
			return cty.DynamicVal, errors.New("not a name of a variable")
		}
	}
	if e.inTemplate {
		return cty.DynamicVal, errors.New("a template calls another") // which Terraform refuses, and OpenTofu does not
	}
	e.inTemplate = true
	defer func() { e.inTemplate = false }()
	v, diags := expr.Value(&hcl.EvalContext{Variables: values, Functions: functions})
	if diags.HasErrors() {
		return cty.DynamicVal, errors.New("the template fails")
	}
	return v, nil
}

// template is a parsed template file. Evaluating it costs as much as it is long.
func (f *dataFiles) template(name string, spend func(int) bool) (hclsyntax.Expression, error) {
	data, err := f.content(name)
	switch {
	case err != nil:
		return nil, err
	case len(data) > maxTemplate || !spend(len(data)/4):
		return nil, errTooLarge
	}
	name = filepath.Clean(name)
	if expr, ok := f.templates[name]; ok {
		return expr, nil
	}
	expr, err := parseTemplate(data, name)
	if err == nil {
		f.templates[name] = expr
	}
	return expr, err
}

// parseTemplate parses a template that nests no deeper than the parser may recurse.
func parseTemplate(data []byte, name string) (hclsyntax.Expression, error) {
	if !utf8.Valid(data) || checkTemplate(data, hcl.Range{Filename: name, Start: hcl.InitialPos}) != nil {
		return nil, errors.New("not a template that can be read")
	}
	expr, diags := hclsyntax.ParseTemplate(data, name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, errors.New("not a template")
	}
	prepare(expr, map[string]struct{}{})
	return expr, nil
}
