package fix

import (
	"bytes"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// sets reports whether an argument of a file has a literal.
func sets(data []byte, index int, path []string, literal string) bool {
	block, err := blockOf(data, index)
	if err != nil {
		return false
	}
	want, diags := hclsyntax.ParseExpression([]byte(literal), "", hcl.InitialPos)
	if diags.HasErrors() {
		return false
	}
	expr := find(block.Body, path)
	if expr == nil || !isLiteral(expr) {
		return false
	}
	have, _ := expr.Value(nil)
	value, _ := want.Value(nil)
	return have.RawEquals(value)
}

// find is the expression of an argument; nil where it is not found.
func find(body *hclsyntax.Body, path []string) hclsyntax.Expression {
	if a := body.Attributes[path[0]]; a != nil {
		return findMember(a.Expr, path[1:])
	}
	for _, b := range body.Blocks {
		if b.Type == path[0] && len(path) > 1 {
			return find(b.Body, path[1:])
		}
	}
	return nil
}

func findMember(expr hclsyntax.Expression, path []string) hclsyntax.Expression {
	if len(path) == 0 {
		return expr
	}
	switch x := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return findMember(x.Expression, path)
	case *hclsyntax.FunctionCallExpr:
		if len(x.Args) == 1 {
			return findMember(x.Args[0], path)
		}
	case *hclsyntax.ObjectConsExpr:
		for _, item := range x.Items {
			if key, ok := memberName(item.KeyExpr); ok && key == path[0] {
				return findMember(item.ValueExpr, path[1:])
			}
		}
	}
	return nil
}

// nearest is the line of an argument, or else of the object or block that is to have it.
func nearest(block *hclsyntax.Block, path []string) int {
	for n := len(path); n > 0; n-- {
		if expr := find(block.Body, path[:n]); expr != nil {
			return expr.Range().Start.Line
		}
	}
	for _, b := range block.Body.Blocks {
		if b.Type == path[0] {
			return b.TypeRange.Start.Line
		}
	}
	return block.TypeRange.Start.Line
}

// onlySets reports whether two files differ by a literal, or by an argument that one of them
// lacks, and in nothing else but white space.
func onlySets(before, after []byte) bool {
	a, b := tokensOf(before), tokensOf(after)
	same := func(x, y hclsyntax.Token) bool { return x.Type == y.Type && bytes.Equal(x.Bytes, y.Bytes) }
	for len(a) > 0 && len(b) > 0 && same(a[0], b[0]) {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && same(a[len(a)-1], b[len(b)-1]) {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	inLiteral := func(t hclsyntax.Token) bool {
		switch t.Type {
		case hclsyntax.TokenOQuote, hclsyntax.TokenQuotedLit, hclsyntax.TokenCQuote, hclsyntax.TokenNumberLit, hclsyntax.TokenIdent,
			hclsyntax.TokenOParen, hclsyntax.TokenCParen:
			return true
		default:
			return false
		}
	}
	return !slices.ContainsFunc(a, func(t hclsyntax.Token) bool { return !inLiteral(t) }) &&
		!slices.ContainsFunc(b, func(t hclsyntax.Token) bool { return t.Type == hclsyntax.TokenComment })
}

// tokensOf are the tokens of a file without the ends of its lines.
func tokensOf(data []byte) (out []hclsyntax.Token) {
	tokens, _ := hclsyntax.LexConfig(data, "", hcl.InitialPos) // the file was parsed before
	for _, t := range tokens {
		if t.Type != hclsyntax.TokenNewline {
			t.Bytes = bytes.TrimRight(t.Bytes, "\r\n")
			out = append(out, t)
		}
	}
	return out
}
