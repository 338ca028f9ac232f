package tfconfig

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// maxNesting is the deepest nesting of source text. Parser and evaluator recurse once
// per level, and a program cannot recover from a stack overflow in Go.
const maxNesting = 250

// maxDigits is the largest number of digits of a number: 1e999999999 is short, and
// printing it takes forever.
const maxDigits = 400

// checkNative refuses native syntax that nests too deeply to be parsed.
func checkNative(src []byte, filename string) error {
	tokens, _ := hclsyntax.LexConfig(src, filename, hcl.InitialPos)
	return checkTokens(tokens, filename)
}

// checkTemplate refuses the text of a JSON string that nests too deeply to be parsed.
func checkTemplate(src []byte, rng hcl.Range) error {
	tokens, _ := hclsyntax.LexTemplate(src, rng.Filename, rng.Start)
	return checkTokens(tokens, rng.Filename)
}

// checkTokens refuses tokens that nest too deeply. It counts brackets, and, in each
// bracket, operators that nest without one, as in !!!!a or a ? b : c ? d : e.
func checkTokens(tokens hclsyntax.Tokens, filename string) error {
	groups := []struct {
		kind  hclsyntax.TokenType
		count int
	}{{}}
	total := 0
	for _, t := range tokens {
		top := &groups[len(groups)-1]
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote,
			hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			if t.Type == hclsyntax.TokenTemplateControl || t.Type == hclsyntax.TokenOBrack {
				top.count++ // an if without endif, or an index on an index
				total++
			}
			total++
			groups = append(groups, struct {
				kind  hclsyntax.TokenType
				count int
			}{kind: t.Type})
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote,
			hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
			if len(groups) > 1 {
				total -= top.count + 1
				groups = groups[:len(groups)-1]
			}
		case hclsyntax.TokenComma:
			total, top.count = total-top.count, 0
		case hclsyntax.TokenNewline:
			if top.kind == 0 || top.kind == hclsyntax.TokenOBrace {
				total, top.count = total-top.count, 0
			}
		case hclsyntax.TokenBang, hclsyntax.TokenMinus, hclsyntax.TokenPlus, hclsyntax.TokenStar, hclsyntax.TokenSlash,
			hclsyntax.TokenPercent, hclsyntax.TokenQuestion, hclsyntax.TokenAnd, hclsyntax.TokenOr, hclsyntax.TokenEqualOp,
			hclsyntax.TokenNotEqual, hclsyntax.TokenLessThan, hclsyntax.TokenLessThanEq, hclsyntax.TokenGreaterThan,
			hclsyntax.TokenGreaterThanEq:
			top.count++
			total++
		case hclsyntax.TokenNumberLit:
			if err := checkNumber(t.Bytes); err != nil {
				return fmt.Errorf("%s:%d: %w", filename, t.Range.Start.Line, err)
			}
		}
		if total > maxNesting {
			return fmt.Errorf("%s:%d: expressions nest more than %d levels deep", filename, t.Range.Start.Line, maxNesting)
		}
	}
	return nil
}

func checkNumber(lit []byte) error {
	if i := bytes.IndexAny(lit, "eE"); i >= 0 {
		if exp, err := strconv.Atoi(string(bytes.TrimPrefix(lit[i+1:], []byte("+")))); err != nil || exp > maxDigits || exp < -maxDigits {
			return fmt.Errorf("number has more than %d digits", maxDigits)
		}
	}
	if len(lit) > maxDigits {
		return fmt.Errorf("number has more than %d digits", maxDigits)
	}
	return nil
}

// checkJSON refuses JSON that nests too deeply or holds numbers that are too long.
func checkJSON(src []byte) error { return (&census{src: src}).json() }
