package fix

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// repeatable reports whether a report may repeat lines of a file, from start up to end. They
// may hold names of arguments, references, values of facts that reports show, and comments of
// plain words; any other text or number may be a secret.
func repeatable(data []byte, changes []*change, start, end int) bool {
	var shown []hcl.Range
	for _, c := range changes {
		block, err := blockOf(data, c.index)
		if err != nil {
			return false
		}
		w := shownValues{facts: factsOf(c.cache)}
		w.ranges = append(w.ranges, block.LabelRanges...)
		w.inBody(block.Body, "")
		shown = append(shown, w.ranges...)
	}
	tokens, _ := hclsyntax.LexConfig(data, "", hcl.InitialPos) // the file was parsed before
	for _, t := range tokens {
		if t.Range.Start.Line >= end || t.Range.End.Line < start || t.Range.End.Line == start && t.Range.End.Column == 1 {
			continue
		}
		switch t.Type {
		case hclsyntax.TokenNewline, hclsyntax.TokenEOF, hclsyntax.TokenIdent, hclsyntax.TokenEqual, hclsyntax.TokenDot, hclsyntax.TokenComma,
			hclsyntax.TokenColon, hclsyntax.TokenOBrace, hclsyntax.TokenCBrace, hclsyntax.TokenOBrack, hclsyntax.TokenCBrack,
			hclsyntax.TokenOParen, hclsyntax.TokenCParen:
		case hclsyntax.TokenComment:
			if !plainWords(string(t.Bytes)) {
				return false
			}
		default:
			if !slices.ContainsFunc(shown, func(r hcl.Range) bool {
				return r.Start.Byte <= t.Range.Start.Byte && t.Range.End.Byte <= r.End.Byte
			}) {
				return false
			}
		}
	}
	return true
}

// factsOf are the facts of a cache by the paths of their arguments.
func factsOf(c *posture.Cache) map[string]*vocabulary.Fact[posture.Cache] {
	table, out := vocabulary.OfCache(c), map[string]*vocabulary.Fact[posture.Cache]{}
	for i := range table {
		f := &table[i]
		if term, _, ok := table.Written(c.Dialect, c, f.Field(c)); ok {
			for _, path := range []string{term.Path, term.Alias} {
				out[path] = f
				if f.Identity { // stands beside the body of azapi
					out[strings.TrimPrefix(path, "body.")] = f
				}
			}
		}
	}
	delete(out, "")
	return out
}

// shownValues finds the values in a block that reports show.
type shownValues struct {
	facts  map[string]*vocabulary.Fact[posture.Cache] // by path
	ranges []hcl.Range
}

func (w *shownValues) inBody(body *hclsyntax.Body, inside string) {
	for name, a := range body.Attributes {
		w.inExpression(a.Expr, inside+name)
	}
	for _, b := range body.Blocks {
		w.inBody(b.Body, inside+b.Type+".")
	}
}

func (w *shownValues) inExpression(expr hclsyntax.Expression, path string) {
	if f := w.facts[path]; f != nil && w.shows(f, expr) {
		w.ranges = append(w.ranges, expr.Range())
		return
	}
	switch x := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		w.inExpression(x.Expression, path)
	case *hclsyntax.FunctionCallExpr:
		if x.Name == "jsonencode" && len(x.Args) == 1 {
			w.inExpression(x.Args[0], path)
		}
	case *hclsyntax.ObjectConsExpr:
		for _, item := range x.Items {
			key, ok := memberName(item.KeyExpr)
			if !ok {
				continue
			}
			if w.leads(path + "." + key) {
				w.ranges = append(w.ranges, item.KeyExpr.Range())
			}
			w.inExpression(item.ValueExpr, path+"."+key)
		}
	}
}

// leads reports whether a path is that of a fact, or of what one stands in.
func (w *shownValues) leads(path string) bool {
	for fact := range w.facts {
		if fact == path || strings.HasPrefix(fact, path+".") {
			return true
		}
	}
	return false
}

// shows reports whether the value of a fact may be shown: a literal that is documented, where
// that is restricted, and a name with references in it.
func (w *shownValues) shows(f *vocabulary.Fact[posture.Cache], expr hclsyntax.Expression) bool {
	switch x := expr.(type) {
	case *hclsyntax.TemplateExpr:
		if f.Identity && !x.IsStringLiteral() {
			return !slices.ContainsFunc(x.Parts, func(part hclsyntax.Expression) bool {
				_, reference := part.(*hclsyntax.ScopeTraversalExpr)
				return !reference && !isLiteral(part)
			})
		}
	case *hclsyntax.TupleConsExpr:
		return !slices.ContainsFunc(x.Exprs, func(e hclsyntax.Expression) bool { return !w.shows(f, e) })
	}
	if !isLiteral(expr) {
		return false
	}
	v, diags := expr.Value(nil)
	if diags.HasErrors() || v.IsNull() || v.Type() != cty.String {
		return !diags.HasErrors()
	}
	return f.Printable(v.AsString())
}
