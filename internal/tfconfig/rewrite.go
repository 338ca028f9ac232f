package tfconfig

import (
	stdjson "encoding/json"
	"regexp"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Internal functions that prepare puts around subexpressions. No source can call
// them, because no identifier starts with NUL.
const (
	fnIterate      = "\x00iterate"       // a collection whose order matters
	fnIterateSet   = "\x00iterate_set"   // a collection whose order does not matter
	fnIterateSplat = "\x00iterate_splat" // a collection, or a single value, under a splat
	fnUnknown      = "\x00unknown"       // a function that is not evaluated here
	fnAppend       = "\x00append"        // a value with a path appended
	fnSpend        = "\x00spend"         // one of many parts of a text, whose size counts as work
)

// manyParts is how many parts of a template count no work: each may be as large as a
// value can be.
const manyParts = 16

// prepare changes expressions so that they can be evaluated with instances that are
// not known yet. Comparisons and loops call functions of this package, and a function
// that is not in functionTable becomes unknown instead of an error, which would
// change the result of try.
func prepare(node hclsyntax.Node, names map[string]struct{}) {
	_ = hclsyntax.VisitAll(node, func(n hclsyntax.Node) hcl.Diagnostics {
		appendInside(n)
		switch e := n.(type) {
		case *hclsyntax.BinaryOpExpr:
			switch e.Op {
			case hclsyntax.OpEqual:
				e.Op = opEqual
			case hclsyntax.OpNotEqual:
				e.Op = opNotEqual
			}
		case *hclsyntax.ForExpr:
			iterate := fnIterate
			if e.KeyExpr != nil && !e.Group {
				iterate = fnIterateSet
			}
			e.CollExpr = wrap(iterate, e.CollExpr, weight(e.KeyExpr, e.ValExpr, e.CondExpr))
		case *hclsyntax.SplatExpr:
			if !isAnonymous(e.Source) {
				e.Source = wrap(fnIterateSplat, e.Source, weight(e.Each))
			}
		case *hclsyntax.IndexExpr:
			if key, ok := e.Key.(*hclsyntax.TemplateExpr); ok && key.IsStringLiteral() {
				addLiteral(key, names)
			}
		case *hclsyntax.TemplateJoinExpr:
			if loop, ok := e.Tuple.(*hclsyntax.ForExpr); ok {
				loop.ValExpr = wrap(fnSpend, loop.ValExpr, weight())
			}
		case *hclsyntax.TemplateExpr:
			for i, part := range e.Parts {
				if _, literal := part.(*hclsyntax.LiteralValueExpr); !literal && len(e.Parts) > manyParts {
					e.Parts[i] = wrap(fnSpend, part, weight())
				}
			}
		case *hclsyntax.FunctionCallExpr:
			prepareCall(e)
		case *hclsyntax.ScopeTraversalExpr:
			addNames(e.Traversal, names)
		case *hclsyntax.RelativeTraversalExpr:
			addNames(e.Traversal, names)
		case *hclsyntax.ObjectConsKeyExpr:
			// Keys of an object type are attributes that a conversion reads.
			if word := hcl.ExprAsKeyword(e.Wrapped); word != "" {
				names[word] = struct{}{}
			}
		}
		return nil
	})
}

// appendInside prepares the templates among the operands of an expression; see appended.
func appendInside(n hclsyntax.Node) {
	switch e := n.(type) {
	case *hclsyntax.Attribute:
		e.Expr = appended(e.Expr)
	case *hclsyntax.ParenthesesExpr:
		e.Expression = appended(e.Expression)
	case *hclsyntax.ConditionalExpr:
		e.TrueResult, e.FalseResult = appended(e.TrueResult), appended(e.FalseResult)
	case *hclsyntax.ForExpr:
		e.ValExpr = appended(e.ValExpr)
	case *hclsyntax.TupleConsExpr:
		for i := range e.Exprs {
			e.Exprs[i] = appended(e.Exprs[i])
		}
	case *hclsyntax.ObjectConsExpr:
		for i := range e.Items {
			e.Items[i].ValueExpr = appended(e.Items[i].ValueExpr)
		}
	case *hclsyntax.FunctionCallExpr:
		if !strings.HasPrefix(e.Name, "\x00") {
			for i := range e.Args {
				e.Args[i] = appended(e.Args[i])
			}
		}
	}
}

// appended turns a template that only appends a path to a value, as in "${a.id}/b", into
// a call of fnAppend with the value, the path and the template itself. A value that holds
// a template is left as it is: each level would double the work.
func appended(e hclsyntax.Expression) hclsyntax.Expression {
	template, ok := e.(*hclsyntax.TemplateExpr)
	if !ok || len(template.Parts) != 2 {
		return e
	}
	path, ok := template.Parts[1].(*hclsyntax.LiteralValueExpr)
	if !ok || path.Val.Type() != cty.String || !strings.HasPrefix(path.Val.AsString(), "/") {
		return e
	}
	nested := false
	_ = hclsyntax.VisitAll(template.Parts[0], func(n hclsyntax.Node) hcl.Diagnostics {
		t, is := n.(*hclsyntax.TemplateExpr)
		nested = nested || is && !t.IsStringLiteral()
		return nil
	})
	if nested {
		return e
	}
	rng := template.SrcRange
	return &hclsyntax.FunctionCallExpr{Name: fnAppend, Args: []hclsyntax.Expression{template.Parts[0], path, template}, NameRange: rng,
		OpenParenRange: rng, CloseParenRange: rng}
}

func isAnonymous(e hclsyntax.Expression) bool {
	_, ok := e.(*hclsyntax.AnonSymbolExpr)
	return ok
}

// weight is the number of nodes in expressions, as a literal expression.
func weight(exprs ...hclsyntax.Expression) hclsyntax.Expression {
	n := int64(1)
	for _, e := range exprs {
		if e != nil {
			_ = hclsyntax.VisitAll(e, func(hclsyntax.Node) hcl.Diagnostics { n++; return nil })
		}
	}
	return &hclsyntax.LiteralValueExpr{Val: cty.NumberIntVal(n)}
}

func wrap(name string, e, weight hclsyntax.Expression) hclsyntax.Expression {
	if call, ok := e.(*hclsyntax.FunctionCallExpr); ok && call.Name == name {
		return e
	}
	rng := e.Range()
	args := []hclsyntax.Expression{e, weight}
	return &hclsyntax.FunctionCallExpr{Name: name, Args: args, NameRange: rng, OpenParenRange: rng, CloseParenRange: rng}
}

func prepareCall(e *hclsyntax.FunctionCallExpr) {
	if strings.HasPrefix(e.Name, "\x00") {
		return
	}
	e.Name = strings.TrimPrefix(e.Name, "core::")
	switch e.Name {
	case "object", "tuple", "list", "map", "set", "optional":
		return // type constraints
	}
	if _, ok := functionNames()[e.Name]; !ok {
		e.Name = fnUnknown
	}
	if e.Name == "trimspace" && len(e.Args) == 1 {
		e.Args[0] = trimmed(e.Args[0])
	}
	if e.ExpandFinal && len(e.Args) > 0 {
		last := len(e.Args) - 1
		e.Args[last] = wrap(fnIterate, e.Args[last], weight())
	}
}

// trimmed returns the only part of a template beside space, which trimspace removes
// anyway. So an id in a heredoc is recognized as that id.
func trimmed(e hclsyntax.Expression) hclsyntax.Expression {
	template, ok := e.(*hclsyntax.TemplateExpr)
	if !ok {
		return e
	}
	var only hclsyntax.Expression
	for _, part := range template.Parts {
		l, ok := part.(*hclsyntax.LiteralValueExpr)
		switch {
		case ok && l.Val.Type() == cty.String && strings.TrimSpace(l.Val.AsString()) == "":
		case only != nil:
			return e
		default:
			only = part
		}
	}
	if only == nil {
		return e
	}
	return &hclsyntax.TemplateWrapExpr{Wrapped: only, SrcRange: template.SrcRange}
}

func addNames(t hcl.Traversal, names map[string]struct{}) {
	for i, step := range t {
		switch s := step.(type) {
		case hcl.TraverseAttr:
			if i == 1 && !t.IsRelative() && (t.RootName() == "var" || t.RootName() == "local" || t.RootName() == "module") {
				continue
			}
			names[s.Name] = struct{}{}
		case hcl.TraverseIndex:
			if k, ok := keyOf(s.Key); ok && k.kind == stringKey {
				names[k.str] = struct{}{}
			}
		}
	}
}

func addLiteral(e *hclsyntax.TemplateExpr, names map[string]struct{}) {
	if v, diags := e.Value(nil); !diags.HasErrors() && v.IsKnown() && !v.IsNull() {
		names[v.AsString()] = struct{}{}
	}
}

var identifier = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[\p{L}\p{Nl}_][\p{L}\p{N}\p{M}\p{Pc}-]*`)
})

// collectJSONNames adds every identifier of the expressions in JSON, which prepare
// sees only where they are used: see native.
func collectJSONNames(data []byte, names map[string]struct{}) {
	var v any
	if stdjson.Unmarshal(data, &v) != nil {
		return
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, e := range v {
				walk(k)
				walk(e)
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		case string:
			if strings.Contains(v, "${") || strings.Contains(v, "%{") || strings.Contains(v, "object(") {
				for _, word := range identifier().FindAllString(v, -1) {
					names[word] = struct{}{}
				}
			}
		}
	}
	walk(v)
}

// native turns an expression of either syntax into a prepared native one.
func native(expr hcl.Expression) hclsyntax.Expression {
	if e, ok := expr.(hclsyntax.Expression); ok {
		return e
	}
	rng := expr.Range()
	if pairs, diags := hcl.ExprMap(expr); !diags.HasErrors() {
		out := &hclsyntax.ObjectConsExpr{SrcRange: rng, OpenRange: rng}
		for _, p := range pairs {
			out.Items = append(out.Items, hclsyntax.ObjectConsItem{KeyExpr: native(p.Key), ValueExpr: native(p.Value)})
		}
		return out
	}
	if list, diags := hcl.ExprList(expr); !diags.HasErrors() {
		out := &hclsyntax.TupleConsExpr{SrcRange: rng, OpenRange: rng}
		for _, e := range list {
			out.Exprs = append(out.Exprs, native(e))
		}
		return out
	}
	unknown := &hclsyntax.LiteralValueExpr{Val: cty.DynamicVal, SrcRange: rng}
	v, diags := expr.Value(nil)
	switch {
	case diags.HasErrors():
		return unknown
	case !v.IsKnown() || v.IsNull() || v.Type() != cty.String:
		return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: rng}
	}
	text := []byte(v.AsString())
	if checkTemplate(text, rng) != nil {
		return unknown
	}
	e, diags := hclsyntax.ParseTemplate(text, rng.Filename, rng.Start)
	if diags.HasErrors() {
		return unknown
	}
	prepare(e, map[string]struct{}{})
	return appended(e)
}
